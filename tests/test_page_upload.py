"""A search by a picture of one's own, without script."""

from io import BytesIO

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from PIL import Image

from tests.page import HTML, fields, one, read, words


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
