"""A whole build of pictures with `pocket` beside its stages run alone, and embedding inside it beside the bare model.

python -m bench.pipeline_stages [--images N] [--rounds N] [--a-second N]

The pictures are generated: once in a folder, 800 x 600, and once at a server of this machine, 1000 x 800, which waits
20 ms before each and is asked for 50 a second. A whole build and its stages one by one take turns, each in fresh
folders and in one process, where PyTorch is loaded already. The processor's seconds are those of all processes.
"""

import argparse
import csv
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from PIL import Image

from bench.downloads import images
from indexes.encoders.clip import ClipEncoder
from indexes.pictures import PictureStore, decode
from pipeline.autoencoding import Training, sample
from pipeline.build import Plan, build, fetch_pictures, read_records
from pipeline.download import Job
from pipeline.embed import Target, embed
from pipeline.encoding import Encoder, Encoding
from pipeline.fetch import Limits
from pipeline.hosts import Manners
from pipeline.indexing import Origin, publish_indexes
from pipeline.ledger import Ledger
from pipeline.measuring import Measuring
from pipeline.progress import Progress
from pipeline.sources.table import TableSource
from pipeline.stage import Stage
from pipeline.vector_log import VectorLog
from pipeline.works import PicturedWorks
from pipeline.workspace import Workspace
from tests.image_server import jpeg

BATCH = 64  # as a build has them
QUIET = Progress(quiet=True)


@dataclass(frozen=True, slots=True)
class Museum:
    """Records with pictures, and how these are fetched."""

    source: TableSource
    job: Job

    @classmethod
    def with_folder(cls, folder: Path, count: int) -> Self:
        """So many pictures beside the table."""
        images = folder / "images"
        images.mkdir()
        for number in range(count):
            (images / f"{number}.jpg").write_bytes(jpeg(number, 800, 600))
        table = _table(folder / "in-folder.csv", "file", [f"{number}.jpg" for number in range(count)])
        return cls(TableSource(table, images, None, None), Job())

    @classmethod
    def with_server(cls, folder: Path, addresses: list[str], a_second: int) -> Self:
        """Pictures at these addresses, and so many of them asked for in a second."""
        table = _table(folder / "at-server.csv", "image_url", addresses)
        job = Job(Limits(allow_private=True), Manners(pace=1 / a_second))
        return cls(TableSource(table, None, None, None), job)


def _table(path: Path, column: str, places: list[str]) -> Path:
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("id", "title", "artist", "description", column))
        for number, place in enumerate(places):
            said = f"Harbour number {number}", f"Painter {number % 50}", f"Boats at quay {number % 99}"
            table.writerow((number, *said, place))
    return path


@contextmanager
def clocked(taken: dict[str, tuple[float, float]], name: str) -> Iterator[None]:
    """Note the seconds that the block takes, and those of the processor."""
    start, worked = time.perf_counter(), sum(os.times()[:4])
    yield
    taken[name] = time.perf_counter() - start, sum(os.times()[:4]) - worked


def alone(museum: Museum, folder: Path) -> dict[str, tuple[float, float]]:
    """What each stage takes, one after the other."""
    taken: dict[str, tuple[float, float]] = {}
    source = museum.source
    workspace, root = Workspace(folder / "workspace"), folder / "indexes"
    with Ledger(workspace.ledger, PictureStore(root / "pictures")) as ledger:
        stage, works = Stage(workspace, ledger.store, QUIET, failures=[]), PicturedWorks(workspace, ledger)
        with clocked(taken, "records"):
            read_records(source, workspace, QUIET)
        with clocked(taken, "pictures"):
            pending = ledger.pending(workspace.works(), source.images)
            fetch_pictures(pending, ledger, museum.job, stage, lambda _works, _digest: None)
        digests = works.digests()
        with clocked(taken, "autoencoder"):
            Training(sample(digests), stage).keep(len(digests))
        nothing = ledger.pending(workspace.works(), source.images)
        with Measuring(Encoder(Encoding("pocket")), works, nothing, stage) as measuring:
            with clocked(taken, "embed"):
                measured = measuring.complete()
            with clocked(taken, "indexes"):
                publish_indexes(root, works, measured, Origin(source.name, "", {}))
    return taken


def whole(museum: Museum, folder: Path) -> tuple[float, float]:
    """What a build takes."""
    taken: dict[str, tuple[float, float]] = {}
    with clocked(taken, "whole"):
        plan = Plan(Encoding("pocket"), museum.job)
        build(museum.source, Workspace(folder / "workspace"), folder / "indexes", plan, QUIET)
    return taken["whole"]


def rates(encoder: ClipEncoder, store: PictureStore, folder: Path, rounds: int) -> tuple[float, float]:
    """Pictures a second: of the bare model on decoded batches, and of the stage that reads and keeps."""
    digests = list(store.digests())
    pictures = [decode(store.read(digest)) for digest in digests]
    bare, inside = [], []
    for turn in range(rounds):
        bare.append(_rate(encoder, pictures))
        with VectorLog(folder / str(turn), encoder.identity, encoder.dimension) as log:
            start = time.perf_counter()
            embed(Target(encoder, log), digests, store, lambda _count: None, lambda _digest, _reason: None)
            inside.append(len(digests) / (time.perf_counter() - start))
    return statistics.median(bare), statistics.median(inside)


def _rate(encoder: ClipEncoder, pictures: Sequence[Image.Image]) -> float:
    start = time.perf_counter()
    for first in range(0, len(pictures), BATCH):
        encoder.encode_images(pictures[first : first + BATCH])
    return len(pictures) / (time.perf_counter() - start)


def compare(said: str, museum: Museum, folder: Path, rounds: int) -> None:
    """Print the table of one museum."""
    stages, builds = [], []
    for turn in range(rounds):
        stages.append(alone(museum, folder / f"alone-{turn}"))
        builds.append(whole(museum, folder / f"whole-{turn}"))
    print(f"{said:<38}{'seconds':>10}{'processor s':>13}")
    alike = {name: [round(statistics.median(one[name][n] for one in stages), 1) for n in (0, 1)] for name in stages[0]}
    for name, figures in alike.items():
        print(f"  {name:<36}{figures[0]:>10}{figures[1]:>13}")
    sums = [sum(figures[n] for figures in alike.values()) for n in (0, 1)]
    took = [statistics.median(one[n] for one in builds) for n in (0, 1)]
    print(f"  {'their sum':<36}{sums[0]:>10.1f}{sums[1]:>13.1f}")
    print(f"  {'a whole build':<36}{took[0]:>10.1f}{took[1]:>13.1f}")
    print(f"a build takes {took[0] / sums[0]:.2f} of the sum", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--a-second", type=int, default=50)
    options = parser.parse_args()
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as a build has it
    encoder = Encoder(Encoding("pocket")).open()
    count, rounds = options.images, options.rounds
    with tempfile.TemporaryDirectory() as name:
        here, there = Path(name) / "here", Path(name) / "there"
        here.mkdir()
        there.mkdir()
        compare(f"{count:,} pictures in a folder", Museum.with_folder(here, count), here, rounds)
        with images(count, different=count) as addresses:
            museum = Museum.with_server(there, addresses, options.a_second)
            compare(f"{count:,} pictures, {options.a_second} a second", museum, there, rounds)
        store = PictureStore(here / "alone-0" / "indexes" / "pictures")
        bare, inside = rates(encoder, store, Path(name) / "vectors", rounds)
    print(f"embedding: {inside:.1f} a second in a build, {bare:.1f} by the bare model: {inside / bare:.2f}")


if __name__ == "__main__":
    main()
