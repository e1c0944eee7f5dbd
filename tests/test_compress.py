"""Answers as gzip."""

import gzip

import pytest
from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("address", ["/search", "/artworks/blue-vase", "/static/vitrine.css", "/static/vitrine.js"])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_text_is_sent_as_gzip_and_is_the_same(client: FlaskClient, address: str, accept: str) -> None:
    client.get("/", headers=HTML)  # the visitor's cookie: without it every page has another form token
    with (
        client.get(address, headers={"Accept": accept}) as plain,
        client.get(address, headers={"Accept": accept, "Accept-Encoding": "gzip"}) as packed,
    ):
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data) / 2


@pytest.mark.parametrize("address", ["/images/blue-vase", "/search?format=csv", "/healthz"])
def test_pictures_streams_and_short_answers_go_as_they_are(client: FlaskClient, address: str) -> None:
    with client.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
        assert "Content-Encoding" not in answer.headers


def test_an_error_goes_as_it_is(client: FlaskClient) -> None:
    answer = client.get("/none-such", headers=HTML | {"Accept-Encoding": "gzip"})
    assert answer.status_code == 404
    assert "Content-Encoding" not in answer.headers


def test_a_kept_stylesheet_is_not_sent_again(client: FlaskClient) -> None:
    address, headers = "/static/vitrine.css", {"Accept-Encoding": "gzip"}
    with client.get(address, headers=headers) as first:
        known = {"If-None-Match": first.headers["ETag"]}
    with client.get(address, headers=headers | known) as again:
        assert again.status_code == 304
