"""The description of the API, generated from the parameters that the code reads."""

from collections.abc import Sequence
from typing import Any

from app.parameters import Parameter, Texts
from app.query import RecommendQuery, SearchQuery, SimilarQuery, SuggestQuery
from app.resources.artworks import IMAGE_SIZE
from app.resources.likes import FORMAT, ID, VALUE
from app.resources.shown import IDS
from indexes.pictures import MEDIA_TYPE

_TEXT = {"type": ["string", "null"]}
_HIT = {
    "type": "object",
    "required": ["id", "title", "artist", "score", "liked", "why", "image", "page"],
    "properties": {
        "id": {"type": "string"},
        **dict.fromkeys(("title", "artist", "date", "medium", "genre", "collection", "accession"), _TEXT),
        **dict.fromkeys(("image_name", "image", "museum_page"), _TEXT),
        "score": {"type": ["number", "null"]},
        "liked": {"type": "boolean"},
        "same_work": {"type": "boolean"},
        "why": {"type": "array", "items": {"type": "string"}},
        "like": {"type": ["object", "null"]},
        "marked": {"type": "object"},
        "page": {"type": "string"},
        "alt": {"type": "string"},
    },
}
_FACET = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["value", "count", "selected", "toggle"],
        "properties": {
            "value": {"type": "string"},
            "count": {"type": "integer"},
            "selected": {"type": "boolean"},
            "toggle": {"type": "string"},
        },
    },
}
_SCHEMAS = {
    "Hit": _HIT,
    "ResultPage": {
        "type": "object",
        "required": ["query", "total", "page", "size", "next", "prev", "corrected", "facets", "results"],
        "properties": {
            "query": {"type": "object"},
            "total": {"type": "integer"},
            "page": {"type": "integer"},
            "size": {"type": "integer"},
            "next": _TEXT,
            "prev": _TEXT,
            "corrected": {"type": ["object", "null"]},
            "as_typed": _TEXT,
            "note": _TEXT,
            "nearest": {"type": ["object", "null"]},
            "facets": {
                "type": "object",
                "required": ["artist", "collection", "genre"],
                "additionalProperties": _FACET,
            },
            "results": {"type": "array", "items": {"$ref": "#/components/schemas/Hit"}},
        },
    },
    "Error": {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["status", "field", "message"],
                "properties": {"status": {"type": "integer"}, "field": _TEXT, "message": {"type": "string"}},
            }
        },
    },
    "Object": {"type": "object"},
}


def description(title: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    work = [{"name": "work_id", "in": "path", "required": True, "schema": {"type": "string"}}]
    upload = {"image": {"type": "string", "format": "binary"}, **_properties(SimilarQuery.parameters)}
    paths: dict[str, Any] = {
        "/": {"get": _operation("The first page", "Object", ())},
        "/search": {"get": _operation("Search by words, names and filters", "ResultPage", SearchQuery.parameters)},
        "/similar": {
            "get": _operation("Works like a work", "ResultPage", SimilarQuery.parameters),
            "post": _operation("Works like a picture", "ResultPage", ())
            | _body("multipart/form-data", upload, "image"),
        },
        "/suggest": {"get": _operation("Names to search for while typing", "Object", SuggestQuery.parameters)},
        "/recommend": {"get": _operation("Works like the visitor's likes", "ResultPage", RecommendQuery.parameters)},
        "/likes": {
            "get": _operation("The visitor's likes and dislikes", "Object", ()),
            "post": _operation("Like, dislike or take back", "Object", ())
            | _body("application/json", _properties((ID, VALUE)), "id"),
            "delete": _operation("Take one back, or clear all", "Object", (ID,)),
        },
        "/likes/file": {
            "get": _operation("The likes as a file to keep", "Object", (FORMAT,)),
            "post": _operation("Add the likes of such a file", "Object", ())
            | _body("multipart/form-data", {"file": {"type": "string", "format": "binary"}}, "file"),
        },
        "/shown": {
            "get": _operation("The works shown in this visit", "Object", ()),
            "post": _operation("Note works as shown", "Object", ())
            | _body("application/json", _properties((IDS,)), "id"),
            "delete": _operation("Start over: everything is new again", "Object", ()),
        },
        "/forget": {"post": _operation("Forget everything about the visitor", "Object", ())},
        "/artworks/{work_id}": {"get": _operation("One work", "Object", ()), "parameters": work},
        "/images/{work_id}": {"get": _image(), "parameters": work},
        "/healthz": {"get": _operation("Alive", "Object", ())},
        "/readyz": {"get": _operation("Indexes loaded", "Object", ())},
        "/openapi.json": {"get": _operation("This description", "Object", ())},
        "/metrics": {"get": {"summary": "Prometheus metrics", "responses": {"200": {"description": "Text format"}}}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1.0.0"},
        "paths": paths,
        "components": {"schemas": _SCHEMAS},
    }


def _operation(summary: str, schema: str, parameters: Sequence[Parameter]) -> dict[str, Any]:
    return {
        "summary": summary,
        "parameters": [
            {"name": p.name, "in": "query", "description": p.sentence, "schema": p.schema()}
            | ({"explode": True} if isinstance(p, Texts) else {})
            for p in parameters
        ],
        "responses": {"200": _content("Answer", schema), "default": _content("What was wrong", "Error")},
    }


def _content(sentence: str, schema: str) -> dict[str, Any]:
    return {
        "description": sentence,
        "content": {
            "application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}},
            "text/html": {"schema": {"type": "string"}},
        },
    }


def _properties(parameters: Sequence[Parameter]) -> dict[str, Any]:
    return {parameter.name: parameter.schema() | {"description": parameter.sentence} for parameter in parameters}


def _body(kind: str, properties: dict[str, Any], required: str) -> dict[str, Any]:
    schema = {"type": "object", "required": [required], "properties": properties}
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}


def _image() -> dict[str, Any]:
    operation = _operation("A work's picture", "Object", (IMAGE_SIZE,))
    operation["responses"]["200"] = {"description": "The picture", "content": {MEDIA_TYPE: {}}}
    return operation
