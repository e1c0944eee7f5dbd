from pathlib import Path

import pytest

from indexes.loader import Encoders
from indexes.ranking import Ranking
from indexes.search import answer
from indexes.words import all_words, fold, word_spans, words
from tests.small_release import release_of, titled


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Dürer", "durer"), ("DEGAS", "degas"), ("Brâncuși", "brancusi"), ("Jørn Sølve", "jorn solve"), ("Łódź", "lodz")],
)
def test_case_and_accents_do_not_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Shah ʿAbbas, Muʾayyad", ["shah", "abbas", "muayyad"]),
        ("Hawaiʻi, Hawai‘i, Hawaiʼi", ["hawaii"] * 3),
        ("Gogolʹ", ["gogol"]),
        ("‘The Kiss’", ["the", "kiss"]),  # quotation marks
        ("O’Keeffe, L'Été", ["o", "keeffe", "l", "ete"]),  # apostrophes part words
        ("cata\u00adlogue", ["catalogue"]),  # a soft hyphen
    ],
)
def test_marks_of_transliteration_do_not_matter(text: str, read: list[str]) -> None:
    assert all_words(text) == read


def test_a_work_is_found_with_and_without_marks_of_transliteration(tmp_path: Path) -> None:
    release = release_of(tmp_path, titled("Abbas", "Shah ʿAbbas with a Page", "Hawaii", "Map of Hawaiʻi"))

    def ranked(query: str) -> list[int]:
        result = answer(release, Encoders(), query)
        return Ranking.of(result.rows, result.scores).rows.tolist()

    assert ranked("shah abbas") == ranked("Shāh ʿAbbās") == [1, 0]
    assert ranked("hawaii") == ranked("Hawai‘i") == [2, 3]


@pytest.mark.parametrize(
    "word",
    ["गणेश", "नटराज", "தமிழ்", "พระพุทธรูป", "ပုဂံ", "བོད"],  # vowels that are marks, and viramas
)
def test_a_word_with_its_vowel_signs_is_one_word(word: str) -> None:
    assert all_words(f"({word})") == [word]
    assert [(1, 1 + len(word))] == list(word_spans(f"({word})"))


def test_vowel_points_do_not_matter() -> None:
    assert all_words("مُحَمَّد שָׁלוֹם") == all_words("محمد שלום") == ["محمد", "שלום"]


def test_words_leave_stop_words_out() -> None:
    assert words("Hokusai’s Wave, and the View of Mount Fuji") == ["hokusai", "wave", "view", "mount", "fuji"]
    assert all_words("The Who") == ["the", "who"]


def test_chinese_is_read_letter_by_letter() -> None:
    assert words("千里江山图") == ["千", "里", "江", "山", "图"]


def test_kana_keep_their_voice_and_are_parted_by_dots() -> None:
    assert all_words("ガ・ギ゠か") == ["ガ", "ギ", "か"]
    assert fold("か\u3099") == "が" != fold("か")


def test_spans_are_those_of_the_words_as_written() -> None:
    text = "L’Été, “Dürer”! Hawai‘i, ʿAbba\u0304s"
    spans = [text[start:end] for start, end in word_spans(text)]
    assert spans == ["L", "Été", "Dürer", "Hawai‘i", "ʿAbba\u0304s"]
