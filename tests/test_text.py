"""The index of the words: weights against a plain computation, phrases, and what is written and found again."""

from collections import Counter
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest

from indexes import text
from indexes.artwork import Artwork
from indexes.stems import stem
from indexes.text.fields import WEIGHTS
from indexes.words import words

WORKS = [
    Artwork(id="0", title="Blue Vase", artist="Ion Petrescu", descriptions=("A vase with white flowers",)),
    Artwork(id="1", title="White Flowers", artist="Mei Tanaka", medium="Oil on canvas", genre="still life"),
    Artwork(id="2", title="The Vase", descriptions=("Blue dragons on a vase", "Two blue dragons")),
    Artwork(id="3"),
]


def open_index(folder: Path, works: list[Artwork]) -> text.TextIndex:
    text.fit(folder, (text.parts(work) for work in works))
    return text.TextIndex(folder)


def test_weights_of_the_fields_are_one_together() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)


@pytest.mark.parametrize("word", ["vase", "blue", "dragon", "flowers", "tanaka"])
def test_weights_are_those_of_a_plain_computation(tmp_path: Path, word: str) -> None:
    index = open_index(tmp_path, WORKS)
    documents = [text.parts(work).texts for work in WORKS]
    counted = [[Counter(stem(w) for part in t.parts for w in words(part)) for t in texts] for texts in documents]
    counted[2][0] = Counter({stem("the"): 1, stem("vase"): 1})  # in a title every word counts

    def idf(term: str) -> float:
        df = sum(any(term in counts for counts in document) for document in counted)
        return log((1 + len(WORKS)) / (1 + df)) + 1

    term = index.term(word)
    assert term is not None
    posting = index.posting(term)
    expected: dict[int, float] = {}
    for row, (texts, document) in enumerate(zip(documents, counted, strict=True)):
        for one, counts in zip(texts, document, strict=True):
            if stem(word) in counts:
                norm = sqrt(sum((count * idf(t)) ** 2 for t, count in counts.items()))
                part = one.weight * counts[stem(word)] * idf(stem(word)) / norm
                expected[row] = expected.get(row, 0) + part
    assert posting.rows.tolist() == sorted(expected)
    np.testing.assert_allclose(posting.weights, [expected[row] for row in sorted(expected)], rtol=1e-6)


def test_fields_say_where_a_work_holds_a_word(tmp_path: Path) -> None:
    index = open_index(tmp_path, WORKS)
    term = index.term("vases")
    assert term is not None
    posting = index.posting(term)
    held = dict(zip(posting.rows.tolist(), posting.fields.tolist(), strict=True))
    assert held == {0: text.Field.TITLE | text.Field.DESCRIPTION, 2: text.Field.TITLE | text.Field.DESCRIPTION}


def test_stop_words_are_found_in_titles_alone(tmp_path: Path) -> None:
    index = open_index(tmp_path, WORKS)
    term = index.term("the")
    assert term is not None
    assert index.posting(term).rows.tolist() == [2]
    assert index.term("with") is None


def test_phrases_are_found_word_for_word_and_not_across_texts(tmp_path: Path) -> None:
    index = open_index(tmp_path, [*WORKS, Artwork(id="4", title="Ion", artist="Blue Vase")])
    rows = np.arange(5, dtype=np.int32)

    def holding(*phrase: str, names_only: bool = False) -> list[int]:
        return rows[index.holding_phrases(rows, [phrase], names_only)[0]].tolist()

    assert holding("blue", "vase") == [0, 4]
    assert holding("vase", "blue") == []
    assert holding("ion", "blue") == []
    assert holding("blue", "vases") == []
    assert holding("blue", "dragons") == [2]
    assert holding("blue", "dragons", names_only=True) == []
    assert holding("the", "vase") == [2]


def test_descriptions_alike_weigh_as_one(tmp_path: Path) -> None:
    one = Artwork(id="1", title="Harbour", descriptions=("A red boat in a harbour",))
    ten = Artwork(id="2", title="Harbour", descriptions=("A red boat in a harbour",) * 10)
    index = open_index(tmp_path, [one, ten])
    for word in ("red", "boat", "harbour"):
        term = index.term(word)
        assert term is not None
        first, second = index.posting(term).weights.tolist()
        assert first == pytest.approx(second, rel=1e-6)


def test_an_empty_collection_opens(tmp_path: Path) -> None:
    index = open_index(tmp_path, [])
    assert len(index) == 0
    assert index.works == 0
    assert index.near("anything") == []
    assert index.suggestions.starting("a", 5) == []
