"""Hearts, the page of likes and recommendations, all without script."""

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from tests.page import HTML, card, fields, one, read, words


def press(client: FlaskClient, form: Tag) -> BeautifulSoup:
    """Send a form as a browser without script does, and follow to the page it leads to."""
    assert form["method"] == "post"
    answer = client.post(str(form["action"]), data=fields(form), headers=HTML)
    assert answer.status_code == 303, answer.text
    return read(client, answer.location)


def test_a_heart_needs_no_script(client: FlaskClient) -> None:
    page = read(client, "/search?genre=vase")
    button = one(page, ".recommend")
    assert "disabled" in button.attrs
    assert words(button) == "Recommend from my likes ( 0 )"

    page = press(client, one(card(page, "Red Vase"), "form.like"))
    assert words(one(page, ".chips")) == "vase"  # the same page as before
    assert one(card(page, "Red Vase"), ".like button")["aria-pressed"] == "true"
    assert one(card(page, "Blue Vase"), ".like button")["aria-pressed"] == "false"
    assert "disabled" not in one(page, ".recommend").attrs
    assert words(one(page, ".recommend")) == "Recommend from my likes ( 1 )"

    page = press(client, one(card(page, "Red Vase"), "form.like"))
    assert one(card(page, "Red Vase"), ".like button")["aria-pressed"] == "false"


def test_a_heart_leads_back_to_its_card(client: FlaskClient) -> None:
    page = read(client, "/search?q=王希孟")
    form = one(card(page, "千里江山图"), "form.like")
    answer = client.post("/likes", data=fields(form), headers=HTML)
    address, _, fragment = answer.location.partition("#")
    assert one(read(client, address), f'[id="{fragment}"]').get_attribute_list("class")[0] == "card"


def test_likes_are_shown_cleared_and_recommended_from(client: FlaskClient) -> None:
    page = read(client, "/search?genre=vase")
    press(client, one(card(page, "Red Vase"), "form.like"))
    recommended = read(client, "/recommend")
    assert words(one(recommended, "h1")) == "Recommended from your likes"
    assert "Red Vase" not in [words(title) for title in recommended.select(".title")]
    assert "because you like Red Vase" in words(recommended.select(".card")[0])
    disliked = words(recommended.select(".title")[0])
    press(client, recommended.select("form.dislike")[0])

    likes = read(client, "/likes")
    assert words(one(card(likes, "Red Vase"), ".title")) == "Red Vase"
    assert one(card(likes, disliked), ".dislike button")["aria-pressed"] == "true"
    cleared = press(client, one(likes, "main form[action='/likes']:has(button[value=clear])"))
    assert not cleared.select(".card")
    assert "No likes yet" in words(cleared)
    assert "disabled" in one(cleared, ".recommend").attrs


def test_a_shared_page_does_not_call_the_likes_its_readers(client: FlaskClient) -> None:
    page = read(client, "/recommend?like=red-vase")
    assert words(one(page, "h1")) == "Recommended from shared likes"
    assert words(one(page.select(".card")[0], ".why")) == "because of Red Vase"
    nothing = read(client, "/recommend?like=red-vase&genre=vase&artist=Mei+Tanaka")
    assert words(one(nothing, ".nothing p:first-child")).startswith("No other work passes all filters together.")


def test_works_of_a_search_count_as_shown_where_recommendations_are_asked_for(client: FlaskClient) -> None:
    press(client, one(card(read(client, "/search?genre=vase"), "Red Vase"), "form.like"))
    page = read(client, "/search?collection=Ceramics&size=3&sort=title")
    seen = {words(title) for title in page.select(".card .title")}
    form = one(page, ".bar .from-likes")
    sent = [(str(field["name"]), str(field["value"])) for field in form.select("input")]
    answer = client.post(str(form["action"]), data=MultiDict(sent), headers=HTML)
    assert answer.location == "/recommend"
    recommended = read(client, answer.location)
    assert "3 works shown before" in words(one(recommended, ".batch"))
    assert not seen & {words(title) for title in recommended.select(".card .title")}


def test_recommendations_name_their_like_and_give_way_to_others(client: FlaskClient) -> None:
    press(client, one(card(read(client, "/search?genre=vase"), "Red Vase"), "form.like"))
    page = read(client, "/recommend?size=5")
    first = {words(title) for title in page.select(".title")}
    assert len(first) == 5
    assert str(one(page.select(".card")[0], ".because img")["src"]).startswith("/images/red-vase?")
    form = one(page, ".further form")
    sent = [(str(field["name"]), str(field["value"])) for field in form.select("input")]
    answer = client.post(str(form["action"]), data=MultiDict(sent), headers=HTML)
    page = read(client, answer.location)
    assert not first & {words(title) for title in page.select(".title")}
    assert "5 works shown before" in words(one(page, ".batch"))
    page = press(client, page.select(".further form")[1])
    assert first == {words(title) for title in page.select(".title")[:5]}


def test_a_browser_that_keeps_no_cookie_is_told_why_it_has_no_likes(client: FlaskClient) -> None:
    assert "let your browser keep this site's cookie" in words(one(read(client, "/recommend", 409), ".trouble"))
    assert "cookie" not in words(one(read(client, "/recommend", 409), ".trouble"))
