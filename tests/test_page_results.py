"""The page of results: cards, filters, orders, the table, and what it says where nothing is found."""

import re

import pytest
from flask.testing import FlaskClient

from tests.page import card, one, read, words


def test_a_result_shows_title_artist_date_score_and_heart(client: FlaskClient) -> None:
    page = read(client, "/similar?id=blue-vase&method=description")
    found = card(page, "Red Vase")
    assert words(one(found, ".by")) == "Ion Petrescu 1808"
    assert words(one(found, ".score")) == "Score 0.64"
    assert one(found, ".title a")["href"] == one(found, "a.frame")["href"] == "/artworks/red-vase"
    assert one(found, ".acts a")["href"] == "/similar?id=red-vase"
    heart = one(found, ".like button")
    assert (heart["aria-label"], heart["aria-pressed"]) == ("Like: Red Vase", "false")
    assert words(one(page, ".total")) == "17 works"


def test_the_stylesheet_is_told_the_proportions_of_every_picture(client: FlaskClient) -> None:
    cards = read(client, "/search?size=24").select(".card:not(.bare)")
    assert len(cards) == 23
    for each in cards:
        image, classes = one(each, "img"), each.get_attribute_list("class")
        units, tenths, hundredths, thousandths = (int(str(name)[1:]) for name in classes[1:])
        told = units + tenths / 10 + hundredths / 100 + thousandths / 1000
        assert told == pytest.approx(int(str(image["width"])) / int(str(image["height"])), abs=0.0006)


def test_the_larger_picture_is_offered_where_one_is_held(client: FlaskClient) -> None:
    image = one(card(read(client, "/search?name=photo+16"), "Blue Panorama"), "img")
    assert (image["width"], image["height"]) == ("1500", "480")
    assert re.fullmatch(r"\S+ 400w, \S+&size=1200 1200w", str(image["srcset"]))


def test_filters_are_links_with_counts_and_chips_that_remove_them(client: FlaskClient) -> None:
    page = read(client, "/search?artist=Ion+Petrescu")
    ceramics = next(link for link in page.select(".values a") if words(link).startswith("Ceramics"))
    assert words(ceramics) == "Ceramics 6"
    page = read(client, str(ceramics["href"]))
    assert [words(chip) for chip in page.select(".chips a")] == ["Ion Petrescu", "Ceramics"]
    assert page.select(".values a[aria-current]")[0]["href"] == page.select(".chips a")[0]["href"]
    page = read(client, str(page.select(".chips a")[0]["href"]))
    assert [words(chip) for chip in page.select(".chips a")] == ["Ceramics"]
    assert words(one(page, ".total")) == "6 works"


def test_forms_carry_over_what_the_address_asks(client: FlaskClient) -> None:
    page = read(client, "/search?q=vase&genre=vase&genre=tile&sort=title&page=1&size=2")
    carried = [(field["name"], field["value"]) for field in one(page, "form.ask").select("[type=hidden]")]
    assert carried == [("genre", "vase"), ("genre", "tile"), ("sort", "title"), ("size", "2")]
    assert not page.select("form:has(#find-genre)")  # two are found without
    page = read(client, "/search?q=vase&genre=vase&genre=tile&sort=title&page=1&size=2&find_artist=ion")
    artist = one(page, "form:has(#find-artist)")
    assert artist["action"] == "/search#filters"
    carried = [(field["name"], field["value"]) for field in artist.select("[type=hidden]")]
    assert carried == [("q", "vase"), ("genre", "vase"), ("genre", "tile"), ("sort", "title"), ("size", "2")]
    assert not one(read(client, "/similar?id=blue-vase&genre=vase"), "form.ask").select("[type=hidden]")


def test_next_reaches_every_work_once(client: FlaskClient) -> None:
    page, titles = read(client, "/search?size=9"), []
    assert not page.select(".pages [rel=prev]")
    while True:
        titles += [str(link["href"]) for link in page.select(".title a")]
        if not (onward := page.select(".pages [rel=next]")):
            break
        assert one(page, "link[rel=next]")["href"] == onward[0]["href"]
        page = read(client, str(onward[0]["href"]))
    assert len(titles) == len(set(titles)) == 24
    assert words(one(page, ".pages p")) == "Works 19 –24 of 24"
    assert one(page, ".pages [rel=prev]")["href"] == "/search?page=2&size=9"


def test_past_the_last_page_there_is_a_way_back_to_it(client: FlaskClient) -> None:
    page = read(client, "/search?page=99&size=9")
    assert words(one(page, ".total")) == "24 works"
    assert words(one(page, ".nothing")) == "There is no page 99 of these results. Back to the last page"
    assert not page.select(".pages")
    back = str(one(page, ".nothing a")["href"])
    assert back == one(page, "link[rel=prev]")["href"] == "/search?page=3&size=9"
    assert len(read(client, back).select(".card")) == 6
    assert client.get("/recommend?like=blue-vase&page=99").get_json()["prev"] == "/recommend?like=blue-vase&page=2"


def test_order_and_methods_are_links_to_choose_from(client: FlaskClient) -> None:
    page = read(client, "/search?sort=title")
    assert words(one(page, "nav[aria-label=Order] [aria-current]")) == "Title"
    page = read(client, "/similar?id=blue-vase&method=palette")
    assert [words(link) for link in page.select("nav[aria-label='Alike in'] a")] == ["Words", "Layout", "Colours"]
    assert words(one(page, "nav[aria-label='Alike in'] [aria-current]")) == "Colours"
    assert "Which colours there are" in words(one(page, ".settings"))


