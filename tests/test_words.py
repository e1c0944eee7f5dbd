import pytest

from indexes.words import all_words, fold, word_spans, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Dürer", "durer"), ("DEGAS", "degas"), ("Brâncuși", "brancusi"), ("Jørn Sølve", "jorn solve"), ("Łódź", "lodz")],
)
def test_case_and_accents_do_not_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words_leave_stop_words_out() -> None:
    assert words("Hokusai’s Wave, and the View of Mount Fuji") == ["hokusai", "wave", "view", "mount", "fuji"]
    assert all_words("The Who") == ["the", "who"]


def test_chinese_is_read_letter_by_letter() -> None:
    assert words("千里江山图") == ["千", "里", "江", "山", "图"]


def test_spans_are_those_of_the_words_as_written() -> None:
    text = "L’Été, “Dürer”!"
    assert [text[start:end] for start, end in word_spans(text)] == ["L", "Été", "Dürer"]
