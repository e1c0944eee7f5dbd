"""What a way of comparing pictures is worth: photos recognised, neighbours of one genre, queries of words answered."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexes.encoders import ImageEncoder, TextEncoder, Vectors
from pipeline.painting import Scene, compose, paint
from pipeline.training.photos import photograph

PAGE = 12  # results on a page
_NEIGHBOURS = 10
_BATCH = 64
_LEAST = 5  # works for a query to be asked


@dataclass(frozen=True, slots=True)
class Recognition:
    """How often a simulated photo of a work finds it."""

    photos: int
    first: float  # share whose work comes first: R@1
    page: float  # share whose work is on the first page: R@12


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of words for generated works, and how it was answered."""

    query: str
    relevant: int  # works of which it is true
    precision: float  # of the first 12, or of as many as there are


def encode(encoder: ImageEncoder, pictures: Iterable[Image.Image]) -> Vectors:
    """All vectors, (n, dimension); pictures are taken in turn, so that they need not fit into memory."""
    return np.concatenate([encoder.encode_images(batch) for batch in batches(pictures)])


def batches(pictures: Iterable[Image.Image]) -> Iterator[list[Image.Image]]:
    """The pictures, 64 at a time."""
    held: list[Image.Image] = []
    for picture in pictures:
        held.append(picture)
        if len(held) == _BATCH:
            yield held
            held = []
    if held:
        yield held


def recognition(works: Vectors, photos: Vectors) -> Recognition:
    """Row i of `photos` is a photo of the work of row i; both unit rows."""
    likeness = photos @ works.T
    own = np.diagonal(likeness)[:, None]
    ahead = (likeness > own).sum(axis=1)
    return Recognition(len(photos), float((ahead < 1).mean()), float((ahead < PAGE).mean()))


def photographs(pictures: Iterable[Image.Image], strength: float, seed: int) -> Iterator[Image.Image]:
    """A simulated photo of each picture; see `pipeline.training.photos`."""
    for number, picture in enumerate(pictures):
        yield photograph(picture, seed + number, strength)


def same_genre(vectors: Vectors, genres: Sequence[str | None]) -> float:
    """Among the ten works nearest to a work, the share of its genre; the mean over the works that have one."""
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -np.inf)
    nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :_NEIGHBOURS]
    names = np.array([genre or "" for genre in genres])
    known = names != ""
    return float((names[nearest] == names[:, None])[known].mean())


def scenes(indices: Iterable[int], seed: int) -> Iterator[tuple[Scene, Image.Image]]:
    """Generated works with their pictures, painted as the sample source paints them."""
    for index in indices:
        scene = compose(seed, index)
        yield scene, paint(scene)


def attributes(encoder: TextEncoder, works: Sequence[Scene], vectors: Vectors) -> list[Asked]:
    """Each combination of colour and genre, and of genre and background, that is true of at least five works."""
    answers: dict[str, set[int]] = {}
    for row, work in enumerate(works):
        genre = work.genre.lower()
        queries = [f"{colour} {genre}" for colour in work.colours]
        if work.background:
            queries.append(f"{genre} with {work.background} background")
        for query in queries:
            answers.setdefault(query, set()).add(row)
    asked = sorted(query for query, rows in answers.items() if len(rows) >= _LEAST)
    if not asked:
        return []
    likeness: NDArray[np.float32] = encoder.encode_texts(asked) @ vectors.T
    return [_asked(query, answers[query], row) for query, row in zip(asked, likeness, strict=True)]


def _asked(query: str, relevant: set[int], likeness: NDArray[np.float32]) -> Asked:
    first = np.argsort(-likeness, kind="stable")[: min(PAGE, len(relevant))].tolist()
    return Asked(query, len(relevant), sum(row in relevant for row in first) / len(first))
