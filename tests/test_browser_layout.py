"""How a page lies in a real browser: proportions, sizes, what does not move, what is dark."""

from statistics import median

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import WIDTHS, Visit

pytestmark = pytest.mark.browser


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
    for path in ("/", "/search?q=vase", "/search?view=table", "/artworks/blue-vase", "/likes"):
        shifts = []
        for _ in range(3):  # a busy machine may show a row before all of its page has been read
            visit.open(path)
            page.wait_for_load_state("networkidle")
            shifts.append(page.evaluate("window.shifted"))
        assert median(shifts) < 0.02, path


@pytest.mark.parametrize("visit", [(360, True), (1440, True)], indirect=True)
def test_targets_are_large_enough_for_a_thumb(visit: Visit) -> None:
    for path in ("/search?q=vase&genre=vase", "/search?view=table", "/artworks/blue-vase"):
        page = visit.open(path)
        small = page.evaluate(
            """[...document.querySelectorAll('button, summary, .likes, .palette a, .strip li a,'
                + ':is(.acts, .values, .chips, .choice, .save, .pages, .foot, thead) a')]
              .map(target => [target.className || target.textContent, target.getBoundingClientRect()])
              .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
              .map(([name, box]) => `${name} ${box.width} ${box.height}`)"""
        )
        assert small == [], path


@pytest.mark.parametrize("visit", [(320, True), (1280, True)], indirect=True)
def test_text_may_be_twice_as_large(visit: Visit) -> None:
    results = ("/search?q=vase&genre=vase", "/search?view=table", "/similar?id=blue-vase")
    for path in ("/", *results, "/artworks/long", "/likes"):
        page = visit.open(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        visit.fits()


@pytest.mark.parametrize("visit", [(320, True), (360, True)], indirect=True)
def test_letters_twice_as_large_leave_room_to_search(visit: Visit) -> None:
    page = visit.open("/")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    room, letter = page.locator("#q").evaluate(
        """field => {
          const style = getComputedStyle(field);
          return [field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight),
            parseFloat(style.fontSize)];
        }"""
    )
    assert room >= 3 * letter  # six letters or so


WORD = "Donaudampfschifffahrtsgesellschaft_of_the_Elbe." * 2 + "jpg"


@pytest.mark.parametrize("visit", [(320, True), (360, True)], indirect=True)
def test_no_word_is_too_long_for_a_phone(visit: Visit) -> None:
    for asked in ("q", "name", "accession", "artist"):  # each is then among the earlier searches of the others
        visit.open(f"/search?{asked}={WORD}")
    expect(visit.page.locator("#trail h3")).to_have_count(3)
    for path in ("/search?genre=vase", "/search?view=table", "/similar?id=blue-vase", "/artworks/blue-vase", "/likes"):
        page = visit.open(path)
        page.evaluate(
            """word => document.querySelectorAll('[dir=auto]:not(input)').forEach(text => {
              text.textContent = word; // as a museum's records may have it
            })""",
            WORD,
        )
        visit.fits()


@pytest.mark.parametrize("visit", [(360, False)], indirect=True)
def test_the_drawer_lies_above_the_page_without_script_too(visit: Visit) -> None:
    page = visit.open("/search")
    page.locator(".open-filters").click()
    page.get_by_label("Find among 8 genres").fill("scape")
    page.get_by_label("Find among 8 genres").press("Enter")
    page.wait_for_url("**#filters")
    covered = page.evaluate(
        """[...document.querySelectorAll('.filters :is(h2, h3, input, a)')].filter(element => {
          const { x, y, width, height } = element.getBoundingClientRect();
          const seen = document.elementFromPoint(x + width / 2, y + height / 2);
          return seen && width && !seen.closest('.filters');
        }).map(element => element.outerHTML)"""
    )
    assert covered == []
    page.locator(".filters a.close").click()
    expect(page.locator(".filters")).to_be_hidden()


def test_a_missing_picture_leaves_its_description(visit: Visit) -> None:
    visit.page.route("**/images/blue-vase*", lambda route: route.fulfill(status=404, body=""))
    page = visit.open("/search?name=photo+07")
    expect(page.locator(".frame.lost img")).to_have_attribute("alt", "A vase, mostly blue, against a pale ground.")
    visit.expected(404)


def test_dark_is_dark(chromium: Browser, site: str) -> None:
    context = chromium.new_context(color_scheme="dark")
    visit = Visit(context, site)
    page = visit.open("/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 21, 19)"
    context.close()
    assert not visit.wrong
