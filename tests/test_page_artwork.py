"""The page of one work: its record, its colours, what it is like, and what it lacks."""

import json
from pathlib import Path

from flask.testing import FlaskClient

from app import create_app
from app.config import Settings
from indexes.artwork import Artwork
from indexes.colours import TERMS
from indexes.encoders.palette import colour_terms
from indexes.pictures import PictureStore, decode, render
from tests.collection import LONG, draw
from tests.page import card, one, read, words
from tests.small_release import release_of


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
