"""The pocket model without its weights, and a picture for it."""

from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from indexes.encoders import pocket


def noise(seed: int, size: tuple[int, int] = (90, 60)) -> Image.Image:
    random = np.random.default_rng(seed)
    return Image.fromarray(random.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


@pytest.fixture(scope="module", autouse=True)
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whatever weights come with the pocket model, these tests see it without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pocket, "FOLDER", tmp_path_factory.mktemp("pocket"))
        yield
