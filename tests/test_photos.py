import numpy as np
import pytest
from PIL import Image

from pipeline.painting import compose, paint
from pipeline.training.photos import photograph


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    return paint(compose(3, 4))


def apart(one: Image.Image, other: Image.Image) -> float:
    size = (64, 64)
    return float(np.abs(np.asarray(one.resize(size), float) - np.asarray(other.resize(size), float)).mean())


def test_equal_arguments_give_equal_photos(picture: Image.Image) -> None:
    assert photograph(picture, 5).tobytes() == photograph(picture, 5).tobytes()
    assert photograph(picture, 5).tobytes() != photograph(picture, 6).tobytes()


def test_without_distortion_the_photo_is_the_picture(picture: Image.Image) -> None:
    assert apart(picture, photograph(picture, 5, strength=0)) < 4


def test_twice_the_strength_is_further_from_the_picture(picture: Image.Image) -> None:
    usual, twice = (np.mean([apart(picture, photograph(picture, seed, s)) for seed in range(12)]) for s in (1.0, 2.0))
    assert 10 < usual < twice


@pytest.mark.parametrize("size", [(1, 1), (300, 4), (4, 300), (900, 700)])
def test_any_picture_can_be_photographed(size: tuple[int, int]) -> None:
    photo = photograph(Image.new("RGB", size, "teal"), 1, strength=2)
    assert photo.mode == "RGB"
    assert 32 <= max(photo.size) <= 420
