"""Suggestions while typing: the artists, titles, genres and collections that have a word beginning as typed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexes.columns import Blobs, Lookup, open_array, write_array
from indexes.words import all_words

KINDS = ("artist", "title", "genre", "collection")
_LONGEST = 200  # letters of a name that is suggested; a longer one is no help in a list
_FIRST_WORDS = 8  # of a name: it is found by each of these and what follows
_MOST = 300_000  # names; of a larger collection those that most works bear, for each takes a kilobyte while it is made


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name to search for."""

    text: str
    kind: str  # one of `KINDS`
    count: int  # works that bear it


class Names:
    """Counts the names of a collection, work by work."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, names: Iterable[tuple[str, str]]) -> None:
        """Count the names of one work, each with its kind."""
        self._counts.update((kind, name) for kind, name in names if len(name) <= _LONGEST)

    def write(self, folder: Path) -> None:
        """Write the names, those of most works first."""
        folder.mkdir(parents=True, exist_ok=True)
        order = sorted(self._counts.items(), key=lambda item: (-item[1], KINDS.index(item[0][0]), item[0][1]))
        ordered = order[:_MOST]
        Blobs.write(folder / "names", (name.encode() for (_, name), _ in ordered))
        Lookup.write(folder / "beginnings", (_beginnings(name) for (_, name), _ in ordered))
        write_array(folder / "kinds", np.array([KINDS.index(kind) for (kind, _), _ in ordered], np.uint8))
        write_array(folder / "counts", np.array([count for _, count in ordered], np.int32))


class Suggestions:
    """The names of a collection, memory-mapped."""

    def __init__(self, folder: Path) -> None:
        """Open what `Names.write` wrote in the same folder."""
        self._names = Blobs.open(folder / "names")
        self._beginnings = Lookup.open(folder / "beginnings")
        self._kinds: NDArray[np.uint8] = open_array(folder / "kinds")
        self._counts: NDArray[np.int32] = open_array(folder / "counts")

    def starting(self, typed: str, count: int) -> list[Suggestion]:
        """At most `count` names in which some word begins as typed, those of most works first.

        Without anything typed, the names of most works.
        """
        words = all_words(typed)
        if not words:
            return [] if typed.strip() else [self._at(place) for place in range(min(count, len(self._names)))]
        places = np.unique(self._beginnings.starting_with(" ".join(words)))  # names stand in the order of their counts
        return [self._at(place) for place in places[:count].tolist()]

    def _at(self, place: int) -> Suggestion:
        return Suggestion(self._names[place].decode(), KINDS[self._kinds[place]], int(self._counts[place]))


def _beginnings(name: str) -> Sequence[str]:
    words = all_words(name)
    return [" ".join(words[place:]) for place in range(min(len(words), _FIRST_WORDS))]
