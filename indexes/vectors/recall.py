"""How much of an exact search another search finds, measured with a sample of a collection's own vectors."""

from collections.abc import Callable
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from indexes.vectors.codes import chunks, one_thread, some, spread
from indexes.vectors.precise import Vectors

Places = NDArray[np.int64]
Search = Callable[[Vectors, int], NDArray[np.integer]]  # places of the nearest to a vector (d,), best first


@dataclass(frozen=True, slots=True)
class Sample:
    """Vectors to search for, and what an exact search finds for each: its nearest but itself."""

    places: NDArray[np.intp]  # (q,) of the sample in the collection
    queries: Vectors  # (q, d)
    nearest: Places  # (q, k), best first

    @classmethod
    def of(cls, vectors: Vectors, size: int, depth: int) -> "Sample":
        """`size` of the unit vectors (n, d) with the `depth` nearest of each."""
        places, queries = spread(len(vectors), size), some(vectors, size)
        return cls(places, queries, others(nearest(vectors, queries, depth + 1), places, depth))

    def recall(self, search: Search) -> float:
        """The share of the nearest that a search finds, asked for one more."""
        depth = self.nearest.shape[1]
        found = [search(query, depth + 1) for query in self.queries]
        hits = [
            np.isin(exact, rows[rows != place][:depth]).sum()
            for exact, rows, place in zip(self.nearest, found, self.places, strict=True)
        ]
        return float(sum(hits) / self.nearest.size)


def nearest(vectors: Vectors, queries: Vectors, depth: int) -> Places:
    """(q, depth) the places of the unit vectors (n, d) nearest to each query (q, d), best first; exact."""
    heap = faiss.ResultHeap(len(queries), depth, keep_max=True)
    with one_thread():
        for start, chunk in chunks(vectors):
            scores, places = faiss.knn(queries, chunk, min(depth, len(chunk)), metric=faiss.METRIC_INNER_PRODUCT)
            heap.add_result(scores, places + start)
    heap.finalize()
    found: Places = heap.I
    return found


def others(found: Places, places: NDArray[np.intp], depth: int) -> Places:
    """(q, depth): the first of each row of places found (q, k), without the vector that was searched for (q,)."""
    order = np.argsort(found == places[:, np.newaxis], axis=1, kind="stable")
    return np.take_along_axis(found, order, axis=1)[:, :depth]
