"""`/search`."""

from flask import Response, request

from app.answer import respond
from app.query import SearchQuery
from app.resources.base import ServiceResource
from app.search import search


class SearchResource(ServiceResource):
    """Works by words, by image name, by accession number, by filters."""

    def get(self) -> Response:
        """A page of results; without parameters, of the whole collection."""
        query = SearchQuery.read(request.args)
        release = self.service.loader.current()
        matches = search(release, self.service.encoders, query)
        return respond("search.html", self.service.presenter(release).page(query, matches))
