"""`/recommend`."""

from dataclasses import replace
from typing import Any

from flask import Response, request

from app.answer import respond
from app.errors import Problem
from app.likes import Judgements
from app.query import ALL, RecommendQuery
from app.recommend import Sides, every, recommend
from app.resources.base import ServiceResource
from indexes.loader import Release


class RecommendResource(ServiceResource):
    """Works like those the visitor likes."""

    def get(self) -> Response:
        """A page of recommendations; 409 without likes. Asking again gives the same answer."""
        query = RecommendQuery.read(request.args)
        release = self.service.loader.current()
        query = query.spelt(release.catalogue.facets)
        sides = self._sides(release, query)
        space, taste = self.service.spaces.of(release), sides.taste(release)
        if query.format != "page":
            return self.file(release, query, every(release, space, query, taste))
        page = self.service.presenter(release).page(query, recommend(release, space, query, taste))
        return respond("recommend.html", page | _around(query, sides, page))

    def _sides(self, release: Release, query: RecommendQuery) -> Sides:
        """What to recommend from: the works of the address, or else what the visitor said and was shown."""
        if query.like:
            if not (liked := _held(release, query.like)):
                raise Problem(404, f"like: there is no work {query.like[0]!r} in this collection", "like")
            return Sides(liked)
        visitor = self.service.visitors.known()
        judgements = self.service.likes.of(visitor) if visitor else Judgements()
        if visitor is None or not judgements.liked:
            mend = "" if visitor else " If you have, let your browser keep this site's cookie."
            raise Problem(409, f"You like no works yet. Touch a heart or two, then ask again.{mend}")
        if not (liked := _held(release, judgements.liked)):
            raise Problem(
                409, "The works you like are not in this collection at present. Touch the heart of one that is."
            )
        return Sides(liked, judgements.disliked, self.service.shown.of(visitor, query.shown))


def _held(release: Release, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the works that the release has: a link to share outlives some of its works."""
    return tuple(work for work in ids if release.catalogue.row(work) is not None)


def _around(query: RecommendQuery, sides: Sides, page: dict[str, Any]) -> dict[str, Any]:
    """What else can be asked from this page.

    Later pages count on the same works as seen, whatever is shown meanwhile; `more` marks this page's works as shown
    and then asks for others.
    """
    pinned = query if query.like else replace(query, shown=len(sides.seen))
    fresh = replace(query, page=1, shown=ALL)
    return {
        "next": page["next"] and pinned.url(page=query.page + 1),
        "prev": (before := query.before(page["total"])) and pinned.url(page=before),
        "more": None
        if query.like or not page["results"]
        else {"action": "/shown", "id": [hit["id"] for hit in page["results"]], "next": fresh.url()},
        "start_over": {"action": "/shown", "value": "clear", "next": fresh.url()} if sides.seen else None,
        "reshuffle": fresh.url(seed=query.seed + 1) if query.strategy == "each" else None,
        "share": replace(fresh, like=sides.liked[:50]).url(),
        "shown": len(sides.seen),
    }
