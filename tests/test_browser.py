"""The page in a real browser: every flow with and without script, on a phone, a tablet and a desk."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, Response, expect, sync_playwright

from app.config import ROOT

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"  # Debian's
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip
WIDTHS = (360, 768, 1440)
UPLOAD = "#by-picture input[type=file]"


@pytest.fixture(scope="module")
def site(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the service over the small collection, run as it is in earnest."""
    folder = tmp_path_factory.mktemp("site")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "VITRINE_INDEXES": str(collection),
        "VITRINE_DATABASE_URL": f"sqlite:///{folder / 'likes.sqlite'}",
        "VITRINE_SECRET_KEY": "of the tests",
    }
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-m", "gunicorn", "wsgi:app"]
        server = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return once the address answers."""
    for _ in range(200):
        assert server.poll() is None, "the service did not start"
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Visit:
    """One visitor's browser: a page, and everything about it that went wrong."""

    def __init__(self, context: BrowserContext, site: str, script: bool = True) -> None:
        context.set_default_timeout(5000)
        self.page: Page = context.new_page()
        self.site = site
        self.script = script
        self.wrong: list[str] = []
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self._note_request)
        self.page.on("requestfailed", self._note_failure)
        self.page.on("response", self._note_response)

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.wrong.append(f"another host: {request.url}")

    def _note_failure(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # as when the page is left while it is still asking
            self.wrong.append(f"failed: {request.url} {request.failure}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status}: {response.url}")

    def open(self, path: str) -> Page:
        """Go to an address of the site."""
        self.page.goto(self.site + path)
        self.fits()
        return self.page

    def fits(self) -> None:
        """Nothing makes the page scroll sideways."""
        wide = "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            raise AssertionError(self.page.evaluate(f"{wide}.map(e => e.outerHTML.slice(0, 120))"))

    def expected(self, status: int) -> None:
        """Forget that the page complained about this status, which the visit was meant to meet."""
        assert [line for line in self.wrong if line.startswith(f"{status}:")]
        self.wrong = [line for line in self.wrong if str(status) not in line]


@pytest.fixture
def visit(chromium: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A new visitor. Parametrised by width and whether scripts run; a desk with script otherwise."""
    width, script = getattr(request, "param", (1440, True))
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=script, has_touch=width < 500
    )
    visit = Visit(context, site, script)
    yield visit
    context.close()
    assert not visit.wrong


def heart(page: Page, title: str) -> Locator:
    """The heart of a work."""
    return page.get_by_role("button", name=f"Like: {title}", exact=True)


def picture(side: int = 64, colour: str = "#2b4a8b") -> bytes:
    """A picture to upload, PNG."""
    out = BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("visit", [(width, script) for width in WIDTHS for script in (True, False)], indirect=True)
def test_a_whole_visit(visit: Visit) -> None:
    page = visit.open("/")
    recommend = page.locator(".bar .recommend")
    expect(recommend).to_be_disabled()

    page.get_by_label("Search the collection").fill("vase")
    page.get_by_label("Search the collection").press("Enter")
    expect(page.locator("h1")).to_have_text("“vase”")
    visit.fits()

    for pressed, count in (("true", 1), ("false", 0), ("true", 1)):
        heart(page, "Red Vase").click()
        expect(heart(page, "Red Vase")).to_have_attribute("aria-pressed", pressed)
        expect(recommend).to_have_text(f"Recommend from my likes ({count})")

    recommend.click()
    expect(page.locator("h1")).to_have_text("Recommended from your likes")
    expect(page.locator("main .batch[open]").first.locator(".card").first).to_contain_text("Vase")
    visit.fits()

    page.get_by_role("link", name="Your likes").first.click()
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator(".nothing")).to_contain_text("No likes yet")
    expect(recommend).to_be_disabled()

    visit.open("/search")
    if page.locator(".open-filters").is_visible():
        page.locator(".open-filters").click()
    page.locator(".values a", has_text="Ceramics").click()
    expect(page.locator(".batch[open] .total").first).to_have_text("6 works")
    visit.fits()
    page.get_by_role("link", name="Remove collection: Ceramics").click()
    expect(page.locator(".batch[open] .total").first).to_have_text("24 works")

    page.get_by_role("link", name="Blue Portrait", exact=True).last.click()
    expect(page.locator("h1")).to_have_text("Blue Portrait")
    visit.fits()
    page.locator(".more nav a", has_text="Colours").click()
    expect(page.locator("h1")).to_have_text("Like Blue Portrait")

    page.locator(".by-picture").click()
    page.get_by_label("Colours").check()
    page.locator(UPLOAD).set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": picture()})
    if not visit.script:
        page.get_by_role("button", name="Search by this picture").click()
    expect(page.locator("h1")).to_have_text("Like your picture")
    expect(page.locator("nav[aria-label='Alike in'] [aria-current]")).to_have_text("Colours")
    visit.fits()

    page.goto(visit.site + "/none-such")
    expect(page.locator("h1")).to_have_text("Nothing hangs here")
    visit.expected(404)
    page.locator("main").get_by_role("link").click()
    expect(page.locator("h1")).to_contain_text("24 works")


@pytest.mark.parametrize("visit", [(320, True), *((width, True) for width in WIDTHS)], indirect=True)
def test_pictures_keep_their_proportions_and_rows_their_height(visit: Visit) -> None:
    page = visit.open("/search?size=24")
    page.evaluate(
        """Promise.all([...document.querySelectorAll('.card img')].map(image => {
          image.loading = 'eager';
          return image.decode();
        }))"""
    )
    shown = page.evaluate(
        """[...document.querySelectorAll('.card img')].map(image => {
          const box = image.getBoundingClientRect();
          return [box.width, box.height, image.naturalWidth / image.naturalHeight, box.top, box.right];
        })"""
    )
    assert len(shown) == 23
    for width, height, proportions, _, right in shown:
        assert width / height == pytest.approx(proportions, rel=0.02)  # thumbnails have whole pixels
        assert right <= page.viewport_size["width"]  # type: ignore[index]
        assert height >= 80
    rows: dict[int, list[float]] = {}
    for width, height, _, top, _ in shown:
        if width > 110:  # below, a label's least width decides
            rows.setdefault(round(top), []).append(height)
    assert any(len(heights) > 1 for heights in rows.values()) or page.viewport_size["width"] < 400  # type: ignore[index]
    for heights in rows.values():
        assert max(heights) - min(heights) < 1.5


@pytest.mark.parametrize("visit", [(360, True), (1440, True)], indirect=True)
def test_nothing_moves_while_pictures_load(visit: Visit) -> None:
    page = visit.page
    page.add_init_script(
        """window.shifted = 0;
        new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shifted += entry.value; }))
          .observe({ type: 'layout-shift', buffered: true });"""
    )
    for path in ("/", "/search?q=vase", "/artworks/blue-vase"):
        visit.open(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.shifted") < 0.02, path


@pytest.mark.parametrize("visit", [(360, True), (1440, True)], indirect=True)
def test_targets_are_large_enough_for_a_thumb(visit: Visit) -> None:
    page = visit.open("/search?q=vase&genre=vase")
    small = page.evaluate(
        """[...document.querySelectorAll('button, .acts a, .values a, .chips a, .choice a, .pages a, .likes, .foot a')]
          .map(target => [target.className || target.textContent, target.getBoundingClientRect()])
          .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
          .map(([name, box]) => `${name} ${box.width} ${box.height}`)"""
    )
    assert small == []


@pytest.mark.parametrize("visit", [(320, True), (1280, True)], indirect=True)
def test_text_may_be_twice_as_large(visit: Visit) -> None:
    for path in ("/", "/search?q=vase&genre=vase", "/artworks/long", "/likes", "/similar?id=blue-vase"):
        page = visit.open(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        visit.fits()


def test_two_quick_hearts_of_a_new_visitor_are_both_kept(visit: Visit) -> None:
    page = visit.open("/search?genre=vase")
    page.evaluate("document.querySelectorAll('.like button').forEach(button => button.click())")
    expect(page.locator(".recommend")).to_have_text("Recommend from my likes (4)")
    page.wait_for_load_state("networkidle")
    page = visit.open("/likes")
    assert page.locator(".card").count() == 4


def test_hearts_agree_when_one_goes_back(visit: Visit) -> None:
    page = visit.open("/search?genre=vase")
    page.get_by_role("link", name="Red Vase", exact=True).last.click()
    heart(page, "Red Vase").click()
    expect(page.locator("#said")).to_have_text("Added to your likes")
    page.go_back()
    expect(heart(page, "Red Vase")).to_have_attribute("aria-pressed", "true")
    expect(heart(page, "Blue Vase")).to_have_attribute("aria-pressed", "false")
    page.wait_for_load_state("networkidle")


def test_a_heart_that_cannot_be_kept_says_so(visit: Visit) -> None:
    page = visit.open("/search?genre=vase")
    page.context.set_offline(True)
    heart(page, "Red Vase").click()
    expect(page.locator("#said.loud")).to_have_text("There is no connection just now.")
    expect(heart(page, "Red Vase")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".recommend")).to_be_disabled()
    assert f"failed: {visit.site}/likes net::ERR_INTERNET_DISCONNECTED" in visit.wrong
    visit.wrong = []


def test_show_more_hangs_the_next_works_below(visit: Visit) -> None:
    page = visit.open("/search?sort=title")
    page.get_by_role("link", name="Show more").click()
    expect(page.locator(".pages p")).to_have_text("Works 1–24 of 24")
    titles = page.locator(".card .title").all_inner_texts()
    assert len(titles) == len(set(titles)) == 24
    assert page.get_by_role("link", name="Show more").count() == 0
    assert page.evaluate("document.activeElement.closest('.card') === document.querySelectorAll('.card')[12]")


def test_earlier_searches_stay_on_the_page(visit: Visit) -> None:
    visit.open("/search?q=vase")
    visit.open("/search?genre=tile")
    page = visit.open("/search?q=seascape")
    earlier = page.locator("#trail .batch")
    assert earlier.locator("h3").all_inner_texts() == ["tile", "“vase”"]
    earlier.first.locator("summary").click()
    expect(earlier.first.locator(".card")).to_have_count(3)
    expect(earlier.first.locator("img").first).to_be_visible()
    heart(page, "Red Tile").click()
    expect(page.locator("#said")).to_have_text("Added to your likes")
    page.reload()
    assert page.locator("#trail h3").all_inner_texts() == ["tile", "“vase”"]


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


def test_typing_narrows_a_facet_and_suggests_names(visit: Visit) -> None:
    page = visit.open("/search")
    page.get_by_label("Genre by name").fill("sea")
    expect(page.locator(".facet:has(#name-genre) .values li:visible")).to_have_text(["seascape 4"])
    page.get_by_label("Search the collection").press_sequentially("pet")
    expect(page.locator("#suggestions option")).to_have_count(1)
    assert page.locator("#suggestions option").get_attribute("value") == "Ion Petrescu"


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit.open("/")
    press = page.keyboard.press
    press("Tab")
    expect(page.get_by_role("link", name="Skip to the works")).to_be_focused()
    page.get_by_label("Search the collection").focus()
    page.keyboard.type("vase")
    press("Enter")
    page.wait_for_url("**/search?q=vase")
    press("Tab")
    press("Enter")
    for title in ("Blue Vase", "Red Vase"):
        reach(page, heart(page, title))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        press("Space")
        expect(heart(page, title)).to_have_attribute("aria-pressed", "true")
        expect(heart(page, title)).to_be_focused()
    page.locator(".recommend").focus()
    press("Enter")
    page.wait_for_url("**/recommend*")
    page.locator(".values a", has_text="Ceramics").focus()
    press("Enter")
    page.wait_for_url("**/recommend?collection=Ceramics")
    reach(page, page.locator(".title a").first)
    press("Enter")
    page.wait_for_url("**/artworks/*")
    page.go_back()  # what Alt and the left arrow do is the browser's own business
    expect(page.locator(".chips")).to_have_text("Ceramics")


def reach(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if target.evaluate("target => target === document.activeElement"):
            return
    raise AssertionError("120 times Tab did not get there")


def test_a_missing_picture_leaves_its_description(visit: Visit) -> None:
    visit.page.route("**/images/blue-vase*", lambda route: route.fulfill(status=404, body=""))
    page = visit.open("/search?name=photo+07")
    expect(page.locator(".frame.lost img")).to_have_attribute("alt", "A vase, mostly blue, against a pale ground.")
    visit.expected(404)


def test_what_malice_writes_runs_nowhere(visit: Visit) -> None:
    page = visit.page
    page.on("dialog", lambda dialog: visit.wrong.append(dialog.message))
    for path in (
        "/search?size=24",
        "/artworks/hostile",
        "/search?q=%3Cimg+src=x+onerror=alert(1)%3E",
        "/search?q=vase",
    ):
        visit.open(path)
    page.locator("#trail summary").first.click()
    expect(page.locator("#trail .batch").first.locator(".nothing, .card, .small").first).to_be_visible()


def test_dark_is_dark(chromium: Browser, site: str) -> None:
    context = chromium.new_context(color_scheme="dark")
    visit = Visit(context, site)
    page = visit.open("/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 21, 19)"
    context.close()
    assert not visit.wrong
