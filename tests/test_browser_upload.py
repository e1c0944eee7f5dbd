"""A visitor's picture in a real browser: chosen, pasted, dropped, made small, refused."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser import UPLOAD, Visit

pytestmark = pytest.mark.browser


def test_a_large_photo_is_made_small_before_it_is_sent(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/")
    photo = tmp_path / "photo.png"
    Image.effect_noise((2400, 1800), 90).convert("RGB").save(photo)
    page.locator(".by-picture").click()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.locator(UPLOAD).set_input_files(photo)
    page.wait_for_url("**/similar?picture=*")
    assert photo.stat().st_size > 3_000_000
    assert int(sent.value.header_value("content-length") or 0) < photo.stat().st_size / 2
    expect(page.get_by_role("img", name="Your picture")).to_be_visible()


def test_a_pasted_picture_is_searched_for(visit: Visit) -> None:
    page = visit.open("/")
    paste(page, "paste", "clipboardData")
    expect(page.locator("h1")).to_have_text("Like your picture")


def test_a_dropped_picture_is_searched_for(visit: Visit) -> None:
    page = visit.open("/")
    paste(page, "drop", "dataTransfer")
    expect(page.locator("h1")).to_have_text("Like your picture")


def paste(page: Page, event: str, field: str) -> None:
    """Hand a drawn picture to the page as paste and drop do."""
    page.evaluate(
        """async ([event, field]) => {
          const canvas = Object.assign(document.createElement('canvas'), { width: 60, height: 40 });
          canvas.getContext('2d').fillRect(10, 10, 20, 20);
          const picture = await new Promise(done => canvas.toBlob(done, 'image/png'));
          const carried = new DataTransfer();
          carried.items.add(new File([picture], 'drawn.png', { type: 'image/png' }));
          const happening = new Event(event, { bubbles: true, cancelable: true });
          Object.defineProperty(happening, field, { value: carried });
          document.body.dispatchEvent(happening);
        }""",
        [event, field],
    )


def test_a_refused_picture_is_a_sentence_beside_the_field(visit: Visit) -> None:
    page = visit.open("/")
    page.locator(".by-picture").click()
    page.locator(UPLOAD).set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"<svg/>"})
    expect(page.locator("#by-picture .problem")).to_contain_text("the file is SVG")
    expect(page.locator("#by-picture progress")).to_have_count(0)
    assert page.url == visit.site + "/"
    visit.expected(415)
