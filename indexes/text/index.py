"""The index of the words, memory-mapped: from a word to the works that hold it, where, and what that counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexes.columns import Rows, StringTable, open_array
from indexes.stems import stem
from indexes.text.build import GAP, name_key
from indexes.text.spelling import Near, Neighbours, distance, errors_allowed
from indexes.text.suggestions import Suggestions
from indexes.words import STOP_WORDS


@dataclass(frozen=True, slots=True)
class Posting:
    """The works that hold a term: three arrays of one length."""

    rows: Rows
    weights: NDArray[np.float32]  # the term's part of the work's vector
    fields: NDArray[np.uint8]  # `Field` masks: where the work holds it


class TextIndex:
    """The index of one release."""

    def __init__(self, folder: Path) -> None:
        """Open what `fit` wrote in the same folder."""
        self._stems = StringTable.open(folder / "stems")
        self._words = StringTable.open(folder / "words")
        self._word_stems: NDArray[np.int32] = open_array(folder / "word_stems")  # (words,)
        self._starts: NDArray[np.int64] = open_array(folder / "starts")  # (stems + 1,)
        self._rows: Rows = open_array(folder / "rows")
        self._weights: NDArray[np.float32] = open_array(folder / "weights")
        self._fields: NDArray[np.uint8] = open_array(folder / "fields")
        self._stream: NDArray[np.int32] = open_array(folder / "stream")
        self._stream_ends: NDArray[np.int64] = open_array(folder / "stream_ends")  # (rows + 1,)
        self._names_ends: NDArray[np.int64] = open_array(folder / "names_ends")  # (rows,): of title and artist
        self._neighbours = Neighbours(folder / "spelling")
        self.suggestions = Suggestions(folder / "suggestions")
        # (rows, 4): `name_key` of the title's words, of its stems without stop words; the same of the artist
        self._names: NDArray[np.uint32] = open_array(folder / "names")

    def __len__(self) -> int:
        """How many terms there are."""
        return len(self._stems)

    @property
    def works(self) -> int:
        """How many works are indexed."""
        return len(self._names)

    def term(self, word: str) -> int | None:
        """The number of a word's term, which all its forms share; None where no work holds any of them."""
        term = self._stems.find(stem(word))
        return None if term is None or not self.works_with(term) else term  # none where it is but a stop word

    def posting(self, term: int) -> Posting:
        """The works that hold a term, rows ascending."""
        place = slice(self._starts[term], self._starts[term + 1])
        return Posting(self._rows[place], self._weights[place], self._fields[place])

    def works_with(self, term: int) -> int:
        """How many works hold a term."""
        return int(self._starts[term + 1] - self._starts[term])

    def idf(self, term: int) -> float:
        """The inverse document frequency of a term."""
        return float(np.log((1 + self.works) / (1 + self.works_with(term))) + 1)

    def near(self, word: str) -> list[Near]:
        """The words of the collection within one or two errors of this one, in the order of the alphabet."""
        most = errors_allowed(word)
        if not most:
            return []
        measured = ((number, distance(word, self._words[number], most)) for number in self._neighbours.candidates(word))
        return [Near(n, apart) for n, apart in measured if apart <= most and self.works_with(self.term_of(n))]

    def word(self, number: int) -> str:
        """The word of a number, folded."""
        return self._words[number]

    def term_of(self, number: int) -> int:
        """The term of the word of a number."""
        return int(self._word_stems[number])

    def forms(self, stems: Iterable[str]) -> frozenset[str]:
        """All words of the collection that have one of the stems."""
        terms = [term for stemmed in stems if (term := self._stems.find(stemmed)) is not None]
        return frozenset(self._words[n] for term in terms for n in np.flatnonzero(self._word_stems == term).tolist())

    def titled(self, words: Sequence[str], rows: Rows) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """(rows,) twice: whether the folded words are the whole title; whether so but for stop words and forms."""
        content = [stem(word) for word in words if word not in STOP_WORDS]
        names = self._names[rows]
        alike = names[:, 1] == name_key(content) if content else np.zeros(len(rows), np.bool_)
        return names[:, 0] == name_key(words), alike

    def made_by(self, words: Sequence[str], rows: Rows) -> NDArray[np.bool_]:
        """(rows,): whether the folded words are the artist's whole name."""
        return np.asarray(self._names[rows, 2] == name_key(words))

    def surnames(self, rows: Rows) -> NDArray[np.int32]:
        """(rows,) the term of the artist's last word; without an artist, of the title's; -1 without both."""
        ends = self._names_ends[rows]
        last = np.where(ends > self._stream_ends[rows], self._stream[np.maximum(ends - 2, 0)], GAP)  # a gap ends a name
        return np.where(last == GAP, np.int32(-1), self._word_stems[last])

    def holding_phrases(
        self, rows: Rows, phrases: Sequence[Sequence[str]], names_only: bool = False
    ) -> list[NDArray[np.bool_]]:
        """(rows,) for each phrase: in which of the rows its folded words stand side by side, in this order and form.

        With `names_only`, where the title or the artist has them.
        """
        if not len(rows):
            return [np.zeros(0, np.bool_) for _ in phrases]
        begin = self._stream_ends[rows]
        # A gap more than the names: then no row is without a place, and none reaches into the next.
        lengths = (self._names_ends[rows] + 1 if names_only else self._stream_ends[rows + 1]) - begin
        starts = np.cumsum(lengths) - lengths
        stream = self._stream[np.arange(int(lengths.sum())) + np.repeat(begin - starts, lengths)]
        return [self._holding(stream, starts, phrase) for phrase in phrases]

    def _holding(
        self, stream: NDArray[np.int32], starts: NDArray[np.int64], phrase: Sequence[str]
    ) -> NDArray[np.bool_]:
        """(starts,): in which pieces of a stream, begun by these places, the words stand side by side."""
        found = [self._words.find(word) for word in phrase]
        numbers = [number for number in found if number is not None]
        if len(numbers) < len(found) or not numbers:
            return np.zeros(len(starts), np.bool_)
        here = stream == numbers[0]
        for step, number in enumerate(numbers[1:], 1):
            here[:-step] &= stream[step:] == number
            here[-step:] = False
        return np.logical_or.reduceat(here, starts)
