"""Writing the index of the words: one pass over the works, then arrays.

A work's score for a query is the sum, over its fields, of the field's weight times the cosine between the TF-IDF
vectors of the query and of the field. All that depends on the work alone is multiplied out here, so that one number
is left for each pair of a term and a work. Counts and inverse document frequencies are scikit-learn's, as in
the Harvard recommender: raw counts, and 1 + ln((1 + n) / (1 + df)).
"""

from array import array
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexes.columns import StringTable, write_array
from indexes.stems import stem
from indexes.text import spelling, suggestions
from indexes.text.fields import Document, Field, Text
from indexes.words import STOP_WORDS, all_words

GAP = -1  # in a stream of words: no phrase reaches over it
_NAMES = Field.TITLE | Field.ARTIST  # fields in which every word counts, "The Who" included


def fit(folder: Path, documents: Iterable[Document]) -> None:
    """Index the documents, document r for row r, and write the index. Reads `documents` once."""
    names = suggestions.Names()
    reading = _Reading()
    for row, document in enumerate(documents):
        reading.add(row, document)
        names.add(document.names)
    reading.write(folder)
    del reading  # of a million works it is a gigabyte
    names.write(folder / "suggestions")


def name_key(words: Iterable[str]) -> int:
    """A number that equal names share: 32 bits of their words in order."""
    return crc32(" ".join(words).encode(errors="replace"))


class _Reading:
    """Collects the words of all works as numbers, in the order in which they are met."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._stem_list: list[str] = []  # by number
        self._stem_of: list[int] = []  # of each word
        self._stream = array("i")  # every text's words, with a gap after each text
        self._stream_ends = array("q", [0])
        self._names_ends = array("q")  # where the title and the artist end, which stand first
        self._terms, self._counts, self._blocks = array("i"), array("i"), array("i")  # one entry for a term in a text
        self._rows, self._weights, self._fields = array("i"), array("d"), array("i")  # of each text
        self._names = array("I")  # four keys a row: the title's, that of its stems but stop words; the artist's two

    def add(self, row: int, document: Document) -> None:
        """Note the words of one work."""
        names_end = len(self._stream)
        keys = {Field.TITLE: (0, 0), Field.ARTIST: (0, 0)}
        for text in document.texts:
            words = [word for part in text.parts for word in self._read(part)]
            self._index(row, text, words)
            if text.field in _NAMES:
                names_end = len(self._stream)
                keys[text.field] = (name_key(words), name_key(self._stems_of(words)))
        self._stream.append(GAP)  # a row is never without a place in the stream
        self._stream_ends.append(len(self._stream))
        self._names_ends.append(names_end)
        self._names.extend(key for pair in keys.values() for key in pair)

    def _stems_of(self, words: Iterable[str]) -> list[str]:
        """The stems of those words that are no stop words."""
        return [self._stem_list[self._stem_of[self._words[word]]] for word in words if word not in STOP_WORDS]

    def _read(self, text: str) -> list[str]:
        words = all_words(text)
        for word in words:
            if word not in self._words:
                self._words[word] = len(self._words)
                self._stem_of.append(self._stem_number(stem(word)))
        self._stream.extend(self._words[word] for word in words)
        self._stream.append(GAP)
        return words

    def _stem_number(self, stemmed: str) -> int:
        if stemmed not in self._stems:
            self._stems[stemmed] = len(self._stems)
            self._stem_list.append(stemmed)
        return self._stems[stemmed]

    def _index(self, row: int, text: Text, words: list[str]) -> None:
        """Enter the terms of one text."""
        content = [word for word in words if word not in STOP_WORDS]
        counted = words if text.field in _NAMES else content
        counts = Counter(self._stem_of[self._words[word]] for word in counted)
        self._terms.extend(counts.keys())
        self._counts.extend(counts.values())
        self._blocks.extend([len(self._rows)] * len(counts))
        self._rows.append(row)
        self._weights.append(text.weight)
        self._fields.append(text.field)

    def write(self, folder: Path) -> None:
        """Weigh the terms and write the index."""
        count = len(self._stream_ends) - 1
        stem_numbers = _numbers_in_order(self._stems)
        word_numbers = _numbers_in_order(self._words)
        StringTable.write(folder / "stems", self._stems)
        StringTable.write(folder / "words", self._words)
        word_stems = np.empty(len(word_numbers), np.int32)
        word_stems[word_numbers] = stem_numbers[np.array(self._stem_of, np.int64)]
        write_array(folder / "word_stems", word_stems)
        write_array(folder / "stream", np.append(word_numbers, GAP).astype(np.int32)[_view(self._stream)])
        self._stream = array("i")  # what follows needs the room
        write_array(folder / "stream_ends", np.array(self._stream_ends, np.int64))
        write_array(folder / "names_ends", np.array(self._names_ends, np.int64))
        write_array(folder / "names", np.array(self._names, np.uint32).reshape(count, 4))
        self._write_postings(folder, stem_numbers, count)
        spelling.write(folder / "spelling", sorted(self._words, key=str.encode))

    def _write_postings(self, folder: Path, stem_numbers: NDArray[np.int64], count: int) -> None:
        """Write each term's rows, weights and fields; what was read of them is gone then."""
        # There are some fifty terms a work, and several arrays of them: 32-bit numbers, and none longer than needed.
        terms = stem_numbers.astype(np.int32)[_view(self._terms)]
        self._terms = array("i")
        order = np.argsort(terms, kind="stable").astype(np.int32)  # rows stay ascending within a term
        terms, blocks, counts = terms[order], _view(self._blocks)[order], _view(self._counts)[order]
        self._blocks, self._counts = array("i"), array("i")
        del order
        rows = _view(self._rows)[blocks]
        first = np.flatnonzero((np.diff(terms, prepend=-1) != 0) | (np.diff(rows, prepend=-1) != 0))
        write_array(folder / "rows", rows[first])
        del rows
        df = np.bincount(terms[first], minlength=len(stem_numbers))
        idf = np.log((1 + count) / (1 + df)) + 1

        weights = idf[terms]
        del terms
        weights *= counts
        del counts
        norms = np.sqrt(np.bincount(blocks, weights**2, minlength=len(self._rows)))
        weights *= (np.array(self._weights) / np.where(norms, norms, 1))[blocks]
        fields = _view(self._fields).astype(np.uint8)[blocks]
        write_array(folder / "starts", np.concatenate([[0], np.cumsum(df)]))
        write_array(folder / "weights", _add_up(np.add, weights, first).astype(np.float32))
        write_array(folder / "fields", _add_up(np.bitwise_or, fields, first))


def _view(numbers: "array[int]") -> NDArray[np.int32]:
    """(n,) the numbers where they are."""
    return np.frombuffer(numbers, np.int32) if numbers else np.empty(0, np.int32)


def _numbers_in_order(met: dict[str, int]) -> NDArray[np.int64]:
    """(n,) the place of each string, numbered as met, in the order that `StringTable` keeps."""
    numbers = np.empty(len(met), np.int64)
    numbers[np.array([met[string] for string in sorted(met, key=str.encode)], np.int64)] = np.arange(len(met))
    return numbers


def _add_up(operation: np.ufunc, values: NDArray[np.generic], first: NDArray[np.intp]) -> NDArray[np.generic]:
    """The operation over each run of values that starts at `first`."""
    summed: NDArray[np.generic] = operation.reduceat(values, first) if len(first) else values[:0]
    return summed
