"""The space in which works are compared for recommendations: their pictures, their descriptions, or both."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexes.columns import Rows
from indexes.facets import Mask
from indexes.recommend.shortlist import Shortlist
from indexes.vectors import VectorIndex

Vectors = NDArray[np.float32]

# What the description counts beside the picture where a collection has both; docs/recommendations.md has the figures.
DESCRIPTION_SHARE = 0.8
# Up to this many works are all measured; among more a shortlist comes first.
_ALL = 12_288
# A shortlist holds so many times the works wanted, because its order is not quite the true one.
_GENEROUS = 15
_CHUNK = 16384  # works measured at once where all of a large collection are


@dataclass(frozen=True, slots=True)
class Candidates:
    """Works that may be recommended, measured."""

    rows: Rows  # (m,) ascending
    vectors: Vectors  # (m, d)
    likeness: Vectors  # (m, c) to each centre


class Space:
    """Vectors of a release's works by one or more methods, side by side.

    A work's vector holds that of each method times the root of the method's share: the inner product of two works is
    the mean of their cosines, weighted by the shares. A method that a work lacks counts as zero.
    """

    def __init__(self, parts: Mapping[str, tuple[VectorIndex, float]], works: int, folder: Path | None = None) -> None:
        """`parts` gives each method's index and share, `works` says how many works there are with or without vector.

        In `folder` lies what `write` wrote, if it did.
        """
        self.works = works
        self._folder = folder
        self._name = "near-" + "-".join(f"{name}{share:g}" for name, (_, share) in parts.items()) + ".faiss"
        self._parts = tuple(parts.values())
        self.methods = tuple(parts)
        self.dimension = sum(index.dimension for index, _ in self._parts)
        self.rows: Rows = np.unique(np.concatenate([index.rows for index, _ in self._parts]))  # works with a vector
        self._held = [np.zeros(works, np.bool_) for _ in self._parts]  # which rows have a vector of each method
        for held, (index, _) in zip(self._held, self._parts, strict=True):
            held[index.rows] = True
        self._lock = threading.Lock()

    @classmethod
    def of(
        cls,
        vectors: Mapping[str, VectorIndex],
        works: int,
        share: float = DESCRIPTION_SHARE,
        folder: Path | None = None,
    ) -> Self | None:
        """The space of a release's indexes: pictures, descriptions for `share` beside them; None where it has neither.

        Without pictures the descriptions stand alone.
        """
        shares = {"clip": 1.0 - share, "description": share}
        held = {name: vectors[name] for name in shares if name in vectors and len(vectors[name]) and shares[name] > 0}
        if not held:
            return None
        return cls(
            {name: (index, shares[name] if len(held) > 1 else 1.0) for name, index in held.items()}, works, folder
        )

    def vectors(self, rows: Rows) -> Vectors:
        """(m, d): the vectors of the rows (m,), zero where a work has none."""
        found = np.zeros((len(rows), self.dimension), np.float32)
        column = 0
        for (index, share), held in zip(self._parts, self._held, strict=True):
            there = held[rows]
            vectors = index.vectors(rows[there])
            found[there, column : column + index.dimension] = vectors * np.float32(share**0.5)
            column += index.dimension
        return found

    def has(self, rows: Rows) -> NDArray[np.bool_]:
        """(m,): which of the rows have a vector."""
        return np.any([held[rows] for held in self._held], axis=0)

    def allowed(self, mask: Mask) -> Rows:
        """The rows that have a vector and pass the mask (rows of the catalogue,)."""
        return self.rows[mask[self.rows]]

    def near(self, centres: Vectors, count: int, mask: Mask, exact: bool = False) -> Candidates:
        """Works that pass the mask, among them the `count` nearest to each of the centres (c, d).

        Of more than a few thousand that pass, one near the end of the list may be missed now and then, unless `exact`.
        """
        rows = self.allowed(mask)
        if len(rows) > _ALL and not exact:
            rows = self._shortlisted(centres, count, rows, mask)
        vectors = self._all[np.searchsorted(self.rows, rows)] if len(self.rows) <= _ALL else self.vectors(rows)
        return Candidates(rows, vectors, vectors @ centres.T)

    def likeness(self, centres: Vectors, rows: Rows) -> Vectors:
        """(m, c): how near each of the rows is to each centre, all measured."""
        chunks = [self.vectors(rows[start : start + _CHUNK]) @ centres.T for start in range(0, len(rows), _CHUNK)]
        return np.concatenate(chunks) if chunks else np.empty((0, len(centres)), np.float32)

    @cached_property
    def _all(self) -> Vectors:
        return self.vectors(self.rows)

    @cached_property
    def _shortlist(self) -> Shortlist:
        written = self._folder / self._name if self._folder else None
        if written and written.exists():
            return Shortlist.open(written, self.dimension)
        return Shortlist.learn(len(self.rows), self.dimension, lambda places: self.vectors(self.rows[places]))

    def write(self, folder: Path) -> None:
        """Write into the folder of a release what the first recommendation of each process would make else."""
        if len(self.rows) > _ALL:
            self._shortlist.write(folder / self._name)

    def prepare(self) -> None:
        """Make now what the first recommendation would make."""
        with self._lock:  # one visitor makes it, the others wait for it
            _ = self._shortlist if len(self.rows) > _ALL else self._all

    def _shortlisted(self, centres: Vectors, count: int, allowed: Rows, mask: Mask) -> Rows:
        self.prepare()
        reach = _GENEROUS * count * len(self.rows) // len(allowed)
        while reach < len(self.rows):
            rows = self.rows[self._shortlist.near(centres, reach)]  # (c, reach)
            passed = mask[rows]
            if np.count_nonzero(passed, axis=1).min() >= count:
                return np.unique(rows[passed])
            reach *= 4  # the filter lets few works near these likes pass
        return allowed
