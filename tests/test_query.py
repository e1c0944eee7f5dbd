from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from app.errors import Problem
from app.query import RecommendQuery, SearchQuery, SimilarQuery, artwork_url, image_url, similar_url
from indexes.facets import Filters


def read(*pairs: tuple[str, str]) -> SearchQuery:
    return SearchQuery.read(MultiDict(pairs))


def test_nothing_given_is_the_default() -> None:
    assert read() == SearchQuery()
    assert read(("q", "  "), ("page", ""), ("mode", ""), ("artist", "")) == SearchQuery()
    assert read(("unknown", "x")) == SearchQuery()


def test_parameters_are_read() -> None:
    query = read(
        ("q", " blue vase "), ("artist", "A"), ("artist", "B"), ("artist", "A"), ("genre", "print"), ("page", "3")
    )
    assert query == SearchQuery(q="blue vase", artist=("A", "B"), genre=("print",), page=3)
    assert query.filters == Filters(artist=("A", "B"), genre=("print",))
    assert query.offset == 24


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("page", "0", "page: must be 1 or more"),
        ("page", "-1", "page: must be 1 or more"),
        ("page", "two", "page: must be 1 or more"),
        ("page", "1.5", "page: must be 1 or more"),
        ("page", "９", "page: must be 1 or more"),
        ("page", "-" + "9" * 5000, "page: must be 1 or more"),
        ("page", "9" * 5000, "page: must be at most 1,000,000"),
        ("page", "1000001", "page: must be at most 1,000,000"),
        ("size", "101", "size: must be between 1 and 100"),
        ("mode", "x", "mode: must be one of hybrid, keyword, visual"),
        ("sort", "Title", "sort: must be one of relevance, popular, rare, title, date"),
        ("q", "a" * 501, "q: must be at most 500 characters"),
        ("genre", "a" * 501, "genre: must be at most 500 characters"),
    ],
)
def test_bad_values_name_the_field_and_the_limit(name: str, value: str, message: str) -> None:
    with pytest.raises(Problem) as caught:
        read((name, value))
    assert (caught.value.status, caught.value.field, caught.value.message) == (400, name, message)


def test_too_many_values_of_a_facet() -> None:
    with pytest.raises(Problem, match="artist: may be given at most 50 times"):
        read(*[("artist", str(n)) for n in range(51)])


@pytest.mark.parametrize(
    "query",
    [
        SearchQuery(),
        SearchQuery(q="blue & green=50% #1", artist=("Ōkyo", "a,b"), mode="keyword", sort="date", page=2, size=5),
        SearchQuery(name="a b.jpg"),
    ],
)
def test_the_address_of_a_question_asks_it(query: SearchQuery) -> None:
    parts = urlsplit(query.url())
    assert parts.path == "/search"
    pairs = [(name, value) for name, values in parse_qs(parts.query).items() for value in values]
    assert SearchQuery.read(MultiDict(pairs)) == query


def test_addresses_leave_out_what_is_at_its_default() -> None:
    assert SearchQuery().url() == "/search"
    assert SimilarQuery(id="1", method="pixels").url(page=2) == "/similar?id=1&method=pixels&page=2"
    assert RecommendQuery(strategy="mean").url() == "/recommend"


def test_toggling_adds_and_takes_away_and_starts_at_the_first_page() -> None:
    query = SearchQuery(q="x", genre=("print",), page=4)
    assert query.toggle("genre", "print") == "/search?q=x"
    assert query.toggle("genre", "map") == "/search?q=x&genre=print&genre=map"
    assert query.toggle("artist", "A") == "/search?q=x&artist=A&genre=print"


def test_many_values_are_toggled_as_each_alone() -> None:
    values = ["print", "%00", "a&b=c", "Dürer, “A”", "50 %", "+"]
    for query in (SearchQuery(q="100 %00", genre=("print",), page=4), SimilarQuery(id="%00/x"), SearchQuery()):
        assert query.toggles("genre", values) == {value: query.toggle("genre", value) for value in values}


@pytest.mark.parametrize(("page", "total", "before"), [(1, 30, None), (3, 30, 2), (99, 30, 3), (99, 24, 2), (2, 0, 1)])
def test_the_page_before_is_one_that_has_results(page: int, total: int, before: int | None) -> None:
    assert SearchQuery(page=page).before(total) == before


def test_ids_are_quoted_in_addresses() -> None:
    assert artwork_url("a?b#c ü") == "/artworks/a%3Fb%23c%20%C3%BC"
    assert image_url("1", "ab" * 32, 1200) == "/images/1?v=abababab&size=1200"
    assert similar_url("a?b#c ü") == SimilarQuery(id="a?b#c ü").url()
