"""The bundled weights: what everybody gets who installs nothing else."""

import numpy as np
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


@pytest.mark.parametrize("genre", ["Seascape", "Colour field", "Vessel"])
def test_words_find_generated_works_by_colour(encoder: ClipEncoder, genre: str) -> None:
    works = list(scenes(_of(genre), 41))
    vectors = encoder.encode_images([picture for _, picture in works])
    blue, red = encoder.encode_texts([f"blue {genre.lower()}", f"red {genre.lower()}"]) @ vectors.T
    are_blue = np.array(["blue" in scene.colours for scene, _ in works])
    are_red = np.array(["red" in scene.colours for scene, _ in works])
    assert (blue - red)[are_blue & ~are_red].mean() > (blue - red)[are_red & ~are_blue].mean()


def test_a_photo_finds_its_work(encoder: ClipEncoder) -> None:
    pictures = [picture for _, picture in scenes(range(30), 43)]
    works = encoder.encode_images(pictures)
    photos = encoder.encode_images([*photographs(pictures, 1.0, seed=1)])
    assert recognition(works, photos).first >= 0.9


def test_a_plain_border_changes_nothing(encoder: ClipEncoder) -> None:
    ((_, picture),) = scenes(range(1), 44)
    bordered = Image.new("RGB", (picture.width + 200, picture.height + 80), "white")
    bordered.paste(picture, (100, 40))
    one, other = encoder.encode_images([picture, bordered])
    assert one @ other > 0.9


def _of(genre: str) -> list[int]:
    """Indices of thirty works of a genre."""
    return [index for index in range(920) if compose(41, index).genre == genre][:30]
