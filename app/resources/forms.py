"""What visitors send: the fields of a form or of a JSON body, taken only from Vitrine's own pages and from programs."""

from typing import Any

from flask import Response, redirect, request
from werkzeug.datastructures import MultiDict

from app.answer import as_json, wants_page
from app.errors import Problem
from app.visitor import Visitors

TOKEN = "csrf"  # noqa: S105 - the name of the field, no secret


def sent(visitors: Visitors) -> MultiDict[str, str]:
    """The fields sent: texts, and of a JSON body also lists of texts. Raises Problem (400, 403).

    A form has to carry the token of its visitor (`Visitors.form_token`) in the field `csrf`. A JSON body needs none:
    no browser sends one to another site without asking that site first.
    """
    refuse_foreign()
    if request.is_json:
        return _fields(_json())
    if not visitors.sent_by(request.form.get(TOKEN, "")):
        raise Problem(
            403,
            "csrf: this form is not from a page of yours, or your browser keeps no cookies. Open the page again, "
            "and send the form from there. Programs send JSON.",
            TOKEN,
        )
    return request.form


def refuse_foreign() -> None:
    """Raises Problem (403) where a browser says that another site made it send this."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Problem(403, "This has to be sent from Vitrine's own page.")


def done(body: dict[str, Any], place: str) -> Response:
    """JSON says what holds now; a form is sent on to its field `next`, or else to `place`."""
    if wants_page():
        return redirect(_local(request.form.get("next", "")) or place, 303)  # type: ignore[return-value]
    return as_json(body)


def _json() -> object:
    """The body as JSON; None where it is none, or nested too deeply to be read."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _fields(body: object) -> MultiDict[str, str]:
    fields = body.items() if isinstance(body, dict) else ()
    lists = {name: value if isinstance(value, list) else [value] for name, value in fields}
    if not isinstance(body, dict) or not all(isinstance(item, str) for value in lists.values() for item in value):
        raise Problem(400, 'The body must be JSON like {"id": "...", "value": "like"}')
    # JSON can spell half a character, which no database takes.
    whole = {name: [item.encode(errors="replace").decode() for item in value] for name, value in lists.items()}
    return MultiDict(whole)


def _local(address: str) -> str | None:
    """The address if it is one of this site's own paths: a form must not send its visitor elsewhere."""
    clean = address.isprintable() and not set(address) & set("\\ ")
    return address if address.startswith("/") and not address.startswith("//") and clean else None
