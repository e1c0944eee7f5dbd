"""Works like one work, or like a picture."""

import numpy as np
from numpy.typing import NDArray

from app.matches import Matches, facet_counts
from app.query import SimilarQuery
from indexes.facets import Mask
from indexes.loader import Release
from indexes.vectors import VectorIndex


def like_work(release: Release, query: SimilarQuery, row: int) -> Matches:
    """The page of works most like the work in `row`, which is not among them."""
    index = release.vectors.get(query.method)
    vectors = index.vectors(np.array([row], np.int32)) if index else None
    if index is None or vectors is None or not len(vectors):
        return Matches.none(release, "This work has no picture that could be compared by this method.")
    others = np.ones(len(release.catalogue), np.bool_)
    others[row] = False
    return _nearest(release, query, index, vectors[0], others)


def like_vector(release: Release, query: SimilarQuery, vector: NDArray[np.float32]) -> Matches:
    """The page of works whose vectors are nearest to the unit `vector` (d,) of the query's method."""
    index = release.vectors.get(query.method)
    if index is None:
        return Matches.none(release, "This collection holds no pictures to compare by this method.")
    return _nearest(release, query, index, vector, np.ones(len(release.catalogue), np.bool_))


def _nearest(
    release: Release, query: SimilarQuery, index: VectorIndex, vector: NDArray[np.float32], allowed: Mask
) -> Matches:
    filters = release.catalogue.facets.mask(query.filters)
    mask = allowed if filters is None else filters & allowed
    ranking = index.search(vector, query.offset + query.size, mask)
    total = len(index.candidates(mask))
    return Matches(
        rows=ranking.rows[query.offset :],
        scores=ranking.scores[query.offset :],
        total=total,
        counts=facet_counts(release, query, lambda mask: index.candidates(allowed if mask is None else mask & allowed)),
        note=None if total else "No work passes all filters together. Take one away to see more.",
    )
