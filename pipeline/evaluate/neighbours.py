"""FAISS's index types on the same vectors: what each finds, how long it takes and what it weighs."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from indexes.vectors import VectorIndex
from indexes.vectors.codes import one_thread
from indexes.vectors.recall import Sample, Search

Vectors = NDArray[np.float32]

PAGE, MANY = 12, 100  # places that a visitor sees first, and that the Harvard recommender timed
_TRAINED = 65_536  # vectors that FAISS's indexes are trained with at most
_WARM = 20  # searches that are not counted


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one index."""

    index: str
    recall_12: float
    recall_100: float
    median_ms: float  # of one search for twelve, one thread, of the processor's time
    p99_ms: float
    megabytes: float  # of its files
    build_seconds: float  # of the processor's time


def compare(vectors: Vectors, sample: Sample) -> Iterator[Line]:
    """The figures of each index of unit `vectors` (n, d), with the `sample`'s 100 nearest as what is to be found."""
    with one_thread():
        yield from _compared(vectors, sample)


def _compared(vectors: Vectors, sample: Sample) -> Iterator[Line]:
    for name, make in _contenders(vectors.shape[1], len(vectors)).items():
        start = time.process_time()
        index = make()
        index.train(vectors[np.linspace(0, len(vectors) - 1, min(len(vectors), _TRAINED)).astype(np.intp)])
        index.add(vectors)
        seconds = time.process_time() - start
        yield _line(name, _searching(index), sample, len(faiss.serialize_index(index)), seconds)
        del index
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ours"
        start = time.process_time()
        built = VectorIndex.write(path, np.arange(len(vectors), dtype=np.int32), vectors)
        seconds = time.process_time() - start
        ours = VectorIndex(path)
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        yield _line(f"Vitrine: {built.name}", lambda vector, k: ours.search(vector, k).rows, sample, size, seconds)


def _contenders(width: int, count: int) -> dict[str, Callable[[], faiss.Index]]:
    """Those of the Harvard recommender's notebook, with its parameters, and the flat one at half the size."""

    def product() -> faiss.Index:
        pieces = next(pieces for pieces in (32, 16, 8, 4, 2, 1) if width % pieces == 0)
        lists = min(100, max(1, count // 100))
        index = faiss.index_factory(width, f"IVF{lists},PQ{pieces}x8np", faiss.METRIC_INNER_PRODUCT)
        index.nprobe = min(8, lists)
        index.cp.min_points_per_centroid = index.pq.cp.min_points_per_centroid = 1  # a small collection is no mistake
        return index

    def graph() -> faiss.Index:
        index = faiss.IndexHNSWFlat(width, 32, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efSearch = 64
        return index

    half = faiss.ScalarQuantizer.QT_fp16
    return {
        "Flat": lambda: faiss.IndexFlatIP(width),
        "SQfp16": lambda: faiss.IndexScalarQuantizer(width, half, faiss.METRIC_INNER_PRODUCT),
        "HNSW32, efSearch 64": graph,
        "LSH, 512 bits": lambda: faiss.IndexLSH(width, 512),
        "IVF100,PQ32, nprobe 8": product,
    }


def _searching(index: faiss.Index) -> Search:
    return lambda vector, count: index.search(vector[np.newaxis], count)[1][0]


def _line(name: str, search: Search, sample: Sample, size: int, seconds: float) -> Line:
    first = replace(sample, nearest=sample.nearest[:, :PAGE])
    for query in sample.queries[:_WARM]:
        search(query, PAGE)
    times = []
    for query in sample.queries:
        start = time.thread_time()  # what other work on the machine takes is not the index's
        search(query, PAGE)
        times.append((time.thread_time() - start) * 1000)
    return Line(
        index=name,
        recall_12=round(first.recall(search), 4),
        recall_100=round(sample.recall(search), 4),
        median_ms=round(float(np.median(times)), 3),
        p99_ms=round(float(np.quantile(times, 0.99)), 3),
        megabytes=round(size / 1e6, 1),
        build_seconds=round(seconds, 1),
    )
