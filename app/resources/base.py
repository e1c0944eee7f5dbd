"""What every resource has: the service."""

from typing import Any

from flask import Response
from flask_restful import Resource

from app.answer import as_file
from app.errors import Problem
from app.export import Export
from app.matches import Matches
from app.query import Query
from app.service import Service
from indexes.loader import Release


class ServiceResource(Resource):  # type: ignore[misc]
    """A resource of one service."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def file(self, release: Release, query: Query, matches: Matches) -> Response:
        """All these results as the file that the query asks for."""
        export = Export(release, query, matches, self.service.root(), self.service.writing)
        return as_file(export.lines(), export.name(self.service.settings.site_name))


def row_of(release: Release, work_id: str) -> int:
    """The row of a work. Raises Problem (404)."""
    row = release.catalogue.row(work_id)
    if row is None:
        raise Problem(404, f"id: there is no work {work_id!r} in this collection", "id")
    return row


Body = dict[str, Any]
