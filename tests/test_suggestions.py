from pathlib import Path

from indexes.text.suggestions import Names, Suggestion, Suggestions


def suggestions(folder: Path) -> Suggestions:
    names = Names()
    for _ in range(3):
        names.add([("artist", "Rembrandt van Rijn"), ("genre", "painting")])
    names.add([("artist", "Rembrandt Peale"), ("title", "The Rembrandt Frame"), ("collection", "Old Masters")])
    names.add([("title", "Long " * 60)])
    names.write(folder)
    return Suggestions(folder)


def test_names_of_most_works_come_first(tmp_path: Path) -> None:
    found = suggestions(tmp_path).starting("Rem", 10)
    assert found == [
        Suggestion("Rembrandt van Rijn", "artist", 3),
        Suggestion("Rembrandt Peale", "artist", 1),
        Suggestion("The Rembrandt Frame", "title", 1),
    ]
    assert suggestions(tmp_path).starting("Rem", 1) == found[:1]


def test_any_word_may_begin_as_typed(tmp_path: Path) -> None:
    assert [s.text for s in suggestions(tmp_path).starting("VAN ri", 10)] == ["Rembrandt van Rijn"]
    assert suggestions(tmp_path).starting("ijn", 10) == []


def test_nothing_typed_gives_the_names_of_most_works(tmp_path: Path) -> None:
    assert [s.text for s in suggestions(tmp_path).starting("", 2)] == ["Rembrandt van Rijn", "painting"]


def test_what_is_no_word_begins_nothing(tmp_path: Path) -> None:
    assert suggestions(tmp_path).starting("“–", 10) == []


def test_names_too_long_for_a_list_are_left_out(tmp_path: Path) -> None:
    assert suggestions(tmp_path).starting("long", 10) == []
