"""`/search` and `/suggest` as they are asked over HTTP."""

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PAGE = {"Accept": "text/html"}


def ask(client: FlaskClient, **parameters: Any) -> dict[str, Any]:
    response = client.get("/search", query_string=parameters)
    assert response.status_code == 200, response.json
    body: dict[str, Any] | None = response.json
    assert body
    return body


def fetch(client: FlaskClient, address: str) -> dict[str, Any]:
    body: dict[str, Any] | None = client.get(address).json
    assert body
    return body


def ids(body: dict[str, Any]) -> list[str]:
    return [hit["id"] for hit in body["results"]]


def test_a_typing_error_is_corrected_and_said(client: FlaskClient) -> None:
    body = ask(client, q="portait lindqvist", mode="keyword")
    assert body["corrected"] == {"from": "portait", "to": "portrait"}
    assert body["understood"] == [["portrait", True], [" lindqvist", False]]
    assert {hit["artist"] for hit in body["results"][:3]} == {"Ada Lindqvist"}
    as_typed = fetch(client, body["as_typed"])
    assert as_typed["corrected"] is None
    assert as_typed["query"]["spelling"] == "typed"
    assert as_typed["note"] == "No work has “portait”; shown are works with the other words."


def test_a_word_that_exists_is_not_corrected(client: FlaskClient) -> None:
    body = ask(client, q="vase")
    assert (body["corrected"], body["understood"]) == (None, None)


def test_mended_words_are_told_apart_from_those_that_stay(client: FlaskClient) -> None:
    body = ask(client, q="Blue VSÁE, portait & vsáe", mode="keyword")
    assert body["understood"] == [
        ["Blue ", False],
        ["vase", True],
        [", ", False],
        ["portrait", True],
        [" & ", False],
        ["vase", True],
    ]
    apart = ask(client, q="blue vsa\u0301e", mode="keyword")
    assert apart["understood"] == [["blue ", False], ["vase", True]]


def test_results_say_why_and_where(client: FlaskClient) -> None:
    (hit,) = [hit for hit in ask(client, q="blue vases")["results"] if hit["id"] == "blue-vase"]
    assert hit["why"][0] == "title: Blue Vase"
    assert hit["marked"]["title"] == [["Blue", True], [" ", False], ["Vase", True]]


def test_paging_reaches_every_match_once(client: FlaskClient) -> None:
    body = ask(client, q="blue vase", mode="keyword", size=2)
    seen = ids(body)
    while body["next"]:
        body = fetch(client, body["next"])
        seen += ids(body)
    assert len(seen) == len(set(seen)) == body["total"]


def test_pages_are_pieces_of_one_order(client: FlaskClient) -> None:
    whole = ids(ask(client, q="blue seascape tile", mode="keyword", size=100))
    pages = [ids(ask(client, q="blue seascape tile", mode="keyword", size=3, page=page)) for page in (1, 2, 3)]
    assert [key for page in pages for key in page] == whole[:9]


def test_scores_fall(client: FlaskClient) -> None:
    scores = [hit["score"] for hit in ask(client, q="blue vase", size=100)["results"]]
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[-1] <= scores[0] <= 1


@pytest.mark.parametrize("sort", ["title", "date", "popular", "rare"])
def test_other_orders_hold_the_same_works(client: FlaskClient, sort: str) -> None:
    by_relevance, other = (ask(client, q="vase", sort=order, size=100) for order in ("relevance", sort))
    assert sorted(ids(by_relevance)) == sorted(ids(other))


def test_facets_count_all_matches(client: FlaskClient) -> None:
    body = ask(client, q="vase", mode="keyword", size=1)
    assert sum(value["count"] for value in body["facets"]["genre"]) == body["total"] == 4


@pytest.mark.parametrize("address", ["/search?", "/similar?id=untitled&", "/recommend?like=untitled&"])
def test_a_filter_is_spelt_as_the_collection_does(client: FlaskClient, address: str) -> None:
    body = fetch(client, f"{address}artist=ion+petrescu&genre=VASE&genre=vase")
    assert body["query"]["artist"] == ["Ion Petrescu"]
    assert [chosen["value"] for chosen in body["selected"]] == ["Ion Petrescu", "vase"]
    for facet, chosen in (("artist", "Ion Petrescu"), ("genre", "vase")):
        values = [value["value"] for value in body["facets"][facet]]
        assert len(values) == len({value.casefold() for value in values})
        assert [value["value"] for value in body["facets"][facet] if value["selected"]] == [chosen]
    left = fetch(client, body["selected"][1]["remove"])["selected"]
    assert [chosen["value"] for chosen in left] == ["Ion Petrescu"]


def test_nothing_found_says_which_filter_and_offers_the_nearest(client: FlaskClient) -> None:
    body = ask(client, q="vase", genre="tile")
    assert body["total"] == 0
    assert body["note"] == "4 works match, but none of them is of genre “tile”."
    assert body["nearest"] == {"sentence": "Search without the filter genre", "url": "/search?q=vase", "works": 4}


