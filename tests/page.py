"""What tests of the page's structure share: reading a page, and finding things on it."""

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


def read(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    """The page at an address."""
    answer = client.get(address, headers=HTML)
    assert answer.status_code == status
    return BeautifulSoup(answer.text, "html.parser")


def one(page: Tag, selector: str) -> Tag:
    """The only element that the selector finds."""
    found = page.select(selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


def words(element: Tag) -> str:
    """An element's text, with single spaces."""
    return " ".join(element.get_text(" ", strip=True).split())


def fields(form: Tag) -> dict[str, str]:
    """What a form sends when its first button is pressed."""
    named = [*form.select("input[name]"), *form.select("button[name]")[:1]]
    return {str(field["name"]): str(field.get("value", "")) for field in named}


def card(page: Tag, title: str) -> Tag:
    """The card of the work with this title."""
    return next(card for card in page.select(".card") if words(one(card, ".title")) == title)
