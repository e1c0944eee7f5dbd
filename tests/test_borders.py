import numpy as np
import pytest
from PIL import Image

from indexes.encoders.borders import trimmed


def busy(size: tuple[int, int]) -> Image.Image:
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


@pytest.mark.parametrize("colour", ["white", "black", (200, 190, 170)])
@pytest.mark.parametrize("scale", [1, 10])
def test_plain_borders_are_cut_off(colour: str | tuple[int, int, int], scale: int) -> None:
    framed = Image.new("RGB", (100, 80), colour)
    framed.paste(busy((60, 50)), (20, 10))
    cut = trimmed(framed.resize((100 * scale, 80 * scale), Image.Resampling.NEAREST))
    assert cut.width == pytest.approx(60 * scale, abs=2 * scale)
    assert cut.height == pytest.approx(50 * scale, abs=2 * scale)


def test_a_little_noise_does_not_save_a_border() -> None:
    framed = np.full((80, 100, 3), 128) + np.random.default_rng(2).integers(-4, 5, (80, 100, 3))
    framed[20:60, 20:80] = np.asarray(busy((60, 40)))
    assert trimmed(Image.fromarray(framed.astype(np.uint8))).size == (60, 40)


@pytest.mark.parametrize("picture", [busy((50, 70)), Image.new("RGB", (50, 70), "blue"), Image.new("RGB", (1, 1))])
def test_what_has_no_border_stays_as_it_is(picture: Image.Image) -> None:
    assert trimmed(picture).tobytes() == picture.tobytes()


def test_two_fifths_of_a_side_stay_whatever_is_round_them() -> None:
    dot = Image.new("RGB", (100, 100), "white")
    dot.paste("black", (48, 48, 52, 52))
    assert trimmed(dot).size == (40, 40)
