from dataclasses import replace
from pathlib import Path

from indexes.artwork import Artwork
from indexes.loader import Encoders
from indexes.search import answer, marked, reasons
from indexes.search.why import forms_of, passage
from tests.small_release import release_of

BLUE = "colour: blue 50 %"
WORK = Artwork(
    id="1",
    title="Dürer’s Blue Ships",
    artist="Ann Roe",
    medium="Oil on canvas",
    genre="landscape",
    date="c. 1642",
    year_from=1642,
    year_to=1642,
    descriptions=("Two ships under a dark sky", "A ship"),
)


def why(root: Path, query: str, work: Artwork = WORK) -> list[str]:
    release = release_of(root, [work], {work.id: {"blue": 0.5, "brown": 0.05}})
    found = answer(release, Encoders(), query)
    return [str(reason) for reason in reasons(release, found, forms_of(release.text, found.question), 0)]


def test_words_are_given_as_the_record_has_them(tmp_path: Path) -> None:
    assert why(tmp_path, "durer ship") == ["title: Dürer, Ships", "description: ships, ship"]


def test_what_is_seen_and_when_it_was_made(tmp_path: Path) -> None:
    assert why(tmp_path, "blue brown painting 17th century") == [
        "title: Blue",
        "made: c. 1642",
        "colour: blue 50 %",
        "kind: painting",
    ]


def test_words_side_by_side_are_given_as_one(tmp_path: Path) -> None:
    assert why(tmp_path, "ships of a blue sky, dark") == [
        "title: Blue Ships",
        "description: ships, dark sky, ship",
        BLUE,
    ]


def test_what_the_record_says_itself_is_not_said_twice(tmp_path: Path) -> None:
    assert why(tmp_path, "oil painting of a landscape, 1642") == [
        "date: 1642",
        "medium: Oil",
        "genre: landscape",
        "kind: painting",
    ]
    work = replace(WORK, genre="landscape painting", keywords=("oil painting",))
    assert why(tmp_path / "said", "painting", work) == ["genre: painting", "keywords: painting"]


def test_pieces_of_a_text_are_the_text() -> None:
    pieces = marked("“Dürer’s Blue Ships”", frozenset({"durer", "ships"}))
    assert pieces == [("“", False), ("Dürer", True), ("’s Blue ", False), ("Ships", True), ("”", False)]
    assert marked("Nothing", frozenset({"ship"})) == [("Nothing", False)]


def test_a_passage_is_about_the_first_match() -> None:
    text = "word " * 100 + "ship " + "more " * 100
    found = passage(text, frozenset({"ship", "ships"}))
    assert found is not None
    assert "ship" in found
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert len(found) < 200
    assert passage("A ship", frozenset({"ship"})) == "A ship"
    assert passage("A boat", frozenset({"ship"})) is None
