import threading
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app import create_app
from app.config import Settings
from indexes import loader
from indexes.artwork import Artwork
from indexes.encoders import EncoderError, ImageEncoder
from indexes.methods import open_encoder
from tests.collection import draw
from tests.small_release import release_of, titled

JPEG = draw(Artwork(id="blue-vase"))


def upload(client: FlaskClient, data: bytes = JPEG, **fields: str) -> dict[str, object]:
    answer = client.post("/similar", data=fields | {"image": (BytesIO(data), "photo.jpg")})
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.get_json()
    return body


def ids(body: dict[str, object]) -> list[str]:
    return [hit["id"] for hit in body["results"]]  # type: ignore[attr-defined]


def test_works_like_a_work_leave_it_out(client: FlaskClient) -> None:
    body = client.get("/similar?id=blue-vase&method=description&size=3").get_json()
    assert {work.partition("-")[2] for work in ids(body)[:2]} == {"vase"}
    assert "blue-vase" not in ids(body)
    assert body["total"] == 17  # 18 works have a description to compare


@pytest.mark.parametrize("method", ["pixels", "palette"])
def test_an_upload_finds_its_own_picture(client: FlaskClient, method: str) -> None:
    body = upload(client, method=method)
    assert ids(body)[0] == "blue-vase"
    assert body["total"] == 23


def test_pages_filters_and_methods_of_an_upload_need_no_second_one(client: FlaskClient) -> None:
    body = upload(client, method="palette", size="10")
    seen = ids(body)
    while body["next"]:
        body = client.get(str(body["next"])).get_json()
        seen += ids(body)
    assert len(seen) == len(set(seen)) == 23
    address = str(body["prev"]).replace("method=palette", "method=pixels")
    assert client.get(f"{address}&genre=vase&page=1").get_json()["total"] == 3


@pytest.mark.parametrize("method", ["pixels", "palette", "description"])
def test_a_narrow_filter_gives_exactly_what_passes_in_order(client: FlaskClient, method: str) -> None:
    everything = client.get(f"/similar?id=red-tile&method={method}&size=100").get_json()
    filtered = client.get(f"/similar?id=red-tile&method={method}&genre=vase&size=100").get_json()
    assert ids(filtered) == [hit["id"] for hit in everything["results"] if hit["genre"] == "vase"]
    assert filtered["total"] == 3


@pytest.mark.parametrize("filters", ["", "&genre=vase", "&genre=vase&genre=tile&artist=Ion+Petrescu"])
def test_values_are_counted_without_the_work_itself(client: FlaskClient, filters: str) -> None:
    for work_id in ("blue-vase", "red-tile", "blue-tile"):
        answer = client.get(f"/similar?id={work_id}&method=pixels&size=100{filters}").get_json()
        assert answer["total"] == len(answer["results"])
        for facet in ("artist", "collection", "genre"):
            besides = "".join(f"&{part}" for part in filters.split("&") if part and not part.startswith(facet))
            found = client.get(f"/similar?id={work_id}&method=pixels&size=100{besides}").get_json()["results"]
            counted = Counter(work[facet] for work in found)
            assert {value["value"]: value["count"] for value in answer["facets"][facet] if value["count"]} == {
                value: count for value, count in counted.items() if value
            }


@pytest.mark.parametrize(
    ("asked", "lacking"), [("unseen&method=pixels", "picture"), ("untitled&method=description", "description")]
)
def test_a_work_without_what_is_compared_says_so(client: FlaskClient, asked: str, lacking: str) -> None:
    body = client.get(f"/similar?id={asked}").get_json()
    assert (body["total"], body["results"]) == (0, [])
    assert body["note"] == f"This work has no {lacking} that could be compared by this method."


@pytest.mark.parametrize(
    ("work", "methods", "total"),
    [
        ("blue-vase", ["description", "pixels", "palette"], 17),
        ("untitled", ["pixels", "palette"], 22),  # has a picture, and nothing that describes it
        ("unseen", [], 0),
    ],
)
def test_a_work_is_compared_by_the_methods_it_has(
    client: FlaskClient, work: str, methods: list[str], total: int
) -> None:
    body = client.get(f"/similar?id={work}").get_json()
    assert [choice["value"] for choice in body["choices"]["method"]] == methods
    assert [choice["value"] for choice in body["choices"]["method"] if choice["selected"]] == methods[:1]
    assert (body["total"], len(client.get(f"/similar?id={work}&format=csv").text.splitlines())) == (total, total + 1)
    assert list(client.get(f"/artworks/{work}").get_json()["methods"]) == methods


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        (b"", 415, "no bytes"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "SVG"),
        (b"PK\x03\x04 a zip", 415, "not"),
        (JPEG[:200], 415, "image:"),
    ],
)
def test_what_is_no_picture_is_a_sentence(client: FlaskClient, data: bytes, status: int, sentence: str) -> None:
    answer = client.post("/similar", data={"image": (BytesIO(data), "x.png"), "method": "pixels"})
    error = answer.get_json()["error"]
    assert (answer.status_code, error["field"]) == (status, "image")
    assert sentence in error["message"]


