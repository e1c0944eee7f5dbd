"""The works of a release as they are recognised."""

from dataclasses import dataclass

from PIL import Image

from indexes.catalogue import Catalogue
from indexes.pictures import PictureError, PictureStore, decode
from indexes.recognition.landmarks import LandmarkIndex, Landmarks


@dataclass(frozen=True, slots=True)
class ReleaseGallery:
    """Stored landmarks, and pictures that are read when a photo must be compared with them."""

    catalogue: Catalogue
    pictures: PictureStore
    index: LandmarkIndex

    def landmarks(self, row: int) -> Landmarks | None:
        """Those of the work's picture; None where it has none."""
        return self.index.of(row)

    def picture(self, row: int) -> Image.Image | None:
        """The work's small picture; None where it is missing or damaged, and then the work is not recognised."""
        stored = self.catalogue.picture(row)
        try:
            return decode(self.pictures.read(stored.digest)) if stored else None
        except (OSError, PictureError):
            return None

    def size(self, row: int) -> tuple[int, int]:
        """Width and height of the original."""
        stored = self.catalogue.picture(row)
        return (stored.width, stored.height) if stored else (1, 1)
