"""Likeness of descriptions: TF-IDF vectors brought down to a few dimensions (latent semantic analysis).

Deerwester et al., Indexing by latent semantic analysis, JASIS 41 (1990); computed by randomised projection, Halko,
Martinsson and Tropp, SIAM Review 53 (2011), as scikit-learn does it.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.extmath import randomized_svd

from indexes.artwork import Artwork
from indexes.columns import Rows
from indexes.words import words

DIMENSION = 128


def text_of(work: Artwork) -> str:
    """What a work is compared by: its record and its fullest description. Further ones would only repeat it."""
    return f"{work.search_text} | {work.description or ''}"


def latent_vectors(texts: Iterable[str], seed: int = 0) -> tuple[Rows, NDArray[np.float32]]:
    """Unit vectors (m, d) of the works whose words say anything, and their rows (m,); text r is that of row r."""
    # A word that only one work holds likens it to no other, and one letter is no word to liken works by.
    vectorizer = TfidfVectorizer(analyzer=words, min_df=2, dtype=np.float32, sublinear_tf=True)
    try:
        matrix = vectorizer.fit_transform(texts)
    except ValueError:  # scikit-learn's way to say that no word is left
        return np.empty(0, np.int32), np.empty((0, 1), np.float32)
    left, strength, _ = randomized_svd(matrix, min(DIMENSION, *matrix.shape), n_iter=4, random_state=seed)
    vectors = left * strength
    norms = np.linalg.norm(vectors, axis=1)
    rows = np.flatnonzero(norms > 1e-6).astype(np.int32)
    return rows, (vectors[rows] / norms[rows, np.newaxis]).astype(np.float32)
