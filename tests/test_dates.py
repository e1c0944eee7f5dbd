"""Dates in queries: what is read as a date, which years it names, and what it leaves of the query."""

import pytest

from indexes.search.dates import EARLIEST, LATEST, find_dates
from indexes.search.question import understand

Span = tuple[int, int]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        # centuries and millennia, and parts of them
        ("17th century portrait", (1601, 1700)),
        ("seventeenth-century portrait", (1601, 1700)),
        ("early 19th century ships", (1801, 1834)),
        ("mid- to late 19th century", (1834, 1900)),
        ("second half of the seventeenth century", (1651, 1700)),
        ("last quarter of the 18th century", (1776, 1800)),
        ("16th to 17th century", (1501, 1700)),
        ("from 16th to 17th century", (1501, 1700)),
        ("from the 16th to the 17th century", (1501, 1700)),
        ("16th/17th century", (1501, 1700)),
        ("between the 16th and 17th centuries", (1501, 1700)),
        ("late 19th - early 20th century", (1867, 1934)),
        ("late 18th to early 19th century vase", (1767, 1834)),
        ("17th c. vase", (1601, 1700)),
        ("17th c vase", (1601, 1700)),
        ("XVII century", (1601, 1700)),
        ("XVI–XVII century", (1501, 1700)),
        ("3rd millennium BC", (-2999, -2000)),
        # decades
        ("1880s", (1880, 1889)),
        ("1920s-30s", (1920, 1939)),
        ("1920s to 1930s", (1920, 1939)),
        ("c. 1880s", (1880, 1889)),
        # years
        ("between 1850 and 1870", (1850, 1870)),
        ("from 1850 to 1870", (1850, 1870)),
        ("1850–70 boats", (1850, 1870)),
        ("1850/60", (1850, 1860)),
        ("1870-1850", (1850, 1870)),
        # before the Common Era, and its first years
        ("vase 500 BC", (-499, -499)),
        ("5th century BCE", (-499, -400)),
        ("5th c. BC", (-499, -400)),
        ("1500-1200 BC", (-1499, -1199)),
        ("c. 2500–2350 B.C.E.", (-2499, -2349)),
        ("between 500 and 400 BC", (-499, -399)),
        ("27 BCE-14 CE", (-26, 14)),
        ("AD 100-150", (100, 150)),
        # open to one side
        ("boats before 1900", (EARLIEST, 1899)),
        ("vase no later than 1900", (EARLIEST, 1900)),
        ("not after 1900", (EARLIEST, 1900)),
        ("until 1900", (EARLIEST, 1900)),
        ("before 1850/60", (EARLIEST, 1849)),
        ("before the 16th or 17th century", (EARLIEST, 1500)),
        ("1900 or earlier", (EARLIEST, 1900)),
        ("post-1945 sculpture", (1946, LATEST)),
        ("later than the 17th century", (1701, LATEST)),
        ("since 1945", (1945, LATEST)),
        ("vase not before 1950", (1950, LATEST)),
        ("vase no earlier than 1950", (1950, LATEST)),
        ("1950 or later", (1950, LATEST)),
        ("19th century onwards", (1801, LATEST)),
    ],
)
def test_a_date_must_be_met(text: str, span: Span) -> None:
    (date,), rest = find_dates(text)
    assert (date.span, date.required) == (span, True)
    assert rest.strip() in {"", "portrait", "ships", "vase", "boats", "sculpture"}


@pytest.mark.parametrize(
    ("text", "year"),
    [("1885", 1885), ("view 1885", 1885), ("c. 1885 view", 1885), ("ca.1885", 1885), ("about 1885", 1885)],
)
def test_a_year_by_itself_is_wished_for_like_a_word(text: str, year: int) -> None:
    (wish,) = [wish for wish in understand(text).wishes if wish.span]
    assert (wish.text, wish.span, wish.required) == (str(year), (year, year), False)


def test_one_year_or_so_of_another_era_is_wished_for() -> None:
    assert [date.required for date in find_dates("c. 500 BC")[0]] == [False]


@pytest.mark.parametrize(
    "text",
    [
        "after Rembrandt", "D27290", "no. 12345", "before the storm", "the 3 graces", "1850.12", "1999/12", "1999/12-3",
        "Route 66", "may", "c", "i", "vitamin c", "x v", "the 4th", "19th c-print", "early", "no later", "12/34",
    ],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text) == ([], text)


def test_a_circa_does_not_make_a_century_of_what_precedes_it() -> None:
    (date,), rest = find_dates("the 4th c. 1650")
    assert (date.span, rest.strip()) == ((1650, 1650), "the 4th")


@pytest.mark.parametrize(
    ("text", "span", "words"),
    [
        ("harbour -1880s", (1880, 1889), ["harbour"]),
        ('harbour -"19th century"', (1801, 1900), ["harbour"]),
        ('harbour −"19th century"', (1801, 1900), ["harbour"]),
        ("harbour -19th-century", (1801, 1900), ["harbour"]),
        ("-17th  Century harbour", (1601, 1700), ["harbour"]),
        ("harbour -before 1900 boats", (EARLIEST, 1899), ["harbour", "boats"]),
        ("harbour -c. 1885", (1885, 1885), ["harbour"]),
        ("harbour −1885, boats", (1885, 1885), ["harbour", "boats"]),
        ('-"harbour of the 1880s" boats', None, ["boats"]),
        ("-1880s-style boats", None, ["boats"]),
        ("-1885/boats", None, []),
    ],
)
def test_a_date_may_be_excluded(text: str, span: Span | None, words: list[str]) -> None:
    question = understand(text)
    assert [unwanted.span for unwanted in question.excluded] == [span]
    assert [wish.text for wish in question.wishes] == words == list(question.words)
    assert question.wanted.replace(",", "").split() == words


def test_a_date_beside_an_excluded_one_is_no_range_with_it() -> None:
    question = understand("19th century -1880s")
    assert [wish.span for wish in question.wishes] == [(1801, 1900)]
    assert [unwanted.span for unwanted in question.excluded] == [(1880, 1889)]


@pytest.mark.parametrize(
    "piece",
    ["1850-", "1/", "12-34/5 ", "the about c. ", "c.", "early mid-", "first half of the ", "xvi-", "1850 - ", "-1"],
)
def test_digits_slashes_and_dashes_are_read_at_once(piece: str) -> None:
    text = piece * (20_000 // len(piece))  # takes minutes, if more than a few places are tried for each
    assert len(understand(text).text) == len(text)
