"""How long the page of an answer takes beside the same answer as JSON, inside the process, one thread.

python -m bench.html_ratio [--indexes DIR] [--works N] [--rounds N]

Both are asked for as a browser does, gzip included. Without `--indexes` the works are made up: records alone, of 300
artists. Times are the processor's, so that other work on the machine does not count; the two are measured in turn.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from flask.testing import FlaskClient

from app import create_app
from app.config import Settings
from indexes.artwork import Artwork
from tests.small_release import release_of

KINDS = {"html": "text/html", "json": "application/json"}
WORDS = ("harbour", "portrait", "garden", "winter", "bridge", "market", "river", "window")


def made_up(folder: Path, works: int) -> Path:
    """A release of so many records without pictures."""
    records = (
        Artwork(
            id=str(number),
            title=f"{WORDS[number % 8]} and {WORDS[number // 8 % 8]} {number}".capitalize(),
            artist=f"Artist {number % 300}",
            date=str(1700 + number % 250),
            genre=WORDS[number % 7],
            collection=f"Collection {number % 12}",
        )
        for number in range(works)
    )
    release_of(folder, list(records))
    return folder


def measure(client: FlaskClient, address: str, rounds: int) -> dict[str, float]:
    """The median milliseconds of each kind of answer."""
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number in range(rounds + 3):  # the first few compile templates and open files
        for kind, accept in KINDS.items():
            start = time.process_time()
            answer = client.get(address, headers={"Accept": accept, "Accept-Encoding": "gzip"})
            spent = time.process_time() - start
            assert answer.status_code == 200, address
            if number >= 3:
                times[kind].append(spent * 1000)
    return {kind: statistics.median(spent) for kind, spent in times.items()}


def main() -> None:
    """Print a row for each question."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indexes", type=Path, help="a published collection, in place of the made-up one")
    parser.add_argument("--works", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        indexes = options.indexes or made_up(folder / "indexes", options.works)
        settings = Settings(
            indexes=indexes,
            database_url=f"sqlite:///{folder / 'likes.sqlite'}",
            secret_key="of the benchmark, and long enough to be one",
            rate_read="off",
        )
        client = create_app(settings).test_client()
        first = client.get("/search").get_json()
        genre = first["facets"]["genre"][0]["value"]
        work = first["results"][0]
        questions = {
            "the whole collection": "/search",
            "a hundred works": "/search?size=100",
            "as a table": "/search?view=table&size=50",
            "words": f"/search?q={work['title'].split()[0]}",
            "a filter": first["facets"]["genre"][0]["toggle"],
            "words and a filter": f"/search?q={genre}&genre={genre}",
            "one work found": f"/search?q=%22{'+'.join(work['title'].split())}%22",
            "a work's page": work["page"],
            "the first page": "/",
        }
        print(f"{first['total']:,} works, one thread, processor time, median of {options.rounds}, milliseconds")
        print(f"{'':<22} {'html':>7} {'json':>7}  html / json")
        for said, address in questions.items():
            spent = measure(client, address, options.rounds)
            print(f"{said:<22} {spent['html']:7.2f} {spent['json']:7.2f}  {spent['html'] / spent['json']:.2f}")


if __name__ == "__main__":
    main()
