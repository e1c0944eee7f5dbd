"""The description of the API as OpenAPI 3.1, written from what the code reads (`app.operations`)."""

from http import HTTPStatus
from typing import Any

from app.operations import BOTH, JSON, OPERATIONS, PAGE, Operation
from app.parameters import Parameter, Text
from app.schemas import SCHEMAS

# What any address may answer. 405 and 404 for addresses that are not here have no place in the description.
_ANYWHERE = (429, 500, 503)
_SENTENCES = {
    400: "A parameter is wrong: which, and what it may be",
    403: "Sent from another site's page, or without the form's token",
    404: "There is no such work",
    408: "What was sent took too long to arrive",
    409: "The visitor likes nothing yet, or as many works as can be kept",
    413: "What was sent is too large",
    415: "Not a picture that is read",
    429: "Too many requests; `Retry-After` says when to come again",
    500: "Something went wrong on this side",
    503: "No release is published, too much is asked at once, or the database is not there",
}
_WORK_ID = {"name": "work_id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def description(title: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    paths: dict[str, Any] = {}
    for (address, method), operation in OPERATIONS.items():
        paths.setdefault(address, {"parameters": [_WORK_ID]} if "{work_id}" in address else {})
        paths[address][method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1.0.0", "summary": "Search by words, by picture, and by what you like."},
        "paths": paths,
        "components": {"schemas": SCHEMAS, "responses": {str(code): _problem(code) for code in _SENTENCES}},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "summary": operation.summary,
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
        "responses": {
            "200": {
                "description": "The answer",
                "content": {kind: _content(operation, kind) for kind in operation.kinds},
            },
            **({"303": _MOVED} if operation.moved else {}),
            **{str(c): {"$ref": f"#/components/responses/{c}"} for c in sorted({*operation.problems, *_ANYWHERE})},
        },
    }
    if operation.bodies:
        bodies = {kind: {"schema": schema} for kind, schema in operation.bodies.items()}
        told["requestBody"] = {"required": True, "content": bodies}
    return told


def _parameter(parameter: Parameter) -> dict[str, Any]:
    """A parameter in an address. Blank is the same as not given."""
    told = {"name": parameter.name, "in": "query", "description": parameter.sentence, "schema": parameter.schema()}
    if isinstance(parameter, Text):
        return told
    return told | {"allowEmptyValue": True}


def _content(operation: Operation, kind: str) -> dict[str, Any]:
    if kind == JSON:
        return {"schema": {"$ref": f"#/components/schemas/{operation.answer}"}}
    return {"schema": {"type": "string"}} if kind.startswith("text/") else {}


def _problem(status: int) -> dict[str, Any]:
    later = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer", "minimum": 1}}}
    schemas = {JSON: {"$ref": "#/components/schemas/Error"}, PAGE: {"type": "string"}}
    return {
        "description": f"{HTTPStatus(status).phrase}: {_SENTENCES[status]}",
        "content": {kind: {"schema": schemas[kind]} for kind in BOTH},
    } | ({"headers": later} if status in (429, 503) else {})


_MOVED = {
    "description": "A browser is sent on to a page",
    "headers": {"Location": {"required": True, "schema": {"type": "string"}}},
}
