"""From whatever a museum writes in a field (text, number, list, object) to the types of `Artwork`.

A function here gives None where the value says nothing, and raises ValueError where it says something that the field
cannot hold; the message continues the sentence "<field>: ...".
"""

import html
import math
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote, urlsplit

from indexes.artwork import clean_text

TEXT_LIMIT = 2_000  # characters of a title, a name, a medium, another column
DESCRIPTION_LIMIT = 20_000
ADDRESS_LIMIT = 2_000
LIST_LIMIT = 200  # keywords of one work
RANK_LIMIT = 2**31 - 1  # the catalogue keeps ranks in 32 bits, the last of which says that there is none

# Some exports keep the markup of their web pages. A word in angle brackets that is no tag stays.
_BLOCKS = frozenset({"p", "br", "div", "li", "ul", "ol"})
_TAG = re.compile(r"</?(p|br|div|li|ul|ol|a|b|i|u|em|strong|span|sup|sub|small|font|cite)(?: [^<>]{0,500})?/?>", re.I)
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.0*)?")
# Where an object inside a field keeps what it is called, the most telling name first.
_NAMES = ("name", "displayname", "term", "label", "title", "worktype", "value", "text", "body", "description")
_OFTEN = (
    80  # characters of a text that many works may share: its cleaning is remembered, which halves the time of a table
)
_YEARS = range(-300_000, 2101)


def text(value: object) -> str | None:
    """The value as one line of clean text without markup; of an object its name. Whatever its length."""
    if isinstance(value, str):
        return _often(value) if len(value) <= _OFTEN else _line(value)
    match value:
        case None | bytes() | bytearray():
            return None
        case bool():
            return "yes" if value else "no"
        case float():
            return None if not math.isfinite(value) else str(int(value)) if value.is_integer() else str(value)
        case dict():
            return next((found for name in _NAMES if (found := text(value.get(name)))), None)
    return _line(str(value))


def _line(value: str) -> str | None:
    cleaned = clean_text(value)
    if cleaned and "<" in cleaned:
        cleaned = clean_text(_TAG.sub(lambda tag: " " if tag[1].lower() in _BLOCKS else "", cleaned))
    if cleaned and "&" in cleaned:
        cleaned = clean_text(html.unescape(cleaned))
    return cleaned


_often = lru_cache(maxsize=8192)(_line)


def texts(value: object, separator: re.Pattern[str] | None = None) -> Iterator[str]:
    """Each text of a list; of lists in a list the first item each (Tate's ["people", 0]); other text parted.

    `separator` parts the items of one text cell ("horsemen; portraits").
    """
    if isinstance(value, list | tuple):
        for item in value:
            first = item[0] if isinstance(item, list | tuple) and item else item
            if found := text(first):
                yield found
    elif found := text(value):
        yield from (part for piece in (separator.split(found) if separator else [found]) if (part := piece.strip()))


def spelled_out(value: object, depth: int = 3) -> str | None:
    """Everything that a nested value says, as one text: "name: Robert Blake, role: artist; name: ..."."""
    if depth and isinstance(value, list | tuple):
        return "; ".join(found for item in value if (found := spelled_out(item, depth - 1))) or None
    if depth and isinstance(value, dict):
        said = ((key, spelled_out(item, depth - 1)) for key, item in value.items())
        return ", ".join(f"{key}: {found}" for key, found in said if found) or None
    return text(value)


def cut(value: str, limit: int) -> str:
    """The text, or its first words with an ellipsis where it is longer than `limit` characters."""
    if len(value) <= limit:
        return value
    return (
        value[: limit - 1].rsplit(" ", 1)[0].rstrip() + "…" if " " in value[: limit - 1] else value[: limit - 1] + "…"
    )


def integer(value: object) -> int | None:
    """A whole number, also from text ("1893", "1893.0"). Raises ValueError for anything else that says something."""
    found = None if isinstance(value, bool) else text(value)
    if found is None:
        return None
    if not _NUMBER.fullmatch(found):
        raise ValueError(f"is no whole number: {cut(found, 60)}")
    return int(found.split(".")[0])


def year(value: object) -> int | None:
    """An astronomical year from one as museums number them: -430 is 430 BCE and becomes -429; 0 stands for unknown.

    Raises ValueError for anything but a possible year.
    """
    number = integer(value)
    if not number:
        return None
    if number not in _YEARS:
        raise ValueError(f"is no year: {number}")
    return number if number > 0 else number + 1


def popularity(value: object) -> int | None:
    """A rank, 1 or more; 0 stands for unknown. Raises ValueError for anything else."""
    number = integer(value)
    if number is not None and not 0 <= number < RANK_LIMIT:
        raise ValueError(f"must be 1 or more, and less than {RANK_LIMIT:,}: {number}")
    return number or None


def web_address(value: object) -> str | None:
    """An http or https address, fit for a link. Raises ValueError for any other scheme, a path, or a name alone."""
    found = clean_text(value) if isinstance(value, str) else None
    if found is None:
        return None
    if len(found) > ADDRESS_LIMIT:
        raise ValueError(f"is longer than {ADDRESS_LIMIT} characters")
    try:
        parts = urlsplit(found)
        reachable = parts.scheme.casefold() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        reachable = False
    if not reachable:
        raise ValueError(f"is not an http or https address: {cut(found, 60)}")
    return quote(found, safe="/:?#[]@!$&'()*+,;=%~|")
