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

    Where the browser does not say that a form is from this site, the form has to carry the token of its visitor
    (`Visitors.form_token`) in the field `csrf`. A JSON body needs neither: no browser sends one to another site without
    asking that site first.
    """
    refuse_foreign()
    if request.is_json:
        return _fields(_json())
    if not _from_this_site() and not visitors.sent_by(request.form.get(TOKEN, "")):
        raise Problem(
            403,
            "The page this came from is older than your visit, or your browser keeps no cookies. Nothing was changed. "
            "Open the page again, and try from there."
            if wants_page()
            else "csrf: must be the token of this visitor's own page. Programs send JSON, which needs none.",
            TOKEN,
        )
    return request.form


def came_from() -> str | None:
    """The page of this site from which the present request was sent: path and query. None where that is not known."""
    page, site = request.referrer or "", request.host_url
    return _local("/" + page.removeprefix(site)) if page.startswith(site) else None


def refuse_foreign() -> None:
    """Raises Problem (403) where a browser says that another site made it send this."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Problem(403, "This has to be sent from Vitrine's own page.")


def done(body: dict[str, Any], place: str) -> Response:
    """JSON says what holds now; a form is sent on to its field `next`, or else to `place`."""
    if wants_page():
        return redirect(_local(request.form.get("next", "")) or place, 303)  # type: ignore[return-value]
    return as_json(body)


def _from_this_site() -> bool:
    """Whether the browser says that a page of this very site sent the request; no page can make it say so falsely.

    A token alone would refuse what is in order: of two pages opened at once without a cookie, the later one's cookie
    stays, and the token of the other is nobody's. Without TLS browsers send no `Sec-Fetch-Site`, but `Origin`.
    """
    site = request.headers.get("Sec-Fetch-Site")
    return site == "same-origin" if site else request.origin == request.host_url.rstrip("/")


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
