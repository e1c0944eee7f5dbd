"""`python -m pipeline evaluate pictures`: search by picture, measured method by method."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from PIL import Image

from indexes.encoders import EncoderError, ImageEncoder, TextEncoder, Vectors, pocket
from indexes.encoders.clip import ClipEncoder, open_encoder
from indexes.encoders.palette import PaletteEncoder
from indexes.encoders.pixels import PixelsEncoder
from indexes.loader import Encoders, Release
from indexes.methods import METHODS
from indexes.pictures import PictureStore, decode
from indexes.release import ReleaseError, current
from pipeline.evaluate import likeness
from pipeline.evaluate.recognised import Works, told
from pipeline.sources import SourceError
from pipeline.training import corpus

_SHOWN = 60  # false alarms that are named; the file has all


@dataclass(frozen=True, slots=True)
class Collection:
    """Works to measure on, and the ways to compare them."""

    names: tuple[str, ...]
    genres: tuple[str | None, ...]
    picture: Callable[[int], Image.Image]  # by the place of the work among them
    encoders: dict[str, ImageEncoder]
    descriptions: Vectors | None = None  # of those works that have one
    described: tuple[int, ...] = ()  # which these are

    def pictures(self) -> Iterator[Image.Image]:
        """All pictures, as often as asked."""
        return map(self.picture, range(len(self.names)))


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one method on one collection."""

    method: str
    identity: str
    works: int
    same_genre: float
    photos: dict[str, likeness.Recognition]  # by strength of the distortions
    per_second: float | None  # pictures encoded; None where no picture is looked at


@dataclass(frozen=True, slots=True)
class Recognised:
    """How photos of one strength were told."""

    strength: str
    photos: int
    itself: float  # share told to be of their own work
    alarmed: float  # share told to be of another when their own is taken away
    alarms: list[tuple[str, str]]  # the works photographed, and those they were told to be
    milliseconds: float  # a photo


