"""Which encoders a collection's pictures go through, and what came out of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from indexes.colours import TERMS
from indexes.encoders import Vectors
from indexes.encoders.clip import ClipEncoder, open_encoder
from indexes.encoders.palette import colour_terms
from pipeline.vector_log import VectorLog


@dataclass(frozen=True, slots=True)
class Encoding:
    """The CLIP model of a build."""

    encoder: str  # `pocket`, or open_clip's MODEL:PRETRAINED
    weights: Path | None = None


class Encoder:
    """The CLIP model, opened when it is first needed."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self._opened: ClipEncoder | None = None

    def open(self) -> ClipEncoder:
        """The model. Raises EncoderError."""
        if self._opened is None:
            self._opened = open_encoder(self.encoding.encoder, self.encoding.weights)
        return self._opened


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors of one method, and what a release has to know of their encoder."""

    method: str
    encoder: str
    log: VectorLog
    words: bool = False
    weights: Path | None = None  # the operator's checkpoint, which the service needs too
    file: Path | None = None  # weights that belong to the collection and travel with the release


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured of a collection's pictures; nothing where it has none."""

    methods: list[Embedded] = field(default_factory=list)
    colours: VectorLog | None = None  # shares of the basic colour terms
    landmarks: VectorLog | None = None  # by which photos of works are recognised

    def identities(self) -> dict[str, str]:
        """Which encoder made the vectors of each method, and what measured the rest."""
        logs = {made.method: made.log for made in self.methods}
        measured = {"colours": self.colours, "landmarks": self.landmarks}
        return {name: log.identity for name, log in (logs | measured).items() if log}


class ColourTerms:
    """Measures colours as the encoders do vectors: a row of shares for each picture, in the order of `TERMS`."""

    identity = "colour-terms-1"
    dimension = len(TERMS)

    def encode_images(self, pictures: Sequence[Image.Image]) -> Vectors:
        """RGB pictures -> float32 (len(pictures), 11), shares that add up to 1."""
        shares = [colour_terms(picture) for picture in pictures]
        return np.array([[share[term] for term in TERMS] for share in shares], np.float32).reshape(-1, len(TERMS))
