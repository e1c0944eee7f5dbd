"""Dates in a query: "17th century portrait", "1880s", "before 1900", "between 1850 and 1870"."""

import re
from dataclasses import dataclass

from indexes.years import Span, year_range

EARLIEST, LATEST = -1_000_000, 3_000  # stand for an open end

_SPELLED = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    *("twentieth", "twenty-first"),
)
_ORDINAL = rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th)|{'|'.join(_SPELLED)})"
_PART = r"(?:(?:early|mid|middle|late|(?:first|second) half of(?: the)?|(?:beginning|end) of(?: the)?)[ -])?"
_ERA = r"(?:bce?|b\.c\.(?:e\.)?|ce|ad|a\.d\.)"
_CENTURY = rf"{_PART}(?:{_ORDINAL} ?(?:-|to|and|or) ?)?{_ORDINAL}[ -](?:century|centuries)(?: {_ERA}(?!\w))?"
_DECADE = rf"{_PART}[1-9][0-9]{{2,3}}['’]?s"
_ERA_YEAR = rf"(?:ad [0-9]{{1,4}}|[0-9]{{1,5}} ?{_ERA}(?!\w))"
_YEAR = r"(?:1[0-9]{3}|20[0-9]{2})"
_ONE = rf"(?:(?:the |about |circa |c\. ?){{0,3}}(?:{_CENTURY}|{_DECADE}|{_ERA_YEAR}|{_YEAR}))"
_DATE = re.compile(
    rf"(?<![\w.])(?:"
    rf"(?:between|from) (?P<from>{_ONE}) ?(?:-|and|to|until|till) ?(?P<to>{_ONE})"
    rf"|(?P<first>{_ONE}) ?(?:-|to) ?(?P<last>{_ONE}|[0-9]{{2}})"
    rf"|(?P<open>before|prior to|earlier than|pre|until|till|after|later than|post|since|from)[ -](?P<end>{_ONE})"
    rf"|(?P<one>{_ONE})"
    rf")(?![\w-])"
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_SPELLED_ORDINAL = re.compile(rf"(?<!\w)(?:{'|'.join(_SPELLED[::-1])})(?= |-)")


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """A date that a query asks for."""

    text: str
    span: Span  # first and last year, inclusive and astronomical
    year_alone: bool  # a bare number, which may as well be a part of a title


def find_dates(text: str) -> tuple[list[DatePhrase], str]:
    """The dates in a folded text, and the text without them."""
    found: list[DatePhrase] = []
    rest: list[str] = []
    start = 0
    for match in _DATE.finditer(text.translate(_DASHES)):
        span = _span(match)
        if span is not None:
            found.append(DatePhrase(match[0], span, bool(re.fullmatch(_YEAR, match[0]))))
            rest.append(text[start : match.start()])
            start = match.end()
    return found, " ".join([*rest, text[start:]])


def _span(match: re.Match[str]) -> Span | None:
    first, last = match["from"] or match["first"], match["to"] or match["last"]
    if first:
        if last.isdecimal() and len(last) == 2:
            return _years(f"{first}-{last}")
        begin, end = _years(first), _years(last)
        return (begin[0], end[1]) if begin and end and begin[0] <= end[1] else None
    years = _years(match["one"] or match["end"])
    if years is None or match["one"]:
        return years
    return {
        **dict.fromkeys(("before", "prior to", "earlier than", "pre"), (EARLIEST, years[0] - 1)),
        **dict.fromkeys(("until", "till"), (EARLIEST, years[1])),
        **dict.fromkeys(("after", "later than", "post"), (years[1] + 1, LATEST)),
        **dict.fromkeys(("since", "from"), (years[0], LATEST)),
    }[match["open"]]


def _years(text: str) -> Span | None:
    return year_range(_SPELLED_ORDINAL.sub(lambda match: _numeral(_SPELLED.index(match[0]) + 1), text))


def _numeral(number: int) -> str:
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd', 21: 'st'}).get(number, 'th')}"
