"""Columns of a release on disk: arrays, strings and groups of rows, opened by memory map and shared by all workers.

Nothing here is pickled: an array is a `.npy` file, strings are one UTF-8 file with an array of offsets.
"""

import mmap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int32]  # row numbers of a catalogue, ascending unless said otherwise


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Write `array` to `path` + `.npy`, in C order."""
    np.save(path.with_name(path.name + ".npy"), np.ascontiguousarray(array), allow_pickle=False)


def open_array(path: Path) -> NDArray[Any]:
    """The array that `write_array` wrote, memory-mapped and read-only."""
    # A plain view: slicing numpy's memmap class costs a microsecond of bookkeeping each time.
    mapped: np.memmap[Any, Any] = np.load(path.with_name(path.name + ".npy"), mmap_mode="r", allow_pickle=False)
    return mapped.view(np.ndarray)


def _map_bytes(path: Path) -> mmap.mmap | bytes:
    """The file's bytes, memory-mapped. An empty file cannot be mapped."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""


class Blobs:
    """A sequence of byte strings: one file `NAME.bytes`, and `NAME.offsets.npy` with (n + 1,) int64 offsets."""

    def __init__(self, data: mmap.mmap | bytes, offsets: NDArray[np.int64]) -> None:
        self._data = data
        self._offsets = offsets

    @staticmethod
    def write(path: Path, items: Iterable[bytes]) -> int:
        """Write the items one after another; returns how many there were."""
        offsets = [0]
        with path.with_name(path.name + ".bytes").open("wb") as file:
            for item in items:
                file.write(item)
                offsets.append(offsets[-1] + len(item))
        write_array(path.with_name(path.name + ".offsets"), np.array(offsets, np.int64))
        return len(offsets) - 1

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open what `write` wrote at the same path."""
        return cls(_map_bytes(path.with_name(path.name + ".bytes")), open_array(path.with_name(path.name + ".offsets")))

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> bytes:
        return self._data[int(self._offsets[number]) : int(self._offsets[number + 1])]


class StringTable:
    """Distinct strings in the order of their UTF-8 bytes; each has a number, its place in that order."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    @staticmethod
    def write(path: Path, strings: Iterable[str]) -> dict[str, int]:
        """Write the distinct strings; returns the number of each."""
        ordered = sorted({string.encode() for string in strings})
        Blobs.write(path, ordered)
        return {string.decode(): number for number, string in enumerate(ordered)}

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open what `write` wrote at the same path."""
        return cls(Blobs.open(path))

    def __len__(self) -> int:
        return len(self._blobs)

    def __getitem__(self, number: int) -> str:
        return self._blobs[number].decode()

    def find(self, string: str) -> int | None:
        """The string's number, or None where it is not in the table."""
        key = string.encode(errors="replace")
        number = self._lower_bound(key)
        return number if number < len(self) and self._blobs[number] == key else None

    def starting_with(self, prefix: str) -> range:
        """The numbers of all strings that begin with `prefix`."""
        key = prefix.encode(errors="replace")
        return range(self._lower_bound(key), self._lower_bound(key + b"\xff"))  # no UTF-8 string holds the byte 0xff

    def _lower_bound(self, key: bytes) -> int:
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._blobs[middle] < key:
                low = middle + 1
            else:
                high = middle
        return low


class Groups:
    """For each number of a table, the rows that belong to it: (n + 1,) starts into one array of rows."""

    def __init__(self, starts: NDArray[np.int64], rows: Rows) -> None:
        self._starts = starts
        self._rows = rows

    @staticmethod
    def write(path: Path, numbers: NDArray[np.int32], rows: Rows, count: int) -> None:
        """Write the pairs (number, row), both (m,); `count` numbers there are. Rows of a number are kept ascending."""
        order = np.lexsort((rows, numbers))
        starts = np.zeros(count + 1, np.int64)
        np.cumsum(np.bincount(numbers, minlength=count), out=starts[1:])
        write_array(path.with_name(path.name + ".starts"), starts)
        write_array(path.with_name(path.name + ".rows"), rows[order].astype(np.int32))

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open what `write` wrote at the same path."""
        return cls(open_array(path.with_name(path.name + ".starts")), open_array(path.with_name(path.name + ".rows")))

    def __getitem__(self, number: int) -> Rows:
        return self._rows[self._starts[number] : self._starts[number + 1]]

    def sizes(self) -> NDArray[np.int64]:
        """(n,): how many rows belong to each number."""
        return np.diff(self._starts)

    def between(self, numbers: range) -> Rows:
        """The rows of neighbouring numbers, those of each number after those of the one before."""
        return self._rows[self._starts[numbers.start] : self._starts[numbers.stop]]


class Lookup:
    """From a string to the rows that bear it."""

    def __init__(self, keys: StringTable, groups: Groups) -> None:
        self.keys = keys
        self._groups = groups

    @staticmethod
    def write(path: Path, keys_by_row: Iterable[Sequence[str]]) -> None:
        """Write the look-up; item r holds the keys of row r, none or several."""
        pairs = [(key, row) for row, keys in enumerate(keys_by_row) for key in sorted(set(keys))]
        numbers = StringTable.write(path, (key for key, _ in pairs))
        Groups.write(
            path,
            np.array([numbers[key] for key, _ in pairs], np.int32),
            np.array([row for _, row in pairs], np.int32),
            len(numbers),
        )

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open what `write` wrote at the same path."""
        return cls(StringTable.open(path), Groups.open(path))

    def __getitem__(self, key: str) -> Rows:
        """The rows of `key`, ascending; empty where no row bears it."""
        number = self.keys.find(key)
        return np.empty(0, np.int32) if number is None else self._groups[number]

    def starting_with(self, prefix: str) -> Rows:
        """The rows of every key that begins with `prefix`, key by key; a row may come more than once."""
        return self._groups.between(self.keys.starting_with(prefix))
