"""Synthetic vectors that are spread as the vectors of a museum's pictures are, to measure indexes on.

Subjects of unequal size: sizes fall as Zipf's law has them, and there are twice as many subjects as the root of the
works. All lie within one cone, as the vectors of CLIP do (Liang and others, "Mind the gap", NeurIPS 2022): two works
taken at random have a cosine of about 0.3. Within a subject most of the spread lies in a few dozen directions, which
the subject shares with others, and the rest in all: a work and its nearest have a cosine of about 0.85.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

_CONE = 0.65  # lengths of the parts of a vector, on average: what all share, ...
_SUBJECT = 1.0  # ... what its subject shares, ...
_SPREAD = 0.35  # ... where it lies within the subject, ...
_NOISE = 0.4  # ... and what it has of its own
_RANK = 32  # directions of a subject's spread
_SHAPES = 64  # sets of such directions
_CHUNK = 8192  # vectors made at once


@dataclass(frozen=True)
class Collection:
    """An endless collection: works of `subjects` subjects; the same numbers make the same works."""

    subjects: int
    dimension: int
    seed: int = 0

    @classmethod
    def like(cls, works: int, dimension: int) -> "Collection":
        """One that has as many subjects as so many works have."""
        return cls(max(8, int(2 * works**0.5)), dimension)

    def draw(self, count: int, stream: int = 0) -> Vectors:
        """(count, dimension) unit vectors of works; another stream has other works of the same subjects."""
        found = np.empty((count, self.dimension), np.float32)
        for start in range(0, count, _CHUNK):
            random = np.random.default_rng((self.seed, stream, start))
            chunk = found[start : start + _CHUNK]
            chunk[:] = self._some(random, len(chunk))
            chunk /= np.linalg.norm(chunk, axis=1, keepdims=True)
        return found

    def _some(self, random: np.random.Generator, count: int) -> Vectors:
        subjects = np.sort(random.choice(self.subjects, count, p=self._sizes))
        vectors = self._centres[subjects] + _normal(random, (count, self.dimension), _NOISE)
        within = _normal(random, (count, _RANK), _SPREAD)
        for shape, directions in enumerate(self._directions):
            here = subjects % _SHAPES == shape
            vectors[here] += within[here] @ directions
        return random.permutation(vectors)

    @cached_property
    def _sizes(self) -> NDArray[np.float64]:
        sizes = 1 / (10 + np.arange(self.subjects))
        return sizes / sizes.sum()

    @cached_property
    def _centres(self) -> Vectors:
        random = np.random.default_rng((self.seed, 1))
        return _normal(random, (1, self.dimension), _CONE) + _normal(random, (self.subjects, self.dimension), _SUBJECT)

    @cached_property
    def _directions(self) -> Vectors:
        """(_SHAPES, _RANK, dimension), each direction of length one."""
        random = np.random.default_rng((self.seed, 2))
        return _normal(random, (_SHAPES, _RANK, self.dimension), 1.0)


def _normal(random: np.random.Generator, shape: tuple[int, ...], length: float) -> Vectors:
    """Normal vectors of this length on average, along the last axis."""
    return random.standard_normal(shape, np.float32) * np.float32(length / shape[-1] ** 0.5)
