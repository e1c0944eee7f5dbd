"""`/artworks/<id>` and `/images/<id>`."""

from typing import Any

from flask import Response, request, send_file

from app.answer import respond
from app.errors import Problem
from app.parameters import Whole
from app.query import SIZE, SearchQuery, SimilarQuery
from app.resources.base import ServiceResource, row_of
from app.similar import like_work, methods_of
from indexes.artwork import FACETS, Artwork
from indexes.colours import TERMS
from indexes.encoders.palette import tints
from indexes.loader import Release
from indexes.pictures import MEDIA_TYPE, PictureError, decode
from indexes.search.evidence import COLOURED

_SMALL = 400  # pixels: the longest side of the picture that every work has
IMAGE_SIZE = Whole("size", "Longest side wanted, in pixels; the larger picture where one is held.", _SMALL, 1, 10_000)
_YEAR = 31_536_000  # seconds
_OTHERS = 6  # works shown beside a work: as many like it, and by its artist
_GLANCE = 64  # pixels: the longest side of the picture as its palette is taken


class ArtworkResource(ServiceResource):
    """One work: its full record and what is like it."""

    def get(self, work_id: str) -> Response:
        """The work's page. 404 where the collection has no such work."""
        release = self.service.loader.current()
        row = row_of(release, work_id)
        work, presenter = release.catalogue.artwork(row), self.service.presenter(release)
        queries = [SimilarQuery(id=work.id, method=name, size=_OTHERS) for name in methods_of(release, row)]
        alike = {query.method: like_work(release, query, row).rows.tolist() for query in queries}
        by_artist = _by_artist(release, row, work)
        similar: list[int] = next(iter(alike.values()), [])
        shown, *others = presenter.hits([row, *similar, *by_artist[:_OTHERS]])
        body = (
            shown
            | _record(work)
            | {
                "palette": _palette(release, row),
                "methods": {query.method: query.url(size=SIZE.default) for query in queries},
                "similar": others[: len(similar)],
                "alike": {name: [presenter.named(other) for other in rows] for name, rows in alike.items()},
                "by_artist": others[len(similar) :],
                "by_artist_total": len(by_artist),
                "links": {name: SearchQuery().toggle(name, value) for name in FACETS if (value := getattr(work, name))},
            }
        )
        return respond("artwork.html", body)


class ImageResource(ServiceResource):
    """A work's picture."""

    def get(self, work_id: str) -> Response:
        """The small picture, or with `size` above it the large one where it is held."""
        release = self.service.loader.current()
        picture = release.catalogue.picture(row_of(release, work_id))
        if picture is None:
            raise Problem(404, "This work has no picture")
        digest = (picture.large or picture.digest) if IMAGE_SIZE.read(request.args) > _SMALL else picture.digest
        path = release.pictures.path(digest)
        if not path.is_file():
            raise Problem(404, "The picture of this work is missing. `python -m pipeline verify` tells more.")
        response = send_file(path, mimetype=MEDIA_TYPE, etag=digest, conditional=True)
        kept = request.args.get("v") == picture.digest[:8]
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if kept else "public, no-cache"
        return response


def _record(work: Artwork) -> dict[str, Any]:
    """The full record: every field of ours that is known, and the museum's other columns."""
    record = work.to_json()
    internal = {"image_url", "image_file"}
    return {
        "record": {name: value for name, value in record.items() if name not in internal | {"extra"}},
        "description": work.description,
        "other": [{"name": name, "value": value} for name, value in work.extra],
    }


def _by_artist(release: Release, row: int, work: Artwork) -> list[int]:
    """The rows of the artist's other works, the best known first."""
    if work.artist is None:
        return []
    rows = release.catalogue.facets["artist"].rows(work.artist)
    others: list[int] = release.catalogue.sorted(rows[rows != row], "popular").tolist()
    return others


def _palette(release: Release, row: int) -> list[dict[str, Any]]:
    """The colours that the work is found by, the largest first: how they look in its picture, and the search for each.

    None where the picture is missing: a palette is no reason to refuse the page.
    """
    if release.colours is None or (picture := release.catalogue.picture(row)) is None:
        return []
    shares = {term: int(release.colours.shares(term)[row]) for term in TERMS}
    try:
        seen = tints(decode(release.pictures.path(picture.digest).read_bytes(), side=_GLANCE))
    except (OSError, PictureError):
        return []
    return [
        {"colour": term, "hex": seen[term].hex, "share": round(share / 255, 2), "search": SearchQuery(q=term).url()}
        for term, share in sorted(shares.items(), key=lambda item: -item[1])
        if share >= COLOURED and term in seen
    ]
