"""How much memory and time a build of very many records takes, from a table to a release, without pictures.

python -m bench.build_records [--works N] [--words N]

The table holds the works of `bench.keyword_search`, each with a description of so many words of `bench.word_search`.
The build is the command that a museum's engineer runs. Its memory is the most that it ever held, looked at four times a
second: resident, files that are mapped included, and anonymous, which alone nobody can take back from it.
"""

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.keyword_search import synthetic
from bench.measure import family, folder_bytes
from bench.word_search import VOCABULARY, spelt

PART = 10_000  # works drawn at once


@dataclass(frozen=True, slots=True)
class Took:
    """What a build came to."""

    seconds: float
    resident: int  # bytes, at most
    anonymous: int


def write(table: Path, count: int, words: int) -> None:
    """A table of so many works."""
    random, spelling = np.random.default_rng(5), np.array(spelt())
    share = np.cumsum(1 / (np.arange(VOCABULARY) + 2.7))
    drawn = synthetic(min(PART, count))
    with table.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("id", "title", "artist", "medium", "date", "description"))
        for number in range(count):
            work = drawn[number % PART]
            said = spelling[np.searchsorted(share / share[-1], random.random(words))]
            title = " ".join((*said[:3], work.title or ""))
            rows.writerow((number, title, work.artist, work.medium, work.date, " ".join(said)))


def build(table: Path, folder: Path) -> Took:
    """Run the command. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", "pipeline", "build", "table", "--encoder", "pocket", "--table", str(table)]
    places = ["--workspace", str(folder / "workspace"), "--indexes", str(folder / "indexes")]
    start, resident, anonymous = time.perf_counter(), 0, 0
    with subprocess.Popen([*command, *places]) as process:
        while process.poll() is None:
            held = [_held(pid) for pid in family(process.pid)]
            resident = max(resident, sum(one for one, _ in held))
            anonymous = max(anonymous, sum(other for _, other in held))
            time.sleep(0.25)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Took(time.perf_counter() - start, resident, anonymous)


def _held(pid: int) -> tuple[int, int]:
    """Bytes resident and anonymous; none of a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0, 0
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.startswith(("VmRSS", "RssAnon"))}
    return sizes.get("VmRSS", 0), sizes.get("RssAnon", 0)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = folder / "works.csv"
        write(table, options.works, options.words)
        took = build(table, folder)
        print(f"{options.works:,} records of {options.words} words and more, {table.stat().st_size / 1e6:,.0f} MB")
        print(f"built in {took.seconds:,.0f} s, {options.works / took.seconds:,.0f} a second")
        print(f"memory at most {took.resident / 1e6:,.0f} MB resident, {took.anonymous / 1e6:,.0f} MB of it anonymous")
        print(f"release {folder_bytes(folder / 'indexes') / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
