"""`python -m pipeline evaluate pictures`: search by picture, measured method by method."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np
from PIL import Image

from indexes.encoders import EncoderError, ImageEncoder, TextEncoder
from indexes.encoders.clip import ClipEncoder, open_encoder
from indexes.encoders.palette import PaletteEncoder
from indexes.encoders.pixels import PixelsEncoder
from indexes.loader import Encoders, Release
from indexes.pictures import PictureStore, decode
from indexes.release import ReleaseError, current
from pipeline.evaluate import likeness
from pipeline.sources import SourceError
from pipeline.training import corpus


@dataclass(frozen=True, slots=True)
class Collection:
    """Works to measure on, and the ways to compare them."""

    genres: tuple[str | None, ...]
    pictures: Callable[[], Iterator[Image.Image]]  # in the order of the genres, as often as asked
    encoders: dict[str, ImageEncoder]


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one method on one collection."""

    method: str
    identity: str
    works: int
    same_genre: float
    photos: dict[str, likeness.Recognition]  # by strength of the distortions
    per_second: float  # pictures encoded


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
    lines: list[Line] = []
    asked: list[likeness.Asked] = []
    try:
        if indexes:
            lines = [*_measured(_of_release(indexes, weights), strength, seed)]
        elif images and table:
            lines = [*_measured(_of_table(images, table, held_out, open_encoder(encoder, weights)), strength, seed)]
        if generated:
            asked = _asked(open_encoder(encoder, weights), generated, seed)
    except (EncoderError, ReleaseError, SourceError) as error:
        raise click.ClickException(str(error)) from None
    for sentence in (*_table(lines, strength), *_summary(asked)):
        click.echo(sentence)
    if output:
        figures = {"methods": [asdict(line) for line in lines], "attributes": [asdict(one) for one in asked]}
        output.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _of_release(indexes: Path, weights: Path | None) -> Collection:
    release = Release(current(indexes), PictureStore(indexes / "pictures"))
    opened = Encoders(weights)
    rows = release.catalogue.with_picture().tolist()
    digests = [picture.digest for row in rows if (picture := release.catalogue.picture(row))]

    def shown() -> Iterator[Image.Image]:
        for digest in digests:
            yield decode(release.pictures.read(digest))

    encoders = {method: opened.of(release, method) for method in release.vectors if method != "description"}
    return Collection(tuple(release.catalogue.artwork(row).genre for row in rows), shown, encoders)


def _of_table(images: Path, table: Path, held_out: bool, clip: ImageEncoder) -> Collection:
    kept = [
        (work.genre, picture)
        for work, picture in corpus.works(table, images)
        if not held_out or corpus.is_held_out(work.id)
    ]
    encoders = {"clip": clip, "pixels": PixelsEncoder(), "palette": PaletteEncoder()}
    return Collection(tuple(genre for genre, _ in kept), lambda: iter([picture for _, picture in kept]), encoders)


def _measured(collection: Collection, strengths: tuple[float, ...], seed: int) -> Iterator[Line]:
    for method, encoder in collection.encoders.items():
        start = time.perf_counter()
        works = likeness.encode(encoder, collection.pictures())
        speed = len(works) / (time.perf_counter() - start)
        photos = {}
        for strength in strengths:
            seen = likeness.photographs(collection.pictures(), strength, seed)
            photos[f"{strength:g}"] = likeness.recognition(works, likeness.encode(encoder, seen))
        genre = likeness.same_genre(works, collection.genres)
        yield Line(method, encoder.identity, len(works), genre, photos, speed)


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
        yield f"{line.method:<12}{line.works:>7}{line.same_genre:>15.4f}{shares}{line.per_second:>12.0f}"


def _summary(asked: list[likeness.Asked]) -> Iterator[str]:
    if not asked:
        return
    for name, some in (("all", asked), ("true of 12 or more", [one for one in asked if one.relevant >= likeness.PAGE])):
        if some:
            mean = float(np.mean([one.precision for one in some]))
            yield f"attribute queries, {name}: {len(some)} queries, precision on the first page {mean:.4f}"
    for one in sorted(asked, key=lambda one: one.precision)[:8]:
        yield f"  {one.precision:.2f}  {one.query} ({one.relevant} works)"
