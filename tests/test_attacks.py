"""What a reviewer with bad intentions tries on a service at a public address, each in many forms."""

import io
import struct
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import Signer
from PIL import Image
from werkzeug.test import TestResponse

from app import RESOURCES, create_app
from app.config import Settings
from app.headers import HEADERS
from app.visitor import COOKIE
from tests.page import HTML
from tests.serving import Server, served
from tests.test_faults import heard, upload

OUTSIDE = ("/etc/passwd", "etc/passwd", "app/config.py", "var/secret_key", "manifest.json", "current/manifest.json")
CLIMBS = ("../", "..%2f", "..%252f", "..\\", "..%5c", "%2e%2e/", "....//", "/", "//", "%00", "./../")
ADDRESSES = ("/", "/search?q=vase", "/similar?id=blue-vase&method=pixels", "/artworks/blue-vase", "/likes", "/api")


def refused(answer: TestResponse) -> bool:
    """Whether an answer is an error of ours, that tells nothing."""
    return 400 <= answer.status_code < 500 and "Traceback" not in answer.text and "root:" not in answer.text


@pytest.mark.parametrize("begin", ["/images/", "/artworks/", "/static/", "/similar?id=", "/similar?picture="])
def test_no_path_from_a_request_reaches_the_file_system(client: FlaskClient, begin: str) -> None:
    for climb in CLIMBS:
        for depth in (1, 3, 8):
            for outside in OUTSIDE:
                assert refused(client.get(begin + climb * depth + outside)), begin + climb * depth + outside


def test_no_file_name_of_an_upload_reaches_the_file_system(client: FlaskClient, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.rglob("*"))
    for climb in CLIMBS:
        picture = io.BytesIO()
        Image.new("RGB", (40, 40), "#446688").save(picture, "PNG")
        picture.seek(0)
        answer = client.post("/similar", data={"image": (picture, climb * 5 + "evil.png"), "method": "pixels"})
        assert answer.status_code == 200
    after = sorted(path.name for path in tmp_path.rglob("*"))
    assert [name for name in after if name not in before and not name.startswith("likes.sqlite")] == []


@pytest.mark.parametrize("name", ["q", "artist", "next", "id", "method", "name", "size", "v"])
def test_nothing_sent_becomes_a_header(client: FlaskClient, name: str) -> None:
    for value in (
        "a\r\nX-Evil: 1",
        "a\nSet-Cookie: evil=1",
        "a%0d%0aX-Evil:1",
        "\r\n\r\n<b>",
        "a\x00b",
        "\u560d\u560a",
    ):
        for address in ("/search", "/similar", "/recommend", "/images/blue-vase", "/suggest", "/likes/file"):
            answer = client.get(address, query_string={name: value}, headers=HTML, buffered=True)
            assert "X-Evil" not in answer.headers
            assert "evil" not in answer.headers.get("Set-Cookie", "")
            assert answer.status_code < 500


@pytest.fixture(scope="module")
def server(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(collection, tmp_path_factory.mktemp("attacked")) as server:
        yield server


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET /search HTTP/1.1\r\nHost: x\r\nX-A: a\r\n b\r\n\r\n",  # a folded header
        b"GET /search HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /search HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"GET /search HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /search HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n",
        b"GET /search HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n",
        b"GET " + b"/" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /search?" + b"a=b&" * 5_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + b"\r\n\r\n",  # TLS to a port that speaks none
    ],
    ids=range(11),
)
def test_what_is_no_proper_request_is_refused_by_the_server(server: Server, request_head: bytes) -> None:
    status = int(heard(server.say(request_head)).split(b" ")[1])
    assert 400 <= status < 600
    assert status != 500
    assert server.ask("/search?q=vase").status == 200


def test_connections_that_begin_and_fall_silent_hold_up_nobody(server: Server) -> None:
    slow = [server.say(b"GET /search HTTP/1.1\r\nHost: x\r\nX-Slow: ") for _ in range(100)]
    try:
        assert {server.ask("/search?q=vase").status for _ in range(10)} == {200}
    finally:
        for connection in slow:
            connection.close()


