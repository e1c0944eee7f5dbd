"""The log: one JSON object a line, one line a request.

No line says who asked, nor, unless a setting wants it, what was asked for.
"""

import json
import logging
import re
import secrets
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

from app.config import Settings

REQUEST_ID = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_log = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON; within a request, with the id of that request."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. What a record carries in `fields` stands beside its message; a traceback is one text."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context() and "request_id" in g:
            line["id"] = g.request_id
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line | getattr(record, "fields", {}))


def register(app: Flask, settings: Settings) -> None:
    """Give every request an id, which its answer carries as X-Request-ID, and write its line.

    The id that a trusted web server in front gave is kept, so that its log and ours can be read together.
    """

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        given = request.headers.get(REQUEST_ID, "") if settings.trusted_proxies else ""
        g.request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)

    @app.after_request
    def note(response: Response) -> Response:
        response.headers[REQUEST_ID] = g.request_id
        if _log.isEnabledFor(logging.INFO):
            _log.info("request", extra={"fields": _line(response, settings.log_queries)})
        return response


def route() -> str:
    """The address of the present request as it is declared, never as it was typed."""
    return request.url_rule.rule if request.url_rule else "unknown"


def seconds() -> float:
    """How long the present request has taken so far."""
    return time.perf_counter() - float(g.started)


def _line(response: Response, queries: bool) -> dict[str, str | int | float]:
    line: dict[str, str | int | float] = {
        "method": request.method,
        "route": route(),
        "status": response.status_code,
        "milliseconds": round(seconds() * 1000, 1),
    }
    return line | ({"query": request.query_string.decode(errors="replace")} if queries else {})
