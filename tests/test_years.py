"""What `year_range` reads in the dates of museums."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.years import year_range


@pytest.mark.parametrize(
    ("text", "years"),
    [
        # one year
        ("1893", (1893, 1893)),
        ("c. 1885", (1885, 1885)),
        ("c.1800", (1800, 1800)),
        ("Ca. 1604", (1604, 1604)),
        ("circa 1600 ", (1600, 1600)),
        ("?c.1785", (1785, 1785)),
        ("[1850?]", (1850, 1850)),
        ("March 1871", (1871, 1871)),
        ("8 June 1865", (1865, 1865)),
        ("June 8, 1865", (1865, 1865)),
        ("1776 (July 4)", (1776, 1776)),
        ("06/08/1865", (1865, 1865)),
        ("1865-06-08", (1865, 1865)),
        ("1865-06-08T12:30:00Z", (1865, 1865)),
        ("dated 1661", (1661, 1661)),
        ("World War II, 1944", (1944, 1944)),
        # ranges, whole and abbreviated
        ("between 1546 and 1547 ", (1546, 1547)),
        ("from 1606 until 1627", (1606, 1627)),
        ("1880-1", (1880, 1881)),
        ("1880–85", (1880, 1885)),
        ("1797–1801", (1797, 1801)),
        ("1607/8", (1607, 1608)),
        ("1860 or 63", (1860, 1863)),
        ("1957–c.66", (1957, 1966)),
        ("1924–5–c.1937", (1924, 1937)),
        ("1480-520", (1480, 1520)),
        ("c. 1608-1653", (1608, 1653)),
        ("c. 1880-c. 1889", (1880, 1889)),
        ("May 1963-June 1963", (1963, 1963)),
        ("January 5-8, 1865", (1865, 1865)),
        ("1982,1993", (1982, 1993)),
        ("1995–6, 2007", (1995, 2007)),
        ("1828 (or 1836)", (1828, 1836)),
        ("1850-1840", (1840, 1850)),
        ("1898-02", (1898, 1898)),
        ("after 1700 and before 1720", (1700, 1720)),
        # decades
        ("1880s", (1880, 1889)),
        ("1920's", (1920, 1929)),
        ("c.1840s", (1840, 1849)),
        ("1940s-1950s", (1940, 1959)),
        ("1930s-40s", (1930, 1949)),
        ("1800s", (1800, 1899)),
        ("430s BCE", (-438, -429)),
        ("early 1840s", (1840, 1843)),
        ("mid 1830s", (1833, 1836)),
        ("late 1960s–early 1970s", (1966, 1973)),
        # centuries and millennia
        ("17th century", (1601, 1700)),
        ("19 century", (1801, 1900)),
        ("19th-20th century", (1801, 2000)),
        ("16th/17th century", (1501, 1700)),
        ("16th to the 17th century", (1501, 1700)),
        ("19th–20th c.", (1801, 2000)),
        ("late 18th C", (1767, 1800)),
        ("early 15th century ", (1401, 1434)),
        ("mid-18th century", (1734, 1767)),
        ("mid- to late 19th century", (1834, 1900)),
        ("late 19th–early 20th century", (1867, 1934)),
        ("First Half of the XVII Century", (1601, 1650)),
        ("second half 18th century", (1751, 1800)),
        ("1st half of the 3rd century", (201, 250)),
        ("second quarter of the 16th century", (1526, 1550)),
        ("last third of the 18th century", (1767, 1800)),
        ("third quarter of the 3rd century BCE", (-249, -225)),
        ("end of the 16th century", (1567, 1600)),
        ("XVIe siècle", (1501, 1600)),
        ("17. Jahrhundert", (1601, 1700)),
        ("Louis XIV 18th century", (1701, 1800)),
        ("2nd millennium BCE", (-1999, -1000)),
        ("6th–5th millennium BC", (-5999, -4000)),
        # before the Common Era, and its first years
        ("late 5th century BCE", (-433, -400)),
        ("5th century B.C.", (-499, -400)),
        ("5th-4th c. BCE", (-499, -300)),
        ("3rd-2nd century BCE", (-299, -100)),
        ("2nd-4th century CE", (101, 400)),
        ("1st–2nd century A.D.", (1, 200)),
        ("1st century BCE–1st century CE", (-99, 100)),
        ("27 BCE-14 CE", (-26, 14)),
        ("500-450 BCE", (-499, -449)),
        ("120-80 B.C.", (-119, -79)),
        ("c. 2500–2350 B.C.E.", (-2499, -2349)),
        ("25,000 BCE", (-24999, -24999)),
        ("AD 79", (79, 79)),
        ("A.D. 100–150", (100, 150)),
        ("79 CE", (79, 79)),
        # named periods
        ("Ming dynasty, 1368-1644", (1368, 1644)),
        ("Shōwa period, circa 1984-1986", (1984, 1986)),
        ("Edo period (1615–1868)", (1615, 1868)),
        ("Edo period (1615–1868), early 19th century", (1801, 1834)),
        ("Qing dynasty (1644–1911), Kangxi period (1662–1722)", (1662, 1722)),
        ("Eastern Han dynasty, 25-220", (25, 220)),
        ("Han dynasty, 206 BCE-220 CE", (-205, 220)),
        ("New Kingdom, Dynasty 18, reign of Hatshepsut, ca. 1479–1458 B.C.", (-1478, -1457)),
        # the making, not what came later
        ("1996, printed 2003", (1996, 1996)),
        ("1891, cast 1925", (1891, 1891)),
        ("1829, exhibited 1831", (1829, 1829)),
        ("1962, printed after 1971", (1962, 1962)),
        ("published 1881", (1881, 1881)),
        ("first published 1830, reprinted 1993", (1830, 1830)),
        # other calendars
        ("AH 1250/1834-35 CE", (1834, 1835)),
        ("dated A.H. 1016 (1607–8)", (1607, 1608)),
    ],
)
def test_reads_the_years_a_date_names(text: str, years: tuple[int, int]) -> None:
    assert year_range(text) == years


@pytest.mark.parametrize(
    "text",
    [
        None, "", "date not known", "no date", "n.d.", "undated", "Ming dynasty", "century", "early", "BCE",
        "first half", "before 1900", "after c.1830", "by 1850", "until 1627", "A.H. 1250", "10,000 BP",
        "3000 years ago", "No. 12345", "8 June", "12", "0", "0th century", "99th century", "9999", "Louis XIV",
        "²", "٣", "1" * 400, "5 x 7 cm",
    ],
)  # fmt: skip
def test_invents_nothing(text: str | None) -> None:
    assert year_range(text) is None


def test_part_of_a_single_year_is_that_year() -> None:
    assert year_range("late 1893") == (1893, 1893)
    assert year_range("first half 1893") == (1893, 1893)


@given(st.text(alphabet="0123456789stndrth-–/,;()?'. abcdeilmxvy²", max_size=60) | st.text(max_size=80))
def test_any_text_gives_an_ordered_range_or_none(text: str) -> None:
    years = year_range(text)
    assert years is None or -300_000 <= years[0] <= years[1] <= 3000


@pytest.mark.parametrize("text", ["1880-" * 100_000, "(" * 300_000, "9" * 300_000, "early " * 100_000, "b." * 200_000])
def test_time_does_not_grow_with_nonsense(text: str) -> None:
    start = time.perf_counter()
    year_range(text)
    assert time.perf_counter() - start < 0.5
