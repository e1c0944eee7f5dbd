"""The question "what else would I like?": from what a visitor judged and was shown to a page of works."""

import threading
from dataclasses import dataclass

import numpy as np

from app.ends import unranked_note
from app.matches import Matches, facet_counts, under
from app.query import RecommendQuery
from indexes.columns import Rows
from indexes.loader import Release
from indexes.ranking import Ranking
from indexes.recommend import Recommender, Space, Taste, Wish
from indexes.recommend.rank import HEAD


class Spaces:
    """The space of the served release, made at its first recommendation."""

    def __init__(self) -> None:
        self._release: Release | None = None
        self._space: Space | None = None
        self._lock = threading.Lock()

    def of(self, release: Release) -> Space | None:
        """Where the release's works are compared; None where it has neither pictures nor descriptions."""
        with self._lock:
            if self._release is not release:
                self._space = Space.of(release.vectors, len(release.catalogue), folder=release.folder / "vectors")
                self._release = release
            return self._space


@dataclass(frozen=True, slots=True)
class Sides:
    """What one visitor thinks of the works of a release, and has seen of them, by id, the latest first."""

    liked: tuple[str, ...]
    disliked: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()

    def taste(self, release: Release) -> Taste:
        """The same by row; works that left the collection are left out."""
        return Taste(*(_rows(release, ids) for ids in (self.liked, self.disliked, self.seen)))


def recommend(release: Release, space: Space | None, query: RecommendQuery, taste: Taste) -> Matches:
    """The page of works recommended; never one that is liked, disliked or seen."""
    recommender = _recommender(space, query, taste)
    if recommender is None:
        return Matches.none(release, "None of these likes has a picture or description to compare.")
    filters = release.catalogue.facets.mask(query.filters)
    total = len(under(recommender.rows, filters))
    ranking, note = _ordered(release, query, recommender, total)
    page = slice(query.offset, query.offset + query.size)
    rows = ranking.rows[page]
    nearest = dict(zip(rows.tolist(), recommender.nearest_likes(rows).tolist(), strict=True))
    return Matches(
        rows=rows,
        scores=ranking.scores[page],
        total=total,
        counts=facet_counts(release, query, lambda mask: under(recommender.rows, mask)),
        note=note if total else _why_nothing(taste, filters),
        reasons={
            row: (f"like: {release.catalogue.artwork(like).title or 'Untitled'}",) for row, like in nearest.items()
        },
        likes=nearest,
    )


def every(release: Release, space: Space | None, query: RecommendQuery, taste: Taste) -> Matches:
    """All works recommended, in the order asked for, and nothing said about them."""
    recommender = _recommender(space, query, taste)
    if recommender is None:
        return Matches(np.empty(0, np.int32), None, 0, {})
    total = len(under(recommender.rows, release.catalogue.facets.mask(query.filters)))
    ranking, _ = _ordered(release, query.whole(total), recommender, total)
    return Matches(ranking.rows, ranking.scores, total, {})


def _recommender(space: Space | None, query: RecommendQuery, taste: Taste) -> Recommender | None:
    """What recommends for this taste; None where none of its likes can be compared."""
    recommender = Recommender(space, taste, Wish(query.strategy, query.seed)) if space else None
    return recommender if recommender is not None and len(recommender.likes) else None


def _ordered(
    release: Release, query: RecommendQuery, recommender: Recommender, total: int
) -> tuple[Ranking, str | None]:
    """All works up to the end of the page, in the order asked for, and a note where that order cannot be had."""
    filters = release.catalogue.facets.mask(query.filters)
    end = min(query.offset + query.size, total)
    if query.order == "similarity":
        return recommender.first(end, filters), None
    whole = -(-end // HEAD) * HEAD
    ranking = recommender.first(whole, filters)
    if len(ranking.rows) < 2:
        return ranking, None  # any order will do
    bands = [slice(start, start + HEAD) for start in range(0, len(ranking.rows), HEAD)]
    if not any(release.catalogue.differ_in_popularity(ranking.rows[band]) for band in bands):
        return ranking, unranked_note("the nearest come first")
    # By popularity among the nearest, then among the next: popular works unlike the likes must not come first.
    ordered = [release.catalogue.sorted(ranking.rows[band], query.order) for band in bands]
    rows = np.concatenate(ordered)
    places = np.argsort(ranking.rows)
    return Ranking(rows, ranking.scores[places[np.searchsorted(ranking.rows, rows, sorter=places)]]), None


def _why_nothing(taste: Taste, filters: np.typing.NDArray[np.bool_] | None) -> str:
    """Why there is nothing to recommend."""
    place = "under these filters" if filters is not None else "here"
    if len(under(taste.seen, filters)):
        return f"You have seen every work {place} that you have not judged. Start over to see them once more."
    if filters is None:
        return "You have judged every work here."
    return "No other work passes all filters together. Take one away to see more."


def _rows(release: Release, ids: tuple[str, ...]) -> Rows:
    """The rows of those works that the release still has."""
    return np.array([row for work in ids if (row := release.catalogue.row(work)) is not None], np.int32)
