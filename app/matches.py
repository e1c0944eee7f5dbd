"""What a question finds: one page of rows, and what is said about all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.query import Query
from indexes.artwork import FACETS
from indexes.columns import Rows
from indexes.facets import Mask
from indexes.loader import Release

Counts = Mapping[str, NDArray[np.int64]]  # of each facet, by the number of its value

Pieces = list[tuple[str, bool]]  # a text in pieces, each with whether it is a word told apart from the others


@dataclass(frozen=True, slots=True)
class Corrected:
    """Typing errors that were mended."""

    typed: str
    meant: str
    query: Pieces  # the whole query as it was searched for, the mended words told apart
    url: str  # of the search for the words as typed


@dataclass(frozen=True, slots=True)
class Nearest:
    """A search that finds something, where the one asked for finds nothing."""

    sentence: str  # what it leaves out
    url: str
    works: int  # that it finds


@dataclass(frozen=True, slots=True)
class Matches:
    """One page of results."""

    rows: Rows  # of this page, in order
    scores: NDArray[np.float32] | None  # of the same shape; None where nothing was scored
    total: int  # of all pages
    counts: Counts
    note: str | None = None  # a sentence for the visitor: what was done otherwise than asked, or why nothing is found
    used: str | None = None  # the mode that was really used, where there is a choice
    used_note: str | None = None  # why it was not the mode asked for
    corrected: Corrected | None = None
    nearest: Nearest | None = None  # where nothing is found
    same_work: frozenset[int] = frozenset()  # rows recognised as the very work that was photographed
    reasons: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # why a row is there
    likes: Mapping[int, int] = field(default_factory=dict)  # the visitor's like that a row is nearest to
    marked: Mapping[int, Mapping[str, Pieces]] = field(default_factory=dict)  # of a row's texts, by field

    @classmethod
    def none(cls, release: Release, note: str) -> Self:
        """No results, and why."""
        facets = release.catalogue.facets
        counts = {name: np.zeros(len(facets[name].values), np.int64) for name in FACETS}
        return cls(np.empty(0, np.int32), None, 0, counts, note)


def facet_counts(release: Release, query: Query, found: Callable[[Mask | None], Rows]) -> Counts:
    """How many matches have each value of each facet.

    A facet's own filter does not shrink its own counts: `found` gives the rows that match under a mask, and each
    facet is counted under the filters of the others.
    """
    facets = release.catalogue.facets
    filtered = [name for name in FACETS if query.filters.of(name)]
    counts = facets.counts(found(facets.mask(query.filters)), [name for name in FACETS if name not in filtered])
    for name in filtered:
        counts |= facets.counts(found(facets.mask(query.filters, besides=name)), [name])
    return {name: counts[name] for name in FACETS}


def under(rows: Rows, mask: Mask | None) -> Rows:
    """Those of the rows that pass the mask."""
    return rows if mask is None else rows[mask[rows]]