@click.command("pictures")
@click.option("--indexes", type=click.Path(exists=True, path_type=Path), help="A release to measure, by its methods.")
@click.option("--images", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Or pictures ...")
@click.option("--table", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="... and their records.")
@click.option("--held-out", is_flag=True, help="Only the half that `train-pocket --hold-out` has not seen.")
@click.option("--encoder", default="pocket", help="The CLIP model for pictures from a folder.")
@click.option("--weights", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A local checkpoint.")
@click.option("--strength", type=click.FloatRange(0, 4), multiple=True, default=(1.0, 2.0), help="Of the distortions.")
@click.option("--generated", type=click.IntRange(0), default=0, help="Generated works to ask for in words.")
@click.option("--seed", type=click.IntRange(0), default=1, help="Of photos and generated works.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A JSON file for the figures.")
def pictures(
    indexes: Path | None, images: Path | None, table: Path | None, held_out: bool, encoder: str, weights: Path | None,
    strength: tuple[float, ...], generated: int, seed: int, output: Path | None,
) -> None:  # fmt: skip
    """Photos recognised, neighbours of the same genre, and generated works found by their attributes."""
    if (images is None) != (table is None) or (indexes is not None and images is not None):
        raise click.UsageError("Give --indexes, or --images together with --table.")
    if held_out and images and encoder == pocket.NAME and weights is None:
        click.echo(
            "Note: the bundled pocket held nothing out of what it learnt from. Where these works are among that, only "
            "--weights of a run of `train-pocket --hold-out` say what it is worth for unseen ones.",
            err=True,
        )
    lines: list[Line] = []
    known: list[Recognised] = []
    asked: list[likeness.Asked] = []
    collection: Collection | None = None
    try:
        if indexes:
            collection = _of_release(indexes, weights)
        elif images and table:
            collection = _of_table(images, table, held_out, open_encoder(encoder, weights))
        if collection:
            lines = [*_measured(collection, strength, seed)]
            known = [*_recognised(collection, strength, seed)]
        if generated:
            asked = _asked(open_encoder(encoder, weights), generated, seed)
    except (EncoderError, ReleaseError, SourceError) as error:
        raise click.ClickException(str(error)) from None
    for sentence in (*_table(lines, strength), *_told(known), *_summary(asked)):
        click.echo(sentence)
    if output:
        measured: dict[str, list[Any]] = {"methods": lines, "recognition": known, "attributes": asked}
        figures = {name: [asdict(one) for one in some] for name, some in measured.items()}
        output.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _of_release(indexes: Path, weights: Path | None) -> Collection:
    release = Release(current(indexes), PictureStore(indexes / "pictures"))
    opened = Encoders(weights)
    rows = release.catalogue.with_picture().tolist()
    digests = [picture.digest for row in rows if (picture := release.catalogue.picture(row))]
    works = [release.catalogue.artwork(row) for row in rows]
    encoders = {method: opened.of(release, method) for method in release.vectors if METHODS[method].uploads}
    said = release.vectors.get("description")
    described = tuple(place for place, row in enumerate(rows) if said and len(said.vectors(np.array([row], np.int32))))
    return Collection(
        tuple(work.id for work in works),
        tuple(work.genre for work in works),
        lambda place: decode(release.pictures.read(digests[place])),
        encoders,
        said.vectors(np.array(rows, np.int32)) if said else None,
        described,
    )


def _of_table(images: Path, table: Path, held_out: bool, clip: ImageEncoder) -> Collection:
    kept = [
        (work, picture) for work, picture in corpus.works(table, images) if not held_out or corpus.is_held_out(work.id)
    ]
    encoders = {"clip": clip, "pixels": PixelsEncoder(), "palette": PaletteEncoder()}
    names, genres = tuple(work.id for work, _ in kept), tuple(work.genre for work, _ in kept)
    return Collection(names, genres, lambda place: kept[place][1], encoders)


def _measured(collection: Collection, strengths: tuple[float, ...], seed: int) -> Iterator[Line]:
    for method in (method for method in METHODS if method in collection.encoders):
        encoder = collection.encoders[method]
        start = time.perf_counter()
        works = likeness.encode(encoder, collection.pictures())
        speed = len(works) / (time.perf_counter() - start)
        photos = {}
        for strength in strengths:
            seen = likeness.photographs(collection.pictures(), strength, seed)
            photos[f"{strength:g}"] = likeness.recognition(works, likeness.encode(encoder, seen))
        genre = likeness.same_genre(works, collection.genres)
        yield Line(method, encoder.identity, len(works), genre, photos, speed)
    if collection.descriptions is not None:
        genres = [collection.genres[place] for place in collection.described]
        genre = likeness.same_genre(collection.descriptions, genres)
        yield Line("description", "", len(genres), genre, {}, None)


def _recognised(collection: Collection, strengths: tuple[float, ...], seed: int) -> Iterator[Recognised]:
    """By the first method there is, as the service does it."""
    encoder = next(collection.encoders[method] for method in METHODS if method in collection.encoders)
    vectors = likeness.encode(encoder, collection.pictures())
    works = Works(collection.picture, len(collection.names))
    for strength in strengths:
        seen = likeness.encode(encoder, likeness.photographs(collection.pictures(), strength, seed))
        start = time.perf_counter()
        said = told(likeness.photographs(collection.pictures(), strength, seed), seen @ vectors.T, works)
        spent = (time.perf_counter() - start) * 1000 / said.photos
        alarms = [(collection.names[one], collection.names[other]) for one, other in said.alarms]
        yield Recognised(f"{strength:g}", said.photos, said.itself, said.alarmed, alarms, spent)


def _asked(encoder: ClipEncoder, count: int, seed: int) -> list[likeness.Asked]:
    if not encoder.has_words or not isinstance(encoder, TextEncoder):
        raise EncoderError(f"encoder {encoder.identity}: knows no words, so that nothing can be asked for")
    works, vectors = [], []
    for start in range(0, count, 64):
        some = [*likeness.scenes(range(start, min(count, start + 64)), seed)]
        works += [scene for scene, _ in some]
        vectors.append(encoder.encode_images([picture for _, picture in some]))
    return likeness.attributes(encoder, works, np.concatenate(vectors))


def _table(lines: list[Line], strengths: tuple[float, ...]) -> Iterator[str]:
    if not lines:
        return
    heads = "".join(f"   R@1 x{strength:g}  R@12 x{strength:g}" for strength in strengths)
    yield f"{'method':<12}{'works':>7}  same genre@10{heads}  pictures/s"
    for line in lines:
        shares = "".join(f"{photo.first:>9.4f}{photo.page:>9.4f}" for photo in line.photos.values())
        shares = shares or " " * 18 * len(strengths)
        speed = "" if line.per_second is None else f"{line.per_second:>12.0f}"
        yield f"{line.method:<12}{line.works:>7}{line.same_genre:>15.4f}{shares}{speed}".rstrip()


def _told(known: list[Recognised]) -> Iterator[str]:
    for one in known:
        yield (
            f"photos x{one.strength}: {one.itself:.4f} told to be of the work itself; without it, {one.alarmed:.4f} "
            f"({len(one.alarms)} of {one.photos}) told to be of another; {one.milliseconds:.0f} ms each, photo included"
        )
        for name, other in one.alarms[:_SHOWN]:
            yield f"  {name} told to be {other}"


def _summary(asked: list[likeness.Asked]) -> Iterator[str]:
    if not asked:
        return
    for name, some in (("all", asked), ("true of 12 or more", [one for one in asked if one.relevant >= likeness.PAGE])):
        if some:
            mean = float(np.mean([one.precision for one in some]))
            yield f"attribute queries, {name}: {len(some)} queries, precision on the first page {mean:.4f}"
    for one in sorted(asked, key=lambda one: one.precision)[:8]:
        yield f"  {one.precision:.2f}  {one.query} ({one.relevant} works)"
