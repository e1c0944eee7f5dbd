"""Which columns of a museum's table fill which fields of ours: by their names, or as a mapping file says.

A mapping file is TOML; every part of it may be left out:

    separator = ";"                        # parts the keywords in one cell; ";" and "|" unless given
    leave_out = ["Insurance value", "valuation.amount"]    # not to be kept with the record: columns, or parts of JSON

    [columns]                              # our field = the museum's column
    title = "Object Title"
    date = ["Dated", "Date of making"]     # several: the first that says something
    keywords = ["Subjects", "Technique"]   # keywords and description: all of them
    artist = "contributors.0.name"         # inside a JSON object; a number counts from 0
    genre = []                             # no column, not even one called Genre

    [defaults]                             # where a record itself says nothing
    collection = "City Museum"

Fields that the file does not mention are found by name. Other columns are kept with the record as they are.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.sources import SourceError

LISTS = frozenset({"keywords", "description"})
SEPARATOR = re.compile(r"[;|]")

# Our fields, each with the names that museums give them, best first. Compared without case, spaces and signs, so that
# "Object Number", "object_number" and "objectNumber" are one. Listed in the order in which fields choose their column.
NAMES: dict[str, tuple[str, ...]] = {
    "id": ("objectid", "uniqueid", "recordid", "identifier", "uuid", "systemnumber", "priref"),
    "accession": (
        "accessionnumber", "accessionno", "acno", "objectnumber", "inventorynumber", "inventoryno", "inventory",
        "mainreferencenumber", "catalogueno", "registrationnumber", "invno",
    ),
    "file": ("fileid", "imagefile", "filename", "filepath", "imagepath"),
    "image_name": ("originalimagename", "originalfilename"),
    "image_url": (
        "primaryimageurl", "primaryimage", "imagesrc", "imageurl", "imageweb", "imagelink", "baseimageurl",
        "thumbnailurl", "primaryimagesmall", "image", "img", "imgurl",
    ),
    "museum_page": ("objecturl", "linkresource", "url", "pageurl", "permalink", "weburl", "link", "webpage"),
    "title": ("objecttitle", "titletext", "worktitle", "titles", "objectname", "name"),
    "artist": (
        "artistdisplayname", "artisttitle", "artistname", "artistdisplay", "maker", "makers", "creator", "creators",
        "artists", "primaryartist", "author", "painter", "people", "contributors", "attribution",
    ),
    "artist_culture": ("artistnationality", "nationality", "artistdisplaybio"),
    "culture": ("cultures", "placeoforigin", "origin"),
    "date": ("datetext", "dated", "objectdate", "datedisplay", "displaydate", "creationdate", "datecreated", "year"),
    "year_from": ("startyear", "datebegin", "objectbegindate", "datestart", "begindate", "yearstart", "dateearliest",
                  "creationdateearliest", "beginyear"),
    "year_to": ("endyear", "dateend", "objectenddate", "enddate", "yearend", "datelatest", "creationdatelatest"),
    "medium": ("mediumdisplay", "mediums", "materials", "material", "technique", "mediumandsupport"),
    "genre": ("classification", "classificationtitle", "classifications", "category", "type", "objecttype"),
    "collection": ("department", "departmenttitle", "division", "repository", "museum", "owner", "institution"),
    "period": ("dynasty", "periodname"),
    "description": ("descriptions", "descriptiontext", "alttext", "physicaldescription", "summary", "caption"),
    "rank": ("popularity", "popularityrank"),
    "credit_line": ("creditline", "credit", "creditnote"),
    "rights": ("copyright", "rightsstatement", "license", "licence", "imagerights", "copyrightnotice"),
    "keywords": (
        "tags", "tag", "subjects", "subject", "subjecttitles", "style", "styles", "styletitles", "styletitle",
        "objecttype", "artworktypetitle", "type", "worktypes", "movements", "movement", "termtitles", "terms", "themes",
        "technique", "techniques", "century", "categorytitles", "objectname", "division",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MappingFile:
    """What a mapping file says, as far as it can be checked without the table."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, str | int] = field(default_factory=dict)
    separator: re.Pattern[str] = SEPARATOR
    leave_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """For each field of ours the columns that fill it, first choice first; for a table whose columns are known."""

    columns: Mapping[str, tuple[str, ...]]
    defaults: Mapping[str, str | int]
    separator: re.Pattern[str]
    taken: frozenset[str]  # columns that fill a field, or are to be left out
    parts: tuple[str, ...] = ()  # paths into nested JSON that are to be left out of their columns


