"""Likes under load: many processes like and un-like works of a running service; then every acknowledged word must hold.

python -m bench.likes_load --indexes DIR [--database sqlite|postgresql] [--processes N] [--requests N] [--works N]

Four runs: all processes as one visitor, and each as a visitor of its own; undisturbed, and with the service killed
(SIGKILL) half-way and started again. Everything is local to this machine.
"""

import argparse
import http.client
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from urllib.parse import quote

from tests.postgres import server

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0  # seconds until a client or a start gives up
JSON = {"Accept": "application/json", "Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Word:
    """One request: what was said of a work, and when by the machine's clock."""

    visitor: str
    work: str
    value: str
    sent: float
    heard: float  # when the answer, or the news that there is none, arrived
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class Client:
    """One process that talks."""

    port: int
    cookie: str
    works: tuple[str, ...]
    requests: int
    seed: int

    def talk(self) -> list[Word]:
        """Say random things of random works, one after the other."""
        chance = random.Random(self.seed)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        return [self._say(connection, chance) for _ in range(self.requests)]

    def _say(self, connection: http.client.HTTPConnection, chance: random.Random) -> Word:
        work, value = chance.choice(self.works), chance.choice(("like", "like", "dislike", "none"))
        sent = time.monotonic()
        try:
            if value == "none" and chance.random() < 0.5:
                connection.request("DELETE", f"/likes?id={quote(work)}", headers={**JSON, "Cookie": self.cookie})
            else:
                body = json.dumps({"id": work, "value": value})
                connection.request("POST", "/likes", body, {**JSON, "Cookie": self.cookie})
            answer = connection.getresponse()
            answer.read()
            acknowledged = answer.status == 200
        except (OSError, http.client.HTTPException):
            connection.close()
            acknowledged = False
            time.sleep(0.05)  # the service is being started again
        return Word(self.cookie, work, value, sent, time.monotonic(), acknowledged)


def possible(words: list[Word]) -> dict[tuple[str, str], set[str]]:
    """What may be stored of each work of each visitor: every word but those that an acknowledged one came after.

    Without overlap and without failure that is one value, the last acknowledged.
    """
    by_work: dict[tuple[str, str], list[Word]] = defaultdict(list)
    for word in words:
        by_work[word.visitor, word.work].append(word)
    found = {}
    for key, said in by_work.items():
        last = max((word.sent for word in said if word.acknowledged), default=0.0)
        found[key] = {word.value for word in said if word.heard >= last} | (set() if last else {"none"})
    return found


class Served:
    """A running service."""

    def __init__(self, indexes: Path, database: str, workers: int = 2) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        names = {
            "VITRINE_INDEXES": str(indexes),
            "VITRINE_DATABASE_URL": database,
            "VITRINE_SECRET_KEY": "of the bench",
            "WEB_CONCURRENCY": str(workers),
        }
        self._environment = os.environ | names
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{self.port}", "wsgi:app"]
        quiet = subprocess.DEVNULL  # a line a request
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, start_new_session=True, stderr=quiet)
        patience = time.monotonic() + PATIENCE
        while time.monotonic() < patience:
            try:
                self.ask("/readyz")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the service did not start")

    @property
    def group(self) -> int:
        """The process group of all of its processes."""
        return self._process.pid

    def ask(self, address: str, cookie: str = "") -> http.client.HTTPResponse:
        """The answer to GET."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", address, headers={"Accept": "application/json", "Cookie": cookie})
        return connection.getresponse()

    def visitor(self) -> str:
        """The cookie of a new visitor."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", "/", headers={"Accept": "text/html"})
        cookie = connection.getresponse().headers["Set-Cookie"]
        return str(cookie).split(";")[0]

    def kill(self, restart: bool) -> None:
        """SIGKILL to all of its processes at once; then, if asked, start anew."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if restart:
            self._start()


def run(served: Served, options: argparse.Namespace, shared: bool, kill: bool) -> None:
    """One run; prints a row. Raises SystemExit where something acknowledged is not stored."""
    works = tuple(hit["id"] for hit in json.load(served.ask(f"/search?size={options.works}"))["results"])
    cookies = [served.visitor()] * options.processes if shared else [served.visitor() for _ in range(options.processes)]
    clients = [Client(served.port, cookie, works, options.requests, n) for n, cookie in enumerate(cookies)]
    start = time.monotonic()
    with Pool(options.processes) as pool:
        talking = pool.map_async(Client.talk, clients, chunksize=1)
        if kill:
            time.sleep(options.kill_after)
            served.kill(restart=True)
        words = [word for said in talking.get(timeout=600) for word in said]
    seconds = time.monotonic() - start
    allowed = possible(words)
    stored: dict[tuple[str, str], str] = {}
    for cookie in set(cookies):
        held = json.load(served.ask("/likes", cookie))
        stored |= {(cookie, hit["id"]): "like" for hit in held["likes"]}
        stored |= {(cookie, hit["id"]): "dislike" for hit in held["dislikes"]}
    wrong = [key for key, values in allowed.items() if stored.get(key, "none") not in values]
    wrong += [key for key in stored if key not in allowed]
    sure = sum(len(values) == 1 for values in allowed.values())
    taken = sorted((word.heard - word.sent) * 1000 for word in words if word.acknowledged)
    row = f"{options.database:<11} {'one' if shared else options.processes:>8} {'yes' if kill else 'no':<6}"
    counts = f"{len(words):>8} {len(taken):>12} {len(allowed):>5} {sure:>7} {len(wrong):>5}"
    print(row, counts, f"{seconds:7.1f} {statistics.median(taken):9.1f} {taken[int(0.99 * len(taken))]:6.1f}")
    if wrong:
        raise SystemExit(f"not what was acknowledged last: {wrong[:5]}")


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of a new database."""
    with ExitStack() as stack:
        if kind == "postgresql":
            yield stack.enter_context(server())
        else:
            yield f"sqlite:///{stack.enter_context(tempfile.TemporaryDirectory())}/likes.sqlite"


def main() -> None:
    """Print a row for each run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indexes", type=Path, required=True, help="a published collection")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--works", type=int, default=100)
    parser.add_argument("--kill-after", type=float, default=3.0, help="seconds")
    options = parser.parse_args()
    print("database    visitors killed requests acknowledged works certain wrong seconds median ms    p99")
    with database(options.database) as url:
        served = Served(options.indexes.resolve(), url)
        try:
            for shared in (True, False):
                for kill in (False, True):
                    run(served, options, shared, kill)
        finally:
            served.kill(restart=False)


if __name__ == "__main__":
    main()