@pytest.mark.parametrize(
    ("parameters", "note", "nearest"),
    [
        ({"q": "zzzzzz"}, "No work has “zzzzzz”.", None),
        ({"q": '"vase blue"'}, "No work has “vase blue”, word for word.", "/search?q=vase+blue"),
        (
            {"q": '"vase blue" red'},
            "No work has “vase blue”, word for word, together with the rest.",
            "/search?q=vase+blue+red",
        ),
        ({"q": "before 1500 bc"}, "No work is of the time “before 1500 bc”.", None),
        ({"q": "vase 3000 bc"}, "No work that matches the rest is of the time “3000 bc”.", "/search?q=vase"),
        ({"q": "vase -vase"}, "Every match has “vase”, which you left out.", "/search?q=vase"),
        ({"q": "?!"}, "There is no word to search for in “?!”.", None),
        (
            {"q": "portait zzzzzz", "spelling": "typed"},
            "No work has “portait” or “zzzzzz”.",
            "/search?q=portait+zzzzzz",
        ),
        ({"name": "vase.jpg"}, "No image is called “vase.jpg”.", "/search?q=vase.jpg"),
        (
            {"accession": "1900.7", "genre": ["tile", "scroll"], "artist": "Mei Tanaka"},
            "1 work matches, but it is not of artist “Mei Tanaka” and of genre “tile” or “scroll”.",
            "/search?accession=1900.7",
        ),
        (
            {"q": "tile", "accession": "1900.7"},
            "No work that matches “tile” has the accession number “1900.7”.",
            "/search?accession=1900.7",
        ),
        (
            {"q": "tile", "accession": "1900"},
            "No work that matches “tile” has the accession number “1900”.",
            "/search?q=tile",
        ),
        ({"accession": "vase"}, "No work has the accession number “vase”.", "/search?q=vase"),
    ],
)
def test_nothing_found_says_why(
    client: FlaskClient, parameters: dict[str, Any], note: str, nearest: str | None
) -> None:
    body = ask(client, **parameters)
    assert (body["total"], body["note"]) == (0, note)
    assert (body["nearest"] or {}).get("url") == nearest


def test_words_and_an_accession_number_both_hold(client: FlaskClient) -> None:
    body = ask(client, q="blue", accession="1900.7")
    assert (ids(body), body["total"], body["query"]["q"]) == (["blue-vase"], 1, "blue")
    assert body["results"][0]["why"]
    assert sum(value["count"] for value in body["facets"]["genre"]) == 1
    assert "“blue”, accession number “1900.7”" in client.get("/search?q=blue&accession=1900.7", headers=PAGE).text


def test_beside_an_image_name_nothing_else_is_said_to_be_asked(client: FlaskClient) -> None:
    body = ask(client, name="Photo 01", q="tile", accession="1900.7", genre="tile")
    assert ids(body) == ["blue-portrait"]
    asked = body["query"]
    assert (asked["name"], asked["q"], asked["accession"], asked["genre"]) == ("Photo 01", None, None, [])
    assert body["selected"] == []


def test_the_mode_that_was_used_is_said(client: FlaskClient) -> None:
    body = ask(client, q="vase")
    assert body["query"]["used"] == "keyword"
    note = body["query"]["used_note"]
    assert note == "This collection has no pictures to match words with; the records were searched."
    assert body["note"] is None
    assert ask(client, q="vase", mode="visual")["note"] == note
    assert ask(client, q="vase", mode="keyword")["query"]["used_note"] is None


def test_suggestions(client: FlaskClient) -> None:
    body = fetch(client, "/suggest?q=tana")
    (suggestion,) = body["suggestions"]
    assert suggestion == {"text": "Mei Tanaka", "kind": "artist", "count": 6, "url": "/search?artist=Mei+Tanaka"}
    assert fetch(client, suggestion["url"])["total"] == 6
    (title,) = fetch(client, "/suggest?q=blue+va")["suggestions"]
    assert fetch(client, title["url"])["total"] == 1


def test_suggestions_without_javascript_are_options(client: FlaskClient) -> None:
    page = client.get("/suggest?q=vase", headers=PAGE)
    assert page.mimetype == "text/html"
    assert '<option value="Blue Vase">title, 1 work</option>' in page.text
    assert "<script" not in client.get("/suggest?size=100", headers=PAGE).text


def test_suggestions_check_their_parameters(client: FlaskClient) -> None:
    assert client.get("/suggest?size=0").status_code == 400
    assert client.get("/suggest?q=" + "a" * 501).status_code == 400


@pytest.mark.parametrize("address", ["/search", "/suggest"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_any_text_has_an_answer(client: FlaskClient, address: str, text: str) -> None:
    response = client.get(f"{address}?q={quote(text, errors='replace')}")
    assert response.status_code == 200


def test_ten_thousand_letters_are_refused_in_a_sentence(client: FlaskClient) -> None:
    response = client.get("/search?q=" + "a" * 10_000)
    assert response.status_code == 400
    assert (response.json or {})["error"]["message"] == "q: must be at most 500 characters"
