"""Works like one work, or like a picture."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.matches import Matches, facet_counts
from app.query import SimilarQuery
from indexes.artwork import FACETS
from indexes.encoders import ImageEncoder
from indexes.loader import Release
from indexes.methods import METHODS
from indexes.ranking import Ranking
from indexes.recognition import NEAREST, ReleaseGallery, recognise


@dataclass(frozen=True, slots=True)
class Compared:
    """A picture as it is compared: by its unit vector (d,) of the query's method, and by the work it shows, if any."""

    vector: NDArray[np.float32]
    shows: int | None = None  # a row


def methods_of(release: Release, row: int) -> list[str]:
    """The methods by which the work in `row` can be compared, in their order."""
    return [name for name in METHODS if len(_vectors(release, name, row))]


def like_work(release: Release, query: SimilarQuery, row: int) -> Matches:
    """The page of works most like the work in `row`, which is not among them."""
    vectors = _vectors(release, query.method, row)
    if not len(vectors):
        lacking = "picture" if METHODS[query.method].uploads else "description"
        return Matches.none(release, f"This work has no {lacking} that could be compared by this method.")
    return _nearest(release, query, Compared(vectors[0]), besides=row)


def like_picture(release: Release, query: SimilarQuery, picture: Compared) -> Matches:
    """The page of works nearest to the picture.

    The very work that it shows comes first, unless a filter leaves it out.
    """
    if query.method not in release.vectors:
        return Matches.none(release, "This collection holds no pictures to compare by this method.")
    return _nearest(release, query, picture)


def looked_at(
    release: Release, encoders: Mapping[str, ImageEncoder], picture: Image.Image
) -> tuple[dict[str, NDArray[np.float32]], int | None]:
    """The vectors of an RGB picture by method, and the row of the work that it is a photo of."""
    vectors = {name: encoder.encode_images([picture])[0] for name, encoder in encoders.items()}
    return vectors, shown_work(release, picture, vectors)


def shown_work(release: Release, picture: Image.Image, vectors: Mapping[str, NDArray[np.float32]]) -> int | None:
    """The row of the work that an RGB picture is a photo of; None where it is of none of the collection.

    `vectors` are the picture's, by method; the first method there is finds the works that are looked at closely.
    """
    method = next((name for name in METHODS if name in vectors), None)
    if method is None or release.landmarks is None:
        return None
    candidates = release.vectors[method].search(vectors[method], NEAREST).rows.tolist()
    return recognise(picture, candidates, ReleaseGallery(release.catalogue, release.pictures, release.landmarks))


def _vectors(release: Release, method: str, row: int) -> NDArray[np.float32]:
    """(1, d): the work's vector; (0, d) where it has none by this method."""
    index = release.vectors.get(method)
    return np.empty((0, 0), np.float32) if index is None else index.vectors(np.array([row], np.int32))


def _nearest(release: Release, query: SimilarQuery, to: Compared, besides: int | None = None) -> Matches:
    """The page of works nearest to the picture, `besides` one that has a vector too."""
    index, facets = release.vectors[query.method], release.catalogue.facets
    mask = facets.mask(query.filters)
    count = query.offset + query.size
    ranking = index.search(to.vector, count if besides is None else count + 1, mask)
    if besides is not None:
        ranking = _without(ranking, besides, count)
    shown = np.array([row for row in (to.shows,) if row is not None and (mask is None or mask[row])], np.int32)
    if scores := (index.vectors(shown) @ to.vector).tolist():
        ranking = _led(ranking, int(shown[0]), scores[0])
    total = len(index.candidates(mask))
    counts = facet_counts(release, query, index.candidates)
    if besides is not None:
        # Taken off afterwards: to count all works but one takes longer than to know how many there are.
        total -= facets.passes(besides, query.filters)
        for name in FACETS:
            if facets.passes(besides, query.filters, besides=name) and (value := facets[name].codes[besides]) >= 0:
                counts[name][value] -= 1
    return Matches(
        rows=ranking.rows[query.offset :],
        scores=ranking.scores[query.offset :],
        total=total,
        counts=counts,
        note=None if total else "No work passes all filters together. Take one away to see more.",
        same_work=frozenset(shown.tolist()),
    )


def _without(ranking: Ranking, row: int, count: int) -> Ranking:
    """The first `count` of the others."""
    others = ranking.rows != row
    return Ranking(ranking.rows[others][:count], ranking.scores[others][:count])


def _led(ranking: Ranking, row: int, score: float) -> Ranking:
    """As many rows in the same order, but with this row first."""
    others = ranking.rows != row
    rows = np.concatenate([np.array([row], np.int32), ranking.rows[others]])
    scores = np.concatenate([np.array([score], np.float32), ranking.scores[others]])
    return Ranking(rows[: len(ranking.rows)], scores[: len(ranking.rows)])
