"""From one row of a museum's table to an `Artwork`."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from indexes.artwork import Artwork, clean_text
from indexes.years import year_range
from pipeline.sources import values
from pipeline.sources.mapping import ColumnMap, cell

Problem = tuple[str, str]  # status and reason of a Failure
T = TypeVar("T")

_TEXTS = (
    "title",
    "artist",
    "artist_culture",
    "culture",
    "date",
    "medium",
    "genre",
    "collection",
    "period",
    "accession",
)
# A work has one of these: of a list the first counts. Lists in other fields are joined.
_SINGLE = frozenset({"id", "artist", "artist_culture", "genre", "collection", "accession", "file", "image_name"})
_KEYWORD_LIMIT = 200  # characters
_DESCRIPTIONS = 50
_OTHER_COLUMNS = 100
_NAME_LIMIT = 100  # characters of a column's name
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_DECIMAL_YEAR = re.compile(r"([0-9]{1,4})\.0")


class NoRecord(Exception):
    """A row from which no record can be made."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def to_artwork(row: Mapping[str, Any], plan: ColumnMap) -> tuple[Artwork, list[Problem]]:
    """The row's work, and what of the row it could not take. Raises NoRecord.

    The id is the id column's, or else the image file's name without its extension, or else the accession number, or
    else comes from the content of the row; a slash in it becomes a hyphen. Years come from the year columns, or else
    from the date.
    """
    cells = _Cells(row, plan)
    file = cells.take("file", _within_folder)
    texts = {name: cells.text(name) for name in _TEXTS}
    if texts["date"]:
        texts["date"] = _DECIMAL_YEAR.sub(r"\1", texts["date"])
    year_from, year_to = cells.years(texts["date"])
    image_url = cells.take("image_url", values.web_address)
    known: dict[str, Any] = {
        **texts,
        "year_from": year_from,
        "year_to": year_to,
        "keywords": cells.keywords(),
        "descriptions": cells.descriptions(),
        "image_url": image_url,
        "image_file": file,
        "image_name": cells.text("image_name") or _file_name(file, image_url),
        "museum_page": cells.take("museum_page", values.web_address),
        "credit_line": cells.text("credit_line"),
        "rights": cells.text("rights"),
        "rank": cells.take("rank", values.popularity),
        "extra": cells.others(),
    }
    identity = cells.text("id")
    if not identity and not any(known.values()):
        raise NoRecord("empty row", "The row says nothing.")
    try:
        artwork = Artwork(id=_identity(identity, file, texts["accession"], row), **known)
    except ValueError as error:
        raise NoRecord("bad id", f"The row makes no record: {error}.") from error
    return artwork, cells.problems


@dataclass(slots=True)
class _Cells:
    """A row seen through the fields of ours, and the problems met in reading it."""

    row: Mapping[str, Any]
    plan: ColumnMap
    problems: list[Problem] = field(default_factory=list)

    def values(self, ours: str) -> Iterator[Any]:
        """What the field's columns say; the default where they say nothing. A cell that repeats its header does not."""
        said = False
        for name in self.plan.columns.get(ours, ()):
            value = cell(self.row, name)
            if _says_something(value, name):
                said = True
                yield value
        if not said and ours in self.plan.defaults:
            yield self.plan.defaults[ours]

    def first(self, ours: str) -> Any:
        known = ours in self.plan.columns or ours in self.plan.defaults
        return next(self.values(ours), None) if known else None

    def take(self, ours: str, convert: Callable[[Any], T | None]) -> T | None:
        """The field's value by `convert`; what that refuses is a problem."""
        value = self.first(ours)
        try:
            return convert(next(iter(value), None) if isinstance(value, list) else value)
        except ValueError as error:
            self.problems.append(("bad value", f"{ours}: {error}; left out."))
            return None

    def text(self, ours: str) -> str | None:
        value = self.first(ours)
        if isinstance(value, list):
            found = values.texts(value)
            text = next(found, None) if ours in _SINGLE else "; ".join(found) or None
        else:
            text = values.text(value)
        if text and len(text) > values.TEXT_LIMIT:
            self.problems.append(("too long", f"{ours}: {len(text):,} characters; cut to {values.TEXT_LIMIT:,}."))
            text = values.cut(text, values.TEXT_LIMIT)
        return text

    def years(self, date: str | None) -> tuple[int | None, int | None]:
        start, end = self.take("year_from", values.year), self.take("year_to", values.year)
        if start is not None and end is not None and start > end:
            self.problems.append(("bad value", f"year_from: {start} is after year_to, {end}; both left out."))
            start = end = None
        return (start, end) if (start, end) != (None, None) else year_range(date) or (None, None)

    def keywords(self) -> tuple[str, ...]:
        found = (word for value in self.values("keywords") for word in values.texts(value, self.plan.separator))
        once = {word.casefold(): values.cut(word, _KEYWORD_LIMIT) for word in found}
        return tuple(once.values())[: values.LIST_LIMIT]

    def descriptions(self) -> tuple[str, ...]:
        found = [text for value in self.values("description") for text in values.texts(value)]
        for text in found:
            if len(text) > values.DESCRIPTION_LIMIT:
                reason = f"description: {len(text):,} characters; cut to {values.DESCRIPTION_LIMIT:,}."
                self.problems.append(("too long", reason))
        return tuple(dict.fromkeys(values.cut(text, values.DESCRIPTION_LIMIT) for text in found))[:_DESCRIPTIONS]

    def others(self) -> tuple[tuple[str, str], ...]:
        """The columns that fill no field, with what they say."""
        found = []
        for name, value in self.row.items():
            if name in self.plan.taken or not _says_something(value, name):
                continue
            label, text = values.text(name), values.spelled_out(value)
            if label and text:
                found.append((values.cut(label, _NAME_LIMIT), values.cut(text, values.TEXT_LIMIT)))
        return tuple(found[:_OTHER_COLUMNS])


def _says_something(value: object, column: str) -> bool:
    if isinstance(value, list | dict):
        return bool(value)
    said = values.text(value)
    return said is not None and said.casefold() != column.casefold()


def _identity(identity: str | None, file: str | None, accession: str | None, row: Mapping[str, Any]) -> str:
    if not identity and file:
        identity = clean_text(PurePosixPath(file).with_suffix(""))
    identity = identity or accession
    if identity:
        return re.sub(r"\s*[/\\]\s*", "-", identity)
    content = json.dumps(row, sort_keys=True, default=str)
    return "row-" + hashlib.sha256(content.encode()).hexdigest()[:16]


def _within_folder(value: object) -> str | None:
    """A file's path within the folder of images, as it is spelled. Raises ValueError for one that leads out of it,
    or has control characters."""
    if not isinstance(value, str) or values.text(value) is None:
        return None
    path = value.strip().replace("\\", "/").removeprefix("./")
    if _CONTROL.search(path):
        raise ValueError(f"must name a file without control characters: {values.cut(path, 60)!r}")
    parts = PurePosixPath(path).parts
    if path.startswith("/") or "://" in path or _DRIVE.match(path) or ".." in parts or not parts:
        raise ValueError(f"must name a file within the folder of images: {values.cut(path, 60)}")
    return path


def _file_name(file: str | None, image_url: str | None) -> str | None:
    name = PurePosixPath(file or unquote(urlsplit(image_url or "").path)).name
    return values.text(name) if file or PurePosixPath(name).suffix else None
