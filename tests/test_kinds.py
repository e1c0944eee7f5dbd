import pytest

from indexes.artwork import Artwork
from indexes.kinds import kinds, names_kind


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"genre": "religious painting"}, ("painting",)),
        ({"medium": "Oil paint on canvas"}, ("painting",)),
        ({"genre": "on paper, print", "medium": "Photograph, gelatin silver print on paper"}, ("photo",)),
        ({"genre": "on paper, unique", "medium": "Graphite on paper"}, ("drawing",)),
        ({"medium": "Etching and aquatint on paper"}, ("print",)),
        ({"genre": "sculpture", "medium": "Oil paint on steel"}, ("sculpture",)),
        ({"genre": "cityscape", "keywords": ("painting", "Rococo")}, ("painting",)),
        ({"genre": "poster", "keywords": ("painting",)}, ("poster",)),
        ({"keywords": ("people sketching a sculpture",)}, ()),
        ({}, ()),
    ],
)
def test_kinds_of_a_record(fields: dict[str, object], expected: tuple[str, ...]) -> None:
    assert kinds(Artwork(id="1", **fields)) == expected  # type: ignore[arg-type]


def test_words_that_ask_for_a_kind() -> None:
    assert names_kind("paintings")
    assert names_kind("photo")
    assert not names_kind("oil")
    assert not names_kind("ship")
