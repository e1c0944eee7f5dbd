"""How cost grows with the collection: building, disk, memory and answers, of records, words and pictures.

python -m bench.growth [--works N ...] [--dimension D] [--plot FILE]

The works are those of `bench.keyword_search`, with a vector each of `pipeline.evaluate.synthetic`; what of a build is
measured is the writing of its indexes, without pictures. One thread. A million works take 6 GB and about an hour.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from bench.keyword_search import synthetic
from bench.measure import folder_bytes, in_turns, private_bytes
from indexes.loader import Encoders, Loader
from indexes.ranking import Ranking
from indexes.search import answer
from indexes.vectors.codes import one_thread
from pipeline.evaluate.synthetic import Collection
from tests.small_release import release_of

PAGE = 12
QUERIES = 200


@dataclass(frozen=True, slots=True)
class Size:
    """The figures of one size of collection."""

    works: int
    index: str  # of the vectors
    recall: float
    build_seconds: float  # of the processor's time
    disk_megabytes: float
    private_megabytes: float  # of a process, beside the files that all share
    open_ms: float
    words_ms: float  # median of a search by words
    picture_ms: float  # median of a search by picture


def measure(count: int, dimension: int) -> Size:
    """Build a collection of so many works, and search it from a process of its own."""
    with tempfile.TemporaryDirectory() as name, one_thread():
        root = Path(name)
        collection = Collection.like(count, dimension)
        works, vectors = synthetic(count), collection.draw(count)
        start = time.process_time()
        release = release_of(root, works, pictures=vectors)
        seconds = time.process_time() - start
        entry = release.manifest.methods["clip"]
        typed = [works[row].title for row in np.linspace(0, count - 1, QUERIES).astype(int)]
        del works, vectors
        with ProcessPoolExecutor(1, get_context("spawn")) as worker:
            figures = worker.submit(answers, root, typed, collection).result()
        return Size(count, entry.index, entry.recall, seconds, folder_bytes(release.folder) / 1e6, *figures)


def answers(root: Path, typed: Sequence[str], collection: Collection) -> tuple[float, float, float, float]:
    """Private memory in megabytes, then milliseconds: to open the release, of a search by words, of one by picture."""
    asked = collection.draw(QUERIES, stream=1)
    with one_thread():
        before, start = private_bytes(), time.thread_time()
        release, encoders = Loader(root).current(), Encoders()
        opened = (time.thread_time() - start) * 1000

        def by_words(query: str) -> Ranking:
            found = answer(release, encoders, query, "keyword")
            return Ranking.best(found.rows, found.scores, PAGE)

        (words,) = in_turns((by_words,), typed)
        (picture,) = in_turns((lambda vector: release.vectors["clip"].search(vector, PAGE),), list(asked))
        return (private_bytes() - before) / 1e6, opened, words.median, picture.median


def draw(sizes: Sequence[Size], target: Path) -> None:
    """The figures over the number of works, as a PNG. Needs Matplotlib."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.4), dpi=80, layout="constrained")
    panels = {
        "First answer, milliseconds": (("words_ms", "by words"), ("picture_ms", "by picture")),
        "Megabytes": (("disk_megabytes", "files, shared"), ("private_megabytes", "private to a process")),
        "Indexes written, seconds": (("build_seconds", "of the processor's time"),),
    }
    for axes, (title, curves) in zip(figure.subplots(1, len(panels)), panels.items(), strict=True):
        for name, label in curves:
            axes.plot([size.works for size in sizes], [getattr(size, name) for size in sizes], "o-", label=label)
        axes.set(title=title, xlabel="works", xscale="log", yscale="log")
        axes.grid(alpha=0.3)
        axes.legend()
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, metadata={"Software": None})


def main() -> None:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--plot", type=Path, help="a PNG; the figures go beside it as JSON")
    options = parser.parse_args()
    print(f"{'works':>10}{'words ms':>10}{'picture ms':>12}{'recall@12':>11}{'open ms':>9}", end="")
    print(f"{'private MB':>12}{'disk MB':>9}{'build s':>9}  index of the vectors")
    sizes = []
    for count in options.works:
        size = measure(count, options.dimension)
        sizes.append(size)
        print(f"{count:>10,}{size.words_ms:>10.2f}{size.picture_ms:>12.3f}{size.recall:>11.4f}", end="")
        print(f"{size.open_ms:>9.0f}{size.private_megabytes:>12.1f}{size.disk_megabytes:>9,.0f}", end="")
        print(f"{size.build_seconds:>9.0f}  {size.index}", flush=True)
    if options.plot:
        draw(sizes, options.plot)
        options.plot.with_suffix(".json").write_text(json.dumps([asdict(size) for size in sizes], indent=1) + "\n")


if __name__ == "__main__":
    main()
