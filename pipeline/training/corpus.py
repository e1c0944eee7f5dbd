"""What is learnt from: small pictures, wordings for each, and which wordings are true of which picture."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexes.artwork import Artwork
from indexes.encoders.borders import trimmed
from indexes.pictures import PictureError, decode
from indexes.words import words
from pipeline.beside import processes
from pipeline.painting import PAINTERS, Scene, compose
from pipeline.painting.plan import Easel
from pipeline.painting.shapes import bytes_of
from pipeline.sources import Failure
from pipeline.sources.table import TableSource
from pipeline.training.wordings import Wording, of_artwork, of_scene

SIDE = 96  # pixels of a kept picture, both ways: half as many again as the network sees, for the zoom of the views
_SCALE = 0.4  # of the sample's size: painted so, a picture costs a quarter of the time and looks the same at SIDE
_MANY = 20  # pictures of which a word is said that is learnt

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One picture, and what may be said of it."""

    group: str  # lessons of one group are alike: told apart from each other, they teach the finer differences
    shape: float  # width over height, before the picture was made square
    facts: frozenset[str]
    wordings: tuple[Wording, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Pictures (n, SIDE, SIDE, 3) and a lesson for each."""

    pictures: Bytes
    lessons: tuple[Lesson, ...]

    def __add__(self, other: "Corpus") -> "Corpus":
        return Corpus(np.concatenate([self.pictures, other.pictures]), self.lessons + other.lessons)

    def __len__(self) -> int:
        return len(self.lessons)

    def words(self) -> list[str]:
        """The folded words that are said of many of the pictures, in order: of others little can be learnt."""
        said = Counter(
            word
            for lesson in self.lessons
            for word in {word for wording in lesson.wordings for word in words(wording.text)}
        )
        return sorted(word for word, pictures in said.items() if pictures >= _MANY)


def generated(count: int, seed: int, folder: Path, workers: int | None = None) -> Corpus:
    """Works 0 to `count` of a sample collection, painted small; kept in `folder` for the next run."""
    file = folder / f"generated-{seed}-{count}-p{PAINTERS}-{SIDE}.npy"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".part")
        with draft.open("wb") as stream:
            np.save(stream, _painted(count, seed, workers))
        draft.replace(file)
    pictures: Bytes = np.load(file)
    return Corpus(pictures, tuple(_lesson_of_scene(compose(seed, index)) for index in range(count)))


def of_table(table: Path, images: Path, held_out: bool | None = None) -> Corpus:
    """The works of a table whose pictures are in a folder; those without one, or with a damaged one, are left out.

    All of them, or only those that are `held_out` or not: see `is_held_out`. Raises SourceError.
    """
    pictures, lessons = [], []
    for artwork, picture in works(table, images):
        if held_out is None or is_held_out(artwork.id) == held_out:
            pictures.append(_small(picture))
            facts, wordings = of_artwork(artwork, picture)
            lessons.append(Lesson("real", picture.width / picture.height, facts, wordings))
    return Corpus(np.stack(pictures) if pictures else np.empty((0, SIDE, SIDE, 3), np.uint8), tuple(lessons))


def works(table: Path, images: Path) -> Iterator[tuple[Artwork, Image.Image]]:
    """The records of a table with their pictures; those without a readable one are left out. Raises SourceError."""

    def ignore(_: Failure) -> None:
        """A record that cannot be read teaches nothing."""

    for artwork in TableSource(table, images).records(images, ignore):
        try:
            picture = decode((images / (artwork.image_file or "")).read_bytes(), side=512)
        except (OSError, PictureError):
            continue
        yield artwork, picture


def is_held_out(id: str) -> bool:
    """Whether a work belongs to the half that is kept for measuring: by its id, so that it stays there."""
    return hashlib.sha256(id.encode()).digest()[0] % 2 == 1


def _painted(count: int, seed: int, workers: int | None) -> Bytes:
    with processes(workers) as pool:
        return np.stack(list(pool.map(partial(_paint_small, seed), range(count), chunksize=8)))


def _paint_small(seed: int, index: int) -> Bytes:
    """The picture of a scene, (SIDE, SIDE, 3), painted with a brush as much finer as the canvas is smaller."""
    scene = compose(seed, index)
    width, height = (round(side * _SCALE) for side in scene.size)
    hand = replace(scene.artist.hand, width=scene.artist.hand.width * _SCALE)
    easel = Easel(width, height, hand, np.random.default_rng([seed, index]))
    return _small(Image.fromarray(bytes_of(scene.plan.motif.draw(easel))))


def _small(picture: Image.Image) -> Bytes:
    cut = trimmed(picture)
    return np.asarray(cut.resize((SIDE, SIDE), Image.Resampling.BICUBIC, reducing_gap=3), dtype=np.uint8)


def _lesson_of_scene(scene: Scene) -> Lesson:
    facts, wordings = of_scene(scene)
    return Lesson(scene.genre, scene.size[0] / scene.size[1], facts, wordings)
