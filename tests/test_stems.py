import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.stems import beginnings, stem


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
    ],
)
def test_forms_of_one_word_share_a_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("pair", ["painting paint", "drawing drawer", "photo phone", "monet money", "1880 1881"])
def test_different_words_stay_apart(pair: str) -> None:
    one, other = pair.split()
    assert stem(one) != stem(other)


def test_what_is_no_latin_word_is_its_own_stem() -> None:
    assert [stem(word) for word in ("d27290", "江", "моне", "is", "")] == ["d27290", "江", "моне", "is", ""]


@given(st.text(string.ascii_lowercase + string.digits + "é中", min_size=1))
def test_a_word_begins_as_one_with_its_stem_does(word: str) -> None:
    assert word.startswith(beginnings(frozenset({stem(word)})))


@pytest.mark.parametrize(
    "word",
    ["fotografie", "mice", "grey", "dying", "skies", "tries", "aeroplanes", "harbourmaster", "colourist", "paintings"],
)
def test_a_word_that_stands_for_another_begins_as_it_is_written(word: str) -> None:
    assert word.startswith(beginnings(frozenset({stem(word)})))


def test_no_word_has_one_of_no_stems() -> None:
    assert not "vase".startswith(beginnings(frozenset()))