def test_a_forged_cookie_is_nobody(client: FlaskClient, app: Flask) -> None:
    client.post("/likes", json={"id": "blue-vase", "value": "like"})
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    visitor, _, signature = cookie.value.rpartition(".")
    flipped = [visitor + "." + signature[:n] + ("A" if signature[n] != "A" else "B") + signature[n + 1 :]
               for n in range(len(signature) - 1)]  # fmt: skip
    keys = ("", "vitrine", "secret", "of the tests ", "visitor")
    signed = [Signer(key, salt=salt).sign(visitor).decode() for key in keys for salt in ("visitor", "form", "")]
    wrong_salt = [Signer("of the tests", salt=salt).sign(visitor).decode() for salt in ("form", "itsdangerous.Signer")]
    forged = [visitor, visitor + ".", "." + signature, signature, cookie.value + "A", *flipped, *signed, *wrong_salt]
    for value in forged:
        other = app.test_client()
        other.set_cookie(COOKIE, value)
        assert other.get("/likes").json == {"likes": [], "dislikes": [], "gone": []}, value


def test_no_state_changes_by_get(client: FlaskClient) -> None:
    client.post("/likes", json={"id": "blue-vase", "value": "like"})
    client.post("/shown", json={"id": ["red-tile"]})
    before = (client.get("/likes").json, client.get("/shown").json)
    for address in RESOURCES:
        path = address.replace("<work_id>", "blue-vase")
        for change in ("", "?value=clear", "?value=none&id=blue-vase", "?id=red-vase&value=like", "?_method=DELETE"):
            for method in ("GET", "HEAD", "OPTIONS"):
                client.open(path + change, method=method, headers={"X-HTTP-Method-Override": "DELETE"}, buffered=True)
    assert (client.get("/likes").json, client.get("/shown").json) == before


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "a@evil.example", "evil.example#", "127.0.0.1.evil.example"]
)
def test_no_answer_depends_on_the_host_that_is_named(client: FlaskClient, host: str) -> None:
    given = {"Host": host, "X-Forwarded-Host": host, "Forwarded": f"host={host}", "X-Original-URL": f"//{host}/"}
    for accept in ("text/html", "application/json"):
        for address in (*ADDRESSES, "/search/", "/nowhere", "/search?q=vase&format=csv", "/likes/file"):
            answer = client.get(address, headers=given | {"Accept": accept})
            assert "evil" not in answer.text.replace("Devil", ""), address
            assert "evil" not in str(answer.headers)
            assert answer.status_code in (200, 400, 404, 409)


