"""Vectors as they are measured: mapped from a file, as 32-bit floats or as 16-bit integers with a step a column.

Integers take half the room and are, at vectors of length one, several times as exact as 16-bit floats: a cosine is off
by about a millionth.
"""

from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexes.columns import open_array, write_array

Vectors = NDArray[np.float32]
Places = NDArray[np.integer]

_STEPS = 32767  # of a column's greatest value
_FLOATS = 262_144  # made at once: as many as stay in the processor's cache


class Precise:
    """Vectors (n, d) in an order of their own."""

    def __init__(self, stored: NDArray[Any], steps: Vectors | None) -> None:
        """`stored` (n, d) are floats or, where there are `steps` (d,), integers that count steps of their column."""
        self._stored = stored
        self._steps = steps
        self.dimension: int = stored.shape[1]

    @staticmethod
    def write(path: Path, vectors: Vectors) -> None:
        """Write vectors (n, d), n at least one, as integers."""
        step = _at_once(vectors.shape[1])
        largest = np.max([np.abs(vectors[s : s + step]).max(axis=0) for s in range(0, len(vectors), step)], axis=0)
        steps = np.where(largest > 0, largest / _STEPS, 1).astype(np.float32)
        write_array(path.with_name(path.name + ".steps"), steps)
        with path.with_name(path.name + ".vectors.npy").open("wb") as file:  # on a full disk a mapped file ends us
            header = {"descr": "<i2", "fortran_order": False, "shape": vectors.shape}
            np.lib.format.write_array_header_1_0(file, header)
            for start in range(0, len(vectors), step):
                file.write(np.rint(vectors[start : start + step] / steps).astype("<i2").tobytes())

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open what `write` wrote at the same path."""
        stored = open_array(path.with_name(path.name + ".vectors"))
        return cls(stored, open_array(path.with_name(path.name + ".steps")))

    def __len__(self) -> int:
        return len(self._stored)

    def read(self, places: Places) -> Vectors:
        """(m, d) the vectors at the places (m,)."""
        if self._steps is None:
            return self._stored[places]
        found: Vectors = self._stored[places].astype(np.float32)
        found *= self._steps  # in place: a product of both types would be made piece by piece
        return found

    def scores(self, vector: Vectors, places: Places | None = None) -> Vectors:
        """(m,) the inner products with a vector (d,) of those at the places (m,), or of all."""
        if places is not None and 2 * len(places) > len(self):
            return self.scores(vector)[places]  # reading on is twice as quick as reading here and there
        scaled = vector if self._steps is None else vector * self._steps
        size = len(self) if places is None else len(places)
        found = np.empty(size, np.float32)
        step = _at_once(self.dimension)
        floats = np.empty((min(size, step), self.dimension), np.float32)
        # Floats are copied too: in FAISS's files they lie at odd addresses, and numpy would first copy all of them.
        for start in range(0, size, step):
            some = slice(start, start + step)
            stored = self._stored[some] if places is None else self._stored[places[some]]
            np.copyto(floats[: len(stored)], stored)
            np.dot(floats[: len(stored)], scaled, out=found[some])
        return found


def _at_once(dimension: int) -> int:
    return max(1, _FLOATS // dimension)
