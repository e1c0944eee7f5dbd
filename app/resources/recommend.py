"""`/recommend`."""

import numpy as np
from flask import Response, request

from app.answer import respond
from app.errors import Problem
from app.query import RecommendQuery
from app.recommend import Taste, recommend
from app.resources.base import ServiceResource
from indexes.columns import Rows
from indexes.loader import Release


class RecommendResource(ServiceResource):
    """Works like those the visitor likes."""

    def get(self) -> Response:
        """A page of recommendations; 409 without likes."""
        query = RecommendQuery.read(request.args)
        release = self.service.loader.current()
        judgements = self.service.judgements()
        if not judgements.liked:
            raise Problem(409, "You like no works yet. Touch a heart or two, then ask again.")
        taste = Taste(_rows(release, judgements.liked), _rows(release, judgements.disliked))
        return respond("recommend.html", self.service.presenter(release).page(query, recommend(release, query, taste)))


def _rows(release: Release, ids: tuple[str, ...]) -> Rows:
    """The rows of those works that the release still has."""
    found = [row for work in ids if (row := release.catalogue.row(work)) is not None]
    return np.array(found, np.int32)
