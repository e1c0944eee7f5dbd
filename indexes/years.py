"""Reading the years out of a museum's display date, such as "c. 1880–85" or "late 5th century BCE".

A date is read clause by clause (commas, semicolons and brackets part them), and each clause from right to left,
because in "3rd-2nd century BCE" the last words say what the first numbers count.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Span = tuple[int, int]

_LONGEST = 300  # characters read of a date; a display date is far shorter
_LAST_YEAR = 2100  # a larger number is no year of making
_EARLIEST_BCE = 300_000

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−~", "-"))
_THOUSANDS = re.compile(r"(?<![0-9])([0-9]{1,3}),([0-9]{3})(?![0-9])")
_ISO_DAY = re.compile(r"(?<![0-9])([0-9]{4})-[0-9]{2}-[0-9]{2}(?![0-9])(?:t[0-9:.]{1,15}z?)?")
_DOTTED_ERA = re.compile(r"(?<![^\W_])(?:(b)\.?c\.?(?:e\.?)?|(a)\.d\.?|(c)\.e\.?|(a)\.h\.?)(?![^\W_])")
# Numbers that count something else: ages, and years of other calendars.
_OTHER_CALENDAR = re.compile(
    r"(?<![^\W_])(?:ah|hijri|samvat|saka|shaka) ?[0-9]{1,4}(?: ?- ?[0-9]{1,4})?"
    r"|(?<![0-9])[0-9]{1,6}(?: ?- ?[0-9]{1,6})? ?(?:ah|hijri|samvat|saka|shaka|bp|years?)(?![^\W_])"
)
_CLAUSE = re.compile(r"[,;:()\[\]]")
_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+|[-/]")

_CENTURY = ("century", "centuries", "cent", "siècle", "jahrhundert", "jahrhunderts", "secolo", "siglo", "eeuw")
_UNITS = {**dict.fromkeys(_CENTURY, 100), "millennium": 1000, "millennia": 1000}
_ENDINGS = frozenset({"st", "nd", "rd", "th", "e", "ème"})
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1}
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4}
_THIRDS = {"early": "early", "beginning": "early", "mid": "mid", "middle": "mid", "late": "late", "end": "late"}
_ERAS = {"bce": True, "ce": False, "ad": False}
_JOINERS = frozenset({"-", "/", "to", "until", "till", "and", "or", "through"})
_SILENT = frozenset({"c", "ca", "circa", "about", "approximately", "probably", "possibly", "of", "the", "in"})
_ROMAN = {
    **{"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11},
    **{"xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16, "xvii": 17, "xviii": 18, "xix": 19, "xx": 20, "xxi": 21},
}

# Words after which a lone date is only one end of a range whose other end nobody knows.
_OPEN = frozenset({"before", "after", "by", "until", "till", "since", "post", "pre"})
# What may happen to a work, or be made from it, after its making.
_LATER_EVENTS = frozenset(
    {"printed", "reprinted", "cast", "published", "exhibited", "reproduced", "reconstructed", "remade", "replica"}
    | {"restored", "reworked", "refabricated", "reassembled", "assembled", "edition", "editioned", "enlarged"}
    | {"annotated", "acquired"}
)
_PERIODS = frozenset({"period", "dynasty", "era", "reign", "kingdom", "empire"})


def year_range(text: str | None) -> Span | None:
    """The first and last year that a display date names, inclusive and astronomical (0 is 1 BCE); None without any.

    - Nothing is invented: "c. 1885" is 1885, and an open date ("before 1900", "after 1836") is no range, so None.
    - A century runs from its year 1 to its year 100: "17th century" is 1601 to 1700. Early, mid and late are its
      thirds, likewise of a decade; "1800s" may be either and is taken as the hundred years.
    - The making counts, not what came later: "1996, printed 2003" is 1996; "published 1881" alone is 1881.
    - A date beside a named period is the better one: "Edo period (1615–1868), 1831" is 1831.
    """
    if not text:
        return None
    made: list[Span] = []
    later: list[Span] = []
    periods: list[Span] = []
    for clause, in_period in _clauses(_normal(text[:_LONGEST])):
        words = frozenset(clause)
        spans = list(_spans(clause))
        if not spans or (len(spans) == 1 and words & _OPEN):
            continue
        hull = _hull(spans)
        (periods if in_period else later if words & _LATER_EVENTS else made).append(hull)
    if made:
        return _hull(made)
    if later:
        return later[0]  # "first published 1830, reprinted 1993"
    return min(periods, key=lambda span: span[1] - span[0], default=None)


def _hull(spans: Sequence[Span]) -> Span:
    return min(start for start, _ in spans), max(end for _, end in spans)


def _normal(text: str) -> str:
    text = text.casefold().translate(_DASHES).replace("\\", "")
    text = _THOUSANDS.sub(r"\1\2", text)
    text = _DOTTED_ERA.sub(lambda match: " bce " if match[1] else " ah " if match[4] else " ce ", text)
    return _OTHER_CALENDAR.sub(" ", _ISO_DAY.sub(r"\1", " ".join(text.split())))


def _clauses(text: str) -> Iterator[tuple[list[str], bool]]:
    """Each clause's words, and whether its years are a named period's: in the same clause, or in brackets after it."""
    after_period = False
    start, opened = 0, False
    for mark in [*_CLAUSE.finditer(text), None]:
        words = _TOKEN.findall(text[start : mark.start() if mark else len(text)])
        names_period = not _PERIODS.isdisjoint(words)
        yield words, names_period or (opened and after_period)
        after_period = names_period
        if mark:
            start, opened = mark.end(), mark[0] in "(["


@dataclass(slots=True)
class _Reading:
    """What is known at one place of a clause, coming from its right end."""

    unit: int | None = None  # years that an ordinal number counts: 100 or 1000
    bce: bool = False
    era: bool = False  # whether an era was named: then a small number may be a year
    joined: bool = True  # whether what stands to the right reaches over to the left ("3rd-2nd century")
    last: Span | None = None  # the years just read; a part of them may be named further left
    parts: list[Span] = field(default_factory=list)

    def forget(self) -> None:
        self.unit, self.bce, self.era, self.joined = None, False, False, True

    def flush(self) -> Iterator[Span]:
        if self.last:
            yield _hull(self.parts) if self.parts else self.last
        self.last, self.parts = None, []


def _spans(words: Sequence[str]) -> Iterator[Span]:
    words = _joined(_written_out(words))
    reading = _Reading()
    for place in reversed(range(len(words))):
        word = words[place]
        before = words[place - 1] if place else ""
        after = words[place + 1] if place + 1 < len(words) else ""
        if reading.last and (part := _part(word, reading.last)):
            reading.parts.append(part)
        elif word in _JOINERS:
            reading.joined = True
        elif unit := 100 if word == "c" and _ordinal(before) else _UNITS.get(word):
            yield from reading.flush()
            reading.unit, reading.joined = unit, True
        elif word in _ERAS:
            yield from reading.flush()
            reading.forget()
            reading.bce, reading.era = _ERAS[word], True
        elif word in _SILENT:
            continue  # "the 16th to the 17th century" reads as without them
        elif span := _number(reading, word, before, after):
            yield from reading.flush()
            reading.last, reading.joined = span, False
        else:
            yield from reading.flush()
            reading.forget()
    yield from reading.flush()


def _written_out(words: Sequence[str]) -> list[str]:
    """The words with each abbreviated year in full: 1880-1 as 1880-1881, 1930s-40s as 1930s-1940s."""
    done: list[str] = []
    before, joined = "", False
    for place, word in enumerate(words):
        if word.isdecimal():
            year = word
            if (
                joined
                and len(word) < len(before) <= 4
                and _ENDINGS.union(_UNITS).isdisjoint(words[place + 1 : place + 2])
            ):
                longer = before[: -len(word)] + word
                year = longer if int(longer) > int(before) and "bce" not in words[place:] else word
            before, joined = year if len(year) >= 3 else "", False
            done.append(year)
            continue
        if word in _JOINERS:
            joined = bool(before)
        elif word not in _SILENT and word != "s":
            before, joined = "", False
        done.append(word)
    return done


def _joined(words: Sequence[str]) -> list[str]:
    """The words with what belongs together in one: "19", "th" as "19th"; "1880", "s" as "1880s"; "first half"."""
    done: list[str] = []
    for word in words:
        last = done[-1] if done else ""
        if last.isdecimal() and (word in _ENDINGS or word == "s"):
            done[-1] += "s" if word == "s" else {"1": "st", "2": "nd", "3": "rd"}.get(last, "th")
        elif last in _ORDINALS and word in _FRACTIONS:
            done[-1] += " " + word
        else:
            done.append(word)
    return done


def _ordinal(word: str) -> int | None:
    """The number of "19th" or "xix"."""
    if word[:1].isdecimal() and word.endswith(("st", "nd", "rd", "th")):
        return int(word[:-2])
    return _ROMAN.get(word.removesuffix("th").removesuffix("e"))


def _number(reading: _Reading, word: str, before: str, after: str) -> Span | None:
    """The years of one number, or None where it is no year: a day of the month, a king's number, an inventory's."""
    if not reading.joined:
        reading.forget()
    ordinal = _ordinal(word)
    if ordinal is None and word.isdecimal() and after in _UNITS:
        ordinal = int(word)
    if ordinal is not None:
        return _stretch(ordinal, reading.unit, reading.bce) if reading.unit else None
    digits = word.removesuffix("s")
    if not digits.isdecimal() or len(digits) > 6:
        return None
    year = int(digits)
    if digits != word:
        length = 100 if year % 100 == 0 else 10
        return _in_reach(-year - length + 2, 1 - year) if reading.bce else _decade(year, length)
    if reading.bce:
        return _in_reach(1 - year, 1 - year)
    early = reading.last is not None and after == "-" and reading.last[1] < 1000  # "25-220"
    if len(digits) < 3 and not (early or reading.era or before in {"ad", "ce"}):
        return None
    return (year, year) if 1 <= year <= _LAST_YEAR else None


def _decade(year: int, length: int) -> Span | None:
    return (year, year + length - 1) if 100 <= year <= _LAST_YEAR and year % 10 == 0 else None


def _stretch(number: int, unit: int, bce: bool) -> Span | None:
    """The years of a century or millennium: the 17th century is 1601 to 1700, the 5th BCE 500 BCE to 401 BCE."""
    if number < 1:
        return None
    if bce:
        return _in_reach(1 - unit * number, -unit * (number - 1))
    return _in_reach(unit * (number - 1) + 1, unit * number)


def _in_reach(start: int, end: int) -> Span | None:
    return (start, end) if start >= -_EARLIEST_BCE and start <= _LAST_YEAR and end <= 3000 else None


def _part(word: str, span: Span) -> Span | None:
    """The years that "late" or "first half" leaves of a span; thirds that do not come out even share a year."""
    start, end = span
    length = end - start + 1
    if length < 10:
        return None
    if third := _THIRDS.get(word):
        short, long = length // 3, -(-length // 3)
        return {
            "early": (start, start + long - 1),
            "mid": (start + short, end - short),
            "late": (end - long + 1, end),
        }[third]
    ordinal, _, fraction = word.partition(" ")
    if not fraction:
        return None
    pieces = _FRACTIONS[fraction]
    number = pieces if _ORDINALS[ordinal] < 0 else min(_ORDINALS[ordinal], pieces)
    return start + length * (number - 1) // pieces, start + length * number // pieces - 1
