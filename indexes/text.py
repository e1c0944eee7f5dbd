"""TF-IDF over the search text: exact cosine ranking by adding up posting lists.

The weights are scikit-learn's (seed A's): term count x (1 + ln((1 + n) / (1 + df))), each work's vector scaled to unit
length. A term is a word or a phrase of two or three neighbouring words. Every word is kept, however rare, so that the
one work of an artist can be found; a phrase is kept where at least two works hold it.

On disk a phrase is one 64-bit number, the numbers of its words side by side (21 bits each), and terms are found by
binary search, so that a million terms cost a worker no memory of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexes.artwork import Artwork
from indexes.columns import Rows, StringTable, open_array, write_array
from indexes.words import words

MAX_WORDS = 3  # of a phrase
MIN_DF = 2  # works that must hold a phrase
_BITS = 21
_GAP = -1  # in a stream of word numbers: no phrase reaches over it

Part = tuple[str, float]  # a text and what each of its words counts


def parts(work: Artwork) -> list[Part]:
    """The texts a work is found by.

    Descriptions share one weight between them: the term counts of several descriptions of one work are averaged, so
    that they never outweigh a single good one (the flaw that seed A states of itself).
    """
    record = [(text, 1.0) for text in work.search_parts]
    return record + [(text, 1.0 / len(work.descriptions)) for text in work.descriptions]


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


class TextIndex:
    """The TF-IDF index of one release, memory-mapped."""

    def __init__(self, folder: Path) -> None:
        """Open what `fit` wrote in the same folder."""
        self._words = StringTable.open(folder / "words")
        self._phrase_numbers: NDArray[np.int32] = open_array(folder / "phrase_numbers")  # (words + 1,)
        self._phrases: NDArray[np.int64] = open_array(folder / "phrases")  # (phrases,) ascending
        self._idf: NDArray[np.float32] = open_array(folder / "idf")  # (words + phrases,)
        self._starts: NDArray[np.int64] = open_array(folder / "starts")  # (words + phrases + 1,)
        self._rows: Rows = open_array(folder / "rows")
        self._weights: NDArray[np.float32] = open_array(folder / "weights")
        self._count = int(open_array(folder / "count")[0])

    def __len__(self) -> int:
        """How many terms there are."""
        return len(self._idf)

    def search(self, query: str) -> Ranking:
        """Every work that shares a term with the query, by the cosine of their TF-IDF vectors."""
        terms, counts = np.unique(self._terms(words(query)), return_counts=True)
        query_weights = counts * self._idf[terms]
        norm = float(np.linalg.norm(query_weights))
        scores = np.zeros(self._count, np.float32)
        for term, weight in zip(terms.tolist(), (query_weights / (norm or 1.0)).tolist(), strict=True):
            posting = slice(self._starts[term], self._starts[term + 1])
            scores[self._rows[posting]] += self._weights[posting] * np.float32(weight)  # a term's rows are distinct
        rows = np.flatnonzero(scores).astype(np.int32)
        return Ranking.of(rows, scores[rows])

    def _terms(self, query: Sequence[str]) -> NDArray[np.int64]:
        """The numbers of the query's words and phrases that the index holds, as often as they occur."""
        found = [self._words.find(word) for word in query]
        terms = [number for number in found if number is not None]
        stream = np.array([_GAP if number is None else number for number in found], np.int32)
        for length in range(2, MAX_WORDS + 1):
            keys = phrase_keys(stream, self._phrase_numbers, length)
            keys = keys[keys > 0]
            places = np.minimum(np.searchsorted(self._phrases, keys), max(len(self._phrases) - 1, 0))
            if len(self._phrases):
                terms += (places[self._phrases[places] == keys] + len(self._words)).tolist()
        return np.array(terms, np.int64)


def phrase_keys(stream: NDArray[np.int32], phrase_numbers: NDArray[np.int32], length: int) -> NDArray[np.int64]:
    """The key of the phrase that starts at each place of a stream of word numbers; 0 where there is none.

    `phrase_numbers` (words + 1,) holds each word's number within phrases, 0 for a word that is in none and, last, for
    a gap. Shapes: `stream` (n,) -> (max(0, n - length + 1),).
    """
    numbers = phrase_numbers[stream].astype(np.int64)
    count = max(0, len(stream) - length + 1)
    keys = np.zeros(count, np.int64)
    whole = np.ones(count, np.bool_)
    for place in range(length):
        part = numbers[place : place + count]
        keys = keys << _BITS | part
        whole &= part > 0
    return np.where(whole, keys, 0)


