"""`/likes` and `/likes/file`."""

import time
from typing import Any

from flask import Response, request

from app.answer import as_file, respond
from app.errors import Problem
from app.likes import Judgements
from app.likes_file import Find, Reading, records, to_csv, to_json
from app.parameters import Choice, Filled, Text
from app.present import Presenter
from app.resources.base import ServiceResource, row_of
from app.resources.forms import done, refuse_foreign, sent
from indexes.loader import Release

ID = Text("id", "The work.", 200)
TAKEN_BACK = Filled(ID.name, "The work; without it, all of them.", ID.limit)
VALUE = Choice(
    "value", "What the visitor thinks of it; `none` takes it back, `clear` all.", ("like", "dislike", "none", "clear")
)
FORMAT = Choice("format", "How the file is written.", ("json", "csv"))


class LikesResource(ServiceResource):
    """What the visitor likes and does not like."""

    def get(self) -> Response:
        """The visitor's likes and dislikes, the latest first; `gone` are those that left the collection."""
        release = self.service.loader.current()
        visitor = self.service.visitors.known()
        said = self.service.likes.all(visitor) if visitor else ()
        judgements, values = Judgements.of(said), {judgement.work: judgement.value for judgement in said}
        presenter = Presenter(release, lambda _: values)  # which are all known here
        rows = {judgement.work: release.catalogue.row(judgement.work) for judgement in said}
        body = {
            "likes": presenter.hits([row for work in judgements.liked if (row := rows[work]) is not None]),
            "dislikes": presenter.hits([row for work in judgements.disliked if (row := rows[work]) is not None]),
            "gone": [
                {"id": judgement.work, "title": judgement.title, "value": judgement.value}
                for judgement in said
                if rows[judgement.work] is None
            ],
        }
        return respond("likes.html", body)

    def post(self) -> Response:
        """Like or dislike a work, or take it back. `value=clear` clears all."""
        values = sent(self.service.visitors)
        work, value = ID.read(values), VALUE.read(values)
        if value == "clear":
            return self._take_back(None)
        if work is None:
            raise Problem(400, "id: name the work", "id")
        if value == "none":
            return self._take_back(work)
        release = self.service.loader.current()
        title = release.catalogue.artwork(row_of(release, work)).title
        visitor = self.service.visitors.present()
        self.service.likes.put(visitor, work, value, title)
        self.service.visitors.remember(visitor)
        return done({"id": work, "value": value}, "/likes")

    def delete(self) -> Response:
        """Take one back, or without `id` clear all."""
        refuse_foreign()
        return self._take_back(TAKEN_BACK.read(request.args))

    def _take_back(self, work: str | None) -> Response:
        visitor = self.service.visitors.known()
        if visitor:
            self.service.likes.take_back(visitor, work)
        return done({"id": work, "value": "none"}, "/likes")


class LikesFileResource(ServiceResource):
    """The visitor's likes as a file."""

    def get(self) -> Response:
        """All likes and dislikes, those gone from the collection included."""
        written = FORMAT.read(request.args)
        visitor = self.service.visitors.known()
        said = self.service.likes.all(visitor) if visitor else ()
        rows = records(said, _finder(self.service.loader.current()))
        return as_file([to_csv(rows) if written == "csv" else to_json(rows)], f"likes.{written}")

    def post(self) -> Response:
        """Add the judgements of such a file: the form's field `file`, or a JSON body. What the file says counts."""
        visitors = self.service.visitors
        if request.is_json:
            refuse_foreign()
            data = request.get_data()
        else:
            sent(visitors)
            if (upload := request.files.get("file")) is None:
                raise Problem(400, "file: choose a file that was exported here", "file")
            data = upload.read()
        judgements = Reading(_finder(self.service.loader.current()), time.time()).read(data)
        visitor = visitors.present()
        self.service.likes.put_all(visitor, judgements)
        visitors.remember(visitor)
        body: dict[str, Any] = {"imported": len(judgements)}
        return done(body, "/likes")


def _finder(release: Release) -> Find:
    """Looks works up in a release."""
    return lambda work: None if (row := release.catalogue.row(work)) is None else release.catalogue.artwork(row)
