"""Recognition: whether a picture is a photo of a work of the collection, told by geometry and not by likeness alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from indexes.recognition.agreement import agreement
from indexes.recognition.gallery import ReleaseGallery
from indexes.recognition.geometry import locate
from indexes.recognition.landmarks import OF_A_PHOTO, SIDE, LandmarkIndex, LandmarkMeasure, Landmarks, sized, unpacked

__all__ = [
    "ENOUGH", "NEAREST", "Gallery", "LandmarkIndex", "LandmarkMeasure", "Landmarks", "ReleaseGallery", "Seen",
    "recognise", "unpacked", "verified",
]  # fmt: skip

NEAREST = 30  # works by likeness that are looked at closely; docs/pictures.md has the figures
ENOUGH = 0.7  # agreement; photos of the work itself have 0.95 in the middle and 0.76 in all but one of 200


class Gallery(Protocol):
    """Works that may be recognised, by row."""

    def landmarks(self, row: int) -> Landmarks | None:
        """Those of the work's picture; None where it has none."""

    def picture(self, row: int) -> Image.Image | None:
        """The work's picture in RGB; None where it cannot be read."""

    def size(self, row: int) -> tuple[int, int]:
        """Width and height of the picture."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A work that a photo shows."""

    row: int
    shared: int  # landmarks
    agreement: float


def recognise(photo: Image.Image, candidates: Iterable[int], gallery: Gallery) -> int | None:
    """The row of the work that an RGB photo is of, among the candidates; None where it is of none of them."""
    found = verified(photo, candidates, gallery)
    return found[0].row if found else None


def verified(photo: Image.Image, candidates: Iterable[int], gallery: Gallery) -> list[Seen]:
    """All candidates that the photo shows, the surest first: of several prints of one plate, the nearest."""
    if max(photo.size) > SIDE:
        photo = photo.resize(sized(photo.size), Image.Resampling.BICUBIC, reducing_gap=2)
    marks = Landmarks.of(photo, OF_A_PHOTO)
    found = []
    for row in candidates:
        work = gallery.landmarks(row)
        place = locate(work, sized(gallery.size(row)), marks) if work else None
        picture = gallery.picture(row) if place else None
        if place and picture:
            agreed = agreement(picture, photo, place.homography)
            if agreed >= ENOUGH:
                found.append(Seen(row, place.shared, agreed))
    return sorted(found, key=lambda seen: (-seen.shared * seen.agreement, seen.row))
