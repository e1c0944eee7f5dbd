"""Search by words: posting lists against a dense FAISS index with 15,000 columns, one thread.

python -m bench.word_search [--works N] [--columns N] [--queries N]

The dense index is what the Harvard recommender searches: TF-IDF vectors of descriptions, scikit-learn's formula, flat.
Plain posting lists of the same vectors, laid out as a release has them, give the same cosine; then comes the whole
search of the product, with fields, word forms, typing errors and reasons. The descriptions are synthetic: words as
frequent as those of a language (Zipf's law with Mandelbrot's shift), 80 words in the median, lengths log-normal as
those of machine-written descriptions are; a query is two to four words of one work. Where memory holds no dense index
of all works, one of a quarter is measured, and its time and size are multiplied: a flat search takes each row alike.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer

from bench.measure import bytes_available, folder_bytes, in_turns
from indexes.artwork import Artwork
from indexes.columns import Rows
from indexes.loader import Encoders
from indexes.ranking import Ranking
from indexes.search import answer
from indexes.vectors.codes import one_thread
from tests.small_release import release_of

PAGE = 12
VOCABULARY = 50_000
SYLLABLES = ("ka", "ro", "min", "ta", "sel", "vu", "ora", "len", "ith", "pa", "dos", "er", "ian", "qua", "bel", "sto")
ROOM = 3_000_000_000  # bytes that are left to others

Words = NDArray[np.intp]  # numbers of words; 0 is the most frequent


@dataclass(frozen=True, slots=True)
class Asked:
    """One query: its words, and its vector (columns,)."""

    words: Words
    vector: NDArray[np.float32]


def descriptions(count: int) -> list[Words]:
    """The words of each work's description."""
    random = np.random.default_rng(0)
    share = np.cumsum(1 / (np.arange(VOCABULARY) + 2.7))
    lengths = np.clip(random.lognormal(np.log(80), 0.5, count), 8, 400).astype(np.intp)
    words = np.searchsorted(share / share[-1], random.random(int(lengths.sum())))
    return np.split(words, np.cumsum(lengths)[:-1])


def tf_idf(works: Sequence[Words], columns: int) -> tuple[csr_matrix, NDArray[np.float32]]:
    """(works, columns) the vectors of the most frequent words, of length one, and the weight of each word."""
    sizes = [len(words) for words in works]
    rows, words = np.repeat(np.arange(len(works)), sizes), np.concatenate(works)
    kept = words < columns
    ones = np.ones(int(kept.sum()), np.float32)
    counts = csr_matrix((ones, (rows[kept], words[kept])), shape=(len(works), columns))
    weigh = TfidfTransformer().fit(counts)
    return weigh.transform(counts).astype(np.float32), weigh.idf_.astype(np.float32)


class Postings:
    """Posting lists of a matrix: for each word its works and what it counts there."""

    def __init__(self, matrix: csr_matrix) -> None:
        by_word = matrix.tocsc()
        self._starts, self._rows, self._weights = by_word.indptr, by_word.indices.astype(np.int32), by_word.data
        self._works = matrix.shape[0]
        self.bytes = self._starts.nbytes + self._rows.nbytes + self._weights.nbytes

    def search(self, asked: Asked) -> Ranking:
        """The first twelve works by cosine."""
        scores = np.zeros(self._works, np.float32)
        touched: list[Rows] = []
        for word in np.unique(asked.words):
            posting = slice(self._starts[word], self._starts[word + 1])
            scores[self._rows[posting]] += self._weights[posting] * asked.vector[word]
            touched.append(self._rows[posting])
        many = sum(map(len, touched)) > len(scores) // 8  # looking at all is quicker then than sorting those
        rows = np.flatnonzero(scores) if many else np.unique(np.concatenate(touched))
        return Ranking.best(rows.astype(np.int32), scores[rows], PAGE)


def dense(matrix: csr_matrix) -> faiss.Index:
    """The flat index of all columns, filled in place: adding to it would take twice its memory for a moment."""
    count, columns = matrix.shape
    index = faiss.IndexFlatIP(columns)
    index.codes.resize(4 * count * columns)
    index.ntotal = count
    held = faiss.rev_swig_ptr(index.get_xb(), count * columns).reshape(count, columns)
    for start in range(0, count, 1024):
        held[start : start + 1024] = matrix[start : start + 1024].toarray()
    return index


