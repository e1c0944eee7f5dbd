"""The words of a collection nearest to a misspelt one.

The deletion neighbourhood (Mor & Fraenkel, "A hash code method for detecting and correcting spelling errors", CACM
1982; Garbe's SymSpell): two words within two edits of each other share a word that is left when up to two letters of
each are taken away. The table holds those remainders as 32-bit numbers; what it finds is then measured.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from indexes.columns import open_array, write_array

LONG = 7  # letters, from which a word may have two errors
SHORT = 3  # letters: one error leaves too little of a word that is no longer
_PREFIX = 8  # letters whose remainders are kept: longer words differ enough by these


@dataclass(frozen=True, slots=True)
class Near:
    """A word of the collection near to a misspelt one."""

    word: int  # its number
    distance: int  # letters wrong, missing, too many, or two neighbours exchanged (optimal string alignment)


class Neighbours:
    """The table, memory-mapped."""

    def __init__(self, folder: Path) -> None:
        """Open what `write` wrote in the same folder."""
        self._keys: NDArray[np.uint32] = open_array(folder / "keys")  # ascending
        self._words: NDArray[np.int32] = open_array(folder / "words")  # of each key

    def candidates(self, word: str) -> list[int]:
        """The numbers of the words that may be within reach of this one, ascending, and some that are not."""
        keys = np.array(sorted(_keys(word)), np.uint32)
        starts = np.searchsorted(self._keys, keys)
        ends = np.searchsorted(self._keys, keys, "right")
        found = [self._words[start:end] for start, end in zip(starts, ends, strict=True) if end > start]
        return np.unique(np.concatenate(found)).tolist() if found else []


def errors_allowed(word: str) -> int:
    """How many wrong letters are looked for in a word: none in a short one, nor where there is a digit."""
    if len(word) < SHORT or any(letter.isdigit() for letter in word):
        return 0
    return 1 if len(word) < LONG else 2


def distance(one: str, other: str, most: int) -> int:
    """How many errors apart two words are; `most` + 1 where more than that."""
    return OSA.distance(one, other, score_cutoff=most)


def write(folder: Path, words: Sequence[str]) -> None:
    """Write the table for these words, numbered as they stand."""
    keys, numbers = array("I"), array("i")
    for number, word in enumerate(words):
        found = _keys(word)
        keys.extend(found)
        numbers.extend([number] * len(found))
    order = np.argsort(np.array(keys, np.uint32), kind="stable")
    folder.mkdir(parents=True, exist_ok=True)
    write_array(folder / "keys", np.array(keys, np.uint32)[order])
    write_array(folder / "words", np.array(numbers, np.int32)[order])


def _keys(word: str) -> set[int]:
    """What is left of the word's beginning without up to as many letters as errors are allowed; nothing for digits."""
    beginning = word[:_PREFIX]
    # A word may have been a letter longer before the error: it has to leave what the longer word leaves.
    most = 2 if len(word) >= LONG - 1 else 1
    if errors_allowed(word) == 0:
        return set()
    places = range(len(beginning))
    left = (
        "".join(beginning[place] for place in places if place not in gone)
        for count in range(most + 1)
        for gone in combinations(places, count)
    )
    return {crc32(rest.encode()) for rest in left}
