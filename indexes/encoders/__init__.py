"""Ways to turn a picture into a vector: one file per method, one protocol."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexes.errors import VitrineError

Vectors = NDArray[np.float32]

BUNDLED = "pocket"  # the name of the CLIP model that comes with the product


class ImageEncoder(Protocol):
    """Turns pictures into vectors whose inner product is their likeness."""

    @property
    def identity(self) -> str:
        """Names the method, its parameters and its weights: vectors compare only where identities are equal."""

    @property
    def dimension(self) -> int:
        """Columns of the vectors."""

    def encode_images(self, pictures: Sequence[Image.Image]) -> Vectors:
        """RGB pictures of any size -> float32 (len(pictures), dimension), each row of unit length.

        A row depends on its own picture alone, to the last bit, whatever else is in the batch.
        """


@runtime_checkable
class TextEncoder(Protocol):
    """An encoder that also places words in the space of its pictures."""

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Texts -> float32 (len(texts), dimension), each row of unit length."""


class EncoderError(VitrineError):
    """An encoder cannot be opened; the sentence says why and what to do."""


class EncoderOpening(EncoderError):
    """Another thread is opening the encoder just now."""