def questions(works: Sequence[Words], idf: NDArray[np.float32], count: int) -> list[Asked]:
    """Two to four different words of one work each, all of them columns."""
    random = np.random.default_rng(1)
    asked: list[Asked] = []
    while len(asked) < count:
        known = np.unique(works[int(random.integers(len(works)))])
        known = known[known < len(idf)]
        words = random.choice(known, min(len(known), int(random.integers(2, 5))), replace=False)
        vector = np.zeros(len(idf), np.float32)
        vector[words] = idf[words] / np.linalg.norm(idf[words])
        asked.append(Asked(words, vector))
    return asked


def same(found: Ranking, places: NDArray[np.int64], scores: NDArray[np.float32]) -> bool:
    """Whether both have the same works first, or others of the same score."""
    if not np.allclose(found.scores, scores[: len(found.scores)], atol=1e-5):
        return False
    least = scores[-1] + 1e-5  # among works of the last place's score, any may be there
    return set(found.rows[found.scores > least].tolist()) == set(places[scores > least].tolist())


def spelt() -> list[str]:
    """A word for each number, all different and none an English one."""
    random = np.random.default_rng(2)
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        found["".join(random.choice(SYLLABLES, random.integers(2, 6)))] = None
    return list(found)


def product(folder: Path, works: Sequence[Words]) -> tuple[Callable[[Asked], Ranking], int]:
    """The search of the product over the same descriptions, and the size of its index of words."""
    spelling = spelt()
    records = [
        Artwork(id=str(number), descriptions=(" ".join(spelling[word] for word in words),))
        for number, words in enumerate(works)
    ]
    release = release_of(folder, records)
    encoders = Encoders()

    def search(asked: Asked) -> Ranking:
        found = answer(release, encoders, " ".join(spelling[word] for word in asked.words), "keyword")
        return Ranking.best(found.rows, found.scores, PAGE)

    return search, folder_bytes(release.folder / "text")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, default=117_243)
    parser.add_argument("--columns", type=int, default=15_000)
    parser.add_argument("--queries", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, one_thread():
        compare(Path(folder), options.works, options.columns, options.queries)


def compare(folder: Path, count: int, columns: int, queries: int) -> None:
    """Build all three and measure them in turns."""
    works = descriptions(count)
    start = time.process_time()
    search, text_bytes = product(folder, works)
    seconds = time.process_time() - start
    matrix, idf = tf_idf(works, columns)
    part = count if bytes_available() > 4 * count * columns + ROOM else count // 4
    asked = questions(works, idf, queries)
    index, few, plain = dense(matrix[:part]), Postings(matrix[:part]), Postings(matrix)

    agreed = 0
    for query in asked:
        scores, places = index.search(query.vector[np.newaxis], PAGE)
        agreed += same(few.search(query), places[0], scores[0])
    quick, whole, flat = in_turns(
        (plain.search, search, lambda query: index.search(query.vector[np.newaxis], PAGE)), asked
    )
    flat_ms, flat_bytes = flat.median * count / part, 4 * count * columns
    print(f"{count:,} works, {matrix.nnz / count:.0f} words a work, {columns:,} columns, {queries} queries")
    if part < count:
        print(f"  the dense index held {part:,} works, for want of memory; its time and size are scaled to all")
    print(f"  the same first {PAGE} works in {agreed} of {queries} queries")
    print(f"  {'':<34}{'x faster':>9}{'median ms':>11}{'x less memory':>15}{'MB':>9}")
    for name, times, size in (("posting lists, plain cosine", quick, plain.bytes), ("the product", whole, text_bytes)):
        figures = f"{flat_ms / times.median:>9,.0f}{times.median:>11.3f}{flat_bytes / size:>15.1f}{size / 1e6:>9,.0f}"
        print(f"  {name:<34}{figures}")
    print(f"  {'dense flat index':<34}{'1':>9}{flat_ms:>11.1f}{'1':>15}{flat_bytes / 1e6:>9,.0f}")
    print(f"  the product's index was built in {seconds:.0f} s of the processor's time, records included")


if __name__ == "__main__":
    main()
