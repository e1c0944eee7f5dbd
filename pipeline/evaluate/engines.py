"""The searches that are compared: this one in its modes, the origin's TF-IDF, and BM25."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from indexes.artwork import Artwork
from indexes.loader import Encoders, Release
from indexes.ranking import Ranking
from indexes.search import Mode, answer
from pipeline.evaluate.measures import DEEP

Engine = Callable[[str], list[int]]  # from a query to the rows it finds, best first, at most 100

# The Harvard recommender's parameters, as its document settles them.
HARVARD = {"stop_words": "english", "ngram_range": (1, 3), "min_df": 2, "max_features": 15_000}


def vitrine(release: Release, encoders: Encoders, mode: Mode) -> Engine:
    """The search of the service."""

    def search(query: str) -> list[int]:
        found = answer(release, encoders, query, mode)
        return Ranking.best(found.rows, found.scores, DEEP).rows.tolist()

    return search


def tf_idf(texts: Sequence[str], **parameters: object) -> Engine:
    """Plain TF-IDF and exact cosine, by default as the Harvard recommender has it."""
    vectorizer = TfidfVectorizer(**(HARVARD | parameters))
    matrix: csr_matrix = vectorizer.fit_transform(texts).T.tocsr()

    def search(query: str) -> list[int]:
        scores = (vectorizer.transform([query]) @ matrix).toarray()[0]
        return _first(scores)

    return search


def bm25(texts: Sequence[str]) -> Engine:
    """BM25 of the package bm25s with its defaults. Raises ImportError where it is not installed."""
    import bm25s  # type: ignore[import-untyped, import-not-found, unused-ignore]

    index = bm25s.BM25()
    index.index(bm25s.tokenize(list(texts), stopwords="en", show_progress=False), show_progress=False)

    def search(query: str) -> list[int]:
        tokens = bm25s.tokenize([query], stopwords="en", show_progress=False, return_ids=False)
        known = [token for token in tokens[0] if token in index.vocab_dict]
        return _first(index.get_scores(known)) if known else []

    return search


def searched_text(work: Artwork) -> str:
    """All that a work is found by, as one text: what the plain engines index."""
    accession = work.accession or ""
    return " ".join([work.search_text, accession, *work.descriptions])


def _first(scores: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> list[int]:
    order = np.argsort(-scores, kind="stable")[:DEEP]
    return order[scores[order] > 0].tolist()
