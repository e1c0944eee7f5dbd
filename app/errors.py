"""What can go wrong, and the one place that turns it into an answer."""

import logging
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from app.answer import respond
from indexes.encoders import EncoderError
from indexes.release import NoRelease, ReleaseError

_SOON = 10  # seconds until a database that failed is worth another try
_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Problem(Exception):
    """A question that cannot be answered: an HTTP status, a sentence, and the parameter at fault if one is."""

    status: int
    message: str
    field: str | None = None
    retry_after: int | None = None  # seconds, where asking again later may help


def problem_of(error: Exception) -> Problem:
    """Any exception as a problem that a visitor may read; what they cannot mend is logged here."""
    match error:
        case Problem():
            return error
        case NoRelease():
            return Problem(503, "No collection is published yet. Make one: python -m pipeline build sample")
        case ReleaseError():
            _log.error("%s", error)
            return Problem(503, "The collection cannot be opened just now. It has been noted.")
        case EncoderError():
            _log.error("%s", error)
            return Problem(503, "Pictures cannot be compared just now. It has been noted. Searching by words goes on.")
        case SQLAlchemyError():
            _log.error("the database: %s", error)
            return Problem(503, f"{_what_needs_it()} Searching by words goes on.", retry_after=_SOON)
        case RequestEntityTooLarge():
            return _too_large()
        case HTTPException(code=404):
            return Problem(404, f"There is nothing at {request.path}")
        case HTTPException(code=int(code)) if error.code:
            return Problem(code, error.description or error.name)
    _log.exception("unexpected", exc_info=error)
    return Problem(500, "Something went wrong on our side. It has been noted.")


def answer_for(error: Exception) -> Response:
    """The answer for an exception, JSON or a page; the same with and without Flask's TESTING."""
    problem = problem_of(error)
    body: dict[str, Any] = {"error": {"status": problem.status, "field": problem.field, "message": problem.message}}
    response = respond("error.html", body, problem.status)
    response.headers["Cache-Control"] = "no-store"  # what is wrong now may be right in a moment
    if problem.retry_after:
        response.headers["Retry-After"] = str(problem.retry_after)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _what_needs_it() -> str:
    """A sentence for a visitor whose request needed the database."""
    if request.path == "/similar":
        return "Pictures of your own cannot be compared just now. Please try again soon."
    return "Likes cannot be reached just now. Please try hearts again soon."


def _too_large() -> Problem:
    limit = request.max_content_length or 0
    if request.mimetype != "multipart/form-data" or (request.content_length or limit + 1) <= limit:
        return Problem(413, f"What was sent is too long; at most {limit // 1_000:,} kB in few fields are taken")
    field = "image" if request.path == "/similar" else "file"
    return Problem(413, f"{field}: the upload is too large; at most {limit // 1_000_000} MB are taken", field)


def register(app: Flask) -> None:
    """Let the application answer every exception with `answer_for`."""
    app.register_error_handler(Exception, answer_for)