def test_too_many_pixels_and_too_many_bytes(collection: Path, tmp_path: Path) -> None:
    limits = Settings(indexes=collection, database_url=f"sqlite:///{tmp_path / 'l'}", secret_key="x", max_megapixels=1)
    client = create_app(limits).test_client()
    large = BytesIO()
    Image.new("L", (1200, 1000)).save(large, "PNG")
    answer = client.post("/similar", data={"image": (BytesIO(large.getvalue()), "x.png"), "method": "pixels"})
    assert answer.status_code == 413
    # The announced length is enough to refuse it: not a byte is read.
    announced = {"CONTENT_LENGTH": "21000000", "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = client.post("/similar", environ_overrides=announced)
    assert answer.status_code == 413
    assert "20 MB" in answer.get_json()["error"]["message"]


@pytest.mark.parametrize(
    ("address", "status", "field"),
    [
        ("/similar", 400, "id"),
        ("/similar?id=none-such", 404, "id"),
        ("/similar?picture=none-such&method=pixels", 404, "picture"),
        ("/similar?picture=none-such&method=description", 400, "method"),
        ("/similar?id=blue-vase&method=x", 400, "method"),
    ],
)
def test_questions_that_cannot_be_answered(client: FlaskClient, address: str, status: int, field: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.get_json()["error"]["field"]) == (status, field)


def test_an_upload_without_file_or_by_words(client: FlaskClient) -> None:
    assert client.post("/similar", data={"method": "pixels"}).get_json()["error"]["field"] == "image"
    answer = client.post("/similar", data={"image": (BytesIO(JPEG), "x"), "method": "description"})
    assert "clip, pixels, autoencoder, palette" in answer.get_json()["error"]["message"]


def test_a_collection_without_pictures(tmp_path: Path) -> None:
    release_of(tmp_path / "indexes", titled("One", "Two"))
    settings = Settings(indexes=tmp_path / "indexes", database_url=f"sqlite:///{tmp_path / 'l'}", secret_key="x")
    client = create_app(settings).test_client()
    body = upload(client)
    assert (body["total"], body["results"]) == (0, [])
    assert body["note"] == "This collection holds no pictures to compare by this method."


def test_an_encoder_that_cannot_be_opened_takes_no_other_method_along(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def without_palette(method: str, *others: Any) -> ImageEncoder:
        if method == "palette":
            raise EncoderError("weights: there is no file /srv/museum/palette.pt")
        return open_encoder(method, *others)

    monkeypatch.setattr(loader, "open_encoder", without_palette)
    client = app.test_client()
    assert ids(upload(client, method="pixels"))[0] == "blue-vase"
    picture = upload(client, method="pixels")["query"]["picture"]  # type: ignore[index]
    body = client.get(f"/similar?picture={picture}").get_json()
    assert (body["query"]["method"], [choice["value"] for choice in body["choices"]["method"]]) == (
        "pixels",
        ["pixels"],
    )
    answer = client.get(f"/similar?picture={picture}&method=palette")
    assert (answer.status_code, answer.get_json()["error"]["message"]) == (
        400, "method: palette is not available just now; this picture can be compared by pixels",
    )  # fmt: skip
    refused = client.post("/similar", data={"method": "palette", "image": (BytesIO(JPEG), "photo.jpg")})
    assert (refused.status_code, refused.get_json()["error"]["message"]) == (
        503,
        "Pictures cannot be compared just now. It has been noted. Searching by words goes on.",
    )
    assert "there is no file /srv/museum/palette.pt" in caplog.text  # for the log, not for visitors


def test_a_search_is_answered_while_an_encoder_is_being_opened(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    opening, go_on = threading.Event(), threading.Event()

    def slow(*arguments: Any) -> ImageEncoder:
        opening.set()
        assert go_on.wait(60)
        return open_encoder(*arguments)

    monkeypatch.setattr(loader, "open_encoder", slow)
    uploaded: list[Any] = []
    thread = threading.Thread(target=lambda: uploaded.append(upload(app.test_client(), method="pixels")))
    thread.start()
    assert opening.wait(60)
    assert app.test_client().get("/search?q=vase").status_code == 200
    assert uploaded == []
    go_on.set()
    thread.join()
    assert ids(uploaded[0])[0] == "blue-vase"
