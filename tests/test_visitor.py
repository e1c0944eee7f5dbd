from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings
from app.likes import Likes
from app.visitor import COOKIE, Visitors
from tests.page import one, words

PAGE = {"Accept": "text/html"}


@pytest.fixture
def token(app: Flask, client: FlaskClient) -> Iterator[str]:
    """The token of the client's forms, once a page has made the client a visitor."""
    client.get("/", headers=PAGE)
    with app.test_request_context(headers={"Cookie": f"{COOKIE}={client.get_cookie(COOKIE).value}"}):  # type: ignore[union-attr]
        yield Visitors("of the tests", secure=False).form_token()


def liked(client: FlaskClient) -> list[str]:
    body = client.get("/likes").json
    assert body is not None
    return [hit["id"] for hit in body["likes"]]


def test_the_cookie_is_signed_and_kept_from_scripts_and_other_sites(client: FlaskClient) -> None:
    answer = client.get("/", headers=PAGE)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34560000"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in client.get("/", headers=PAGE).headers


def test_over_https_alone_where_the_site_is(collection: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'likes.sqlite'}"
    app = create_app(Settings(indexes=collection, database_url=url, secret_key="s", secure_cookies=True))
    assert "Secure" in app.test_client().get("/", headers=PAGE).headers["Set-Cookie"].split("; ")


