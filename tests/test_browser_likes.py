"""Hearts in a real browser: two at once, after going back, and without a connection."""

import pytest
from playwright.sync_api import expect

from tests.browser import Visit, heart

pytestmark = pytest.mark.browser


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


@pytest.mark.parametrize("visit", [(1440, True), (360, False)], indirect=True)
def test_two_tabs_of_a_first_visit_are_one_visitor(visit: Visit) -> None:
    page = visit.page
    visit.open("/search?genre=vase")
    other = page.context.new_page()
    page.context.clear_cookies()  # as if both had been asked for at the same moment
    other.goto(visit.site + "/search?genre=tile")
    for tab, title in ((other, "Red Tile"), (page, "Red Vase")):
        with tab.expect_response("**/likes"):
            heart(tab, title).click()
    page.locator(".recommend").click()
    expect(page.locator("h1")).to_have_text("Recommended from your likes")
    expect(page.locator(".recommend")).to_have_text("Recommend from my likes (2)")
    expect(page.locator(".batch[open]")).to_contain_text("4 works shown before")


def test_likes_that_left_the_collection_count_before_and_after_one_goes_back(visit: Visit) -> None:
    visit.page.context.request.post(visit.site + "/likes/file", data=["gone", "red-vase"])
    page = visit.open("/search?genre=vase")
    expect(page.locator(".recommend")).to_have_text("Recommend from my likes (2)")
    visit.open("/search?genre=tile")
    with page.expect_response("**/likes"):
        page.go_back()
    page.wait_for_load_state("networkidle")
    expect(heart(page, "Red Vase")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".recommend")).to_have_text("Recommend from my likes (2)")


def test_a_heart_that_cannot_be_kept_says_so(visit: Visit) -> None:
    page = visit.open("/search?genre=vase")
    page.context.set_offline(True)
    heart(page, "Red Vase").click()
    expect(page.locator("#said.loud")).to_have_text("There is no connection just now.")
    expect(heart(page, "Red Vase")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".recommend")).to_be_disabled()
    page.get_by_label("Search the collection").fill("tile")
    page.get_by_label("Search the collection").press("Enter")
    expect(page.locator("#said.loud")).to_contain_text("Please try again soon.")
    assert page.url.endswith("?genre=vase")
    page.context.set_offline(False)
    expect(page.locator("#said.loud")).to_have_text("The connection is back.")


def test_a_dislike_that_cannot_be_taken_back_stays(visit: Visit) -> None:
    page = visit.open("/recommend?like=blue-vase")
    button = page.get_by_role("button", name="Not for me").first
    button.click()
    expect(page.locator("#said")).to_have_text("Noted as not for you")
    page.context.set_offline(True)
    button.click()
    expect(page.locator("#said.loud")).to_have_text("There is no connection just now.")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".recommend")).to_have_text("Recommend from my likes (0)")
    page.context.set_offline(False)
    button.click()
    expect(page.locator("#said")).to_have_text("Taken back")
    expect(button).to_have_attribute("aria-pressed", "false")
