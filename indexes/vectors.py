"""Nearest neighbours by inner product: a FAISS index of unit vectors, memory-mapped, with an optional row filter."""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from indexes.columns import Rows, open_array, write_array
from indexes.facets import Mask
from indexes.text import Ranking

# Up to this many neighbours FAISS keeps a heap, in which the lower row wins among equal scores, so that pages never
# overlap; beyond, it collects without regard to rows, and sorting every score is as quick.
_MANY = 99


class VectorIndex:
    """The vectors of one method in one release. Works without a vector are simply not in it."""

    def __init__(self, path: Path) -> None:
        """Open what `write` wrote at the same path."""
        name = str(path.with_name(path.name + ".faiss"))
        self._index = faiss.read_index(name, faiss.IO_FLAG_MMAP_IFC)
        self.rows: Rows = open_array(path.with_name(path.name + ".rows"))  # (n,): the catalogue's row of each vector
        stored = faiss.rev_swig_ptr(self._index.get_xb(), len(self.rows) * self.dimension)
        self._vectors: NDArray[np.float32] = stored.reshape(-1, self.dimension)  # a view of the mapped file

    @staticmethod
    def write(path: Path, rows: Rows, vectors: NDArray[np.float32]) -> None:
        """Write unit `vectors` (n, d) of the catalogue rows (n,), which must be ascending."""
        if len(rows) != len(vectors) or np.any(np.diff(rows) <= 0):
            raise ValueError("rows: must be ascending, one for each vector")
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        faiss.write_index(index, str(path.with_name(path.name + ".faiss")))
        write_array(path.with_name(path.name + ".rows"), rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def dimension(self) -> int:
        """Columns of a vector."""
        return int(self._index.d)

    def vectors(self, rows: Rows) -> NDArray[np.float32]:
        """(m, d): the vectors of those of `rows` that have one, in the order given."""
        if not len(self.rows):
            return np.empty((0, self.dimension), np.float32)
        places = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return self._vectors[places[self.rows[places] == rows]]

    def candidates(self, mask: Mask | None = None) -> Rows:
        """The rows that have a vector and pass the mask (rows of the catalogue,): what a search ranks."""
        return self.rows if mask is None else self.rows[mask[self.rows]]

    def search(self, vector: NDArray[np.float32], count: int, mask: Mask | None = None) -> Ranking:
        """The `count` rows nearest to the unit `vector` (d,) among those that pass the mask: exact, best first."""
        allowed = None if mask is None else mask[self.rows]
        size = len(self.rows) if allowed is None else int(np.count_nonzero(allowed))
        count = min(count, size)
        if count == 0:
            return Ranking(np.empty(0, np.int32), np.empty(0, np.float32))
        if count > _MANY:
            return self._rank_all(vector, count, allowed)
        params = None
        if allowed is not None:
            selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
            params = faiss.SearchParameters(sel=selector)
        scores, places = self._index.search(vector[np.newaxis].astype(np.float32), count, params=params)
        order = np.lexsort((places[0], -scores[0]))
        return Ranking(self.rows[places[0][order]], scores[0][order])

    def _rank_all(self, vector: NDArray[np.float32], count: int, allowed: Mask | None) -> Ranking:
        places = np.arange(len(self.rows)) if allowed is None else np.flatnonzero(allowed)
        vectors = self._vectors if allowed is None else self._vectors[places]
        ranking = Ranking.of(self.rows[places], vectors @ vector.astype(np.float32))
        return Ranking(ranking.rows[:count], ranking.scores[:count])
