"""Likeness of records: TF-IDF vectors brought down to a few dimensions (latent semantic analysis).

Deerwester et al., Indexing by latent semantic analysis, JASIS 41 (1990); computed by randomised projection, Halko,
Martinsson and Tropp, SIAM Review 53 (2011), as scikit-learn does it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.extmath import randomized_svd

from indexes.artwork import Artwork
from indexes.columns import Rows
from indexes.words import words

DIMENSION = 128
_SAMPLE = 100_000  # works
_CHUNK = 16_384  # works placed at once

_FACTS = ("genre", "artist", "artist_culture", "culture", "collection", "period", "medium")


@dataclass(frozen=True, slots=True)
class Said:
    """What a work is compared by."""

    text: str
    facts: tuple[str, ...] = ()  # each whole value of the record is a term of its own

    @classmethod
    def of(cls, work: Artwork) -> Self:
        """A work's record and its fullest description (further ones would only repeat it); what the record states."""
        facts = [f"{name}: {getattr(work, name)}" for name in _FACTS if getattr(work, name)]
        facts += [f"keyword: {keyword}" for keyword in work.keywords]
        return cls(f"{work.search_text} | {work.description or ''}", tuple(facts))


def latent_vectors(said: Callable[[], Iterable[Said]], seed: int = 0) -> tuple[Rows, NDArray[np.float32]]:
    """Unit vectors (m, d) of the works of which anything is said, and their rows (m,); the r-th is said of row r.

    What the record states counts as much as all the words together: two portraits are alike in being portraits, even
    where that one word is lost among many. Of many works, a sample says which words go together (their axes), and all
    are placed by them; `said` is called once for either.
    """
    words_of = _Weighing(analyzer=words, sublinear_tf=True)
    facts_of = _Weighing(analyzer=tuple)
    sample = _sample(said())
    parts = [words_of.fit([each.text for each in sample]), facts_of.fit([each.facts for each in sample])]
    matrix = sparse.hstack(parts, "csr")
    if not matrix.nnz:
        return np.empty(0, np.int32), np.empty((0, 1), np.float32)
    _, _, axes = randomized_svd(matrix, min(DIMENSION, *matrix.shape), n_iter=4, random_state=seed)
    del matrix, parts, sample
    rows, vectors, start = [], [], 0
    for chunk in _chunks(said()):
        weights = sparse.hstack([words_of.of([each.text for each in chunk]), facts_of.of([e.facts for e in chunk])])
        placed = weights.tocsr() @ axes.T
        norms = np.linalg.norm(placed, axis=1)
        found = np.flatnonzero(norms > 1e-6)
        rows.append(found.astype(np.int32) + np.int32(start))
        vectors.append((placed[found] / norms[found, np.newaxis]).astype(np.float32))
        start += len(chunk)
    return np.concatenate(rows), np.concatenate(vectors)


class _Weighing:
    """The unit TF-IDF rows of documents, over the terms that two documents of a sample have."""

    def __init__(self, **settings: Any) -> None:
        # A term that only one work holds likens it to no other.
        self._vectorizer = TfidfVectorizer(min_df=2, dtype=np.float32, **settings)
        self._has_terms = True

    def fit(self, sample: Sequence[Any]) -> Any:
        """Those of the sample, (n, terms) sparse."""
        try:
            return self._vectorizer.fit_transform(sample)
        except ValueError:  # scikit-learn's way to say that no term is left
            self._has_terms = False
            return self.of(sample)

    def of(self, documents: Sequence[Any]) -> Any:
        """Those of further documents, (n, terms) sparse."""
        if self._has_terms:
            return self._vectorizer.transform(documents)
        return sparse.csr_matrix((len(documents), 0), dtype=np.float32)


def _sample(said: Iterable[Said]) -> list[Said]:
    """Every work, every second, every fourth ... so that between `_SAMPLE` and twice as many are left."""
    kept: list[Said] = []
    step = 1
    for row, each in enumerate(said):
        if row % step == 0:
            kept.append(each)
            if len(kept) == 2 * _SAMPLE:
                kept, step = kept[::2], 2 * step
    return kept


def _chunks(said: Iterable[Said]) -> Iterator[list[Said]]:
    remaining = iter(said)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk
