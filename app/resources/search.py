"""`/search`."""

from flask import Response, request

from app.answer import respond
from app.metrics import count_search
from app.query import SearchQuery
from app.resources.base import ServiceResource
from app.search import every, search


class SearchResource(ServiceResource):
    """Works by words, by image name, by accession number, by filters."""

    def get(self) -> Response:
        """A page of results; without parameters, of the whole collection. With `format` all of them, as a file."""
        query = SearchQuery.read(request.args)
        release = self.service.loader.current()
        query = query.spelt(release.catalogue.facets)
        if query.format != "page":
            return self.file(release, query, every(release, self.service.encoders, query))
        matches = search(release, self.service.encoders, query)
        count_search(matches.used or "filters", matches.total)
        return respond("search.html", self.service.presenter(release).page(query, matches))
