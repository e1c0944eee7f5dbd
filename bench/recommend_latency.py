"""How long a recommendation takes inside the process, one thread, over many works.

python -m bench.recommend_latency [--works N] [--dimension D] [--likes N] [--rounds N]

The works are synthetic: vectors scattered around some hundred subjects, as those of a museum are.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from indexes.facets import Mask
from indexes.recommend import STRATEGIES, Recommender, Space, Taste, Wish
from indexes.recommend.space import DESCRIPTION_SHARE
from indexes.vectors import VectorIndex

PAGE = 12


def clustered(random: np.random.Generator, subjects: NDArray[np.intp], dimension: int) -> NDArray[np.float32]:
    """(n, d) unit vectors, each near the centre of its subject (n,)."""
    centres = random.standard_normal((int(subjects.max()) + 1, dimension), np.float32)
    vectors = centres[subjects] + 0.8 * random.standard_normal((len(subjects), dimension), np.float32)
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def measure(space: Space, tastes: list[Taste], strategy: str, mask: Mask) -> tuple[list[float], float]:
    """The milliseconds that a first page takes for each taste, and the share of exact first pages that is in it."""
    times, found = [], []
    for number, taste in enumerate(tastes):
        start = time.thread_time()  # what other work on the machine takes is not ours
        recommender = Recommender(space, taste, Wish(strategy, number))
        rows = recommender.first(PAGE, mask).rows
        recommender.nearest_likes(rows)
        times.append((time.thread_time() - start) * 1000)
        if number < 10:
            exact = recommender.first(PAGE, mask, exact=True).rows
            found.append(len(np.intersect1d(rows, exact)) / PAGE)
    return times, statistics.mean(found)


def main() -> None:
    """Print a row for each strategy and space."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, default=117_245)
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--likes", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    random = np.random.default_rng(0)
    subjects = random.integers(800, size=options.works)
    rows = np.arange(options.works, dtype=np.int32)
    everything = np.ones(options.works, np.bool_)
    narrow = subjects % 10 == 0
    with tempfile.TemporaryDirectory() as name, threadpool_limits(1):
        faiss.omp_set_num_threads(1)
        for method, dimension in (("clip", options.dimension), ("description", 128)):
            VectorIndex.write(Path(name) / method, rows, clustered(random, subjects, dimension))
        held = {method: VectorIndex(Path(name) / method) for method in ("clip", "description")}
        tastes = []
        for _ in range(options.rounds):  # likes of five subjects, as many dislikes, 300 works seen
            chosen = np.flatnonzero(np.isin(subjects, random.choice(800, 5, replace=False)))
            picked = random.choice(chosen, 2 * options.likes, replace=False).astype(np.int32)
            seen = random.choice(rows, 300, replace=False)
            tastes.append(Taste(picked[: options.likes], picked[options.likes :], seen))
        print(f"{options.works:,} works, {options.likes} likes, one thread: first page, milliseconds")
        print("vectors           filter strategy  median    p95  as if exact")
        for label, share in (("pictures", 0.0), ("both", DESCRIPTION_SHARE)):
            space = Space.of(held, options.works, share)
            assert space is not None
            start = time.perf_counter()
            space.prepare()
            print(f"{label}: {space.dimension} columns, made ready in {time.perf_counter() - start:.2f} s")
            for strategy in STRATEGIES:
                for kind, mask in (("none", everything), ("tenth", narrow)):
                    times, exact = measure(space, tastes, strategy, mask)
                    figures = f"{statistics.median(times):7.2f} {float(np.quantile(times, 0.95)):6.2f}  {exact:.4f}"
                    print(f"{label:<17} {kind:<6} {strategy:<8} {figures}")


if __name__ == "__main__":
    main()
