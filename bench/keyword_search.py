"""How long a search by words takes inside the process, one thread: understood, corrected, ranked, first page cut.

python -m bench.keyword_search [--indexes DIR] [--works N] [--queries N]

Without a release, over synthetic works whose words are as frequent as those of a language (Zipf's law).
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from indexes.artwork import Artwork
from indexes.loader import Encoders, Loader, Release
from indexes.ranking import Ranking
from indexes.search import answer
from pipeline.evaluate import rules
from tests.small_release import release_of

PAGE = 12
SYLLABLES = ("ka", "ro", "min", "ta", "sel", "vu", "ora", "len", "ith", "pa", "dos", "er", "ian", "qua", "bel", "sto")


def synthetic(count: int) -> list[Artwork]:
    """Works with a title of two to eight words, one of some thousand artists, a medium and a date."""
    random = np.random.default_rng(0)
    vocabulary = ["".join(random.choice(SYLLABLES, random.integers(2, 5))) for _ in range(60_000)]
    artists = ["".join(random.choice(SYLLABLES, 2)).title() + " " + word.title() for word in vocabulary[:4_000]]

    def some(names: Sequence[str], how_many: int) -> list[str]:
        return [names[place] for place in np.minimum(random.zipf(1.3, how_many), len(names)) - 1]

    return [
        Artwork(
            id=str(number),
            title=" ".join(some(vocabulary, int(random.integers(2, 9)))),
            artist=some(artists, 1)[0],
            medium=str(random.choice(["Graphite on paper", "Oil paint on canvas", "Etching on paper"])),
            year_from=(year := int(random.integers(1500, 2000))),
            year_to=year,
            date=str(year),
        )
        for number in range(count)
    ]


def measure(search: Callable[[str], object], queries: Sequence[str]) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds of the processor's time."""
    times = []
    for query in queries:
        start = time.thread_time()  # what other work on the machine takes is not ours
        search(query)
        times.append((time.thread_time() - start) * 1000)
    return statistics.median(times), float(np.quantile(times, 0.95))


def searching(release: Release) -> Callable[[str], Ranking]:
    """The search of the first page."""
    encoders = Encoders()

    def search(query: str) -> Ranking:
        found = answer(release, encoders, query, "keyword")
        return Ranking.best(found.rows, found.scores, PAGE)

    return search


def main() -> None:
    """Print a row for each kind of query."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indexes", type=Path)
    parser.add_argument("--works", type=int, default=69_202)
    parser.add_argument("--queries", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        release = Loader(options.indexes).current() if options.indexes else None
        release = release or release_of(Path(scratch), synthetic(options.works))
        works = [release.catalogue.artwork(row) for row in range(len(release.catalogue))]
        asked: dict[str, list[str]] = {}
        for query in rules.known_items(works, options.queries):
            asked.setdefault(query.kind, []).append(query.query)
        frequent = [s.text for s in release.text.suggestions.starting("", 50)]
        asked["most frequent names"] = frequent
        search = searching(release)
        measure(search, frequent)  # the first searches map the files into memory
        print(f"{len(works):,} works\n{'kind of query':<34}{'queries':>8}{'median ms':>11}{'p95 ms':>9}")
        for kind, queries in asked.items():
            median, slow = measure(search, queries)
            print(f"{kind:<34}{len(queries):>8}{median:>11.2f}{slow:>9.2f}")
        median, slow = measure(lambda typed: release.text.suggestions.starting(typed, 10), [q[:3] for q in frequent])
        print(f"{'suggestions, three letters typed':<34}{len(frequent):>8}{median:>11.2f}{slow:>9.2f}")


if __name__ == "__main__":
    main()
