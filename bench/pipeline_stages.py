"""A whole build of pictures with `pocket` beside its stages run alone, and embedding inside it beside the bare model.

python -m bench.pipeline_stages [--images N] [--rounds N]

The pictures are generated, 800 x 600, in a folder. A whole build and its stages one by one take turns, each in fresh
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
from pathlib import Path

from PIL import Image

from indexes.encoders.clip import ClipEncoder
from indexes.pictures import PictureStore, decode
from pipeline.autoencoding import training, weights_file
from pipeline.build import Plan, build, fetch_pictures, read_records
from pipeline.download import Job
from pipeline.embed import Target, embed
from pipeline.encoding import Encoder, Encoding
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


def museum(folder: Path, count: int) -> TableSource:
    """A table with so many pictures."""
    (folder / "images").mkdir()
    with (folder / "works.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("id", "title", "artist", "file", "description"))
        for number in range(count):
            (folder / "images" / f"{number}.jpg").write_bytes(jpeg(number, 800, 600))
            said = f"Harbour number {number}", f"Painter {number % 50}", f"{number}.jpg", f"Boats at quay {number % 99}"
            table.writerow((number, *said))
    return TableSource(folder / "works.csv", folder / "images", None, None)


@contextmanager
def clocked(taken: dict[str, tuple[float, float]], name: str) -> Iterator[None]:
    """Note the seconds that the block takes, and those of the processor."""
    start, worked = time.perf_counter(), sum(os.times()[:4])
    yield
    taken[name] = time.perf_counter() - start, sum(os.times()[:4]) - worked


def alone(source: TableSource, folder: Path) -> dict[str, tuple[float, float]]:
    """What each stage takes, one after the other."""
    taken: dict[str, tuple[float, float]] = {}
    workspace, root = Workspace(folder / "workspace"), folder / "indexes"
    with Ledger(workspace.ledger, PictureStore(root / "pictures")) as ledger:
        stage, works = Stage(workspace, ledger.store, QUIET, failures=[]), PicturedWorks(workspace, ledger)
        with clocked(taken, "records"):
            read_records(source, workspace, QUIET)
        with clocked(taken, "pictures"):
            pending = ledger.pending(workspace.works(), source.images)
            fetch_pictures(pending, ledger, Job(), stage, lambda _digest: None)
        digests = works.digests()
        with clocked(taken, "autoencoder"), training(weights_file(digests, workspace), digests, stage):
            pass
        with Measuring(Encoder(Encoding("pocket")), stage) as measuring:
            with clocked(taken, "embed"):
                measured = measuring.complete(works)
            with clocked(taken, "indexes"):
                publish_indexes(root, works, measured, Origin(source.name, "", {}))
    return taken


def whole(source: TableSource, folder: Path) -> tuple[float, float]:
    """What a build takes."""
    taken: dict[str, tuple[float, float]] = {}
    with clocked(taken, "whole"):
        build(source, Workspace(folder / "workspace"), folder / "indexes", Plan(Encoding("pocket")), QUIET)
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


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as a build has it
    encoder = Encoder(Encoding("pocket")).open()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = museum(folder, options.images)
        stages, builds = [], []
        for turn in range(options.rounds):
            stages.append(alone(source, folder / f"alone-{turn}"))
            builds.append(whole(source, folder / f"whole-{turn}"))
        store = PictureStore(folder / "alone-0" / "indexes" / "pictures")
        bare, inside = rates(encoder, store, folder / "vectors", options.rounds)
    print(f"{options.images:,} pictures, median of {options.rounds}{'seconds':>14}{'processor s':>13}")
    alike = {name: [round(statistics.median(one[name][n] for one in stages), 1) for n in (0, 1)] for name in stages[0]}
    for said, figures in alike.items():
        print(f"  {said:<36}{figures[0]:>10}{figures[1]:>13}")
    sums = [sum(figures[n] for figures in alike.values()) for n in (0, 1)]
    took = [statistics.median(one[n] for one in builds) for n in (0, 1)]
    print(f"  {'their sum':<36}{sums[0]:>10.1f}{sums[1]:>13.1f}")
    print(f"  {'a whole build':<36}{took[0]:>10.1f}{took[1]:>13.1f}")
    print(f"a build takes {took[0] / sums[0]:.2f} of the sum")
    print(f"embedding: {inside:.1f} a second in a build, {bare:.1f} by the bare model: {inside / bare:.2f}")


if __name__ == "__main__":
    main()