def test_no_redirect_leads_to_the_host_that_is_named(server: Server) -> None:
    for path in (b"//search", b"//evil.example/search", b"/search//", b"/./search", b"http://evil.example/search/"):
        answer = heard(server.say(b"GET " + path + b" HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
        assert answer.split(b" ")[1] in (b"200", b"404")
        assert b"Location" not in answer


def test_a_cache_can_tell_the_answers_apart(client: FlaskClient) -> None:
    for address in (*ADDRESSES, "/suggest?q=v", "/nowhere", "/search?page=0"):
        kinds = {
            accept: client.get(address, headers={"Accept": accept}) for accept in ("text/html", "application/json")
        }
        assert len({answer.mimetype for answer in kinds.values()}) == 2
        for answer in kinds.values():
            assert "Accept" in [name.strip() for name in answer.headers["Vary"].split(",")]
            if "Set-Cookie" in answer.headers or answer.status_code >= 400:
                assert {"private", "no-store"} & set(answer.headers["Cache-Control"].split(", "))


def test_every_address_and_error_carries_the_headers(app: Flask) -> None:
    client = app.test_client()
    addresses = [address.replace("<work_id>", "blue-vase") for address in RESOURCES]
    wrong = ["/nowhere", "/search?page=0", "/artworks/none", "/static/vitrine.css", "/static/none", "//", "/search/"]
    for method in ("GET", "POST", "DELETE", "OPTIONS", "PUT", "TRACE"):
        for address in (*addresses, *wrong):
            for accept in ("text/html", "application/json"):
                answer = client.open(address, method=method, headers={"Accept": accept}, buffered=True)
                assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, (method, address)
                assert answer.headers["Cross-Origin-Resource-Policy"] in ("same-origin", "same-site")
                assert "Strict-Transport-Security" not in answer.headers
                assert answer.headers["X-Request-ID"]


def test_https_is_asked_for_where_the_setting_says_so(collection: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'likes.sqlite'}"
    app = create_app(Settings(indexes=collection, database_url=url, secret_key="s", hsts_seconds=600))
    assert app.test_client().get("/nowhere").headers["Strict-Transport-Security"] == "max-age=600"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that says it has so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(bytes(5_000_000), 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height"), [(60_000, 60_000), (2**31 - 1, 2**31 - 1), (50_000_001, 1), (7_100, 7_100)]
)
def test_a_decompression_bomb_is_refused_by_its_header(client: FlaskClient, width: int, height: int) -> None:
    data = {"image": (io.BytesIO(bomb(width, height)), "a.png"), "method": "pixels"}
    answer = client.post("/similar", data=data)
    assert answer.status_code in (413, 415)
    assert answer.get_json()["error"]["field"] == "image"


def test_bombs_of_other_kinds_end_as_a_sentence(client: FlaskClient) -> None:
    for kind, beginning in (
        ("gzip", b"\x1f\x8b\x08"),
        ("zip", b"PK\x03\x04"),
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'>"),
    ):
        data = {"image": (io.BytesIO(beginning + bytes(1_000)), f"a.{kind}"), "method": "pixels"}
        assert client.post("/similar", data=data).status_code == 415
    deep = b'{"likes": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    for address in ("/likes/file", "/likes", "/shown"):
        assert client.post(address, data=deep, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    "text",
    ["a" * 500, "a " * 250, '"' * 500, "-" * 500, "- " * 250, '"a ' * 166, "((((" * 125, "a-" * 250, "1" * 500,
     "1800-" * 100, "before " * 71, "not " * 125, "é" * 500, "\u0301" * 500, "🎨" * 500, "İ" * 500, "ﷺ" * 500,
     "x" * 250 + "!" * 250, "a*" * 250, "between 1 and " * 35, "  " * 250, "ß" * 500],
    ids=range(22),
)  # fmt: skip
def test_no_text_keeps_a_search_busy(client: FlaskClient, text: str) -> None:
    start = time.thread_time()
    for address in ("/search", "/suggest"):
        assert client.get(address, query_string={"q": text[:500]}).status_code == 200
    assert client.get("/search", query_string={"name": text[:500], "accession": text[:500]}).status_code == 200
    assert time.thread_time() - start < 5  # seconds of the processor; what grows by powers takes hours


def test_oversized_queries_and_forms_are_refused(client: FlaskClient) -> None:
    assert refused(client.get("/search?q=" + "a" * 60_000))
    assert refused(client.get("/search?" + "&".join(f"artist={n}" for n in range(5_000))))
    assert client.get("/search?" + "&".join(f"unknown{n}=1" for n in range(5_000))).status_code == 200
    for address in ("/likes", "/shown", "/forget", "/likes/file"):
        assert client.post(address, data={"id": "a" * 3_000_000}).status_code == 413
        assert client.post(address, data={f"f{n}": "1" for n in range(200_000)}).status_code == 413
        long = b'{"id": "' + b"a" * 3_000_000 + b'"}'
        assert client.post(address, data=long, content_type="application/json").status_code == 413
        parts = b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(2_000))
        answer = client.post(address, data=parts + b"--x--\r\n", content_type="multipart/form-data; boundary=x")
        assert answer.status_code == 413
    body = upload(20_600_000)[1]
    answer = client.post("/similar", data=body, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, answer.get_json()["error"]["message"]) == (
        413, "image: the upload is too large; at most 20 MB are taken",
    )  # fmt: skip


def test_no_address_of_a_visitor_is_fetched(client: FlaskClient) -> None:
    for name in ("url", "image_url", "image", "id", "picture", "q"):
        for address in ("http://127.0.0.1:1/", "file:///etc/passwd", "gopher://x", "//169.254.169.254/latest"):
            with suppress(KeyError):
                answer = client.post("/similar", data={name: address})
                assert refused(answer)
            assert client.get("/similar", query_string={name: address}).status_code in (400, 404)
