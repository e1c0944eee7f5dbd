"""Tastes: which of a visitor's likes belong together, and what to search around."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Groups = list[NDArray[np.intp]]  # the places of the members of each

# Rocchio's rule (1971) as Manning, Raghavan and Schütze give it (Introduction to Information Retrieval, 9.1.1): what
# is disliked counts a fifth of what is liked (gamma 0.15 against beta 0.75).
DISLIKED = 0.2
MOST = 6  # tastes: each has two places on a page of twelve
# Likes are several tastes where the mean silhouette of their groups is above this. Being a ratio of distances, a
# silhouette means the same for every encoder. docs/recommendations.md has the figures behind these numbers.
APART = 0.15
# Fewer groups are preferred where their silhouette is at least this share of the best: one like that stands a little
# apart must not take the places of a taste.
NEARLY = 0.9
# What the mean of all likes counts beside that of a taste, and the mean of its taste beside a single like: one like
# says little of what was liked in it, its neighbours say more.
ALL_LIKES = 0.3
OWN_TASTE = 4.0


@dataclass(frozen=True, slots=True)
class Centres:
    """What to search around."""

    vectors: Vectors  # (c, d) unit vectors
    likes: NDArray[np.intp]  # (c,): how many likes each stands for, to share the page out by

    @classmethod
    def of(cls, strategy: str, liked: Vectors, disliked: Vectors) -> Self:
        """The centres for liked vectors (n, d) and disliked ones (m, d).

        `mean`: one, of all likes. `clusters`: one for each taste. `each`: one for each like, in their order.
        """
        if not len(liked):
            return cls(liked, np.empty(0, np.intp))
        everything = liked.mean(axis=0)
        if strategy == "mean":
            return cls(_away(everything[np.newaxis], disliked), np.array([len(liked)]))
        groups = tastes(liked)
        found = np.stack([liked[group].mean(axis=0) for group in groups]) + ALL_LIKES * everything
        if strategy == "clusters":
            return cls(_away(found, disliked), np.array([len(group) for group in groups]))
        owner = np.empty(len(liked), np.intp)
        for number, group in enumerate(groups):
            owner[group] = number
        return cls(_away(liked + OWN_TASTE * found[owner], disliked), np.ones(len(liked), np.intp))


def _away(centres: Vectors, disliked: Vectors) -> Vectors:
    """Unit vectors at the centres (c, d), away from the mean of what is disliked (m, d)."""
    unit: Vectors = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    if len(disliked):
        moved = unit - DISLIKED * disliked.mean(axis=0)
        unit = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return unit


def tastes(liked: Vectors) -> Groups:
    """The tastes among liked vectors (n, d): groups of their places.

    Average linkage (Sokal and Michener, 1958) proposes one grouping for each number of groups up to `MOST`. They are
    compared by their mean silhouette (Rousseeuw, 1987): the fewest groups that come near the best are taken where the
    best is above `APART`, and otherwise all are one taste. Of two likes nobody could tell, so they are two tastes.
    """
    if len(liked) <= 2:
        return [np.array([one]) for one in range(len(liked))]
    likeness = (liked @ liked.T).astype(np.float64)
    *several, one = [groups for groups in _join(likeness) if len(groups) <= min(MOST, len(liked) - 1)]
    scores = [silhouette(likeness, groups) for groups in several]
    best = max(scores)
    if best <= APART:
        return one
    return next(
        groups for groups, score in zip(reversed(several), reversed(scores), strict=True) if score >= NEARLY * best
    )


def silhouette(likeness: NDArray[np.float64], groups: Groups) -> float:
    """The mean silhouette, -1 to 1, of a grouping of things of this likeness (n, n); one alone counts 0."""
    distance = 1 - likeness
    to_groups = np.stack([distance[:, group].sum(axis=1) for group in groups], axis=1)
    found = np.zeros(len(likeness))
    for number, group in enumerate(groups):
        if len(group) > 1:
            within = to_groups[group, number] / (len(group) - 1)
            others = [to_groups[group, other] / len(groups[other]) for other in range(len(groups)) if other != number]
            between = np.min(others, axis=0)
            found[group] = (between - within) / np.maximum(np.maximum(between, within), 1e-9)
    return float(found.mean())


def _join(likeness: NDArray[np.float64]) -> Iterator[Groups]:
    """The groupings as the two groups most alike on average are joined, again and again, until there is one."""
    means = likeness.copy()  # of groups, each at the place of its first member; -inf where there is none any more
    np.fill_diagonal(means, -np.inf)
    groups = {one: np.array([one]) for one in range(len(likeness))}
    while len(groups) > 1:
        a, b = sorted(divmod(int(means.argmax()), len(likeness)))
        share = len(groups[a]) / (len(groups[a]) + len(groups[b]))
        joined = share * means[a] + (1 - share) * means[b]
        joined[a] = -np.inf
        means[a], means[:, a] = joined, joined
        means[b], means[:, b] = -np.inf, -np.inf
        groups[a] = np.concatenate([groups[a], groups.pop(b)])
        yield list(groups.values())
