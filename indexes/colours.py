"""Colours as words: the eleven basic colour terms, and how much of each work's picture bears each of them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from indexes.columns import open_array, write_array

# Berlin & Kay, "Basic Color Terms" (1969): the terms that English speakers agree on.
TERMS = ("black", "white", "grey", "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown")

# Other words that ask for one of them. Not those that name a material first: gold, silver, ivory, rose, ochre.
_ALIKE = MappingProxyType(
    {
        **{"gray": "grey", "greyish": "grey", "grayish": "grey", "blackish": "black", "whitish": "white"},
        **{"reddish": "red", "crimson": "red", "scarlet": "red", "vermilion": "red", "yellowish": "yellow"},
        **{"greenish": "green", "emerald": "green", "bluish": "blue", "azure": "blue", "navy": "blue"},
        **{"violet": "purple", "lilac": "purple", "mauve": "purple", "brownish": "brown", "beige": "brown"},
    }
)


def colour_of(word: str) -> str | None:
    """The basic colour term that a folded word asks for; None where it names no colour."""
    return word if word in TERMS else _ALIKE.get(word)


class Colours:
    """The measured colours of a release's pictures, memory-mapped."""

    def __init__(self, path: Path) -> None:
        """Open what `write` wrote at the same path."""
        self._shares: NDArray[np.uint8] = open_array(path)  # (11, rows), of 255; all 0 where there is no picture

    @staticmethod
    def write(path: Path, shares_by_row: Iterable[Mapping[str, float] | None]) -> None:
        """Write the shares (0..1) of each row's picture by colour term; None where it has no picture."""
        rows = [[0.0 if row is None else row[term] for term in TERMS] for row in shares_by_row]
        shares = np.array(rows, np.float64).reshape(-1, len(TERMS))
        write_array(path, np.round(shares * 255).astype(np.uint8).T)

    def shares(self, term: str) -> NDArray[np.uint8]:
        """(rows,): how much of each picture bears the basic term, of 255."""
        return self._shares[TERMS.index(term)]

    def measured(self) -> NDArray[np.bool_]:
        """(rows,): which rows have a measured picture."""
        return np.asarray(self._shares.any(axis=0))
