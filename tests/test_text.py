from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from indexes import text
from indexes.artwork import Artwork
from indexes.words import words

DOCUMENTS = [
    "A blue vase with white flowers on a blue table",
    "Blue vase",
    "Ancient Chinese vase with blue dragons",
    "Portrait of a woman in red, by Dürer",
    "The white flowers",
    "",
]
QUERIES = ["blue vase", "chinese VASE", "durer", "white flowers on the table", "red", "nothing known here", "", "the"]


def open_index(folder: Path, documents: list[list[text.Part]]) -> text.TextIndex:
    text.fit(folder, documents)
    return text.TextIndex(folder)


def test_scores_are_those_of_scikit_learn(tmp_path: Path) -> None:
    index = open_index(tmp_path, [[(document, 1.0)] for document in DOCUMENTS])
    # With every phrase kept by us too only where two works hold it, the oracle gets exactly our vocabulary.
    every = TfidfVectorizer(analyzer=lambda d: _terms(d)).fit(DOCUMENTS)
    df = {term: sum(term in _terms(document) for document in DOCUMENTS) for term in every.vocabulary_}
    kept = sorted(term for term, count in df.items() if count > 1 or " " not in term)
    oracle = TfidfVectorizer(analyzer=lambda d: _terms(d), vocabulary=kept)
    matrix = oracle.fit_transform(DOCUMENTS)

    assert len(index) == len(kept)
    for query in QUERIES:
        expected = (matrix @ oracle.transform([query]).T).toarray().ravel()
        found = index.search(query)
        np.testing.assert_allclose(found.scores, expected[found.rows], rtol=1e-5)
        assert set(found.rows.tolist()) == set(np.flatnonzero(expected).tolist())
        assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)


def _terms(document: str) -> list[str]:
    tokens = words(document)
    return [" ".join(tokens[i : i + n]) for n in (1, 2, 3) for i in range(len(tokens) - n + 1)]


def test_a_single_word_of_a_single_work_is_found(tmp_path: Path) -> None:
    index = open_index(tmp_path, [[("Monet", 1.0)], [("Manet", 1.0)]])
    assert index.search("manet").rows.tolist() == [1]


def test_phrases_do_not_reach_over_parts(tmp_path: Path) -> None:
    apart = open_index(tmp_path, [[("red", 1.0), ("house", 1.0)], [("red", 1.0), ("house", 1.0)]])
    assert len(apart) == 2


def test_equal_scores_come_by_row(tmp_path: Path) -> None:
    index = open_index(tmp_path, [[("ship", 1.0)] for _ in range(5)])
    assert index.search("ship").rows.tolist() == [0, 1, 2, 3, 4]


def test_ten_descriptions_weigh_as_one(tmp_path: Path) -> None:
    one = Artwork(id="1", title="Harbour", descriptions=("A red boat in a harbour",))
    ten = Artwork(id="2", title="Harbour", descriptions=("A red boat in a harbour",) * 10)
    index = open_index(tmp_path, [text.parts(one), text.parts(ten)])
    for query in ("red boat", "harbour", "boat in a harbour"):
        first, second = index.search(query).scores.tolist()
        assert np.isclose(first, second, rtol=1e-6)


def test_an_empty_collection_finds_nothing(tmp_path: Path) -> None:
    assert open_index(tmp_path, []).search("anything").rows.tolist() == []
