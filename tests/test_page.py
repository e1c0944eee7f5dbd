"""The page's structure: what every page has, and what each is for."""

import gzip
import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask, render_template
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import MultiDict

from app import create_app
from app.config import ROOT, Settings
from indexes.artwork import Artwork
from indexes.colours import TERMS
from indexes.encoders.palette import colour_terms
from indexes.pictures import PictureStore, decode, render
from tests.collection import HOSTILE, LONG, draw
from tests.small_release import release_of

HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
PAGES = {
    "/": 200,
    "/search": 200,
    "/search?q=vase&genre=vase": 200,
    "/search?q=zzzz": 200,
    "/search?name=photo+03": 200,
    "/search?view=table": 200,
    "/search?find_artist=ion": 200,
    "/search?find_artist=zzzz": 200,
    "/similar?id=blue-vase&method=pixels": 200,
    "/likes": 200,
    "/artworks/blue-vase": 200,
    "/artworks/hostile": 200,
    "/artworks/unseen": 200,
    "/recommend": 409,
    "/search?page=0": 400,
    "/none-such": 404,
}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


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


def press(client: FlaskClient, form: Tag) -> BeautifulSoup:
    """Send a form as a browser without script does, and follow to the page it leads to."""
    assert form["method"] == "post"
    answer = client.post(str(form["action"]), data=fields(form), headers=HTML)
    assert answer.status_code == 303, answer.text
    return read(client, answer.location)


def card(page: Tag, title: str) -> Tag:
    """The card of the work with this title."""
    return next(card for card in page.select(".card") if words(one(card, ".title")) == title)


@pytest.mark.parametrize(("address", "status"), PAGES.items())
def test_every_page_is_whole(client: FlaskClient, address: str, status: int) -> None:
    page = read(client, address, status)
    assert one(page, "html")["lang"] == "en"
    assert words(one(page, "title"))
    assert words(one(page, "h1"))
    assert one(page, "main").find_parent() == page.body
    assert page.select(f'[id="{str(one(page, "a.skip")["href"])[1:]}"]')
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for image in page.select("img"):
        assert {"src", "alt", "width", "height"} <= image.attrs.keys()
        assert len(str(image["alt"])) <= 180
        assert image["alt"] or image.find_parent(class_="mini")  # beside its title
    for field in page.select("input:not([type=hidden])"):
        assert field.find_parent("label") or page.select(f'label[for="{field["id"]}"]')
    for control in page.select("a[href], button"):
        assert control.get("aria-label") or words(control) or control.select("img[alt]")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_anything_that_the_policy_forbids(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers=HTML)
    page = BeautifulSoup(answer.text, "html.parser")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not page.select("style, [style], script:not([src]):not([type='application/ld+json'])")
    assert not [name for element in page.find_all(True) for name in element.attrs if name.startswith("on")]
    for element in page.select("[src], link[rel=stylesheet], link[rel=icon], form"):
        assert str(element.get("src") or element.get("href") or element.get("action")).startswith("/")


def test_the_first_page_says_what_this_is_and_is_small(client: FlaskClient) -> None:
    answer = client.get("/", headers=HTML)
    page = BeautifulSoup(answer.text, "html.parser")
    assert words(one(page, "h1")).startswith("24 works")
    assert len(page.select(".try a")) == 3
    assert len(page.select(".card")) == 18
    sent = [answer.data, *(path.read_bytes() for path in (ROOT / "static").iterdir())]
    assert sum(len(gzip.compress(part)) for part in sent) < 60_000


def test_the_stylesheet_and_the_script_ask_no_other_host() -> None:
    for path in (ROOT / "static").iterdir():
        addresses = re.findall(r"https?://[^\s\"')]+", path.read_text())
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}
    assert len((ROOT / "static" / "vitrine.css").read_text().splitlines()) < 500


