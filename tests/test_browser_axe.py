"""axe-core over every page and state of it, light and dark, on a phone and at a desk: no violation."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from flask import Flask
from playwright.sync_api import Page, expect

from app import create_app
from app.config import Settings
from tests.browser import Visit, heart

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/search?size=24",  # long titles, scripts from right to left, no picture, no artist
    "/search?q=vase&genre=vase&genre=tile",
    "/search?view=table&size=24",
    "/search?find_genre=zzzz",
    "/search?q=zzzz",
    "/search?q=sescape",
    "/similar?id=blue-vase&method=pixels",
    "/artworks/blue-vase",
    "/artworks/arabic",
    "/artworks/unseen",
    "/likes",
    "/api",
)


# Each theme and each width, but for pairs that could only repeat what these say: it is the slowest test of the page.
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1440, "light"), (360, "dark"))


def check(page: Page) -> None:
    """axe-core finds nothing in either theme, on a phone or at a desk."""
    for width, theme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=theme)
        found = Axe().run(page).response["violations"]
        said = [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
        assert said == [], f"{page.url} {width} {theme}"


@pytest.mark.parametrize("address", PAGES)
def test_pages(visit: Visit, address: str) -> None:
    check(visit.open(address))


def test_a_correction_is_among_the_pages(visit: Visit) -> None:
    expect(visit.open("/search?q=sescape").locator(".note")).to_contain_text("Shown are works for seascape")


@pytest.mark.parametrize(("address", "status"), [("/recommend", 409), ("/search?page=0", 400), ("/none-such", 404)])
def test_errors(visit: Visit, address: str, status: int) -> None:
    check(visit.open(address))
    visit.expected(status)


def test_without_a_release(visit: Visit, tmp_path: Path) -> None:
    settings = Settings(
        indexes=tmp_path / "none", database_url=f"sqlite:///{tmp_path / 'likes.sqlite'}", secret_key="of the tests"
    )
    app: Flask = create_app(settings)
    body = app.test_client().get("/", headers={"Accept": "text/html"}).text
    visit.page.route(f"{visit.site}/", lambda route: route.fulfill(status=503, body=body, content_type="text/html"))
    page = visit.open("/")
    expect(page.locator("h1")).to_have_text("Not open just now")
    check(page)
    visit.expected(503)


def judge(page: Page) -> None:
    """Like one work, and say of another that it is nothing for this visitor."""
    heart(page, "Red Vase").click()
    expect(page.locator("#said")).to_have_text("Added to your likes")


def open_recommendations(page: Page) -> None:
    judge(page)
    page.locator(".recommend").click()
    page.wait_for_url("**/recommend*")
    page.get_by_role("button", name="Not for me").first.click()
    expect(page.locator("#said")).to_have_text("Noted as not for you")


def open_likes(page: Page) -> None:
    judge(page)
    page.locator(".likes").click()
    page.wait_for_url("**/likes")
    page.locator(".keep summary").click()


def open_trail(page: Page) -> None:
    page.goto(page.url.partition("?")[0] + "?genre=tile")
    page.locator("#trail summary").first.click()
    expect(page.locator("#trail .card").first).to_be_visible()


def open_filters(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.locator(".open-filters").click()
    page.locator("#filters .lookup summary").click()


def lose_connection(page: Page) -> None:
    page.context.set_offline(True)
    expect(page.locator("#said.loud")).to_contain_text("There is no connection")


def refuse_upload(page: Page) -> None:
    page.locator(".by-picture").click()
    page.locator("#by-picture input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": b"<svg/>"}
    )
    expect(page.locator("#by-picture .problem")).to_contain_text("the file is SVG")


@pytest.mark.parametrize(
    ("prepare", "status"),
    [
        (judge, 0),
        (open_recommendations, 0),
        (open_likes, 0),
        (open_trail, 0),
        (open_filters, 0),
        (lambda page: page.locator(".menu summary").click(), 0),
        (lambda page: page.locator(".by-picture").click(), 0),
        (refuse_upload, 415),
        (lose_connection, 0),
    ],
)
def test_states(visit: Visit, prepare: Callable[[Page], None], status: int) -> None:
    prepare(visit.open("/search?q=vase"))
    check(visit.page)
    if status:
        visit.expected(status)