def test_results_are_a_table_as_well(client: FlaskClient) -> None:
    page = read(client, "/search?genre=vase")
    switch = one(page, "nav[aria-label='Show as']")
    assert [words(link) for link in switch.select("a")] == ["Pictures", "Table"]
    page = read(client, str(switch.select("a")[1]["href"]))
    assert not page.select(".wall")
    heads = [words(cell) for cell in page.select("thead th")]
    assert heads[1:4] == ["Title", "Artist", "Date"]
    rows = page.select("tbody tr")
    assert [words(one(row, ".title")) for row in rows] == [
        "Blue Vase",
        "Red Vase",
        "Green Vase",
        "A Vase without Picture",
    ]
    assert words(rows[0].select("td")[2]) == "1807"
    assert len(one(page, "table").select("form.like")) == 4
    assert words(one(page, "nav[aria-label='Show as'] [aria-current]")) == "Table"


def test_headings_of_the_table_order_it(client: FlaskClient) -> None:
    page = read(client, "/search?genre=vase&view=table")
    title = page.select("thead th")[1]
    assert "aria-sort" not in title.attrs
    page = read(client, str(one(title, "a")["href"]))
    assert page.select("thead th")[1]["aria-sort"] == "ascending"
    assert words(page.select("tbody .title")[0]) == "A Vase without Picture"
    assert words(one(page, ".menu summary")) == "Order: Title"
    similar = read(client, "/similar?id=blue-vase&method=pixels&view=table")
    assert not similar.select("thead a")
    assert words(similar.select("tbody .score")[0]) != ""


def test_every_result_can_be_saved(client: FlaskClient) -> None:
    page = read(client, "/search?genre=vase&page=2&size=3&view=table")
    saves = page.select(".save a")
    assert [(words(link), link["aria-label"]) for link in saves] == [
        ("CSV", "Save 4 works as CSV"),
        ("JSON", "Save 4 works as JSON"),
    ]
    assert len(client.get(str(saves[0]["href"])).text.splitlines()) == 5
    assert not read(client, "/search?q=zzzz").select(".save")


def test_a_value_is_found_among_all_of_a_facet(client: FlaskClient) -> None:
    body = client.get("/search?find_genre=sca&genre=tile").get_json()
    assert body["total"] == 3
    assert [(item["value"], item["count"], item["selected"]) for item in body["facets"]["genre"]] == [
        ("tile", 3, True),
        ("seascape", 4, False),
        ("landscape", 2, False),
    ]
    assert body["facet_values"] == {"artist": 1, "collection": 1, "genre": 8}
    assert body["facets"]["genre"][1]["toggle"] == "/search?genre=tile&genre=seascape"
    page = read(client, "/search?find_genre=zzzz")
    assert words(one(page, ".facet:has(#find-genre) .listed")) == "None of the genres here is called “zzzz”."
    assert one(page, "#find-genre")["value"] == "zzzz"
    folded = client.get("/search?find_artist=PETR").get_json()["facets"]["artist"]
    assert [item["value"] for item in folded] == ["Ion Petrescu"]


def test_a_known_work_is_looked_up(client: FlaskClient) -> None:
    page = read(client, "/")
    assert [field["name"] for field in page.select(".lookup input")] == ["name", "accession"]
    assert words(one(read(client, "/search?name=PHOTO+07"), ".title")) == "Blue Vase"
    found = read(client, "/search?accession=1900.24")
    assert words(one(found, "h1")) == "Accession number “1900.24”"
    assert one(found, ".card").get_attribute_list("class") == ["card", "bare"]


def test_an_image_name_leaves_nothing_to_filter(client: FlaskClient) -> None:
    for name in ("photo+07", "none-such"):
        page = read(client, f"/search?name={name}&genre=tile")
        assert not page.select("#filters, [popovertarget=filters], .values, nav[aria-label='Look for words in']")
        one(page, ".desk > .lookup")
    assert read(client, "/search?accession=1900.24").select("#filters .values")


def test_a_correction_is_said_of_the_whole_query_and_can_be_undone(client: FlaskClient) -> None:
    page = read(client, '/search?q=Blue+vsae+-tile+"pale+ground"&mode=keyword&genre=vase&page=1')
    corrected = page.select(".note")[0]
    said = 'Shown are works for Blue vase -tile "pale ground". Search as typed: Blue vsae -tile "pale ground"'
    assert corrected.get_text() == said
    assert [words(word) for word in corrected.select("strong")] == ["vase"]
    undone = read(client, str(one(corrected, "a")["href"]))
    assert one(undone, "input[name=q]")["value"] == 'Blue vsae -tile "pale ground"'
    assert "No work has “vsae”" in words(one(undone, ".note"))


def test_nothing_found_says_why_and_what_to_do(client: FlaskClient) -> None:
    page = read(client, "/search?name=none-such")
    assert words(one(page, ".total")) == "0 works"
    assert words(one(page, ".nothing")).startswith("No image is called “none-such”.")
    assert one(page, ".nothing a")["href"] == "/search"


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("/search?q=zzzz", "You could use other words, or see all works ."),
        ("/search?accession=1900.7&genre=tile", "You could use other words or fewer filters, or see all works ."),
        ("/search?genre=none", "You could use fewer filters, or see all works ."),
        ("/similar?id=untitled&method=description", "You could see all works ."),
    ],
)
def test_nothing_found_advises_to_change_what_was_asked(client: FlaskClient, address: str, advice: str) -> None:
    assert words(one(read(client, address), ".nothing p:last-child")) == advice


def test_a_work_that_cannot_be_compared_has_no_methods_to_choose(client: FlaskClient) -> None:
    assert not read(client, "/similar?id=unseen").select("nav[aria-label='Alike in']")
