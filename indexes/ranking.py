"""Rankings: rows with their scores."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexes.columns import Rows


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows and their scores, best first; equal scores by row."""

    rows: Rows
    scores: NDArray[np.float32]

    @classmethod
    def of(cls, rows: Rows, scores: NDArray[np.float32]) -> "Ranking":
        """Rank rows given ascending with their scores."""
        order = np.argsort(-scores, kind="stable")
        return cls(rows[order], scores[order])

    @classmethod
    def best(cls, rows: Rows, scores: NDArray[np.float32], count: int) -> "Ranking":
        """The first `count` of that ranking, without putting the rest in order."""
        if count >= len(rows):
            return cls.of(rows, scores)
        if count <= 0:
            return cls(rows[:0], scores[:0])
        least = np.partition(scores, len(scores) - count)[len(scores) - count]
        kept = np.flatnonzero(scores >= least)  # every row that ties for the last place: the lowest rows shall win it
        ranked = cls.of(rows[kept], scores[kept])
        return cls(ranked.rows[:count], ranked.scores[:count])
