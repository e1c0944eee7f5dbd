"""What can go wrong, and the one place that turns it into an answer."""

import logging
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.answer import respond
from indexes.encoders import EncoderError
from indexes.release import NoRelease, ReleaseError

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Problem(Exception):
    """A question that cannot be answered: an HTTP status, a sentence, and the parameter at fault if one is."""

    status: int
    message: str
    field: str | None = None


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
            return Problem(503, str(error))
        case SQLAlchemyError():
            _log.error("likes: %s", error)
            return Problem(503, "Likes cannot be reached just now. Searching goes on; please try hearts again soon.")
        case RequestEntityTooLarge():
            limit = (request.max_content_length or 0) // 1_000_000
            return Problem(413, f"image: the upload is too large; at most {limit} MB are taken", "image")
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
    return respond("error.html", body, problem.status)


def register(app: Flask) -> None:
    """Let the application answer every exception with `answer_for`."""
    app.register_error_handler(Exception, answer_for)
