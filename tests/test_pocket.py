"""The bundled weights: what everybody gets who installs nothing else."""

import pytest
from PIL import Image

from indexes.encoders import pocket
from indexes.encoders.clip import ClipEncoder, open_encoder
from pipeline.evaluate.likeness import photographs, recognition, scenes
from pipeline.painting import compose


@pytest.fixture(scope="module")
def encoder() -> ClipEncoder:
    return open_encoder("pocket", device="cpu")


def test_it_comes_with_the_product_and_is_small(encoder: ClipEncoder) -> None:
    assert encoder.trained
    assert encoder.has_words
    assert sum(file.stat().st_size for file in pocket.FOLDER.iterdir()) <= 12_000_000


def test_words_find_generated_works_by_colour(encoder: ClipEncoder) -> None:
    composed = [compose(41, index) for index in range(400)]
    blue = [work.index for work in composed if "blue" in work.colours and "red" not in work.colours][:8]
    red = [work.index for work in composed if "red" in work.colours and "blue" not in work.colours][:8]
    vectors = encoder.encode_images([picture for _, picture in scenes(blue + red, 41)])
    as_blue, as_red = encoder.encode_texts(["a blue picture", "a red picture"]) @ vectors.T
    bluer = as_blue - as_red
    assert (bluer[:8, None] > bluer[None, 8:]).mean() > 0.8


def test_a_photo_finds_its_work(encoder: ClipEncoder) -> None:
    pictures = [picture for _, picture in scenes(range(16), 43)]
    works = encoder.encode_images(pictures)
    photos = encoder.encode_images([*photographs(pictures, 1.0, seed=1)])
    assert recognition(works, photos).first >= 0.9


def test_a_plain_border_changes_nothing(encoder: ClipEncoder) -> None:
    ((_, picture),) = scenes(range(1), 44)
    bordered = Image.new("RGB", (picture.width + 200, picture.height + 80), "white")
    bordered.paste(picture, (100, 40))
    one, other = encoder.encode_images([picture, bordered])
    assert one @ other > 0.9
