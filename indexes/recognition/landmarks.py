"""Landmarks of a picture: its corners, each with what is round it, as they are known again in a photo of it.

They are ORB's (Rublee et al., "ORB: an efficient alternative to SIFT or SURF", 2011), by OpenCV.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexes.columns import Rows, open_array, write_array

SIDE = 400  # pixels of the longer side of a picture, for landmarks and for all geometry
OF_A_WORK = 150
OF_A_PHOTO = 1000  # a photo shows other things too

_RECIPE = 1  # counts up with any change that gives other landmarks: those made before and after do not compare
_CONTRAST = 7  # of 255: a corner must stand out so much; ORB's own 20 leaves faint drawings and misty scenes with none
_MARGIN = 15  # pixels from the edge
_LEAST = 2 * _MARGIN + 2  # pixels of the shorter side
_PART = 64  # places are kept in parts of a pixel
_STORED = np.dtype([("place", "<u2", (2,)), ("pattern", "u1", (32,))])


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Places (n, 2), x and y where the longer side has `SIDE` pixels, and their patterns of 256 bits (n, 32)."""

    places: NDArray[np.float32]
    patterns: NDArray[np.uint8]

    @classmethod
    def of(cls, picture: Image.Image, count: int) -> "Landmarks":
        """The `count` strongest of an RGB picture; fewer, or none, where it is plain or a narrow strip."""
        import cv2

        cv2.setNumThreads(1)  # visitors are served side by side; threads of one would take the others' cores
        size = sized(picture.size)
        if min(size) < _LEAST:
            return cls(np.empty((0, 2), np.float32), np.empty((0, 32), np.uint8))
        grey = np.asarray(picture.convert("L").resize(size, Image.Resampling.BICUBIC, reducing_gap=2))
        orb = cv2.ORB.create(nfeatures=count, edgeThreshold=_MARGIN, fastThreshold=_CONTRAST)
        corners, patterns = orb.detectAndCompute(grey, None)
        strongest = sorted(range(len(corners)), key=lambda at: -corners[at].response)[:count]
        places = np.array([corners[at].pt for at in strongest], np.float32).reshape(-1, 2)
        return cls(places, np.asarray(patterns, np.uint8)[strongest] if len(corners) else np.empty((0, 32), np.uint8))

    def __len__(self) -> int:
        return len(self.places)


def sized(size: tuple[int, int]) -> tuple[int, int]:
    """Width and height of a picture of this `size` when its longer side has `SIDE` pixels."""
    scale = SIDE / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


class LandmarkMeasure:
    """Measures the landmarks of works as encoders do vectors: a row of bytes for each picture."""

    identity = f"landmarks-orb-{_RECIPE}"
    dimension = OF_A_WORK * _STORED.itemsize  # 5,400 bytes

    def encode_images(self, pictures: Sequence[Image.Image]) -> NDArray[np.uint8]:
        """RGB pictures of any size -> bytes (len(pictures), 5400); what is left over is 0."""
        rows = np.zeros((len(pictures), OF_A_WORK), _STORED)
        for row, picture in zip(rows, pictures, strict=True):
            marks = Landmarks.of(picture, OF_A_WORK)
            row["place"][: len(marks)] = np.round(marks.places * _PART)
            row["pattern"][: len(marks)] = marks.patterns
        return rows.view(np.uint8).reshape(len(pictures), self.dimension)


def unpacked(row: NDArray[np.uint8]) -> Landmarks:
    """The landmarks in one row (5400,) of what `LandmarkMeasure` gives."""
    stored: NDArray[Any] = row.view(_STORED)
    used = stored["place"].any(axis=1)  # no landmark is in the corner
    return Landmarks(stored["place"][used].astype(np.float32) / np.float32(_PART), stored["pattern"][used])


class LandmarkIndex:
    """The landmarks of a release's works, memory-mapped: 5.4 kB a work."""

    def __init__(self, folder: Path) -> None:
        """Open what `write` wrote. Raises FileNotFoundError where there is nothing that this Vitrine could use."""
        self._rows: Rows = open_array(folder / f"{LandmarkMeasure.identity}.rows")
        self._marks: NDArray[np.uint8] = open_array(folder / LandmarkMeasure.identity)

    @staticmethod
    def write(folder: Path, rows: Rows, marks: Iterable[NDArray[np.uint8]]) -> None:
        """Write what `LandmarkMeasure` gave of the catalogue rows (n,), which must be ascending.

        `marks` are chunks that together have n rows of 5,400 bytes, for all may be more than memory holds.
        """
        write_array(folder / f"{LandmarkMeasure.identity}.rows", rows)
        with (folder / f"{LandmarkMeasure.identity}.npy").open("wb") as file:
            shape = (len(rows), LandmarkMeasure.dimension)
            np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
            for chunk in marks:
                file.write(chunk.tobytes())

    @classmethod
    def open(cls, folder: Path) -> "LandmarkIndex | None":
        """Those of a release; None where it has none, or those of another recipe."""
        try:
            return cls(folder)
        except FileNotFoundError:
            return None

    def of(self, row: int) -> Landmarks | None:
        """The landmarks of a work; None where it has no picture."""
        place = int(np.searchsorted(self._rows, row))
        found = place < len(self._rows) and self._rows[place] == row
        return unpacked(self._marks[place]) if found else None
