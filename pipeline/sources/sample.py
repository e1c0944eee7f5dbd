"""The sample collection: invented works, drawn here, so that the product runs at once without network or key."""

import os
import re
import unicodedata
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

import numpy as np

from indexes.artwork import Artwork
from pipeline.beside import processes
from pipeline.painting import PAINTERS, Scene, captions, compose, paint
from pipeline.sources import Report, SourceError

_COLLECTIONS = {
    "Generated Paintings": ("Seascape", "Mountain landscape", "Woodland", "Winter scene", "City view",
        "Night sky", "Interior", "Portrait"),
    "Generated Still Lifes": ("Flower still life", "Fruit still life"),
    "Generated Modern Art": ("Colour field", "Geometric abstraction"),
    "Generated East Asian Art": ("Ink painting", "Ink landscape", "Woodcut"),
    "Generated Works on Paper": ("Etching", "Botanical plate", "Bird study", "Map", "Photograph"),
    "Generated Ceramics": ("Vessel", "Tile"),
    "Generated Textiles": ("Textile",),
}  # fmt: skip

_RANKED_TOGETHER = 600  # works whose popularity is one permutation
_FOR_RANKS = 3  # apart from the painters' streams of random numbers
_DRAWN_ALONE = 8  # up to so many pictures are drawn here: a pool takes longer to start


class SampleSource:
    """Yields `count` invented works and draws their pictures into `folder`.

    Work i depends on the seed and i alone, so that a larger collection begins with the smaller one. Pictures that are
    there already are kept: a run that was cut off goes on where it stopped.
    """

    name = "sample"

    def __init__(self, folder: Path, count: int = 600, seed: int = 7, workers: int | None = None) -> None:
        """Draws nothing yet. `workers` processes draw (all processors where None). Raises SourceError."""
        if count < 1:
            raise SourceError("count: must be 1 or more")
        if seed < 0:
            raise SourceError("seed: must be 0 or more")
        self._folder, self._count, self._seed, self._workers = folder, count, seed, workers

    @property
    def images(self) -> Path:
        """The folder that `records` draws into."""
        return self._folder

    def fingerprint(self) -> str:
        """Count, seed and the version of the painters."""
        return f"sample count={self._count} seed={self._seed} painters={PAINTERS}"

    def records(self, workspace: Path, report: Report) -> Iterator[Artwork]:  # noqa: ARG002 - the protocol's
        """Every work in order, each once its picture is there. Nothing is ever left out."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            yield from self._drawn()
        except OSError as error:
            raise SourceError(f"images: cannot write to {self._folder} ({error.strerror or error})") from error

    def _drawn(self) -> Iterator[Artwork]:
        for litter in self._folder.glob(".vitrine-*.part"):  # of a run that was killed
            litter.unlink(missing_ok=True)
        missing = [index for index in range(self._count) if not (self._folder / image_file(self._seed, index)).exists()]
        draw = partial(draw_one, self._folder, self._seed)
        if len(missing) <= _DRAWN_ALONE:
            yield from self._in_order(missing, map(draw, missing))
            return
        try:
            with processes(self._workers) as pool:
                yield from self._in_order(missing, pool.map(draw, missing, chunksize=4))
        except BrokenProcessPool as error:
            raise SourceError("images: a process that drew them ended early; build again to go on") from error

    def _in_order(self, missing: list[int], finished: Iterator[None]) -> Iterator[Artwork]:
        """Every record in order, a missing picture's when `finished` has come to it."""
        due = set(missing)
        for index in range(self._count):
            if index in due:
                next(finished)
            yield artwork(compose(self._seed, index))


def draw_one(folder: Path, seed: int, index: int) -> None:
    """Draws one work into the folder; the file appears whole or not at all."""
    target = folder / image_file(seed, index)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        paint(compose(seed, index)).save(part, "JPEG", quality=90, subsampling=0)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def image_file(seed: int, index: int) -> str:
    """A picture's file name. Seed and painters' version are in it, so that no older picture is taken for it."""
    return f"vitrine-{index:06d}-s{seed}p{PAINTERS}.jpg"


def artwork(scene: Scene) -> Artwork:
    """The record of a scene. It says in collection, medium, date and credit line that the work was generated."""
    number = scene.index + 1
    first, last = scene.years
    tradition = scene.plan.tradition
    return Artwork(
        id=f"vitrine-{scene.seed}-{number:04d}",
        title=scene.title,
        artist=scene.artist.name,
        artist_culture=scene.artist.culture,
        date=f"Generated, in the manner of {_span(first, last)}",
        year_from=first,
        year_to=last,
        medium=f"Generated image, in the manner of {scene.plan.manner}",
        genre=scene.genre,
        collection=next(name for name, genres in _COLLECTIONS.items() if scene.genre in genres),
        culture=tradition.culture if tradition else scene.artist.culture,
        period=f"{tradition.period} style" if tradition else _century(first),
        accession=f"V.2026.{number:04d}",
        keywords=(*scene.subjects, *scene.colours),
        descriptions=captions(scene),
        image_file=image_file(scene.seed, scene.index),
        image_name=f"{slug(scene.title)}-{number}.jpg",
        credit_line="Generated by Vitrine's sample source",
        rights="CC0: generated, no rights reserved",
        rank=rank(scene.seed, scene.index),
    )


def rank(seed: int, index: int) -> int:
    """A popularity that no two works share; each full 600 works hold one permutation."""
    block, place = divmod(index, _RANKED_TOGETHER)
    order = np.random.default_rng([seed, block, _FOR_RANKS]).permutation(_RANKED_TOGETHER)
    return block * _RANKED_TOGETHER + int(order[place]) + 1


def slug(title: str) -> str:
    """The title as a file name: lower-case ASCII words with hyphens."""
    plain = unicodedata.normalize("NFKD", title.replace("ø", "o").replace("Ø", "O")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-")


def _span(first: int, last: int) -> str:
    """Years as a museum displays them; year 0 is 1 BCE."""
    if last <= 0:
        return f"{1 - first}–{1 - last} BCE"
    return f"{1 - first} BCE–{last} CE" if first <= 0 else f"{first}–{last}"


def _century(year: int) -> str:
    """`19th century` for 1885."""
    century = (year - 1) // 100 + 1
    ending = "th" if 10 <= century % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(century % 10, "th")
    return f"{century}{ending} century manner"
