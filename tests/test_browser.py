"""The page in a real browser: every flow with and without script, on a phone, a tablet and a desk."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import UPLOAD, WIDTHS, Visit, heart, picture

pytestmark = pytest.mark.browser


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
    open_filters(page)
    page.locator(".values a", has_text="Ceramics").click()
    expect(page.locator(".batch[open] .total").first).to_have_text("6 works")
    visit.fits()
    page.get_by_role("link", name="Remove collection: Ceramics").click()
    expect(page.locator(".batch[open] .total").first).to_have_text("24 works")

    page.get_by_role("link", name="Blue Portrait", exact=True).last.click()
    expect(page.locator("h1")).to_have_text("Blue Portrait")
    visit.fits()
    page.locator(".strip:has(h3:text-is('Colours')) .small a").click()
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


def open_filters(page: Page) -> None:
    """Open the drawer, where the window is too narrow for a column."""
    if page.locator(".open-filters").is_visible():
        page.locator(".open-filters").click()


@pytest.mark.parametrize("visit", [(width, script) for width in WIDTHS for script in (True, False)], indirect=True)
def test_a_curators_visit(visit: Visit) -> None:
    page = visit.open("/search")
    open_filters(page)
    page.get_by_label("Find among 8 genres").fill("scape")
    if not visit.script:
        page.get_by_label("Find among 8 genres").press("Enter")
    genres = page.locator(".facet:has(#find-genre) .values a")
    expect(genres).to_have_text(["seascape 4", "landscape 2"])
    expect(genres.first).to_be_visible()
    visit.fits()
    genres.last.click()
    expect(page.locator(".chips")).to_have_text("landscape")
    expect(page.locator(".batch[open] .total").first).to_have_text("2 works")
    page.get_by_role("link", name="Remove genre: landscape").click()
    expect(page.locator(".chips")).to_have_count(0)

    page.get_by_role("navigation", name="Show as").get_by_role("link", name="Table").click()
    expect(page.locator("tbody tr")).to_have_count(24)
    visit.fits()
    page.locator("thead").get_by_role("link", name="Date").click()
    expect(page.locator("[aria-sort]")).to_have_text("Date")
    expect(page.locator("tbody .title").first).to_have_text("Blue Portrait")
    heart(page, "Red Vase").click()
    expect(heart(page, "Red Vase")).to_have_attribute("aria-pressed", "true")
    visit.fits()

    for kind in ("CSV", "JSON"):
        with page.expect_download() as saved:
            page.get_by_role("link", name=f"Save 24 works as {kind}").click()
        assert saved.value.suggested_filename == f"vitrine-all.{kind.lower()}"
        assert "千里江山图" in saved.value.path().read_text(encoding="utf-8-sig")
    visit.wrong = [line for line in visit.wrong if "format=" not in line]  # a download leaves its page no answer

    page.locator(".menu summary").click()
    page.get_by_role("navigation", name="Order").get_by_role("link", name="Most popular").click()
    expect(page.locator(".menu summary")).to_have_text("Order: Most popular")
    expect(page.locator("tbody tr")).to_have_count(24)

    page.get_by_role("link", name="Blue Seascape", exact=True).click()
    page.locator(".palette a", has_text="blue").click()
    expect(page.locator("h1")).to_have_text("“blue”")
    expect(page.get_by_role("link", name="Blue Seascape", exact=True).last).to_be_visible()
    visit.fits()

    visit.open("/")
    expect(page.locator(".try a")).to_have_count(3)
    page.locator(".try a").first.click()
    expect(page.locator(".card").first).to_be_visible()
    visit.open("/search?q=zzzz")
    expect(page.locator(".nothing")).to_contain_text("No work has “zzzz”")
    page.locator(".nothing a").last.click()
    expect(page.locator(".batch[open] .total").first).to_have_text("24 works")


def test_show_more_hangs_the_next_works_below(visit: Visit) -> None:
    for view, work in (("grid", ".card"), ("table", "tbody tr")):
        page = visit.open(f"/search?sort=title&view={view}")
        page.get_by_role("link", name="Show more").click()
        expect(page.locator(".pages p")).to_have_text("Works 1–24 of 24")
        titles = page.locator(f"{work} .title").all_inner_texts()
        assert len(titles) == len(set(titles)) == 24
        assert page.get_by_role("link", name="Show more").count() == 0
        assert page.evaluate(f"document.activeElement.closest('{work}') === document.querySelectorAll('{work}')[12]")


def test_two_touches_of_show_more_are_one(visit: Visit) -> None:
    page = visit.open("/search?sort=title&size=5")
    page.get_by_role("link", name="Show more").evaluate("link => { link.click(); link.click(); }")
    expect(page.locator(".pages p")).to_have_text("Works 1–10 of 24")
    page.wait_for_load_state("networkidle")
    assert page.locator(".card").count() == 10
    page.get_by_role("link", name="Show more").click()
    expect(page.locator(".card")).to_have_count(15)


def test_works_that_went_meanwhile_are_no_more(visit: Visit) -> None:
    page = visit.open("/search?sort=title")
    beyond = f"{visit.site}/search?sort=title&page=99"
    page.route("**/search?sort=title&page=2", lambda route: route.continue_(url=beyond))
    page.get_by_role("link", name="Show more").click()
    expect(page.locator("#said.loud")).to_have_text("There are no more works.")
    expect(page.get_by_role("link", name="Show more")).to_have_count(0)
    expect(page.locator(".card")).to_have_count(12)


def test_an_earlier_search_that_could_not_be_unfolded_is_asked_again(visit: Visit) -> None:
    visit.open("/search?genre=tile")
    page = visit.open("/search?q=seascape")
    earlier = page.locator("#trail .batch")
    page.context.set_offline(True)
    earlier.locator("summary").click()
    expect(page.locator("#said.loud")).to_have_text("There is no connection just now.")
    page.context.set_offline(False)
    for _ in ("fold", "unfold"):
        earlier.locator("summary").click()
    expect(earlier.locator(".card")).to_have_count(3)
    for _ in ("fold", "unfold"):
        earlier.locator("summary").click()
    page.wait_for_load_state("networkidle")
    expect(earlier.locator(".card")).to_have_count(3)


def test_earlier_searches_stay_on_the_page(visit: Visit) -> None:
    visit.open("/search?q=vase&view=table")
    visit.open("/search?genre=tile")
    page = visit.open("/search?q=seascape")
    earlier = page.locator("#trail .batch")
    assert earlier.locator("h3").all_inner_texts() == ["tile", "“vase”"]
    earlier.last.locator("summary").click()
    expect(earlier.last.locator("tbody tr").first).to_be_visible()
    earlier.first.locator("summary").click()
    expect(earlier.first.locator(".card")).to_have_count(3)
    expect(earlier.first.locator("img").first).to_be_visible()
    heart(page, "Red Tile").click()
    expect(page.locator("#said")).to_have_text("Added to your likes")
    page.reload()
    assert page.locator("#trail h3").all_inner_texts() == ["tile", "“vase”"]


def test_works_of_an_earlier_search_do_not_take_the_places_of_these(visit: Visit) -> None:
    visit.open("/search?size=5")
    page = visit.open("/search?sort=title")
    earlier = page.locator("#trail .batch")
    earlier.locator("summary").click()
    earlier.get_by_role("link", name="Show more").click()
    expect(earlier.locator(".card")).to_have_count(10)
    assert page.locator("main .card[id]").count() == 12


def test_names_are_suggested_while_one_types(visit: Visit) -> None:
    page = visit.open("/search")
    page.get_by_label("Search the collection").press_sequentially("pet")
    expect(page.locator("#suggestions option")).to_have_count(1)
    assert page.locator("#suggestions option").get_attribute("value") == "Ion Petrescu"


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit.open("/")
    press = page.keyboard.press
    press("Tab")
    expect(page.get_by_role("link", name="Skip to the works")).to_be_focused()
    reach(page, page.get_by_label("Search the collection"))
    page.keyboard.type("vase")
    press("Enter")
    page.wait_for_url("**/search?q=vase")
    for title in ("Blue Vase", "Red Vase"):
        reach(page, heart(page, title))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        press("Space")
        expect(heart(page, title)).to_have_attribute("aria-pressed", "true")
        expect(heart(page, title)).to_be_focused()
    reach(page, page.locator(".recommend"), "Shift+Tab")
    press("Enter")
    page.wait_for_url("**/recommend*")
    reach(page, page.locator(".values a", has_text="Ceramics"))
    press("Enter")
    page.wait_for_url("**/recommend?collection=Ceramics")
    reach(page, page.locator(".title a").first)
    press("Enter")
    page.wait_for_url("**/artworks/*")
    page.go_back()  # what Alt and the left arrow do is the browser's own business
    expect(page.locator(".chips")).to_have_text("Ceramics")


def reach(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the target has the focus."""
    for _ in range(120):
        page.keyboard.press(key)
        if target.evaluate("target => target === document.activeElement"):
            return
    raise AssertionError(f"120 times {key} did not get there")


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
