"""What can be asked of each address: its parameters as the code reads them, its bodies and its answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.parameters import Choice, Parameter, Text, Texts
from app.query import RecommendQuery, SearchQuery, SimilarQuery, SuggestQuery
from app.resources.artworks import IMAGE_SIZE
from app.resources.forms import TOKEN
from app.resources.likes import FORMAT, ID, TAKEN_BACK, VALUE
from app.resources.shown import IDS, NOTED
from indexes.pictures import MEDIA_TYPE

JSON, PAGE, FORM, MULTIPART, CSV = (
    "application/json", "text/html", "application/x-www-form-urlencoded", "multipart/form-data", "text/csv",
)  # fmt: skip
BOTH = (JSON, PAGE)

_SAYS_SOMETHING = {"pattern": "[^\\s\\x00]"}
_TEXTS = {"type": ["string", "array"], "items": {"type": "string"}}
_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
_CSRF = Text(TOKEN, "Shows that the form was sent from this visitor's own page.")
_NEXT = Text("next", "The address on this site that a browser is sent to afterwards.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address."""

    summary: str
    answer: str | None = None  # the schema of the answer as JSON
    kinds: Sequence[str] = BOTH  # media types of the answer
    parameters: Sequence[Parameter] = ()
    bodies: Mapping[str, dict[str, Any]] = field(default_factory=dict)  # schema by media type
    moved: bool = False  # whether a browser is sent on
    problems: Sequence[int] = ()  # statuses of errors, besides those that every address may answer


def _fields(parameters: Sequence[Parameter], *required: str, **others: Any) -> dict[str, Any]:
    told = {parameter.name: _field(parameter, parameter.name in required) for parameter in parameters}
    return {"type": "object", "required": list(required), "properties": told | others}


def _field(parameter: Parameter, required: bool) -> dict[str, Any]:
    """A field of a body. Blank is the same as not given."""
    schema = parameter.schema()
    if isinstance(parameter, Texts):
        schema |= {"minItems": 1, "items": schema["items"] | _SAYS_SOMETHING} if required else {}
    elif isinstance(parameter, Text):
        schema |= _SAYS_SOMETHING if required else {}
    else:
        schema = {"anyOf": [schema, {"const": ""}]}
    return schema | {"description": parameter.sentence}


def _sent(parameters: Sequence[Parameter], *required: str, instead: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The same fields as JSON and as a form of a page; `instead` is a form that needs none of those required."""
    program, page = _fields(parameters, *required), _fields((*parameters, _CSRF, _NEXT), *required, TOKEN)
    if instead:
        program["anyOf"] = page["anyOf"] = [{"required": list(required)}, dict(instead)]
        program["required"], page["required"] = [], [TOKEN]
    return {JSON: program | {"additionalProperties": _TEXTS}, FORM: page}


def _clears(name: str) -> dict[str, Any]:
    return {"required": [name], "properties": {name: {"const": "clear"}}}


def _result_page(summary: str, parameters: Sequence[Parameter], *problems: int) -> Operation:
    file = "csv" in _formats(parameters)
    answer, kinds = ("Results", (*BOTH, CSV)) if file else ("ResultPage", BOTH)
    return Operation(summary=summary, answer=answer, kinds=kinds, parameters=parameters, problems=problems)


def _formats(parameters: Sequence[Parameter]) -> Sequence[str]:
    """The forms that the answer can be asked for in."""
    return next((p.choices for p in parameters if isinstance(p, Choice) and p.name == "format"), ())


def _plain(summary: str, answer: str, *kinds: str) -> Operation:
    return Operation(summary=summary, answer=answer, kinds=kinds or (JSON,))


OPERATIONS: dict[tuple[str, str], Operation] = {
    ("/", "get"): _plain("The first page", "Home", *BOTH),
    ("/search", "get"): _result_page("Search by words, names and filters", SearchQuery.parameters, 400),
    ("/similar", "get"): _result_page("Works like a work", SimilarQuery.parameters, 400, 404),
    ("/similar", "post"): Operation(
        summary="Works like a picture",
        answer=_result_page("", SimilarQuery.parameters).answer,
        kinds=_result_page("", SimilarQuery.parameters).kinds,
        bodies={MULTIPART: _fields(SimilarQuery.parameters, "image", image=_FILE)},
        moved=True,
        problems=(400, 404, 408, 413, 415),
    ),
    ("/recommend", "get"): _result_page("Works like the visitor's likes", RecommendQuery.parameters, 400, 404, 409),
    ("/suggest", "get"): Operation(
        summary="Names to search for while typing",
        answer="Suggestions",
        parameters=SuggestQuery.parameters,
        problems=(400,),
    ),
    ("/likes", "get"): _plain("The visitor's likes and dislikes", "Likes", *BOTH),
    ("/likes", "post"): Operation(
        summary="Like or dislike a work, take it back, or clear all",
        answer="Judged",
        kinds=(JSON,),
        bodies=_sent((ID, VALUE), "id", instead=_clears(VALUE.name)),
        moved=True,
        problems=(400, 403, 404, 408, 409, 413),
    ),
    ("/likes", "delete"): Operation(
        summary="Take one back, or without `id` clear all",
        answer="Judged",
        kinds=(JSON,),
        parameters=(TAKEN_BACK,),
        moved=True,
        problems=(400, 403),
    ),
    ("/likes/file", "get"): Operation(
        summary="The likes as a file to keep",
        answer="LikesFile",
        kinds=(JSON, CSV),
        parameters=(FORMAT,),
        problems=(400,),
    ),
    ("/likes/file", "post"): Operation(
        summary="Add the likes of such a file",
        answer="Imported",
        kinds=(JSON,),
        bodies={
            MULTIPART: _fields((_CSRF, _NEXT), "file", TOKEN, file=_FILE),
            JSON: {"oneOf": [{"$ref": "#/components/schemas/LikesFile"}, {"$ref": "#/components/schemas/SaidOfWorks"}]},
        },
        moved=True,
        problems=(400, 403, 408, 409, 413),
    ),
    ("/shown", "get"): _plain("The works shown in this visit", "Shown"),
    ("/shown", "post"): Operation(
        summary="Note works as shown, or start over",
        answer="Shown",
        kinds=(JSON,),
        bodies=_sent((IDS, NOTED), "id", instead=_clears(NOTED.name)),
        moved=True,
        problems=(400, 403, 404, 408, 413),
    ),
    ("/shown", "delete"): Operation(
        summary="Start over: everything is new again", answer="Shown", kinds=(JSON,), moved=True, problems=(403,)
    ),
    ("/forget", "post"): Operation(
        summary="Forget everything about the visitor",
        answer="Forgotten",
        kinds=(JSON,),
        bodies=_sent(()),
        moved=True,
        problems=(400, 403, 408, 413),
    ),
    ("/artworks/{work_id}", "get"): Operation(summary="One work", answer="Work", problems=(404,)),
    ("/images/{work_id}", "get"): Operation(
        summary="A work's picture", kinds=(MEDIA_TYPE,), parameters=(IMAGE_SIZE,), problems=(400, 404)
    ),
    ("/healthz", "get"): _plain("Alive", "Alive"),
    ("/readyz", "get"): _plain("A release is open", "Ready"),
    ("/metrics", "get"): Operation(summary="What the service did, for Prometheus", kinds=("text/plain",)),
    ("/openapi.json", "get"): _plain("This description", "OpenApi"),
    ("/api", "get"): _plain("This description, for people", "OpenApi", *BOTH),
}