def test_colours_have_enough_contrast() -> None:
    """WCAG 2.2 AA: 4.5 to 1 for text, 3 to 1 for the edges of fields and buttons, light and dark."""
    themes = re.findall(r":root \{(.*?)\}", (ROOT / "static" / "vitrine.css").read_text(), re.DOTALL)
    themes = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", theme)) for theme in themes]
    themes = [theme for theme in themes if "paper" in theme]
    assert len(themes) == 2
    for theme in themes:
        for ground in ("paper", "raised"):
            for text in ("ink", "quiet", "accent"):
                assert contrast(theme[text], theme[ground]) >= 4.5, (text, ground)
            assert contrast(theme["edge"], theme[ground]) >= 3, ground
        assert contrast(theme["ink"], theme["mark"]) >= 4.5
        assert contrast(theme["on-accent"], theme["accent"]) >= 4.5
        assert contrast(theme["paper"], theme["ink"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, of "#rrggbb" or "#rgb"."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


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


def test_the_palette_searches_the_colours_that_a_work_is_found_by(tmp_path: Path) -> None:
    works = [Artwork(id="blue-seascape", title="Calm"), Artwork(id="grey", title="Sea without picture")]
    store = PictureStore(tmp_path / "indexes" / "pictures")
    picture = store.keep(render(draw(works[0])))
    shares = dict.fromkeys(TERMS, 0.0) | colour_terms(decode(store.read(picture.digest)))
    release_of(tmp_path / "indexes", works, {works[0].id: shares}, hung={works[0].id: picture})
    settings = Settings(
        indexes=tmp_path / "indexes", database_url=f"sqlite:///{tmp_path / 'likes.sqlite'}", secret_key="x"
    )
    client = create_app(settings).test_client()
    links = read(client, "/artworks/blue-seascape").select(".palette a")
    body = client.get("/artworks/blue-seascape").get_json()
    assert [tint["colour"] for tint in body["palette"]] == ["grey", "blue"]
    assert words(links[1]) == "Works with blue 50 %"
    assert one(links[1], "rect")["fill"] == body["palette"][1]["hex"]
    found = client.get(f"{links[1]['href']}&size=100").get_json()["results"]
    assert "blue-seascape" in [hit["id"] for hit in found]
    assert not read(client, "/artworks/grey").select(".palette")
    store.path(picture.digest).unlink()
    assert not read(client, "/artworks/blue-seascape").select(".palette")


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


def test_what_malice_writes_is_only_text(client: FlaskClient) -> None:
    page = read(client, "/artworks/hostile")
    assert words(one(page, "h1")) == HOSTILE
    assert [str(script["src"]).partition("?")[0] for script in page.select("script[src]")] == ["/static/vitrine.js"]
    assert len(page.select("script")) == 2
    assert not page.select('img[src="x"]')
    assert json.loads(str(one(page, "script[type='application/ld+json']").string))["name"] == HOSTILE
    asked = read(client, "/search?q=" + '"><script>alert(1)</script>')
    assert len(asked.select("script")) == 1
    assert one(asked, "#q")["value"] == '"><script>alert(1)</script>'


def test_what_a_record_lacks_is_said(client: FlaskClient) -> None:
    page = read(client, "/search?size=24")
    assert words(one(card(page, "Untitled"), ".by")) == "Artist unknown"
    assert one(card(page, LONG), ".title")["dir"] == "auto"
    assert words(one(read(client, "/artworks/untitled"), "h1")) == "Untitled"
    assert not read(client, "/artworks/unseen").select("figure")


def test_a_work_has_a_page(client: FlaskClient) -> None:
    page = read(client, "/artworks/blue-vase")
    record = {words(one(row, "dt")): one(row, "dd") for row in page.select(".record div")}
    assert list(record) == [
        "Artist", "Date", "Medium", "Genre", "Collection", "Accession number", "Image file",
    ]  # fmt: skip
    assert one(record["Collection"], "a")["href"] == "/search?collection=Ceramics"
    assert words(one(page, ".description")) == "A vase, mostly blue, against a pale ground."
    assert page.select('a[href="https://museum.example/blue-vase"]')
    by_artist, alike, others = page.select("section.more")
    assert not by_artist.select(".head a")  # all six others hang here
    assert [words(name) for name in others.select("h3")] == ["Layout", "Colours"]
    assert one(others.select(".strip")[1], ".small a")["href"] == "/similar?id=blue-vase&method=palette"
    assert all(len(strip.select("li a")) == 6 for strip in others.select(".strip"))
    assert {words(title) for title in by_artist.select(".title")} == {
        "Red Vase", "Green Vase", "Blue Tile", "Red Tile", "Green Tile", "A Vase without Picture",
    }  # fmt: skip
    assert [words(title) for title in alike.select(".title")][:2] == ["Red Vase", "Green Vase"]
    data = json.loads(str(one(page, "script[type='application/ld+json']").string))
    assert data["@type"] == "VisualArtwork"
    assert data["creator"] == {"@type": "Person", "name": "Ion Petrescu"}
    assert one(page, "meta[property='og:title']")["content"] == "Blue Vase, Ion Petrescu"
    assert one(page, "link[rel=canonical]")["href"] == data["url"] == "http://localhost/artworks/blue-vase"
    assert str(one(page, "meta[property='og:image']")["content"]).startswith("http://localhost/images/blue-vase?v=")


def picture() -> BytesIO:
    """A picture to upload."""
    out = BytesIO()
    Image.new("RGB", (64, 64), "#2b4a8b").save(out, "PNG")
    out.seek(0)
    return out


def test_a_picture_is_uploaded_by_a_method_in_plain_words(client: FlaskClient) -> None:
    form = one(read(client, "/"), "form.upload")
    assert [words(label) for label in form.select(".method b")] == ["Layout", "Colours"]
    answer = client.post(
        str(form["action"]), data=fields(form) | {"image": (picture(), "a.png"), "method": "palette"}, headers=HTML
    )
    assert answer.status_code == 303
    page = read(client, answer.location)
    assert words(one(page, "h1")) == "Like your picture"
    assert words(one(page, "nav[aria-label='Alike in'] [aria-current]")) == "Colours"
    assert len(page.select(".card")) == 12


def test_a_refused_upload_is_a_sentence_and_another_try(client: FlaskClient) -> None:
    form = one(read(client, "/"), "form.upload")
    answer = client.post("/similar", data=fields(form) | {"image": (BytesIO(b"<svg/>"), "a.svg")}, headers=HTML)
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 415
    assert words(one(page, "h1")) == "That picture could not be read"
    assert words(one(page, ".trouble > [role=alert]")).startswith("image: the file is SVG")
    assert one(page, "main form.upload")["action"] == "/similar"


def test_a_correction_is_said_and_can_be_undone(app: Flask, client: FlaskClient) -> None:
    body = client.get("/search?q=vase", headers={"Accept": "application/json"}).get_json()
    body |= {"corrected": {"from": "vsae", "to": "vase"}, "as_typed": "/search?q=vsae&typed=1", "note": "A note."}
    with app.test_request_context("/search?q=vsae"):
        page = BeautifulSoup(render_template("search.html", **body), "html.parser")
    corrected, note = page.select(".note")
    assert words(corrected) == "Shown are works for vase . Search as typed: vsae"
    assert one(corrected, "a")["href"] == "/search?q=vsae&typed=1"
    assert words(note) == "A note."


def test_nothing_found_says_why_and_what_to_do(client: FlaskClient) -> None:
    page = read(client, "/search?name=none-such")
    assert words(one(page, ".total")) == "0 works"
    assert words(one(page, ".nothing")).startswith("No image is called “none-such”.")
    assert one(page, ".nothing a")["href"] == "/search"


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/recommend", "No likes yet"),
        ("/search?page=0", "That could not be understood"),
        ("/none-such", "Nothing hangs here"),
    ],
)
def test_an_error_is_a_page_with_a_sentence(client: FlaskClient, address: str, heading: str) -> None:
    page = read(client, address, PAGES[address])
    said = client.get(address, headers={"Accept": "application/json"}).get_json()["error"]["message"]
    assert words(one(page, "h1")) == heading
    assert words(one(page, ".trouble [role=alert]")) == said


@pytest.fixture
def unpublished(tmp_path: Path) -> FlaskClient:
    settings = Settings(
        indexes=tmp_path / "none",
        database_url=f"sqlite:///{tmp_path / 'likes.sqlite'}",
        secret_key="x",
        site_name="Ufo",
    )
    return create_app(settings).test_client()


def test_without_a_release_the_page_says_so(unpublished: FlaskClient) -> None:
    page = read(unpublished, "/", 503)
    assert words(one(page, "title")) == "Not open just now – Ufo"
    assert "python -m pipeline build sample" in words(one(page, ".trouble"))
    assert not page.select("form.upload")
