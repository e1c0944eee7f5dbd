import numpy as np
import pytest
from PIL import Image

from indexes.encoders.pixels import PixelsEncoder


def noise(seed: int, size: tuple[int, int] = (90, 60)) -> Image.Image:
    random = np.random.default_rng(seed)
    return Image.fromarray(random.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


def test_vectors_are_float32_rows_of_unit_length() -> None:
    encoder = PixelsEncoder()
    vectors = encoder.encode_images([noise(1), noise(2, (7, 300)), noise(3, (1, 1))])
    assert vectors.shape == (3, encoder.dimension) == (3, 3072)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)


def test_a_row_depends_on_its_own_picture_alone() -> None:
    encoder = PixelsEncoder()
    pictures = [noise(seed) for seed in range(5)]
    together = encoder.encode_images(pictures)
    alone = np.concatenate([encoder.encode_images([picture]) for picture in reversed(pictures)])[::-1]
    assert together.tobytes() == alone.tobytes()


def test_no_pictures_give_no_rows() -> None:
    assert PixelsEncoder().encode_images([]).shape == (0, 3072)


def test_each_value_is_a_cell_s_mean_less_mid_grey() -> None:
    picture = Image.new("RGB", (64, 64), "black")
    picture.paste((255, 255, 255), (0, 0, 64, 32))
    [row] = PixelsEncoder().encode_images([picture])
    expected = np.full((32, 32, 3), -1.0)
    expected[:16] = 1.0
    np.testing.assert_allclose(row, expected.ravel() / np.sqrt(3072), rtol=1e-6)


def test_dark_and_light_oppose_each_other() -> None:
    black, white, almost = (Image.new("RGB", (10, 10), shade) for shade in ("black", "white", (250, 250, 250)))
    vectors = PixelsEncoder().encode_images([black, white, almost])
    likeness = vectors @ vectors.T
    assert likeness[0, 1] == pytest.approx(-1, abs=1e-5)
    assert likeness[1, 2] == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("grey", [127, 128])
def test_the_greyest_picture_still_has_a_direction(grey: int) -> None:
    [row] = PixelsEncoder().encode_images([Image.new("RGB", (40, 40), (grey, grey, grey))])
    assert np.linalg.norm(row) == pytest.approx(1)


def test_the_size_of_the_copy_hardly_matters() -> None:
    gradient = Image.linear_gradient("L").convert("RGB")
    vectors = PixelsEncoder().encode_images([gradient, gradient.resize((400, 300), Image.Resampling.BICUBIC)])
    assert vectors[0] @ vectors[1] > 0.999