def test_programs_need_no_page_and_no_token(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/search").headers
    answer = client.post("/likes", json={"id": "blue-vase", "value": "like"})
    assert (answer.json, len(answer.headers.getlist("Set-Cookie"))) == ({"id": "blue-vase", "value": "like"}, 1)
    assert liked(client) == ["blue-vase"]
    for slip in ("/likes?id=", "/likes?id=%20"):
        assert client.delete(slip).get_json()["error"]["message"] == "id: must not be blank, but may be left out"
    assert liked(client) == ["blue-vase"]
    assert client.delete("/likes?id=blue-vase").status_code == 200
    assert liked(client) == []


@pytest.mark.parametrize("cookie", ["", "forged.signature", "a" * 3000, "ann", "ü.x", "."])
def test_a_forged_cookie_starts_a_new_visitor(client: FlaskClient, app: Flask, cookie: str) -> None:
    client.post("/likes", json={"id": "blue-vase", "value": "like"})
    other = app.test_client()
    other.set_cookie(COOKIE, cookie)
    assert liked(other) == []
    assert other.post("/likes", json={"id": "red-tile", "value": "like"}).status_code == 200
    assert liked(other) == ["red-tile"]
    assert liked(client) == ["blue-vase"]


def test_a_cookie_of_another_service_is_foreign(client: FlaskClient, collection: Path, tmp_path: Path) -> None:
    client.post("/likes", json={"id": "blue-vase", "value": "like"})
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    url = f"sqlite:///{tmp_path / 'likes.sqlite'}"  # the same database, another key
    other = create_app(Settings(indexes=collection, database_url=url, secret_key="another")).test_client()
    other.set_cookie(COOKIE, cookie.value)
    assert liked(other) == []


def test_a_form_with_its_token_is_taken_and_sent_back(client: FlaskClient, token: str) -> None:
    form = {"id": "blue-vase", "value": "like", "csrf": token, "next": "/search?q=vase#work-blue-vase"}
    answer = client.post("/likes", data=form, headers=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/search?q=vase#work-blue-vase")
    assert liked(client) == ["blue-vase"]


@pytest.mark.parametrize("place", ["//elsewhere.org", "https://elsewhere.org", "/\\elsewhere.org", "/a\nb"])
def test_a_form_does_not_send_its_visitor_elsewhere(client: FlaskClient, token: str, place: str) -> None:
    form = {"id": "blue-vase", "value": "like", "csrf": token, "next": place}
    assert client.post("/likes", data=form, headers=PAGE).headers["Location"] == "/likes"


@pytest.mark.parametrize("address", ["/likes", "/likes/file", "/shown", "/forget"])
@pytest.mark.parametrize("sent", ["", "forged", "ü"])
def test_a_form_without_its_token_is_refused(client: FlaskClient, token: str, address: str, sent: str) -> None:
    client.post("/likes", json={"id": "blue-vase", "value": "like"})
    answer = client.post(address, data={"id": "red-tile", "value": "like", "csrf": sent})
    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["error"]["field"] == "csrf"
    text = '{"id": "red-tile", "value": "like"}'  # what another site's form can send
    assert client.post(address, data=text, content_type="text/plain").status_code == 403
    assert liked(client) == ["blue-vase"]


def test_the_token_of_one_visitor_does_not_serve_another(app: Flask, token: str) -> None:
    other = app.test_client()
    form = {"id": "blue-vase", "value": "like", "csrf": token}
    assert other.post("/likes", data=form).status_code == 403  # without cookie
    other.get("/", headers=PAGE)
    assert other.post("/likes", data=form).status_code == 403


@pytest.mark.parametrize("address", ["/likes", "/likes/file", "/shown", "/forget"])
def test_what_another_site_makes_a_browser_send_is_refused(client: FlaskClient, address: str) -> None:
    answer = client.post(address, json={"id": "blue-vase", "value": "like"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert client.delete("/likes", headers={"Sec-Fetch-Site": "same-site"}).status_code == 403


@pytest.mark.parametrize("said", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}])
@pytest.mark.parametrize("lost", [False, True])
def test_a_page_from_before_the_cookie_serves_where_the_browser_says_that_it_is_ours(
    client: FlaskClient, token: str, said: dict[str, str], lost: bool
) -> None:
    client.delete_cookie(COOKIE)
    if not lost:
        client.get("/", headers=PAGE)  # another page of a first visit, whose cookie stays
    form = {"id": "blue-vase", "value": "like", "csrf": token}
    assert client.post("/likes", data=form, headers=PAGE | said).status_code == 303
    assert liked(client) == ["blue-vase"]
    answer = client.post("/shown", data={"id": "red-vase", "next": "/recommend", "csrf": token}, headers=PAGE | said)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/recommend")
    assert client.get("/shown").json == {"shown": ["red-vase"]}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none", "Origin": "http://localhost"},
        {"Origin": "null"},
        {"Origin": "http://localhost.elsewhere.org"},
        {"Origin": "http://localhost:8080"},
        {"Origin": "https://localhost"},
    ],
)
def test_else_the_token_decides(client: FlaskClient, token: str, said: dict[str, str]) -> None:
    client.delete_cookie(COOKIE)
    client.get("/", headers=PAGE)
    form = {"id": "blue-vase", "value": "like", "csrf": token}
    assert client.post("/likes", data=form, headers=said).status_code == 403
    assert liked(client) == []


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("http://localhost/search?q=vase", "/search?q=vase"),
        ("http://localhost/", "/"),
        ("http://localhost//elsewhere.org/", None),
        ("http://localhost.elsewhere.org/", None),
        ("http://elsewhere.org/search", None),
        ("http://[", None),
        (None, None),
    ],
)
def test_a_form_that_is_refused_leads_back_to_its_page(
    client: FlaskClient, referrer: str | None, back: str | None
) -> None:
    answer = client.post("/shown", data={"id": "blue-vase"}, headers=PAGE | ({"Referer": referrer} if referrer else {}))
    assert answer.status_code == 403
    page = BeautifulSoup(answer.text, "html.parser")
    assert "csrf" not in words(one(page, "main"))
    assert "Open the page again" in words(one(page, ".trouble [role=alert]"))
    assert [link["href"] for link in page.select(".trouble a")] == [*([back] if back else []), "/"]


