"""Whether a photo is of a work: landmarks, the place they agree on, and what is seen there."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from indexes.recognition import ENOUGH, LandmarkIndex, LandmarkMeasure, Landmarks, recognise, unpacked, verified
from indexes.recognition.agreement import agreement
from indexes.recognition.geometry import is_plausible, locate
from indexes.recognition.landmarks import OF_A_PHOTO, OF_A_WORK, sized
from pipeline.training.photos import photograph

SIZE = (400, 300)


def scribble(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture full of corners: patches of every size and colour."""
    random = np.random.default_rng(seed)
    picture = Image.new("RGB", size, "#998877")
    for side in (90, 50, 30, 20):
        for _ in range(24):
            colour = tuple(random.integers(0, 256, 3).tolist())
            at = random.integers(0, max(size), 2).tolist()
            picture.paste(colour, (at[0], at[1], at[0] + side, at[1] + int(random.integers(8, side))))
    return picture


class Works:
    """Pictures in memory that may be recognised."""

    def __init__(self, *pictures: Image.Image) -> None:
        self.pictures = pictures

    def landmarks(self, row: int) -> Landmarks | None:
        return Landmarks.of(self.pictures[row], OF_A_WORK)

    def picture(self, row: int) -> Image.Image | None:
        return self.pictures[row]

    def size(self, row: int) -> tuple[int, int]:
        return self.pictures[row].size


@pytest.mark.parametrize("seed", range(6))
def test_a_photo_is_of_its_work_and_of_no_other(seed: int) -> None:
    works = Works(*(scribble(number) for number in range(6)))
    photo = photograph(works.pictures[seed], 40 + seed)
    assert [seen.row for seen in verified(photo, range(6), works)] == [seed]
    assert recognise(photo, [row for row in range(6) if row != seed], works) is None


def test_of_two_prints_of_one_plate_the_nearer_comes_first() -> None:
    plate = scribble(1)
    other = plate.copy()
    other.paste("white", (0, 0, 130, 300))
    photo = photograph(plate, 5)
    assert next(seen.row for seen in verified(photo, [0, 1], Works(other, plate))) == 1


def test_a_shared_corner_is_not_the_work() -> None:
    work, other = scribble(1), scribble(2)
    other.paste(work.crop((0, 0, 150, 150)), (0, 0))  # as a stamp, a face or a colour chart may be
    photo = photograph(other, 5, strength=0.3)
    place = locate(Landmarks.of(work, OF_A_WORK), SIZE, Landmarks.of(photo, OF_A_PHOTO))
    assert place is not None
    assert agreement(work, photo, place.homography) < ENOUGH
    assert recognise(photo, [0], Works(work)) is None


def test_a_mirrored_work_is_another() -> None:
    assert recognise(ImageOps.mirror(scribble(1)), [0], Works(scribble(1))) is None


@pytest.mark.parametrize(
    "picture", [Image.new("RGB", SIZE, "teal"), Image.new("RGB", (8, 8)), Image.new("RGB", (9, 3000))]
)
def test_plain_tiny_and_narrow_pictures_have_no_landmarks(picture: Image.Image) -> None:
    assert len(Landmarks.of(picture, OF_A_WORK)) == 0
    assert recognise(picture, [0, 1], Works(scribble(1), picture)) is None


def test_how_a_camera_may_see_a_picture() -> None:
    assert is_plausible(np.diag([0.5, 0.6, 1.0]), SIZE)
    assert is_plausible(-np.diag([0.5, 0.6, 1.0]), SIZE)  # the same map
    assert is_plausible(np.array([[0.9, -0.2, 30], [0.2, 0.9, 5], [1e-4, 2e-4, 1]]), SIZE)
    assert not is_plausible(np.diag([-0.5, 0.6, 1.0]), SIZE)  # mirrored
    assert not is_plausible(np.diag([0.1, 0.1, 1.0]), SIZE)  # a speck
    assert not is_plausible(np.diag([3.0, 0.5, 1.0]), SIZE)  # stretched
    assert not is_plausible(np.array([[1, 0, 0], [0, 1, 0], [-0.01, 0, 1.0]]), SIZE)  # partly behind the camera


def test_landmarks_are_kept_in_rows_of_one_length() -> None:
    pictures = [scribble(1), Image.new("RGB", (30, 30)), scribble(2, (900, 200))]
    rows = LandmarkMeasure().encode_images(pictures)
    assert rows.shape == (3, 5400)
    assert rows.dtype == np.uint8
    assert rows.tobytes() == b"".join(LandmarkMeasure().encode_images([one]).tobytes() for one in pictures)
    for picture, row in zip(pictures, rows, strict=True):
        marks, kept = Landmarks.of(picture, OF_A_WORK), unpacked(row)
        assert kept.patterns.tolist() == marks.patterns.tolist()
        assert np.abs(kept.places - marks.places).max(initial=0) <= 1 / 128


def test_landmarks_are_found_by_the_row_of_the_work(tmp_path: Path) -> None:
    assert LandmarkIndex.open(tmp_path) is None
    rows = LandmarkMeasure().encode_images([scribble(1), scribble(2)])
    LandmarkIndex.write(tmp_path, np.array([3, 7], np.int32), [rows[:1], rows[1:]])
    index = LandmarkIndex.open(tmp_path)
    assert index is not None
    assert [index.of(row) is None for row in (0, 3, 5, 7, 8)] == [True, False, True, False, True]
    found = index.of(7)
    assert found is not None
    assert found.patterns.tolist() == unpacked(rows[1]).patterns.tolist()


def test_every_size_has_a_longer_side_of_400() -> None:
    assert [sized(size) for size in ((800, 400), (30, 60), (1, 30000))] == [(400, 200), (200, 400), (1, 400)]
