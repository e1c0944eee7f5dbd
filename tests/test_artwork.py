import json

import pytest

from indexes.artwork import Artwork, clean_text

FULL = Artwork(
    id="1",
    title="Boats",
    artist="Berthe Morisot",
    year_from=1870,
    year_to=1880,
    keywords=("sea", "boats"),
    descriptions=("Two boats.", "Two boats on a blue sea."),
    rank=3,
    extra=(("Room", "12"), ("Frame", "oak")),
)


@pytest.mark.parametrize("nothing", [None, "", "  ", "nan", "NaN", "None", "null", "N/A", float("nan"), "\x00\x01"])
def test_what_says_nothing_is_none(nothing: object) -> None:
    assert clean_text(nothing) is None


@pytest.mark.parametrize(
    ("raw", "clean"),
    [("  two\n\t words ", "two words"), ("a\x00b", "ab"), (1893, "1893"), ("e\u0301", "é"), ("Nan", "Nan")],
)
def test_text_is_tidied(raw: object, clean: str) -> None:
    assert clean_text(raw) == clean


def test_json_there_and_back() -> None:
    assert Artwork.from_json(json.loads(json.dumps(FULL.to_json()))) == FULL
    assert Artwork(id="2").to_json() == {"id": "2"}


def test_search_text_leaves_out_what_is_unknown() -> None:
    assert FULL.search_text == "Boats | sea | boats | Berthe Morisot"


def test_the_longest_description_is_shown() -> None:
    assert FULL.description == FULL.alt == "Two boats on a blue sea."
    assert Artwork(id="2", title="Boats", date="1870").alt == "Boats, 1870"
    assert Artwork(id="3").alt == "Untitled"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"id": ""}, "id: must be text"),
        ({"id": " 1"}, "id: must be text"),
        ({"id": "a/b"}, "slash"),
        ({"id": ".."}, "slash"),
        ({"id": "ä" * 101}, "200 bytes"),
        ({"id": "1", "year_from": 1900, "year_to": 1800}, "year_from: must not be after year_to"),
    ],
)
def test_what_cannot_be_a_record(values: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Artwork(**values)  # type: ignore[arg-type]
