import pytest

from indexes.stems import stem


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
