"""HTML in all that a visitor or a record can say stays text."""

import json
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.collection import HOSTILE
from tests.page import HTML

SCRIPTS = (
    HOSTILE, '"><img src=x onerror=alert(1)>', "'-alert(1)-'", "javascript:alert(1)", "{{7*7}}", "{%print(1)%}",
    "</title><svg/onload=alert(1)>", "&lt;b&gt;", "\u202e<b>", "<!--", "]]>", "${7*7}", "\r\n<script>alert(1)</script>",
)  # fmt: skip


@pytest.mark.parametrize("field", ["id", "value", "next", "csrf", "file"])
def test_html_in_every_field_of_a_form_stays_text(client: FlaskClient, field: str) -> None:
    for script in SCRIPTS:
        for address in ("/likes", "/shown", "/forget", "/likes/file"):
            unharmed(client.post(address, data={field: script}, headers=HTML))


def test_html_in_every_parameter_stays_text(client: FlaskClient) -> None:
    described = client.get("/openapi.json").get_json()["paths"]
    for address, methods in described.items():
        for parameter in methods.get("get", {}).get("parameters", []):
            for script in SCRIPTS[:4]:
                path = address.replace("{work_id}", "blue-vase")
                unharmed(client.get(path, query_string={parameter["name"]: script}, headers=HTML))


def test_html_in_every_path_and_header_stays_text(client: FlaskClient) -> None:
    for script in SCRIPTS:
        for begin in ("/", "/artworks/", "/images/", "/static/", "/nowhere/"):
            unharmed(client.get(begin + quote(script), headers=HTML))
        clean = script.replace("\r", "").replace("\n", "").encode("ascii", "ignore").decode()
        for header in ("Referer", "User-Agent", "Host", "X-Forwarded-Host", "X-Request-ID", "Cookie", "Origin"):
            unharmed(client.get("/search?q=vase", headers=HTML | {header: clean}))


def test_html_in_every_field_of_a_record_stays_text(client: FlaskClient) -> None:
    for address in (
        "/artworks/hostile",
        "/search?q=title",
        "/search?name=hostile",
        "/suggest?q=scr",
        "/search?size=100",
    ):
        unharmed(client.get(address, headers=HTML))


OURS = ("/", "#", "?", "data:", "https://museum.example/", "http://localhost/")


def unharmed(answer: TestResponse) -> None:
    """No element but the template's own: nothing that was sent runs, loads or points elsewhere."""
    assert answer.status_code < 500
    if answer.mimetype != "text/html":
        return
    page = BeautifulSoup(answer.text, "html.parser")
    for script in page.find_all("script"):
        if script.get("type") == "application/ld+json":  # which no browser runs
            json.loads(script.text)
        else:
            assert str(script.get("src")).startswith("/static/")
    for element in page.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on") or name == "style"], element
        for name in ("src", "href", "action", "formaction"):
            assert str(element.get(name, "/")).startswith(OURS), element
    assert "alert(1)" not in [image.get("onerror") for image in page.find_all("img")]
    assert not page.find("svg", onload=True)
