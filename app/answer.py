"""Answers: JSON or a page from the same body, by what the client accepts."""

import json
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from flask import Response, make_response, render_template, request


def wants_page() -> bool:
    """Whether the client prefers HTML, as browsers do; anything else gets JSON."""
    return request.accept_mimetypes.best_match(("application/json", "text/html")) == "text/html"


def respond(template: str, body: dict[str, Any], status: int = 200) -> Response:
    """The body as JSON, or drawn by the template; 304 and nothing where the client has the very same already."""
    page = wants_page()
    response = make_response(render_template(template, **body), status) if page else as_json(body, status)
    response.headers["Vary"] = "Accept, Cookie"
    if status == 200:
        response.headers["Cache-Control"] = "private, no-cache"  # kept, but asked about each time: hearts change
        response.add_etag()
        response.make_conditional(request)
    return response


def as_file(pieces: Iterable[str], name: str) -> Response:
    """Text that a browser saves under this name, which ends in `.csv` or `.json`; sent as its pieces are written."""
    kind = "text/csv" if name.endswith(".csv") else "application/json"
    response = Response(pieces, content_type=f"{kind}; charset=utf-8")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    whole = "" if plain == name else f"; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Disposition"] = f'attachment; filename="{plain}"{whole}'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def as_json(body: dict[str, Any], status: int = 200) -> Response:
    """The body as JSON, whatever the client accepts."""
    return Response(json.dumps(body, ensure_ascii=False) + "\n", status, mimetype="application/json")
