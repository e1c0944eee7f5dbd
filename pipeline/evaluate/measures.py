"""Measures of a ranking against judgements: success, nDCG, reciprocal rank, recall."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DEPTH = 12  # results on a page
DEEP = 100  # results that recall looks at


@dataclass(frozen=True, slots=True)
class Figures:
    """What a page of one ranking is worth, each 0..1."""

    success: float  # whether one of the first 12 is right
    ndcg: float  # of the first 12
    reciprocal_rank: float  # of the first right one
    recall: float  # of the first 100: the share of what could be there
    pure: float  # the share of the first 12 that is right, where there are as many right ones


def judge(found: Sequence[str], relevant: Mapping[str, int]) -> Figures:
    """The figures of the ids found, best first, by the grades of the relevant ones.

    nDCG after Järvelin and Kekäläinen ("Cumulated gain-based evaluation of IR techniques", TOIS 2002), with the grade
    itself as gain and log2(1 + rank) as discount.
    """
    gains = [relevant.get(key, 0) for key in found]
    best = sorted(relevant.values(), reverse=True)[:DEPTH]
    first = next((rank for rank, gain in enumerate(gains, 1) if gain), None)
    possible = min(len(relevant), DEEP)
    page = min(len(relevant), DEPTH)
    return Figures(
        success=float(any(gains[:DEPTH])),
        ndcg=_discounted(gains[:DEPTH]) / _discounted(best) if best else 0.0,
        reciprocal_rank=1 / first if first else 0.0,
        recall=sum(map(bool, gains[:DEEP])) / possible if possible else 0.0,
        pure=sum(map(bool, gains[:page])) / page if page else 0.0,
    )


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(1 + rank) for rank, gain in enumerate(gains, 1))
