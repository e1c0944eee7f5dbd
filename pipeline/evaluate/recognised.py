"""How often a photo of a work is told to be of it, and how often one of a stranger is told to be of some work."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from indexes.encoders import Vectors
from indexes.recognition import NEAREST, LandmarkMeasure, Landmarks, unpacked, verified
from pipeline.evaluate.likeness import batches


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of one photo of each work."""

    photos: int
    itself: float  # share told to be of its own work
    alarms: tuple[tuple[int, int], ...]  # with its own work taken away: which photo was told to be of which other work

    @property
    def alarmed(self) -> float:
        """The share of photos told to be of another work when their own is not there."""
        return len(self.alarms) / self.photos


class Works:
    """Works that may be recognised: their landmarks in memory, their pictures where they are."""

    def __init__(self, picture: Callable[[int], Image.Image], count: int) -> None:
        self.picture = picture
        marks = map(LandmarkMeasure().encode_images, batches(map(picture, range(count))))
        self._marks = np.concatenate(list(marks))

    def landmarks(self, row: int) -> Landmarks | None:
        """Those of a work's picture."""
        return unpacked(self._marks[row])

    def size(self, row: int) -> tuple[int, int]:
        """Width and height of a work's picture."""
        return self.picture(row).size


def told(photos: Iterable[Image.Image], likeness: Vectors, works: Works) -> Told:
    """Photo i is of work i, and `likeness` (photos, works) finds the works that are looked at closely.

    Each photo counts twice: with its own work among the others, and as that of a stranger, with its own taken away.
    """
    itself, alarms = 0, []
    for row, (photo, likely) in enumerate(zip(photos, likeness, strict=True)):
        nearest = np.argsort(-likely, kind="stable")[: NEAREST + 1].tolist()
        seen = [one.row for one in verified(photo, nearest, works)]
        within = set(nearest[:NEAREST])
        itself += next((one for one in seen if one in within), None) == row
        alarms += [(row, one) for one in seen if one != row][:1]
    return Told(len(likeness), itself / len(likeness), tuple(alarms))
