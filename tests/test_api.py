"""The contract: what every address answers, in form and status, as JSON; the same with and without Flask's TESTING."""

from pathlib import Path

import pytest
from flask import Flask

from app import RESOURCES, create_app
from app.config import Settings
from app.errors import Problem
from tests.small_release import release_of, titled

PAGE = {"query", "total", "page", "size", "next", "prev", "corrected", "facets", "results"}
HIT = {
    "id", "title", "artist", "date", "medium", "genre", "collection", "accession", "image_name", "score", "liked",
    "same_work", "why", "image", "page", "museum_page", "alt",
}  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["/search", "/search?q=blue", "/search?genre=vase&sort=date", "/similar?id=blue-vase&method=pixels"],
)
def test_a_result_page(app: Flask, address: str) -> None:
    body = app.test_client().get(address).get_json()
    assert set(body) >= PAGE
    assert body["results"]
    for hit in body["results"]:
        assert set(hit) >= HIT
        assert not [name for name, value in hit.items() if value in ("", "nan", "None")]
    for values in body["facets"].values():
        for value in values:
            assert set(value) == {"value", "count", "selected", "toggle"}


def test_counts_follow_the_facet_rules(app: Flask) -> None:
    client = app.test_client()
    free = client.get("/search").get_json()["facets"]
    vases = client.get("/search?genre=vase").get_json()
    assert vases["facets"]["genre"] == [
        value | {"selected": value["value"] == "vase", "toggle": found["toggle"]}
        for found in vases["facets"]["genre"]
        for value in free["genre"]
        if value["value"] == found["value"]
    ]  # its own filter does not shrink a facet's counts
    assert {value["value"]: value["count"] for value in vases["facets"]["artist"]} == {"Ion Petrescu": 4}
    none = client.get("/search?genre=vase&artist=Nobody").get_json()
    assert [v for v in none["facets"]["artist"] if v["selected"]] == [
        {"value": "Nobody", "count": 0, "selected": True, "toggle": "/search?genre=vase"}
    ]
    assert none["note"]


def test_paging_reaches_every_work_once(app: Flask) -> None:
    client, address, seen = app.test_client(), "/search?size=7", []
    while address:
        body = client.get(address).get_json()
        seen += [hit["id"] for hit in body["results"]]
        address = body["next"]
    assert len(seen) == len(set(seen)) == body["total"] == 24


@pytest.mark.parametrize("name", ["Photo 01.jpg", "photo 01", "PHOTO 01.JPG"])
def test_an_image_name_wins_over_the_other_fields(app: Flask, name: str) -> None:
    answer = app.test_client().get("/search", query_string={"name": name, "q": "tile", "genre": "tile"}).get_json()
    assert [hit["id"] for hit in answer["results"]] == ["blue-portrait"]


@pytest.mark.parametrize("testing", [True, False])
@pytest.mark.parametrize(
    ("method", "address", "status", "field"),
    [
        ("GET", "/search?page=0", 400, "page"),
        ("GET", "/search?size=101", 400, "size"),
        ("GET", "/artworks/none-such", 404, "id"),
        ("GET", "/images/none-such", 404, "id"),
        ("GET", "/images/unseen", 404, None),
        ("GET", "/none-such", 404, None),
        ("GET", "/recommend", 409, None),
        ("PUT", "/search", 405, None),
    ],
)
def test_errors_have_one_shape(
    app: Flask, testing: bool, method: str, address: str, status: int, field: str | None
) -> None:
    app.testing = testing
    answer = app.test_client().open(address, method=method)
    assert answer.status_code == status
    assert set(answer.get_json()) == {"error"}
    assert set(answer.get_json()["error"]) == {"status", "field", "message"}
    assert answer.get_json()["error"]["field"] == field


def test_what_goes_wrong_with_us_is_said_without_its_details(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret path /srv/x")

    monkeypatch.setattr("app.resources.search.search", broken)
    answer = app.test_client().get("/search")
    assert answer.status_code == 500
    assert "secret" not in answer.text


def test_before_the_first_release(tmp_path: Path) -> None:
    settings = Settings(indexes=tmp_path / "none", database_url=f"sqlite:///{tmp_path / 'l'}", secret_key="x")
    client = create_app(settings).test_client()
    assert client.get("/healthz").status_code == 200
    for address in ("/", "/search", "/readyz"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "python -m pipeline build sample" in answer.get_json()["error"]["message"]
    release_of(tmp_path / "none", titled("One"))
    assert client.get("/readyz").status_code == 200


def test_a_browser_gets_pages_and_anything_else_json(app: Flask) -> None:
    client = app.test_client()
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert client.get("/search", headers=browser).mimetype == "text/html"
    assert client.get("/none-such", headers=browser).mimetype == "text/html"
    for accept in ("*/*", "application/json", ""):
        assert client.get("/search", headers={"Accept": accept}).mimetype == "application/json"
    assert "Accept" in client.get("/search").headers["Vary"]


def test_pictures_are_kept_by_the_browser_for_as_long_as_they_are_the_same(app: Flask) -> None:
    client = app.test_client()
    hit = client.get("/artworks/blue-panorama").get_json()
    first = client.get(hit["image"], buffered=True)
    assert first.mimetype == "image/jpeg"
    assert "immutable" in first.headers["Cache-Control"]
    again = client.get(hit["image"], headers={"If-None-Match": first.headers["ETag"]}, buffered=True)
    assert again.status_code == 304
    assert "immutable" not in client.get("/images/blue-panorama", buffered=True).headers["Cache-Control"]
    assert len(client.get(hit["image_large"], buffered=True).data) > len(first.data)


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_an_answer_that_has_not_changed_is_not_sent_again(app: Flask, accept: str, encoding: str) -> None:
    client = app.test_client()
    asked = {"Accept": accept, "Accept-Encoding": encoding}
    client.get("/search?q=vase", headers=asked)  # a page gives the visitor a cookie, and its form a token
    first = client.get("/search?q=vase", headers=asked)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = client.get("/search?q=vase", headers=asked | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    client.post("/likes", json={"id": "blue-vase", "value": "like"})
    changed = client.get("/search?q=vase", headers=asked | {"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, bool(changed.data)) == (200, True)


def test_openapi_describes_every_address(app: Flask) -> None:
    description = app.test_client().get("/openapi.json").get_json()
    described = {address.replace("{", "<").replace("}", ">") for address in description["paths"]}
    assert described == set(RESOURCES)
    names = {parameter["name"] for parameter in description["paths"]["/search"]["get"]["parameters"]}
    assert names >= {"q", "name", "accession", "artist", "collection", "genre", "mode", "sort", "page", "size"}


def test_metrics_count_requests_by_address(app: Flask) -> None:
    client = app.test_client()
    client.get("/artworks/blue-vase")
    text = client.get("/metrics").text
    assert 'vitrine_requests_total{address="/artworks/<work_id>",method="GET",status="200"}' in text
    assert "vitrine_release_works 24.0" in text


def test_a_problem_names_its_field() -> None:
    assert Problem(400, "page: must be 1 or more", "page").field == "page"