def read_mapping(path: Path) -> MappingFile:
    """The mapping file at `path`. Raises SourceError where it is missing, is not TOML, or says what we do not know."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SourceError(f"The mapping file {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SourceError(f"{path.name} is not valid TOML: {error}.") from error
    if unknown := content.keys() - {"separator", "leave_out", "columns", "defaults"}:
        raise SourceError(
            f"{path.name}: {min(unknown)}: a mapping file has separator, leave_out, [columns] and [defaults]."
        )
    separator = content.get("separator")
    if separator is not None and (not isinstance(separator, str) or not separator):
        raise SourceError(f'{path.name}: separator: must be text, such as ";".')
    columns = {
        ours: _names(path, f"columns.{ours}", theirs) for ours, theirs in _part(path, content, "columns").items()
    }
    defaults = _part(path, content, "defaults")
    for ours, value in defaults.items():
        if ours == "id" or isinstance(value, bool) or not isinstance(value, str | int):
            raise SourceError(f"{path.name}: defaults.{ours}: must be text or a number, and an id can have none.")
    return MappingFile(
        columns=columns,
        defaults=defaults,
        separator=re.compile(re.escape(separator)) if separator else SEPARATOR,
        leave_out=frozenset(_names(path, "leave_out", content.get("leave_out", []))),
    )


def _part(path: Path, content: Mapping[str, Any], part: str) -> dict[str, Any]:
    values = content.get(part, {})
    if not isinstance(values, dict):
        raise SourceError(f"{path.name}: {part}: must be a part of its own, [{part}].")
    for ours in values:
        if ours not in NAMES:
            raise SourceError(f"{path.name}: {part}.{ours}: is no field of ours; these are: {', '.join(NAMES)}.")
    return values


def _names(path: Path, where: str, value: object) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise SourceError(f"{path.name}: {where}: must be the name of a column, or a list of such names.")
    return tuple(names)


def column_map(columns: Sequence[str], mapping: MappingFile) -> ColumnMap:
    """The columns of a table by field: as the mapping says, the rest by their names.

    Raises SourceError where the mapping names a column that the table lacks, or fills a field from what it leaves out
    of a column.
    """
    parts = _parts(columns, mapping)
    chosen = dict(mapping.columns)
    taken = {name for names in chosen.values() for name in names} | mapping.leave_out
    free = {_plain(name): name for name in reversed(columns) if name not in taken}  # of equal names the first
    for fits in (_own_name, _synonyms):
        for ours in NAMES:
            if ours in mapping.columns or (ours in chosen and ours not in LISTS):
                continue
            fitting = [name for name in fits(ours) if name in free]
            found = tuple(free.pop(name) for name in (fitting if ours in LISTS else fitting[:1]))
            if found:
                chosen[ours] = chosen.get(ours, ()) + found
                taken.update(found)
    return ColumnMap(chosen, mapping.defaults, mapping.separator, frozenset(taken), parts)


def _parts(columns: Sequence[str], mapping: MappingFile) -> tuple[str, ...]:
    """What is to be left out and is no whole column. Raises SourceError as `column_map` does."""
    known = frozenset(columns)
    for where, names in {**mapping.columns, "leave_out": tuple(mapping.leave_out)}.items():
        for name in names:
            if name not in known and name.split(".")[0] not in known:
                shown = ", ".join(columns[:40]) + (", ..." if len(columns) > 40 else "")
                raise SourceError(f"The mapping's {where}: the table has no column {name!r}; it has: {shown}.")
    parts = tuple(sorted(mapping.leave_out - known))
    for ours, names in mapping.columns.items():
        for name in names:
            if name not in known and any(f"{name}.".startswith(f"{part}.") for part in parts):
                raise SourceError(f"The mapping's columns.{ours}: {name!r} is among what leave_out names.")
    return parts


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _own_name(ours: str) -> tuple[str, ...]:
    return (_plain(ours),)


def _synonyms(ours: str) -> tuple[str, ...]:
    return NAMES[ours]


def cell(row: Mapping[str, Any], name: str) -> Any:
    """What a row holds under a column's name, or along a path into nested JSON: `contributors.0.name`.

    A name that meets a list is asked of each item: `contributors.name` is the list of names.
    """
    if name in row:
        return row[name]
    return _along(row, name.split("."))


def _along(value: Any, path: Sequence[str]) -> Any:
    for place, step in enumerate(path):
        if isinstance(value, list):
            if not step.isdecimal():
                return [_along(item, path[place:]) for item in value]
            value = value[int(step)] if int(step) < len(value) else None
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value


def leave_out(value: Any, path: Sequence[str]) -> bool:
    """Puts None in place of what a path into nested JSON leads to; False where it leads nowhere.

    A step that meets a list, and is no number, is taken from each item, as `cell` does.
    """
    step, *rest = path
    if isinstance(value, list) and not step.isdecimal():
        return True in {leave_out(item, path) for item in value}
    place: Any = int(step) if isinstance(value, list) else step
    try:
        inner = value[place]
    except (LookupError, TypeError):
        return False
    if rest:
        return leave_out(inner, rest)
    value[place] = None
    return True
