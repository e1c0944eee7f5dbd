"""Short codes of many vectors, compared instead of the vectors to shortlist those that are worth measuring.

An inverted file (Jégou, Douze and Schmid, Product quantization for nearest neighbor search, PAMI 33, 2011) groups the
vectors in lists around centroids; a search looks into the nearest lists only. What is left of a vector when its
centroid is taken away has a code of four bits for every two columns, or more of a long vector, which are compared
within registers (André, Kermarrec and Le Scouarnec, Cache locality is not enough, PVLDB 9, 2015; FAISS calls it fast
scan).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from indexes.columns import open_array, write_array
from indexes.vectors.precise import Vectors

# Of the exact first twelve, the share that is to be on the shortlist. Among very many works those that are missed are
# hardly less like than those that come instead, and every list that is looked into holds more of them.
_RECALL, _VERY_MANY, _RECALL_OF_VERY_MANY = 0.9995, 300_000, 0.998
_SHARES = (128, 96, 64, 48, 32, 16, 8, 4)  # one of so many lists is looked into
_REACHES = (192, 384, 512, 768)  # vectors on the shortlist
_POINTS = 40  # vectors a centroid is learnt from; FAISS warns below 39
_ROUNDS = 8  # of k-means; more changed no recall
_LEAST = 4096  # vectors that codes are learnt from; each of their sixteen values needs a few hundred
_MOST = 256  # codes of a vector: 128 bytes, which FAISS cannot map, so that every process holds them
_CHUNK = 16_384  # vectors added at once


class Codes:
    """The codes of some vectors, and how thoroughly they are searched."""

    def __init__(self, index: faiss.IndexIVF, reach: int) -> None:
        """`reach` is how many vectors a shortlist has."""
        self._index = index
        self.reach = reach

    @classmethod
    def open(cls, path: Path, index: faiss.Index) -> "Codes":
        """What `write` wrote at the same path, the index being open."""
        return cls(index, int(open_array(path.with_name(path.name + ".reach"))[0]))

    def write(self, path: Path) -> None:
        """Write them."""
        faiss.write_index(self._index, str(path.with_name(path.name + ".faiss")))
        write_array(path.with_name(path.name + ".reach"), np.array([self.reach], np.int32))

    @property
    def name(self) -> str:
        """What they are, in the words of FAISS's index factory, and how they are searched."""
        lists, columns = self._index.nlist, self._index.pq.M
        return f"IVF{lists},PQ{columns}x4fsr ({self._index.nprobe} lists, {self.reach} measured)"

    def shortlist(self, vector: Vectors, wider: float = 1.0) -> NDArray[np.int64]:
        """The places of the vectors that look nearest to a vector (d,), in no exact order.

        `wider` times as many as usual, from as many times more lists.
        """
        lists = min(self._index.nlist, int(np.ceil(self._index.nprobe * wider)))
        params = faiss.SearchParametersIVF(nprobe=lists)
        places: NDArray[np.int64] = self._index.search(vector[np.newaxis], int(self.reach * wider), params=params)[1][0]
        return places[places >= 0]  # FAISS fills up with -1 where the lists hold too few


def learn(vectors: Vectors, queries: Vectors, nearest: NDArray[np.int64]) -> Codes:
    """The codes of unit vectors (n, d), searched no more thoroughly than it takes to find the `nearest`.

    Those (q, k) are the places of the vectors that truly are the nearest to the queries (q, d).
    """
    count, dimension = vectors.shape
    lists = int(1.5 * count**0.5)
    columns = next(codes for codes in range(min(_MOST, max(1, dimension // 2)), 0, -1) if dimension % codes == 0)
    index = faiss.index_factory(dimension, f"IVF{lists},PQ{columns}x4fsr", faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.max_points_per_centroid = _ROUNDS, _POINTS
    with one_thread():  # sums that several threads share are not the same on every machine
        index.train(some(vectors, max(_POINTS * lists, _LEAST)))
        for _, chunk in chunks(vectors):
            index.add(chunk)
        return _tuned(index, queries, nearest)


def _tuned(index: faiss.IndexIVF, queries: Vectors, nearest: NDArray[np.int64]) -> Codes:
    count, width = index.ntotal, index.d
    recalls: dict[tuple[int, int], float] = {}
    for lists in sorted({-(-index.nlist // share) for share in _SHARES}):
        index.nprobe = lists
        found = index.search(queries, min(_REACHES[-1], count))[1]
        for reach in _REACHES:
            hits = sum(np.isin(a, b).sum() for a, b in zip(nearest, found[:, :reach], strict=True))
            recalls[lists, reach] = float(hits / nearest.size)

    def bytes_read(setting: tuple[int, int]) -> float:
        lists, reach = setting
        return lists / index.nlist * count * width / 4 + reach * width * 4  # a vector lies in a place of its own

    wished = _RECALL if count <= _VERY_MANY else _RECALL_OF_VERY_MANY
    aim = min(wished, max(recalls.values()) - 0.0002)
    index.nprobe, reach = min((setting for setting, recall in recalls.items() if recall >= aim), key=bytes_read)
    return Codes(index, reach)


def some(vectors: Vectors, count: int) -> Vectors:
    """`count` of the vectors (n, d), or all, evenly spread."""
    return np.ascontiguousarray(vectors[spread(len(vectors), count)], np.float32)


def spread(size: int, count: int) -> NDArray[np.intp]:
    """(count,) places out of `size`, or all, evenly spread."""
    return np.unique(np.linspace(0, size - 1, min(size, count)).astype(np.intp))


def chunks(vectors: Vectors) -> Iterator[tuple[int, Vectors]]:
    """The vectors piece by piece, each with the place of its first."""
    for start in range(0, len(vectors), _CHUNK):
        yield start, np.ascontiguousarray(vectors[start : start + _CHUNK], np.float32)


@contextmanager
def one_thread() -> Iterator[None]:
    """Keeps FAISS and the linear algebra within to one thread."""
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        faiss.omp_set_num_threads(threads)
