from pathlib import Path

import pytest

from indexes.loader import Encoders
from indexes.ranking import Ranking
from indexes.search import answer
from indexes.stems import stem
from tests.small_release import release_of, titled


@pytest.mark.parametrize(
    "forms",
    [
        "photo photos photograph photographs photography photographic",
        "vase vases",
        "ship ships shipping",
        "woman women",
        "painting paintings",
        "drawing drawings",
        "watercolour watercolor watercolours",
        "grey gray",
        "harbour harbor harbours",
        "leaf leaves",
        "st sts ste saint saints",
        "mt mount",
        "dr doctor doctors",
        "fisherman fishermen",
        "washerwoman washerwomen",
        "grandchild grandchildren",
        "specimen specimens",
        "sheaf sheaves",
        "wharf wharves",
        "hoof hooves hoofs",
        "putto putti",
        "tableau tableaux",
        "chateau chateaux",
        "nativity nativities",
        "procession processions",
        "engineer engineers engineering",
    ],
)
def test_forms_of_one_word_share_a_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "pair",
    [
        *("painting paint", "drawing drawer", "photo phone", "monet money", "1880 1881", "omen oman", "dolmen dolman"),
        *("nativity native", "marine marin", "mariner marin", "procession process", "several sever", "severe sever"),
        *("deposition deposit", "visitation visit", "conversion conversation", "pastoral pastor", "mineral miner"),
        *("temperance temper", "protestant protest", "convention convent", "experience experiment", "officer office"),
        *("bowling bowl", "belle bell", "cornelis corn", "angeles angel", "oliver olive", "moore moor", "putti putty"),
    ],
)
def test_different_words_stay_apart(pair: str) -> None:
    one, other = pair.split()
    assert stem(one) != stem(other)


def test_what_is_no_latin_word_is_its_own_stem() -> None:
    assert [stem(word) for word in ("d27290", "江", "моне", "is", "")] == ["d27290", "江", "моне", "is", ""]


def test_words_in_men_that_are_no_plurals_are_their_own() -> None:
    words = ["specimen", "carmen", "bremen", "yemen", "abdomen", "omen", "stamen", "dolmen"]
    assert [stem(word) for word in words] == words


def test_a_saint_is_found_however_the_name_is_written(tmp_path: Path) -> None:
    release = release_of(tmp_path, titled("St. Jerome", "Saint George and the Dragon"))
    for query in ("st george", "St. George", "saint george"):
        result = answer(release, Encoders(), query)
        assert Ranking.of(result.rows, result.scores).rows.tolist() == [1, 0]
