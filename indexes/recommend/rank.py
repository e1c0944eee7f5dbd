"""Ranking for a taste: where to search, whose turn it is, and what is too much like what stands there already."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexes.columns import Rows
from indexes.facets import Mask
from indexes.ranking import Ranking
from indexes.recommend.space import Candidates, Space
from indexes.recommend.tastes import Centres

STRATEGIES = ("mean", "clusters", "each")
HEAD = 60  # places that are filled with care: five pages of twelve; what follows is ranked by likeness alone
# Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): what likeness to the likes counts, against
# unlikeness to what stands on the page already. docs/recommendations.md has the figures.
RELEVANCE = 0.9
_EVERY = 6  # with `each`, one place in six is filled at random ...
_DRAWN = 8  # ... from so many of the works nearest to the like
_LATEST = 200  # likes that count, and dislikes


@dataclass(frozen=True, slots=True)
class Taste:
    """What a visitor thinks of works, by row, the latest first."""

    liked: Rows
    disliked: Rows = field(default_factory=lambda: np.empty(0, np.int32))
    seen: Rows = field(default_factory=lambda: np.empty(0, np.int32))


@dataclass(frozen=True, slots=True)
class Wish:
    """How to recommend."""

    strategy: str = "mean"  # one of `STRATEGIES`
    seed: int = 0  # of what `each` leaves to chance
    relevance: float = RELEVANCE


class Recommender:
    """Recommends works of one release for one taste. The same question has the same answer, on every page of it."""

    def __init__(self, space: Space, taste: Taste, wish: Wish) -> None:
        self._space = space
        self._wish = wish
        self.likes: Rows = taste.liked[space.has(taste.liked)][:_LATEST]  # those that can be compared
        disliked = taste.disliked[space.has(taste.disliked)][:_LATEST]
        self._liked = space.vectors(self.likes)
        self._centres = Centres.of(wish.strategy, self._liked, space.vectors(disliked))
        new = np.ones(space.works, np.bool_)
        for rows in (taste.liked, taste.disliked, taste.seen):
            new[rows] = False
        self.rows = space.allowed(new)  # all that can be recommended where nothing is filtered, ascending
        self._new = new

    def first(self, count: int, filters: Mask | None = None, exact: bool = False) -> Ranking:
        """The first `count` works that pass the filters (rows of the catalogue,), best first.

        Each has its likeness to the centre that it was found by. `exact` as for `Space.near`.
        """
        mask = self._new if filters is None else self._new & filters
        head = self._head(mask, exact)
        if count <= len(head.rows):
            return Ranking(head.rows[:count], head.scores[:count])
        tail = self._tail(np.setdiff1d(self._space.allowed(mask), head.rows))
        rows, scores = np.concatenate([head.rows, tail.rows]), np.concatenate([head.scores, tail.scores])
        return Ranking(rows[:count], scores[:count])

    def nearest_likes(self, rows: Rows) -> Rows:
        """(m,) The like that each of the rows (m,) is nearest to."""
        return self.likes[(self._space.vectors(rows) @ self._liked.T).argmax(axis=1)]

    def _head(self, mask: Mask, exact: bool) -> Ranking:
        turns = self._turns()
        # To choose from: three works for each place, of as many places as the centre with most of them has.
        depth = max(12, 3 * int(np.bincount(turns[:HEAD], minlength=1).max()))
        found = self._space.near(self._centres.vectors, depth, mask, exact)
        if not found.likeness.size:
            return Ranking(np.empty(0, np.int32), np.empty(0, np.float32))
        lists = [_nearest(column, depth) for column in found.likeness.T]
        return _arrange(found, lists, turns, self._wish)

    def _turns(self) -> list[int]:
        """Whose turn it is at each place: as many as its likes are of all likes, evenly spread.

        A page reflects the shares of a visitor's interests (Steck, Calibrated recommendations, RecSys 2018); places
        are given out as Sainte-Lague gives out seats. With `each`, the seed says who begins.
        """
        likes = self._centres.likes
        places = np.arange(HEAD)[:, np.newaxis]
        order = np.arange(len(likes))
        if self._wish.strategy == "each":
            order = np.random.default_rng(self._wish.seed).permutation(order)
        due = ((places + 0.5) / likes[order]).ravel()
        turns: list[int] = np.tile(order, HEAD)[np.argsort(due, kind="stable")].tolist()
        return turns

    def _tail(self, rows: Rows) -> Ranking:
        """Each work in the turn of the centre it is nearest to."""
        likeness = self._space.likeness(self._centres.vectors, rows)
        owner = likeness.argmax(axis=1)
        scores = likeness[np.arange(len(rows)), owner]
        order = np.lexsort((rows, -scores, owner))
        starts = np.searchsorted(owner[order], np.arange(len(self._centres.likes)))
        turn = np.empty(len(rows), np.int64)
        turn[order] = np.arange(len(rows)) - starts[owner[order]]  # how many of its centre come before it
        order = np.lexsort((rows, -scores, (turn + 0.5) / self._centres.likes[owner]))
        return Ranking(rows[order], scores[order])


def _nearest(likeness: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """The places of the `count` highest of (m,), in order; the lower of equal ones first."""
    if count < len(likeness):
        least = np.partition(likeness, len(likeness) - count)[len(likeness) - count]
        kept = np.flatnonzero(likeness >= least)
    else:
        kept = np.arange(len(likeness))
    return kept[np.argsort(-likeness[kept], kind="stable")][:count]


def _arrange(found: Candidates, lists: list[NDArray[np.intp]], turns: list[int], wish: Wish) -> Ranking:
    """Let the centres choose as their turns come, each from its own list (places among the candidates, nearest first).

    A centre whose list is empty passes. With the strategy `each` chance, by the seed, fills one place in six.
    """
    random = np.random.default_rng(wish.seed)
    left = np.zeros(len(found.rows), np.bool_)
    left[np.concatenate(lists)] = True
    pool = np.flatnonzero(left)  # the candidates that are on any list
    vectors = found.vectors[pool]
    overlap = np.full(len(found.rows), -1.0, np.float32)  # likeness to the most alike work that stands on the page
    chosen: list[int] = []
    scores: list[float] = []
    for turn in turns:
        lists[turn] = choices = lists[turn][left[lists[turn]]]
        if not len(choices):
            continue
        worth = wish.relevance * found.likeness[choices, turn] - (1 - wish.relevance) * overlap[choices]
        best = int(choices[worth.argmax()])
        if wish.strategy == "each" and len(chosen) % _EVERY == _EVERY - 1:
            best = int(choices[random.integers(min(len(choices), _DRAWN))])
        chosen.append(best)
        scores.append(float(found.likeness[best, turn]))
        left[best] = False
        overlap[pool] = np.maximum(overlap[pool], vectors @ found.vectors[best])
        if len(chosen) == HEAD:
            break
    return Ranking(found.rows[chosen], np.array(scores, np.float32))
