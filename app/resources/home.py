"""`/`."""

import numpy as np
from flask import Response

from app.answer import respond
from app.query import SearchQuery
from app.resources.base import ServiceResource
from indexes.artwork import FACETS
from indexes.loader import Release

_WALL = 18  # works shown to a first visitor


class HomeResource(ServiceResource):
    """The page: what this is, searches to try, and a wall of works."""

    def get(self) -> Response:
        """The first page; as JSON, what the service holds and where to ask."""
        release = self.service.loader.current()
        catalogue = release.catalogue
        pictured = catalogue.with_picture() if release.manifest.pictures else catalogue.all_rows()
        # Works from end to end of the collection, always the same for a release: the page can be cached.
        wall = (
            pictured[np.linspace(0, len(pictured) - 1, min(_WALL, len(pictured))).astype(int)]
            if len(pictured)
            else pictured
        )
        return respond(
            "home.html",
            {
                "site": self.service.settings.site_name,
                "works": release.manifest.works,
                "pictures": release.manifest.pictures,
                "source": release.manifest.source,
                "release": release.manifest.name,
                "try": _searches(release),
                "results": self.service.presenter(release).hits(wall.tolist()),
                "addresses": [
                    "/search",
                    "/similar",
                    "/recommend",
                    "/likes",
                    "/artworks/<id>",
                    "/images/<id>",
                    "/openapi.json",
                ],
            },
        )


def _searches(release: Release) -> list[dict[str, str]]:
    """A search to try by each facet: its most frequent value."""
    found = []
    for name in reversed(FACETS):
        facet = release.catalogue.facets[name]
        counts = facet.sizes()
        if len(counts):
            value = facet.values[int(counts.argmax())]
            url = SearchQuery(q=value).url() if name == "genre" else SearchQuery().toggle(name, value)
            found.append({"text": value, "url": url})
    return found
