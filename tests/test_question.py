import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexes.search.question import MOST_WISHES, understand


def wished(text: str) -> list[str]:
    return [wish.text for wish in understand(text).wishes]


def test_words_in_order_without_stop_words() -> None:
    question = understand("A View of the Thames")
    assert [wish.text for wish in question.wishes] == ["view", "thames"]
    assert question.words == ("a", "view", "of", "the", "thames")


def test_stop_words_count_where_there_is_nothing_else() -> None:
    assert wished("The Who") == ["the", "who"]


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("who painted the lady with the dog", "lady dog"),
        ("Show me pictures of children", "children"),
        ("a picture of Dorian Gray", "dorian gray"),
        ("images with boats", "boats"),
        ("picture frame", "picture frame"),
        ("find", "find"),
        ("painted lady", "painted lady"),
    ],
)
def test_how_people_ask_is_no_wish(text: str, wished: str) -> None:
    assert " ".join(wish.text for wish in understand(text).wishes) == wished


def test_a_title_that_begins_as_people_ask_keeps_its_words() -> None:
    assert understand("A Picture of Dorian Gray").words == ("a", "picture", "of", "dorian", "gray")


def test_phrases_and_exclusions() -> None:
    question = understand('“blue vase” flowers -red -"oil on canvas" Pre-Raphaelite')
    assert question.phrases == (("blue", "vase"),)
    assert [unwanted.text for unwanted in question.excluded] == ["red", "oil on canvas"]
    assert [wish.text for wish in question.wishes] == ["flowers", "pre", "raphaelite", "blue", "vase"]


def test_a_quote_that_is_not_closed_and_a_lone_hyphen_are_nothing_special() -> None:
    question = understand('"blue vase - red')
    assert (question.phrases, question.excluded) == ((), ())
    assert wished('"blue vase - red') == ["blue", "vase", "red"]


def test_colours_and_kinds_are_aspects() -> None:
    assert understand("blue painting").is_aspects
    assert understand("gray photographs 1880s").is_aspects
    assert not understand("blue nude").is_aspects
    assert [wish.colour for wish in understand("crimson vase").wishes] == ["red", None]


@settings(max_examples=300, deadline=500)
@given(st.text(alphabet=st.characters(), max_size=300) | st.text(alphabet="ab19 -–\"“”'c.s", max_size=200))
def test_any_text_is_understood(text: str) -> None:
    question = understand(text)
    assert len(question.wishes) <= MOST_WISHES
    assert all(wish.words and all(wish.words) for wish in question.wishes)


@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "1" * 10_000, "about " * 2_000, '"' * 10_000, "-" * 10_000, "19th " * 2_000, " -17th c" * 1_500],
)
def test_long_texts_are_understood_at_once(text: str) -> None:
    assert len(understand(text).wishes) <= MOST_WISHES
