"""The page's structure: what every page has, and what it says where something is wrong."""

import gzip
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from app import create_app
from app.config import ROOT, Settings
from app.likes_file import MOST_BYTES
from tests.collection import HOSTILE
from tests.page import HTML, one, read, words

PAGES = {
    "/": 200,
    "/search": 200,
    "/search?q=vase&genre=vase": 200,
    "/search?q=zzzz": 200,
    "/search?name=photo+03": 200,
    "/search?view=table": 200,
    "/search?page=99": 200,
    "/search?find_artist=ion": 200,
    "/search?find_artist=zzzz": 200,
    "/similar?id=blue-vase&method=pixels": 200,
    "/likes": 200,
    "/artworks/blue-vase": 200,
    "/artworks/hostile": 200,
    "/artworks/unseen": 200,
    "/recommend": 409,
    "/search?page=0": 400,
    "/none-such": 404,
}


@pytest.mark.parametrize(("address", "status"), PAGES.items())
def test_every_page_is_whole(client: FlaskClient, address: str, status: int) -> None:
    page = read(client, address, status)
    assert one(page, "html")["lang"] == "en"
    assert words(one(page, "title"))
    assert words(one(page, "h1"))
    assert one(page, "main").find_parent() == page.body
    assert page.select(f'[id="{str(one(page, "a.skip")["href"])[1:]}"]')
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for image in page.select("img"):
        assert {"src", "alt", "width", "height"} <= image.attrs.keys()
        assert len(str(image["alt"])) <= 180
        assert image["alt"] or image.find_parent(class_="mini")  # beside its title
    for field in page.select("input:not([type=hidden])"):
        assert field.find_parent("label") or page.select(f'label[for="{field["id"]}"]')
    for control in page.select("a[href], button"):
        assert control.get("aria-label") or words(control) or control.select("img[alt]")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_anything_that_the_policy_forbids(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers=HTML)
    page = BeautifulSoup(answer.text, "html.parser")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not page.select("style, [style], script:not([src]):not([type='application/ld+json'])")
    assert not [name for element in page.find_all(True) for name in element.attrs if name.startswith("on")]
    for element in page.select("[src], link[rel=stylesheet], link[rel=icon], form"):
        assert str(element.get("src") or element.get("href") or element.get("action")).startswith("/")


def test_the_first_page_says_what_this_is_and_is_small(client: FlaskClient) -> None:
    answer = client.get("/", headers=HTML)
    page = BeautifulSoup(answer.text, "html.parser")
    assert words(one(page, "h1")).startswith("24 works")
    assert len(page.select(".try a")) == 3
    assert len(page.select(".card")) == 18
    sent = [answer.data, *(path.read_bytes() for path in (ROOT / "static").iterdir())]
    assert sum(len(gzip.compress(part)) for part in sent) < 60_000


def test_the_stylesheet_and_the_script_ask_no_other_host() -> None:
    for path in (ROOT / "static").iterdir():
        addresses = re.findall(r"https?://[^\s\"')]+", path.read_text())
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}
    assert len((ROOT / "static" / "vitrine.css").read_text().splitlines()) < 500


def test_colours_have_enough_contrast() -> None:
    """WCAG 2.2 AA: 4.5 to 1 for text, 3 to 1 for the edges of fields and buttons, light and dark."""
    themes = re.findall(r":root \{(.*?)\}", (ROOT / "static" / "vitrine.css").read_text(), re.DOTALL)
    themes = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", theme)) for theme in themes]
    themes = [theme for theme in themes if "paper" in theme]
    assert len(themes) == 2
    for theme in themes:
        for ground in ("paper", "raised"):
            for text in ("ink", "quiet", "accent"):
                assert contrast(theme[text], theme[ground]) >= 4.5, (text, ground)
            assert contrast(theme["edge"], theme[ground]) >= 3, ground
        assert contrast(theme["ink"], theme["mark"]) >= 4.5
        assert contrast(theme["on-accent"], theme["accent"]) >= 4.5
        assert contrast(theme["paper"], theme["ink"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, of "#rrggbb" or "#rgb"."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_what_malice_writes_is_only_text(client: FlaskClient) -> None:
    page = read(client, "/artworks/hostile")
    assert words(one(page, "h1")) == HOSTILE
    assert [str(script["src"]).partition("?")[0] for script in page.select("script[src]")] == ["/static/vitrine.js"]
    assert len(page.select("script")) == 2
    assert not page.select('img[src="x"]')
    assert json.loads(str(one(page, "script[type='application/ld+json']").string))["name"] == HOSTILE
    asked = read(client, "/search?q=" + '"><script>alert(1)</script>')
    assert len(asked.select("script")) == 1
    assert one(asked, "#q")["value"] == '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/recommend", "No likes to start from"),
        ("/search?page=0", "That could not be understood"),
        ("/none-such", "Nothing hangs here"),
    ],
)
def test_an_error_is_a_page_with_a_sentence(client: FlaskClient, address: str, heading: str) -> None:
    said = client.get(address, headers={"Accept": "application/json"}).get_json()["error"]["message"]
    page = read(client, address, PAGES[address])  # which makes a visitor of the client
    assert words(one(page, "h1")) == heading
    assert words(one(page, ".trouble [role=alert]")) == said


def test_too_much_is_not_always_a_picture(client: FlaskClient) -> None:
    likes = b"[" + b" " * MOST_BYTES + b"]"
    answer = client.post("/likes/file", data=likes, content_type="application/json", headers=HTML)
    assert answer.status_code == 413
    assert words(one(BeautifulSoup(answer.text, "html.parser"), "h1")) == "That is too large"


@pytest.fixture
def unpublished(tmp_path: Path) -> FlaskClient:
    settings = Settings(
        indexes=tmp_path / "none",
        database_url=f"sqlite:///{tmp_path / 'likes.sqlite'}",
        secret_key="x",
        site_name="Ufo",
    )
    return create_app(settings).test_client()


def test_without_a_release_the_page_says_so(unpublished: FlaskClient) -> None:
    page = read(unpublished, "/", 503)
    assert words(one(page, "title")) == "Not open just now – Ufo"
    assert "python -m pipeline build sample" in words(one(page, ".trouble"))
    assert not page.select("form.upload")
