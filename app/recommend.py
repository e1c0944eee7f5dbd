"""Works like those a visitor likes: a pure function from liked and disliked rows to ranked rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matches import Matches, facet_counts, under
from app.query import RecommendQuery
from indexes.columns import Rows
from indexes.loader import Release
from indexes.vectors import VectorIndex

Vectors = NDArray[np.float32]

# Rocchio's rule (1971) as Manning, Raghavan and Schütze give it (Introduction to Information Retrieval, 9.1.1): what
# is disliked counts a fifth of what is liked (gamma 0.15 against beta 0.75).
_DISLIKED = 0.2
# Two groups of likes whose mean likeness is below this are two tastes.
_ONE_TASTE = 0.5
# Ordered by popularity, a page is chosen among this many of the nearest works.
_NEAREST = 120


@dataclass(frozen=True, slots=True)
class Taste:
    """What one visitor thinks of the works of a release."""

    liked: Rows
    disliked: Rows


def recommend(release: Release, query: RecommendQuery, taste: Taste) -> Matches:
    """The page of works recommended; never one that is liked or disliked."""
    index = release.vectors.get("clip") or release.vectors.get("description")
    liked = index.vectors(taste.liked) if index else np.empty((0, 1), np.float32)
    if index is None or not len(liked):
        return Matches.none(release, "None of the works you like has a picture or description to compare.")
    centres = _centres(query.strategy, liked, index.vectors(taste.disliked))
    allowed = np.ones(len(release.catalogue), np.bool_)
    allowed[taste.liked] = allowed[taste.disliked] = False
    filters = release.catalogue.facets.mask(query.filters)
    rows, scores = interleave(index, centres, allowed if filters is None else filters & allowed)
    if query.order != "similarity":
        nearest = dict(zip(rows[:_NEAREST].tolist(), scores[:_NEAREST].tolist(), strict=True))
        rows = release.catalogue.sorted(rows[:_NEAREST], query.order)
        scores = np.array([nearest[row] for row in rows.tolist()], np.float32)
    shown = slice(query.offset, query.offset + query.size)
    return Matches(
        rows=rows[shown],
        scores=scores[shown],
        total=len(rows),
        counts=facet_counts(release, query, lambda mask: under(index.candidates(allowed), mask)),
        note=None if len(rows) else "No work is left that you have not judged yet, under these filters.",
        reasons=_nearest_likes(release, index, rows[shown], taste.liked),
    )


def interleave(index: VectorIndex, centres: Vectors, mask: NDArray[np.bool_]) -> tuple[Rows, NDArray[np.float32]]:
    """Every row that passes the mask, and its likeness to its nearest centre: the best of each centre in turn.

    `centres` (c, d) are unit vectors. Each work belongs to the centre it is nearest to.
    """
    rows = index.candidates(mask)
    likeness = index.vectors(rows) @ centres.T
    owner = likeness.argmax(axis=1)
    scores = likeness[np.arange(len(rows)), owner]
    order = np.lexsort((rows, -scores, owner))
    turn = np.empty(len(rows), np.int64)
    starts = np.searchsorted(owner[order], np.arange(len(centres)))
    turn[order] = np.arange(len(rows)) - starts[owner[order]]  # how many of its centre come before it
    order = np.lexsort((-scores, turn))
    return rows[order], scores[order]


def _centres(strategy: str, liked: Vectors, disliked: Vectors) -> Vectors:
    """(c, d): the unit vectors around which to search."""
    groups = {
        "mean": [np.arange(len(liked))],
        "clusters": tastes(liked),
        "each": [np.array([one]) for one in range(len(liked))],
    }[strategy]
    away = _DISLIKED * disliked.mean(axis=0) if len(disliked) else 0.0
    centres = np.stack([liked[group].mean(axis=0) - away for group in groups])
    return centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)


def tastes(liked: Vectors) -> list[NDArray[np.intp]]:
    """Groups of liked vectors (n, d): the two most alike on average are joined for as long as they are one taste."""
    likeness = liked @ liked.T
    groups = [np.array([one]) for one in range(len(liked))]
    while len(groups) > 1:
        pairs = [(a, b) for a in range(len(groups)) for b in range(a)]
        means = [float(likeness[np.ix_(groups[a], groups[b])].mean()) for a, b in pairs]
        best = int(np.argmax(means))
        if means[best] < _ONE_TASTE:
            break
        a, b = pairs[best]
        groups[b] = np.concatenate([groups[b], groups.pop(a)])
    return groups


def _nearest_likes(release: Release, index: VectorIndex, rows: Rows, liked: Rows) -> dict[int, tuple[str, ...]]:
    held = np.array([row for row in liked.tolist() if len(index.vectors(np.array([row], np.int32)))], np.int32)
    nearest = (index.vectors(rows) @ index.vectors(held).T).argmax(axis=1)
    return {
        row: (f"like: {release.catalogue.artwork(int(held[like])).title or 'Untitled'}",)
        for row, like in zip(rows.tolist(), nearest.tolist(), strict=True)
    }
