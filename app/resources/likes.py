"""`/likes`."""

from typing import Any

from flask import Response, redirect, request
from werkzeug.datastructures import MultiDict

from app.answer import respond, wants_page
from app.errors import Problem
from app.parameters import Choice, Text
from app.resources.base import ServiceResource, row_of
from indexes.loader import Release

ID = Text("id", "The work.", 200)
VALUE = Choice("value", "What the visitor thinks of it; `none` takes it back.", ("like", "dislike", "none"))


class LikesResource(ServiceResource):
    """What the visitor likes and does not like."""

    def get(self) -> Response:
        """The visitor's likes and dislikes, the latest first."""
        return respond("likes.html", self._body(self.service.loader.current()))

    def post(self) -> Response:
        """Like or dislike a work, or take it back. Forms may send `value=clear` to clear all."""
        _refuse_foreign_forms()
        values = _sent()
        if values.get("value") == "clear":
            return self._cleared(None)
        work, value = ID.read(values), VALUE.read(values)
        if work is None:
            raise Problem(400, "id: name the work", "id")
        if value == "none":
            return self._cleared(work)
        release = self.service.loader.current()
        row_of(release, work)
        visitor = self.service.visitors.known() or self.service.visitors.new()
        self.service.likes.put(visitor, work, value)
        response = self._done({"id": work, "value": value})
        self.service.visitors.remember(response, visitor)
        return response

    def delete(self) -> Response:
        """Take one back, or without `id` clear all."""
        _refuse_foreign_forms()
        return self._cleared(ID.read(request.args))

    def _cleared(self, work: str | None) -> Response:
        visitor = self.service.visitors.known()
        if visitor:
            self.service.likes.take_back(visitor, work)
        return self._done({"id": work, "value": "none"})

    def _done(self, body: dict[str, Any]) -> Response:
        """JSON says what holds now; a form is sent back to where it came from."""
        if wants_page():
            return redirect(_local(request.form.get("next", "")) or "/likes", 303)  # type: ignore[return-value]
        return respond("likes.html", body)

    def _body(self, release: Release) -> dict[str, Any]:
        judgements, presenter = self.service.judgements(), self.service.presenter(release)
        rows = {work: release.catalogue.row(work) for work in (*judgements.liked, *judgements.disliked)}
        return {
            "likes": presenter.hits([row for work in judgements.liked if (row := rows[work]) is not None]),
            "dislikes": presenter.hits([row for work in judgements.disliked if (row := rows[work]) is not None]),
            "gone": [work for work, row in rows.items() if row is None],
        }


def _sent() -> MultiDict[str, str]:
    """The fields of a JSON body or a form. Raises Problem (400)."""
    if not request.is_json:
        return request.form
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not all(isinstance(value, str) for value in body.values()):
        raise Problem(400, 'The body must be JSON like {"id": "...", "value": "like"}')
    return MultiDict(body)


def _refuse_foreign_forms() -> None:
    """Raises Problem (403) where a browser says that another site made it send this."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Problem(403, "This has to be sent from Vitrine's own page.")


def _local(address: str) -> str | None:
    """The address if it is one of this site's own paths: a form must not send its visitor elsewhere."""
    clean = address.isprintable() and not set(address) & set("\\ ")
    return address if address.startswith("/") and not address.startswith("//") and clean else None
