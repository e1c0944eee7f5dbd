"""The vectors of one method as they are searched: mapped from files, filtered by rows."""

from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from indexes.columns import Rows, open_array, write_array
from indexes.facets import Mask
from indexes.ranking import Ranking
from indexes.vectors.codes import Codes, chunks, learn
from indexes.vectors.precise import Places, Precise
from indexes.vectors.recall import Sample

FEW = 10_000  # up to so many vectors, measuring all takes a millisecond or two; docs/performance.md has the figures
HEAD = 49  # places that are filled from the shortlist: four pages of twelve, and a work that is left out of them
_BROAD = 0.25  # where a filter lets a smaller share pass, all of them are measured
_GENEROUS = 1.1  # a shortlist to be filtered is so much longer than it would have to be if all works were alike

_DEPTH = 12  # places in which recall is measured: the first page
_SAMPLE = 500  # vectors that it is measured with
_ENOUGH = 0.99  # recall below which a flat index is taken


@dataclass(frozen=True, slots=True)
class Built:
    """What index some vectors got, and how good it is."""

    name: str  # in the words of FAISS's index factory
    recall: float  # the share of the exact first twelve that it finds


class VectorIndex:
    """The vectors of one method in one release. Works without a vector are simply not in it.

    Few vectors are a flat FAISS index, and each search measures all that pass the filter. Many are kept as `Precise`
    ones beside their `Codes`, which shortlist those that are then measured.
    """

    def __init__(self, path: Path) -> None:
        """Open what `write` wrote at the same path."""
        index = faiss.read_index(str(path.with_name(path.name + ".faiss")), faiss.IO_FLAG_MMAP_IFC)
        self.rows: Rows = open_array(path.with_name(path.name + ".rows"))  # (n,): the catalogue's row of each vector
        self._codes: Codes | None = None
        if isinstance(index, faiss.IndexFlat):
            self._flat = index  # keeps the file mapped
            stored = faiss.rev_swig_ptr(index.get_xb(), len(self.rows) * index.d)
            self._precise = Precise(stored.reshape(-1, index.d), None)
        else:
            self._codes = Codes.open(path, index)
            self._precise = Precise.open(path)

    @staticmethod
    def write(path: Path, rows: Rows, vectors: NDArray[np.float32], few: int = FEW) -> Built:
        """Write unit `vectors` (n, d) of the catalogue rows (n,), which must be ascending; says what index they got.

        Up to `few` vectors get a flat index, and so do more where codes find too little of what an exact search finds.
        The same vectors make the same files, byte for byte.
        """
        if len(rows) != len(vectors) or np.any(np.diff(rows) <= 0):
            raise ValueError("rows: must be ascending, one for each vector")
        write_array(path.with_name(path.name + ".rows"), rows)
        if len(rows) > few:
            built = _write_quantised(path, vectors)
            if built.recall >= _ENOUGH:
                return built
            for left in ("vectors.npy", "steps.npy", "reach.npy"):
                path.with_name(f"{path.name}.{left}").unlink()
        flat = faiss.IndexFlatIP(vectors.shape[1])
        for _, chunk in chunks(vectors):
            flat.add(chunk)
        faiss.write_index(flat, str(path.with_name(path.name + ".faiss")))
        return Built("Flat", 1.0)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def dimension(self) -> int:
        """Columns of a vector."""
        return self._precise.dimension

    def vectors(self, rows: Rows) -> NDArray[np.float32]:
        """(m, d): the vectors of those of `rows` that have one, in the order given."""
        if not len(self.rows):
            return np.empty((0, self.dimension), np.float32)
        places = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return self._precise.read(places[self.rows[places] == rows])

    def candidates(self, mask: Mask | None = None) -> Rows:
        """The rows that have a vector and pass the mask (rows of the catalogue,): what a search ranks."""
        return self.rows if mask is None else self.rows[self._allowed(mask)]

    def search(self, vector: NDArray[np.float32], count: int, mask: Mask | None = None) -> Ranking:
        """The `count` rows nearest to the unit `vector` (d,) among those that pass the mask, best first.

        Exact, but that among many vectors and without a narrow filter the first `HEAD` come from a shortlist. What it
        missed comes behind them: whatever the page, no row comes twice and none is left out.
        """
        vector = np.ascontiguousarray(vector, np.float32)
        allowed = None if mask is None else self._allowed(mask)
        near = self._shortlist(vector, allowed)
        if near is None:
            return self._measured(vector, None if allowed is None else np.flatnonzero(allowed), count)
        head = self._measured(vector, near, HEAD)
        if count <= len(head.rows):
            return Ranking(head.rows[:count], head.scores[:count])
        others = np.ones(len(self.rows), np.bool_) if allowed is None else allowed.copy()
        others[np.searchsorted(self.rows, head.rows)] = False
        tail = self._measured(vector, np.flatnonzero(others), count - len(head.rows))
        return Ranking(np.concatenate([head.rows, tail.rows]), np.concatenate([head.scores, tail.scores]))

    def _shortlist(self, vector: NDArray[np.float32], allowed: Mask | None) -> Places | None:
        """The places, ascending, of those worth measuring; None where that is all, or where too few of them pass."""
        if self._codes is None:
            return None
        if allowed is None:
            return np.sort(self._codes.shortlist(vector))
        share = np.count_nonzero(allowed) / len(self.rows)
        if share < _BROAD:
            return None
        near = self._codes.shortlist(vector, _GENEROUS / share)
        near = np.sort(near[allowed[near]])
        return near if len(near) >= self._codes.reach else None

    def _allowed(self, mask: Mask) -> Mask:
        """(n,): which vectors are of rows that pass; their rows ascend, so that where there are as many they agree."""
        return mask if len(mask) == len(self.rows) else mask[self.rows]

    def _measured(self, vector: NDArray[np.float32], places: Places | None, count: int) -> Ranking:
        """The `count` best of the vectors at the places, ascending, or of all."""
        rows = self.rows if places is None else self.rows[places]
        return Ranking.best(rows, self._precise.scores(vector, places), count)


def _write_quantised(path: Path, vectors: NDArray[np.float32]) -> Built:
    """Write codes and precise vectors, and measure them as they will be searched."""
    sample = Sample.of(vectors, _SAMPLE, _DEPTH)
    codes = learn(vectors, sample.queries, sample.nearest)
    codes.write(path)
    Precise.write(path, vectors)
    index = VectorIndex(path)
    recall = sample.recall(lambda query, count: np.searchsorted(index.rows, index.search(query, count).rows))
    return Built(codes.name, round(recall, 4))
