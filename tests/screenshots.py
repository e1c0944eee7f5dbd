"""The pictures of the page in the README, taken of the page as it is.

python -m tests.screenshots [--indexes DIR] [--output DIR]

The collection should be the generated one, whose pictures may be shown anywhere: `python -m pipeline build sample`.
"""

import argparse
import json
import tempfile
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from app.config import ROOT
from tests.browser import launch, served

PHONE, DESK = (390, 780), (1360, 850)
QUALITY = 80  # of WebP: flat paper and sharp letters stay clean


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: a page, how wide it is seen, and in which theme."""

    name: str
    path: str
    size: tuple[int, int]
    theme: Literal["light", "dark"] = "light"
    first: Callable[[Page], None] = lambda _: None  # what a visitor does before


def like_two(page: Page) -> None:
    """Touch the hearts of the first and the third work."""
    for place in (0, 2):
        page.locator(".card .like button").nth(place).click()
        page.wait_for_timeout(400)  # the heart fills
    page.evaluate("scrollTo(0, 0)")


def open_filters(page: Page) -> None:
    """Open the drawer."""
    page.locator(".open-filters").click()
    page.wait_for_timeout(400)


def shots(work: str) -> tuple[Shot, ...]:
    """All pictures; `work` is the address of the work whose page is shown."""
    results = "/search?q=flowers"
    return (
        Shot("first-page", "/", DESK),
        Shot("results", results, DESK, "light", like_two),
        Shot("results-dark", results, DESK, "dark", like_two),
        Shot("table", "/search?q=portrait&view=table&size=50", DESK),
        Shot("work", work, DESK),
        Shot("phone-first-page", "/", PHONE),
        Shot("phone-results-dark", "/search?q=blue+seascape", PHONE, "dark", like_two),
        Shot("phone-filters", "/search", PHONE, "light", open_filters),
        Shot("phone-work-dark", work, PHONE, "dark"),
    )


def take(browser: Browser, site: str, shot: Shot) -> bytes:
    """The picture as WebP."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if shot.size == PHONE else 1,
        color_scheme=shot.theme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(site + shot.path)
    shot.first(page)
    page.wait_for_load_state("networkidle")
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    context.close()
    out = BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=6)
    return out.getvalue()


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indexes", type=Path, default=ROOT / "indexes" / "data")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "pictures")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served(options.indexes, Path(folder)) as site:
        with urllib.request.urlopen(f"{site}/search?q=still+life") as answer:
            work = json.load(answer)["results"][0]["page"]
        with sync_playwright() as playwright:
            browser = launch(playwright)
            for shot in shots(work):
                (options.output / f"{shot.name}.webp").write_bytes(take(browser, site, shot))
            browser.close()


if __name__ == "__main__":
    main()
