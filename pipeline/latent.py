"""Likeness of records: TF-IDF vectors brought down to a few dimensions (latent semantic analysis).

Deerwester et al., Indexing by latent semantic analysis, JASIS 41 (1990); computed by randomised projection, Halko,
Martinsson and Tropp, SIAM Review 53 (2011), as scikit-learn does it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


def latent_vectors(said: Iterable[Said], seed: int = 0) -> tuple[Rows, NDArray[np.float32]]:
    """Unit vectors (m, d) of the works of which anything is said, and their rows (m,); the r-th is said of row r.

    What the record states counts as much as all the words together: two portraits are alike in being portraits, even
    where that one word is lost among many.
    """
    facts: list[tuple[str, ...]] = []

    def texts() -> Iterator[str]:
        for each in said:
            facts.append(each.facts)
            yield each.text

    blocks = [*_weights(texts(), analyzer=words, sublinear_tf=True), *_weights(facts, analyzer=tuple)]
    if not blocks:
        return np.empty(0, np.int32), np.empty((0, 1), np.float32)
    matrix = sparse.hstack(blocks, "csr")
    left, strength, _ = randomized_svd(matrix, min(DIMENSION, *matrix.shape), n_iter=4, random_state=seed)
    vectors = left * strength
    norms = np.linalg.norm(vectors, axis=1)
    rows = np.flatnonzero(norms > 1e-6).astype(np.int32)
    return rows, (vectors[rows] / norms[rows, np.newaxis]).astype(np.float32)


def _weights(documents: Iterable[Any], **settings: Any) -> list[Any]:
    """The unit TF-IDF rows of documents as one sparse matrix, or none where no term is in two of them."""
    try:  # a term that only one work holds likens it to no other
        return [TfidfVectorizer(min_df=2, dtype=np.float32, **settings).fit_transform(documents)]
    except ValueError:  # scikit-learn's way to say that no term is left
        return []
