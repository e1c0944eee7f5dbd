"""Nearest neighbours of pictures: the index that a build makes against a flat FAISS index, one thread.

python -m bench.vector_search [--vectors N ...] [--dimension D] [--queries N]

The flat index is what the Harvard recommender searches. The vectors are those of `pipeline.evaluate.synthetic`, the
queries fresh ones of the same subjects. Recall is against an exact search. With a million vectors it takes 6 GB.
"""

import argparse
import gc
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from bench.measure import folder_bytes, in_turns, private_bytes
from indexes.facets import Mask
from indexes.vectors import VectorIndex
from indexes.vectors.codes import one_thread
from indexes.vectors.recall import Sample, nearest
from pipeline.evaluate.synthetic import Collection

PAGE = 12
Vectors = NDArray[np.float32]


def main() -> None:
    """Print a table for each number of vectors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", type=int, nargs="+", default=[117_245])
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--queries", type=int, default=500)
    options = parser.parse_args()
    for count in options.vectors:
        with tempfile.TemporaryDirectory() as folder, one_thread():
            compare(Path(folder), count, options.dimension, options.queries)


def compare(folder: Path, count: int, dimension: int, queries: int) -> None:
    """Build both indexes and measure them in turns."""
    collection = Collection.like(count, dimension)
    vectors, asked = collection.draw(count), collection.draw(queries, stream=1)
    sample = Sample(np.full(queries, -1), asked, nearest(vectors, asked, PAGE))
    start = time.process_time()
    built = VectorIndex.write(folder / "ours", np.arange(count, dtype=np.int32), vectors)
    seconds = time.process_time() - start
    flat = faiss.IndexFlatIP(dimension)
    flat.add(vectors)
    del vectors
    gc.collect()
    with ProcessPoolExecutor(1, get_context("spawn")) as worker:
        private = worker.submit(privately, folder / "ours", asked).result()
    ours = VectorIndex(folder / "ours")
    recall = sample.recall(lambda vector, k: ours.search(vector, k).rows)
    ours_bytes = folder_bytes(folder) - (folder / "ours.faiss").stat().st_size + private  # codes are read, not mapped
    flat_bytes = 4 * count * dimension

    quick, exact = in_turns(
        (lambda v: ours.search(v, PAGE), lambda v: flat.search(v[np.newaxis], PAGE)),
        list(asked[: max(50, queries // 5)]),
    )
    print(f"{count:,} vectors of {dimension} columns; {built.name}, built in {seconds:.0f} s of the processor's time")
    print(f"  {exact.median / quick.median:5.1f} x faster   median {quick.median:.3f} ms against {exact.median:.2f} ms")
    print(
        f"  {ours_bytes / flat_bytes:5.3f} x the memory {ours_bytes / 1e6:,.0f} MB against {flat_bytes / 1e6:,.0f} MB"
    )
    print(f"        of which {private / 1e6:,.1f} MB for each process, the rest is mapped and shared")
    print(f"  recall@{PAGE} {recall:.4f} of {queries} queries; {built.recall:.4f} by the build's own sample")
    print(f"  p99 {quick.p99:.3f} ms against {exact.p99:.2f} ms")
    narrowed(ours, flat, asked[:50])


def privately(path: Path, asked: Vectors) -> int:
    """What a process holds for itself beside the mapped files, once it has opened the index and searched."""
    before = private_bytes()
    index = VectorIndex(path)
    for vector in asked:
        index.search(vector, PAGE)
    return private_bytes() - before


def narrowed(ours: VectorIndex, flat: faiss.Index, asked: Vectors) -> None:
    """Under filters, and far behind."""
    random = np.random.default_rng(0)
    size = len(ours)
    but_one = np.ones(size, np.bool_)
    but_one[0] = False
    masks = {"all but one work": but_one, "every second work": random.random(size) < 0.5}
    masks |= {"one work of a hundred": random.random(size) < 0.01}
    print(f"  {'':<24}{'ours ms':>9}{'flat ms':>9}{'x faster':>10}")
    for name, mask in masks.items():
        row(name, ours, flat, asked, PAGE, mask)
    row("page 50, no filter", ours, flat, asked[:20], 50 * PAGE, None)


def row(name: str, ours: VectorIndex, flat: faiss.Index, asked: Vectors, count: int, mask: Mask | None) -> None:
    """Print one line; the flat index gets the filter as a bitmap made beforehand."""
    params = None
    if mask is not None:
        params = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little")))
    quick, exact = in_turns(
        (lambda v: ours.search(v, count, mask), lambda v: flat.search(v[np.newaxis], count, params=params)), list(asked)
    )
    print(f"  {name:<24}{quick.median:>9.3f}{exact.median:>9.2f}{exact.median / quick.median:>10.1f}")


if __name__ == "__main__":
    main()
