"""Facets: the values of artist, collection and genre, filters over them and counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexes.artwork import FACETS
from indexes.columns import Groups, Lookup, Rows, StringTable, open_array, write_array
from indexes.words import fold

_READ = 1 << 12  # values of a facet that are kept

Mask = NDArray[np.bool_]  # (rows of the catalogue,): which rows may be among the results


@dataclass(frozen=True, slots=True)
class Filters:
    """Values wanted of each facet: any of them within a facet, all facets together. Empty means no wish."""

    artist: tuple[str, ...] = ()
    collection: tuple[str, ...] = ()
    genre: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.artist or self.collection or self.genre)

    def of(self, facet: str) -> tuple[str, ...]:
        """The values wanted of this facet."""
        values: tuple[str, ...] = getattr(self, facet)
        return values


class Facet:
    """One facet of a catalogue: each work has at most one value."""

    def __init__(self, values: StringTable, folded: Lookup, groups: Groups, codes: NDArray[np.int32]) -> None:
        self.values = values
        self.value = lru_cache(_READ)(values.__getitem__)  # by its number; the most frequent are asked for all the time
        self.codes = codes  # (rows,): the number of the work's value, -1 where it has none
        self._folded = folded
        self._groups = groups

    @staticmethod
    def write(path: Path, values_by_row: Sequence[str | None]) -> None:
        """Write the facet; item r is the value of row r."""
        numbers = StringTable.write(path, (value for value in values_by_row if value is not None))
        Lookup.write(path.with_name(path.name + ".folded"), ([fold(value)] for value in numbers))
        codes = np.array([-1 if value is None else numbers[value] for value in values_by_row], np.int32)
        rows = np.flatnonzero(codes >= 0).astype(np.int32)
        Groups.write(path, codes[rows], rows, len(numbers))
        write_array(path.with_name(path.name + ".codes"), codes)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open what `write` wrote at the same path."""
        return cls(
            StringTable.open(path),
            Lookup.open(path.with_name(path.name + ".folded")),
            Groups.open(path),
            open_array(path.with_name(path.name + ".codes")),
        )

    def numbers(self, value: str) -> list[int]:
        """The value's number; where it is not held as written, those of all values alike but for case and accents."""
        exact = self.values.find(value)
        return [exact] if exact is not None else self._folded[fold(value.strip())].tolist()

    def spelt(self, values: Iterable[str]) -> tuple[str, ...]:
        """These values as the collection spells them, each once; one that it does not hold stays as it is."""
        found = ([self.value(number) for number in self.numbers(value)] or [value] for value in values)
        return tuple(dict.fromkeys(chain.from_iterable(found)))

    def rows(self, value: str) -> Rows:
        """The rows that have this value."""
        groups = [self._groups[number] for number in self.numbers(value)]
        return np.concatenate(groups) if groups else np.empty(0, np.int32)

    def mask(self, values: Iterable[str]) -> Mask:
        """(rows,): the rows that have any of these values."""
        allowed = np.zeros(len(self.codes), np.bool_)
        for value in values:
            allowed[self.rows(value)] = True
        return allowed

    def sizes(self) -> NDArray[np.int64]:
        """(values,): how many rows have each value."""
        return self._groups.sizes()

    def counts(self, rows: Rows) -> NDArray[np.int64]:
        """(values,): how many of these rows, each given once, have each value."""
        # Codes are shifted by one so that "no value" has a bin of its own, which is then left out.
        return np.bincount(self.codes[rows] + 1, minlength=len(self.values) + 1)[1:]


class Facets:
    """All facets of a catalogue."""

    def __init__(self, facets: dict[str, Facet]) -> None:
        self._facets = facets

    @staticmethod
    def write(folder: Path, values: dict[str, list[str | None]]) -> None:
        """Write one facet for each of `FACETS`; `values[name][r]` is the value of row r."""
        for name in FACETS:
            Facet.write(folder / name, values[name])

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open what `write` wrote in the same folder."""
        return cls({name: Facet.open(folder / name) for name in FACETS})

    def __getitem__(self, name: str) -> Facet:
        return self._facets[name]

    def counts(self, rows: Rows, names: Iterable[str] = FACETS) -> dict[str, NDArray[np.int64]]:
        """Of each facet, (values,): how many of these rows, each given once, have each value."""
        works = len(self._facets[FACETS[0]].codes)
        if len(rows) == works:
            return {name: self._facets[name].sizes() for name in names}
        if 2 * len(rows) <= works:
            return {name: self._facets[name].counts(rows) for name in names}
        others = np.ones(works, np.bool_)  # it is quicker to look up the fewer that are not among them
        others[rows] = False
        few = np.flatnonzero(others).astype(np.int32)
        return {name: self._facets[name].sizes() - self._facets[name].counts(few) for name in names}

    def passes(self, row: int, filters: Filters, besides: str | None = None) -> bool:
        """Whether this row passes the filters, but for the facet `besides`."""
        return all(
            any(self._facets[name].codes[row] in self._facets[name].numbers(value) for value in filters.of(name))
            for name in FACETS
            if name != besides and filters.of(name)
        )

    def mask(self, filters: Filters, besides: str | None = None) -> Mask | None:
        """(rows,): the rows that pass the filters, but for the facet `besides`; None where every row does."""
        wanted = [name for name in FACETS if name != besides and filters.of(name)]
        if not wanted:
            return None
        allowed = self._facets[wanted[0]].mask(filters.of(wanted[0]))
        for name in wanted[1:]:
            allowed &= self._facets[name].mask(filters.of(name))
        return allowed