def test_forgetting_takes_everything(client: FlaskClient, token: str) -> None:
    client.post("/likes", json={"id": "blue-vase", "value": "like"})
    client.post("/shown", json={"id": ["red-tile"]})
    before = client.get_cookie(COOKIE)
    assert before is not None
    answer = client.post("/forget", data={"csrf": token}, headers=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert client.get_cookie(COOKIE) is None
    client.set_cookie(COOKIE, before.value)  # even where the browser keeps it
    assert liked(client) == []
    assert client.get("/shown").json == {"shown": []}


def test_export_and_import_keep_everything(client: FlaskClient, app: Flask) -> None:
    client.post("/likes", json={"id": "blue-vase", "value": "like"})
    client.post("/likes", json={"id": "red-tile", "value": "dislike"})
    client.post("/likes/file", json={"likes": [{"id": "gone", "title": "=Gone", "at": "2020-01-01T00:00:00Z"}]})
    for kind in ("json", "csv"):
        file = client.get(f"/likes/file?format={kind}")
        assert file.headers["Content-Disposition"] == f'attachment; filename="likes.{kind}"'
        other = app.test_client()
        other.get("/", headers=PAGE)
        cookie = other.get_cookie(COOKIE)
        assert cookie is not None
        with app.test_request_context(headers={"Cookie": f"{COOKIE}={cookie.value}"}):
            form_token = Visitors("of the tests", secure=False).form_token()
        form = {"csrf": form_token, "file": (BytesIO(file.data), f"likes.{kind}")}
        answer = other.post("/likes/file", data=form)
        assert answer.json == {"imported": 3}
        theirs, mine = other.get("/likes").json, client.get("/likes").json
        assert theirs is not None
        assert mine is not None
        assert [hit["id"] for hit in theirs["likes"]] == [hit["id"] for hit in mine["likes"]] == ["blue-vase"]
        assert [hit["id"] for hit in theirs["dislikes"]] == ["red-tile"]
        assert [(work["id"], work["value"]) for work in theirs["gone"]] == [("gone", "like")]


def test_a_page_asks_for_the_works_on_it_and_not_for_all(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    client.post("/likes", json={"id": "blue-vase", "value": "like"})
    client.post("/likes", json={"id": "red-vase", "value": "dislike"})
    monkeypatch.delattr(Likes, "all")
    for address in ("/search?genre=vase", "/similar?id=blue-vase&method=description", "/artworks/blue-vase", "/"):
        assert client.get(address, headers=PAGE).status_code == 200
    judged = {hit["id"]: (hit["liked"], hit["disliked"]) for hit in client.get("/search").get_json()["results"]}
    assert (judged["blue-vase"], judged["red-vase"]) == ((True, False), (False, True))
    work = client.get("/artworks/blue-vase").get_json()
    assert work["liked"]
    assert {hit["id"] for hit in work["by_artist"] if hit["disliked"]} == {"red-vase"}
    assert "<span data-liked>1</span>" in client.get("/", headers=PAGE).text


def test_a_visitor_who_judged_all_that_can_be_kept_is_told(
    client: FlaskClient, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.likes.MOST", 1)
    assert client.post("/likes", json={"id": "blue-vase", "value": "like"}).status_code == 200
    for answer in (
        client.post("/likes", json={"id": "red-vase", "value": "like"}),
        client.post("/likes/file", json=["red-vase"]),
    ):
        assert answer.status_code == 409
        message = answer.get_json()["error"]["message"]
        assert message.endswith("and this would be more. Nothing was changed; take some back first.")
    page = client.post("/likes", data={"id": "red-vase", "value": "like", "csrf": token}, headers=PAGE)
    assert (page.status_code, "<h1>So many likes</h1>" in page.text) == (409, True)
    assert liked(client) == ["blue-vase"]


def test_a_database_that_is_down_stops_hearts_but_no_search(collection: Path, tmp_path: Path) -> None:
    url = f"postgresql://vitrine@/postgres?host={tmp_path}"
    client = create_app(Settings(indexes=collection, database_url=url, secret_key="s")).test_client()
    client.get("/", headers=PAGE)  # a visitor, so that there would be likes to read
    for headers in (PAGE, {}):
        assert client.get("/search?q=vase", headers=headers).status_code == 200
    for answer in (client.get("/likes"), client.get("/recommend"), client.post("/likes", json={"id": "blue-vase"})):
        assert answer.status_code == 503
        assert answer.json is not None
        assert answer.json["error"]["message"].startswith("Likes cannot be reached just now.")


def test_unknown_works_and_values(client: FlaskClient) -> None:
    def status(address: str, **body: str) -> int:
        return client.post(address, json=body).status_code

    assert status("/likes", id="none-such", value="like") == 404
    assert status("/likes", id="none-such", value="none") == 200  # taking back what is not there, or is gone
    assert status("/likes", value="like") == 400
    assert status("/likes", id="blue-vase", value="love") == 400
    assert status("/shown", id="none-such") == 404
    assert status("/shown") == 400
    assert status("/likes", id="\ud800\0", value="none") == 200
    assert client.post("/likes", json=["blue-vase"]).status_code == 400
    assert client.post("/likes", json={"id": 7}).status_code == 400