def fit(folder: Path, documents: Iterable[Sequence[Part]]) -> None:
    """Index the documents, document r for row r, and write the index. Reads `documents` once."""
    stream = _Stream.read(documents)
    word_terms = _sum_by_term(stream.words.astype(np.int64), stream.rows, stream.weights)
    phrase_numbers = _phrase_numbers(word_terms, len(stream.vocabulary))
    phrases, phrase_terms = _fit_phrases(stream, phrase_numbers)
    terms = np.concatenate([word_terms.terms, phrase_terms.terms])
    rows = np.concatenate([word_terms.rows, phrase_terms.rows])
    counts = np.concatenate([word_terms.counts, phrase_terms.counts])

    df = np.bincount(terms, minlength=len(stream.vocabulary) + len(phrases))
    idf = np.log((1 + stream.count) / (1 + df)) + 1
    weights = counts * idf[terms]
    norms = np.sqrt(np.bincount(rows, weights**2, minlength=stream.count))
    weights /= norms[rows]

    StringTable.write(folder / "words", stream.vocabulary)
    write_array(folder / "phrase_numbers", phrase_numbers)
    write_array(folder / "phrases", phrases)
    write_array(folder / "idf", idf.astype(np.float32))
    write_array(folder / "starts", np.concatenate([[0], np.cumsum(df)]))
    write_array(folder / "rows", rows.astype(np.int32))
    write_array(folder / "weights", weights.astype(np.float32))
    write_array(folder / "count", np.array([stream.count]))


@dataclass(frozen=True, slots=True)
class _Stream:
    """All documents as one stream of word numbers, gaps between parts; words are numbered as `StringTable` does."""

    vocabulary: list[str]
    words: NDArray[np.int32]
    rows: Rows
    weights: NDArray[np.float32]
    count: int

    @classmethod
    def read(cls, documents: Iterable[Sequence[Part]]) -> "_Stream":
        numbers: dict[str, int] = {}
        stream: list[NDArray[np.int32]] = []
        lengths: list[tuple[int, int, float]] = []  # of each part: row, words and the gap after them, weight
        count = 0
        for row, document in enumerate(documents):
            count = row + 1
            for text, weight in document:
                part = [numbers.setdefault(word, len(numbers)) for word in words(text)]
                stream.append(np.array([*part, _GAP], np.int32))
                lengths.append((row, len(part) + 1, weight))
        vocabulary = sorted(numbers, key=str.encode)
        renumber = np.empty(len(numbers) + 1, np.int32)
        renumber[[numbers[word] for word in vocabulary]] = np.arange(len(numbers))
        renumber[_GAP] = _GAP  # the last place, which a gap's number reaches from the end
        rows, sizes, weights = (np.array(column) for column in zip(*lengths, strict=True)) if lengths else ([], [], [])
        return cls(
            vocabulary,
            renumber[np.concatenate(stream)] if stream else np.empty(0, np.int32),
            np.repeat(np.asarray(rows, np.int32), np.asarray(sizes, np.int64)),
            np.repeat(np.asarray(weights, np.float32), np.asarray(sizes, np.int64)),
            count,
        )


class _Terms(NamedTuple):
    """The term count of each pair of a term and a row, sorted by term, then row."""

    terms: NDArray[np.int64]
    rows: Rows
    counts: NDArray[np.float64]


def _sum_by_term(terms: NDArray[np.int64], rows: Rows, weights: NDArray[np.float32]) -> _Terms:
    """Add up the weights of each pair (term, row); negative terms are left out. `rows` must be ascending."""
    kept = np.flatnonzero(terms >= 0)
    order = kept[np.argsort(terms[kept], kind="stable")]  # stable: rows stay ascending within a term
    terms, rows = terms[order], rows[order]
    first = np.flatnonzero((np.diff(terms, prepend=-1) != 0) | (np.diff(rows, prepend=-1) != 0))
    counts = np.add.reduceat(weights[order].astype(np.float64), first) if len(first) else np.empty(0)
    return _Terms(terms[first], rows[first], counts)


def _phrase_numbers(words_found: _Terms, vocabulary: int) -> NDArray[np.int32]:
    """(vocabulary + 1,): small numbers, from 1, for the words frequent enough to be in a phrase that is kept."""
    df = np.bincount(words_found.terms, minlength=vocabulary + 1)
    least = MIN_DF
    while np.count_nonzero(df >= least) >= 1 << _BITS:  # beyond two million such words the rarest make no phrases
        least += 1
    frequent = df >= least
    return np.where(frequent, np.cumsum(frequent), 0).astype(np.int32)


def _fit_phrases(stream: _Stream, phrase_numbers: NDArray[np.int32]) -> tuple[NDArray[np.int64], _Terms]:
    """The keys of the phrases that enough works hold, ascending, and their terms numbered after the words."""
    found = []
    for length in range(2, MAX_WORDS + 1):
        keys = phrase_keys(stream.words, phrase_numbers, length)
        places = np.flatnonzero(keys)
        pairs = _sum_by_term(keys[places], stream.rows[places], stream.weights[places])
        df = np.diff(np.flatnonzero(np.diff(pairs.terms, prepend=-1)), append=len(pairs.terms))
        kept = np.repeat(df >= MIN_DF, df)
        found.append(_Terms(pairs.terms[kept], pairs.rows[kept], pairs.counts[kept]))
    # A phrase of two words has the smaller number: the lengths follow one another in ascending order.
    phrases, numbers = np.unique(np.concatenate([pairs.terms for pairs in found]), return_inverse=True)
    rows, counts = (np.concatenate([pairs[column] for pairs in found]) for column in (1, 2))
    return phrases, _Terms(numbers.astype(np.int64) + len(stream.vocabulary), rows, counts)
