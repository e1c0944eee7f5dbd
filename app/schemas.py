"""JSON Schemas of the answers, as OpenAPI names them. More fields may come; those that are required stay."""

from typing import Any

from indexes.artwork import FACETS

Schema = dict[str, Any]

_TEXT = {"type": ["string", "null"]}
_LINK = {"type": "string", "description": "An address on this site."}
_OPTIONAL_LINK = {"type": ["string", "null"], "description": "An address on this site."}
_TRUTH = {"type": "boolean"}
_COUNT = {"type": "integer", "minimum": 0}


def _object(required: Schema, **others: Schema) -> Schema:
    """An object that always has the `required` fields, and mostly the others."""
    return {"type": "object", "required": list(required), "properties": required | others}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _of(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_NAMED = _object({"id": {"type": "string"}, "title": _TEXT, "page": _LINK}, artist=_TEXT, image=_OPTIONAL_LINK)
_HIT = _object(
    {
        "id": {"type": "string"},
        **dict.fromkeys(("title", "artist", "date", "medium", "genre", "collection", "accession", "image_name"), _TEXT),
        "score": {"type": ["number", "null"], "description": "How well it answers; null where nothing was compared."},
        "liked": _TRUTH,
        "same_work": _TRUTH | {"description": "Whether the picture that was uploaded shows this very work."},
        "why": _list({"type": "string"}),
        "image": _OPTIONAL_LINK,
        "page": _LINK,
        "museum_page": _TEXT,
        "alt": {"type": "string"},
    },
    disliked=_TRUTH,
    like={"oneOf": [_of("Named"), {"type": "null"}], "description": "The like that brought it here."},
    image_large=_OPTIONAL_LINK,
    width={"type": ["integer", "null"]},
    height={"type": ["integer", "null"]},
    colour=_TEXT,
    more=_LINK,
)
_FACET = _list(_object({"value": {"type": "string"}, "count": _COUNT, "selected": _TRUTH, "toggle": _LINK}))
_RESULT_PAGE = _object(
    {
        "query": {"type": "object"},
        "total": _COUNT | {"description": "Every match, on whatever page."},
        "page": {"type": "integer", "minimum": 1},
        "size": {"type": "integer", "minimum": 1},
        "next": _OPTIONAL_LINK,
        "prev": _OPTIONAL_LINK,
        "corrected": {
            "oneOf": [_object({"from": {"type": "string"}, "to": {"type": "string"}}), {"type": "null"}],
            "description": "Typing errors that were mended.",
        },
        "facets": _object(dict.fromkeys(FACETS, _FACET)),
        "results": _list(_of("Hit")),
    },
    understood={
        "type": ["array", "null"],
        "items": _list({"type": ["string", "boolean"]}),
        "description": "The query as it was searched for, in pieces, each with whether it is a mended word.",
    },
    as_typed=_OPTIONAL_LINK,
    note=_TEXT | {"description": "What was done otherwise than asked, or why nothing is found."},
    nearest={
        "oneOf": [
            _object({"sentence": {"type": "string"}, "url": _LINK, "works": _COUNT}),
            {"type": "null"},
        ],
        "description": "A search that finds something, where this one finds nothing.",
    },
)
_WORK = {
    "allOf": [
        _of("Hit"),
        _object(
            {
                "record": {"type": "object"},
                "similar": _list(_of("Hit")),
                "by_artist": _list(_of("Hit")),
                "links": {"type": "object", "additionalProperties": _LINK},
                "methods": {"type": "object", "additionalProperties": _LINK},
            },
            description=_TEXT,
            other=_list(_object({"name": {"type": "string"}, "value": {"type": "string"}})),
        ),
    ]
}
_INNER, _OUTER = r"[^\x00-\x1f\x7f-\x9f]", r"[^\s\x00-\x1f\x7f-\x9f]"  # no control characters, no outer spaces
_ID = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": f"^{_OUTER}({_INNER}*{_OUTER})?$"}
_VALUE = {"enum": ["like", "dislike"]}
_AT = {"type": ["string", "null"], "format": "date-time"}
_SAID = {"enum": [*_VALUE["enum"], "", None]}  # nothing is a like
_SUGGESTION = _object({"text": {"type": "string"}, "kind": {"type": "string"}, "count": _COUNT, "url": _LINK})

SCHEMAS: dict[str, Schema] = {
    "Named": _NAMED,
    "Hit": _HIT,
    "ResultPage": _RESULT_PAGE,
    "Results": {"anyOf": [_of("ResultPage"), _of("ResultFile")]},
    "ResultFile": _object({"query": {"type": "object"}, "total": _COUNT, "results": _list({"type": "object"})}),
    "Work": _WORK,
    "Home": _object(
        {
            "site": {"type": "string"},
            "works": _COUNT,
            "pictures": _COUNT,
            "release": {"type": "string"},
            "results": _list(_of("Hit")),
        }
    ),
    "Suggestions": _object({"query": {"type": "object"}, "suggestions": _list(_SUGGESTION)}),
    "Likes": _object(
        {
            "likes": _list(_of("Hit")),
            "dislikes": _list(_of("Hit")),
            "gone": _list(_object({"id": {"type": "string"}, "title": _TEXT, "value": _VALUE})),
        }
    ),
    "LikesFile": _object({"likes": _of("SaidOfWorks")}),
    "SaidOfWorks": _list({"anyOf": [_ID, _object({"id": {"anyOf": [_ID, {"type": "integer"}]}}, value=_SAID, at=_AT)]}),
    "Judged": _object({"id": _TEXT, "value": {"enum": ["like", "dislike", "none"]}}),
    "Imported": _object({"imported": _COUNT}),
    "Shown": _object({"shown": _list({"type": "string"})}),
    "Forgotten": _object({"forgotten": {"const": True}}),
    "Alive": _object({"status": {"const": "alive"}}),
    "Ready": _object(
        {
            "status": {"const": "ready"},
            "release": {"type": "string"},
            "works": _COUNT,
            "pictures": _COUNT,
            "refused": _TEXT | {"description": "Why a newer release is not served."},
        }
    ),
    "OpenApi": _object({"openapi": {"type": "string"}, "info": {"type": "object"}, "paths": {"type": "object"}}),
    "Error": _object(
        {
            "error": _object(
                {
                    "status": {"type": "integer", "minimum": 400, "maximum": 599},
                    "field": _TEXT | {"description": "The parameter at fault, where one is."},
                    "message": {"type": "string", "description": "A sentence for people."},
                }
            )
        }
    ),
}
