"""Dates in a query: "17th century portrait", "1880s", "not before 1900", "between 1850 and 1870", "1500–1200 BC".

Here is only where a date begins and ends, and which side is open: its years are read as those of a display date are.
"""

import re
from dataclasses import dataclass

from indexes.years import Span, year_range

EARLIEST, LATEST = -1_000_000, 3_000  # stand for an open end

_SPELLED = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    *("twentieth", "twenty-first"),
)
_CIRCA = r"(?:about |circa |ca?\.? ?)"
_ABOUT = rf"(?:the |{_CIRCA}){{0,3}}"
_FRACTION = r"(?:first|second|third|fourth|last|1st|2nd|3rd|4th) (?:half|third|quarter)(?: of(?: the)?)?"
_PART = rf"(?:early|mid|middle|late|(?:beginning|end) of(?: the)?|{_FRACTION})"
_WHEN = rf"{_ABOUT}(?:(?:{_PART}(?:-? to |-))?{_PART}[ -])?"
_TO = r"(?: ?[-/] ?| (?:to|until|till|through) )"
_WITH = rf"(?:{_TO}| (?:and|or) )"

_ERA = r"(?:b\.?c\.?(?:e\.?)?|c\.?e\.?|a\.?d\.?)(?!\w)"
_ORDINAL = rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th)|{'|'.join(_SPELLED)})"
_ROMAN = r"[ivx]{1,5}"
_UNIT = rf"[ -](?:century|centuries|millennium|millennia)(?: {_ERA})?"
_SHORT_UNIT = rf" c(?!\.? ?[0-9])\.?(?: {_ERA})?"  # "17th c.", but "the 4th, c. 1650"
_CENTURY = rf"{_WHEN}(?:{_ORDINAL}(?:{_UNIT}|{_SHORT_UNIT})|{_ROMAN}{_UNIT})"
_DECADE = rf"{_WHEN}[1-9][0-9]{{2,3}}['’]?s"
_ERA_YEAR = rf"{_ABOUT}(?:(?:ad|a\.d\.) [0-9]{{1,4}}|[0-9]{{1,5}} ?{_ERA})"
_YEAR = r"(?:1[0-9]{3}|20[0-9]{2})"
_ONE = rf"(?:{_CENTURY}|{_DECADE}|{_ERA_YEAR}|{_ABOUT}{_YEAR})"

# Ranges of which one end leaves it to the other what it counts.
_CENTURIES = rf"(?:{_WHEN}(?:{_ORDINAL}{_WITH}{_WHEN}(?={_ORDINAL})|{_ROMAN}{_WITH}(?={_ROMAN})){_CENTURY})"
_YEARS_OF_ERA = rf"{_ABOUT}[0-9]{{1,5}}{_TO}{_ERA_YEAR}|(?:ad|a\.d\.) [0-9]{{1,4}}{_TO}[0-9]{{3,4}}"
_DECADES = rf"{_DECADE}{_TO}[0-9]{{2}}['’]?s"
_SHORT_YEARS = rf"{_ABOUT}(?P<year>{_YEAR}){_TO}(?P<short>[0-9]{{2}})"
_RANGE = rf"(?:{_CENTURIES}|{_YEARS_OF_ERA}|{_ONE}{_TO}{_ONE}|{_DECADES}|{_SHORT_YEARS})"
_EITHER = rf"(?:{_ONE}|[0-9]{{1,5}}(?= and {_ERA_YEAR})) and {_ONE}"

_BEFORE, _AFTER = r"(?:before|prior to|earlier than|pre)", r"(?:after|later than|post)"
_DATE = re.compile(
    rf"(?<![\w.])(?:(?:(?P<closed>between|from)|(?P<since>since|from|(?:not|no) {_BEFORE})|(?P<before>{_BEFORE})"
    rf"|(?P<until>until|till|(?:not|no) {_AFTER})|(?P<after>{_AFTER}))[ -])?"
    rf"(?P<years>{_RANGE}|(?(closed){_EITHER}|{_ONE}))"
    rf"(?: (?:(?P<onwards>(?:or|and) (?:later|after)|onwards?)|(?P<back>(?:or|and) (?:earlier|before))))?"
    rf"(?![\w-]|\.\w|/[0-9])",  # neither is "1850.12" a date, nor "1999/12-3"
    re.IGNORECASE,
)
_WISHED = re.compile(rf"{_ABOUT}{_YEAR}|{_CIRCA}{_ERA_YEAR}", re.IGNORECASE)
_LEADING = re.compile(_ABOUT, re.IGNORECASE)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_SPELLED_ORDINAL = re.compile(rf"(?<!\w)(?:{'|'.join(_SPELLED[::-1])})(?= |-)")


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """A date that a query names."""

    text: str  # but for "the" and "circa" before it
    span: Span  # first and last year, inclusive and astronomical
    required: bool  # False for a bare year, which may as well be a part of a title, and for one year or so


def find_dates(text: str) -> tuple[list[DatePhrase], str]:
    """The dates in a text of single spaces, and the text without them."""
    found: list[DatePhrase] = []
    rest: list[str] = []
    start = 0
    for match in _DATE.finditer(text.translate(_DASHES)):
        date = _phrase(match)
        if date is not None:
            found.append(date)
            rest.append(text[start : match.start()])
            start = match.end()
    return found, " ".join([*rest, text[start:]])


def date_at(text: str, place: int = 0) -> tuple[DatePhrase, int] | None:
    """The date that begins at this place of a text of single spaces, and where it ends; None without one."""
    match = _DATE.match(text.translate(_DASHES), place)
    date = _phrase(match) if match else None
    return (date, match.end()) if match and date else None


def _phrase(match: re.Match[str]) -> DatePhrase | None:
    span = _span(match)
    if span is None:
        return None
    return DatePhrase(_LEADING.sub("", match[0], count=1), span, not _WISHED.fullmatch(match[0]))


def _span(match: re.Match[str]) -> Span | None:
    if match["short"] and match["short"] <= match["year"][-2:]:
        return None  # no years: an accession number such as 1999/12
    years = _years(match["years"])
    if years is None:
        return None
    if match["since"] or match["onwards"]:
        return years[0], LATEST
    if match["until"] or match["back"]:
        return EARLIEST, years[1]
    if match["before"]:
        return EARLIEST, years[0] - 1
    return (years[1] + 1, LATEST) if match["after"] else years


def _years(text: str) -> Span | None:
    spelled = _SPELLED_ORDINAL.sub(lambda match: _numeral(_SPELLED.index(match[0]) + 1), text.lower())
    return year_range(spelled)


def _numeral(number: int) -> str:
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd', 21: 'st'}).get(number, 'th')}"
