"""The running service under eight connections, beside clip-retrieval's `clip_back` over the same vectors.

python -m bench.service [--works N] [--dimension D] [--connections N] [--seconds N] [--rounds N] [--folder DIR]
[--peer PYTHON] [--workers N]

`--peer` is the Python of the environment that `make peers` makes; without it no ratio is said. Its service gets the
vectors as a flat index, which is exact, and is asked by vector, so that its model is not needed; its loader is replaced
by nothing. Both services run all the time and are asked in turns by a client process of its own, all three on this
machine.

The works are those of `bench.large`. A query is one to three words of a work's title, artist or description, answered
in mode `keyword`, as the peer's is without a model. Requests a second depend on what else the machine does; what the
processor works for each request hardly does.
"""

import argparse
import asyncio
import json
import os
import re
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

from bench.large import release
from bench.likes_load import Served
from bench.measure import family, private_bytes
from indexes.loader import Loader
from pipeline.evaluate.synthetic import Collection

PAGE = 12
ASKED = 2_000  # different requests of each kind

# Run by the peer's Python. It would listen to every address of this machine.
PEER = """
import sys, flask, all_clip
run = flask.Flask.run
flask.Flask.run = lambda app, host, port, debug: run(app, host="127.0.0.1", port=port, debug=False)
all_clip.load_clip = lambda *_, **__: (None, None, None)
import logging; logging.getLogger("werkzeug").setLevel(logging.ERROR)
from clip_retrieval.clip_back import clip_back
clip_back(sys.argv[1], int(sys.argv[2]), enable_mclip_option=False, provide_aesthetic_embeddings=False)
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one service."""

    port: int
    requests: Sequence[bytes]
    processes: Sequence[int]  # that answer


@dataclass(frozen=True, slots=True)
class Heard:
    """What a client heard in one turn."""

    milliseconds: list[float]
    seconds: float
    client: float  # seconds of the processor that the client itself worked
    service: float = 0.0  # and the service

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.milliseconds) / self.seconds


def queries(root: Path) -> tuple[list[bytes], list[bytes]]:
    """Requests for works like one work, and for works by words."""
    random = np.random.default_rng(4)
    catalogue = Loader(root / "indexes").current().catalogue
    alike, by_words = [], []
    for row in random.choice(len(catalogue), min(ASKED, len(catalogue)), replace=False).tolist():
        work = catalogue.artwork(row)
        alike.append(get("/similar", id=work.id))
        text = (work.title, work.artist, work.descriptions[0])[int(random.integers(3))] or ""
        known = sorted(set(text.split()))
        words = " ".join(random.choice(known, min(len(known), int(random.integers(1, 4))), replace=False))
        by_words.append(get("/search", q=words, mode="keyword"))
    return alike, by_words


def get(path: str, **parameters: str) -> bytes:
    """A request for JSON."""
    return f"GET {path}?{urlencode(parameters)} HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n".encode()


def by_vector(vector: Sequence[float]) -> bytes:
    """A request to the peer."""
    body = json.dumps({"embedding_input": vector, "modality": "image", "num_images": PAGE, "indice_name": "works"})
    return f"POST /knn-service HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


def load(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Heard:
    """Ask over so many connections, each one request after the other. Raises ValueError for an answer but 200."""
    return asyncio.run(_load(port, requests, connections, seconds))


async def _load(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Heard:
    taken: list[float] = []
    start, worked = time.perf_counter(), time.process_time()
    talks = (_talk(port, requests[number::connections], start + seconds, taken) for number in range(connections))
    await asyncio.gather(*talks)
    return Heard(taken, time.perf_counter() - start, time.process_time() - worked)


async def _talk(port: int, requests: Sequence[bytes], until: float, taken: list[float]) -> None:
    """One connection, kept open where the service keeps it."""
    reader = writer = None
    asked = 0
    while (begun := time.perf_counter()) < until:
        if reader is None or writer is None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(requests[asked % len(requests)])
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = re.search(rb"content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        if head[9:12] != b"200":
            raise ValueError(f"answered with {head[:40]!r} to {requests[asked % len(requests)][:80]!r}")
        taken.append((time.perf_counter() - begun) * 1000)
        asked += 1
        if b"connection: close" in head or head.startswith(b"http/1.0"):
            writer.close()
            reader = writer = None
    if writer:
        writer.close()


@contextmanager
def peer(python: Path, root: Path) -> Iterator[tuple[int, int]]:
    """The peer's service; gives its port and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    quiet = subprocess.DEVNULL
    environment = os.environ | {"NO_ALBUMENTATIONS_UPDATE": "1"}  # which would ask the network for a newer version
    command = [str(python), "-c", PEER, str(root / "peer.json"), str(port)]
    process = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError("clip_back did not start") from None
                time.sleep(0.2)
        yield port, process.pid
    finally:
        process.kill()
        process.wait()


def workers(served: Served) -> list[int]:
    """The processes that answer."""
    return family(served.group)[1:]


def worked(processes: Sequence[int]) -> float:
    """Seconds of the processor that these processes have worked so far."""
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in processes]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def start(root: Path, database: Path, asked: bytes, workers: int) -> tuple[Served, float]:
    """The service, and the seconds from its start to its first answer."""
    begun = time.perf_counter()
    served = Served(root / "indexes", f"sqlite:///{database}", workers)
    load(served.port, [asked], 1, 0.001)
    return served, time.perf_counter() - begun


def settle(served: Served, requests: Sequence[bytes], connections: int) -> None:
    """Ask until nobody is sent away: every worker opens the release at its own first request."""
    while True:
        with suppress(ValueError):
            load(served.port, requests, connections, 1)
            return


def row(name: str, heard: Sequence[Heard], peers: float | None) -> str:
    """A line of the table; `peers` is the peer's rate."""
    times = sorted(time for one in heard for time in one.milliseconds)
    rate = statistics.median(one.rate for one in heard)
    client = sum(one.client for one in heard) / sum(one.seconds for one in heard)
    each = 1000 * sum(one.service for one in heard) / len(times)
    ratio = f"{rate / peers:>9.1f}" if peers else f"{'':>9}"
    figures = f"{rate:>12.0f}{statistics.median(times):>11.1f}{times[int(0.99 * len(times))]:>9.1f}"
    return f"{name:<22}{ratio}{figures}{each:>13.1f}{client:>12.0%}"


def measure(
    served: Served, root: Path, ours: dict[str, list[bytes]], collection: Collection, options: argparse.Namespace
) -> None:
    """Ask all in turns, and print a row for each."""
    settle(served, ours["/search?q="], options.connections)
    vectors = collection.draw(ASKED, stream=1)
    asked = {address: Asked(served.port, requests, workers(served)) for address, requests in ours.items()}
    with ExitStack() as stack, ProcessPoolExecutor(1, get_context("spawn")) as client:
        if options.peer:
            port, process = stack.enter_context(peer(options.peer, root))
            asked["clip_back"] = Asked(port, [by_vector(vector) for vector in vectors.tolist()], [process])
        heard: dict[str, list[Heard]] = {name: [] for name in asked}
        for turn in range(options.rounds + 1):
            for name, one in asked.items():
                before = worked(one.processes)
                answered = client.submit(load, one.port, one.requests, options.connections, options.seconds).result()
                if turn:  # the first fills caches
                    heard[name].append(replace(answered, service=worked(one.processes) - before))
    memory = [private_bytes(pid, mapped=True) / 1e6 for pid in workers(served)]  # when all have mapped the same files
    against = statistics.median(one.rate for one in heard["clip_back"]) if options.peer else None
    print(f"{options.works:,} works x {options.dimension}, {options.connections} connections, {len(memory)} workers")
    print(f"{'JSON':<22}{'x peer':>9}{'requests/s':>12}{'median ms':>11}{'p99 ms':>9}", end="")
    print(f"{'CPU ms each':>13}{'client CPU':>12}")
    for name, several in heard.items():
        print(row(name, several, against))
    print(f"private to each worker: {', '.join(f'{size:.0f}' for size in memory)} MB before the first picture query")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, default=117_245)
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=4, help="of each turn")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where the release is kept")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--peer", type=Path)
    options = parser.parse_args()
    root, collection = release(options.folder, options.works, options.dimension)
    alike, by_words = queries(root)
    with tempfile.TemporaryDirectory() as scratch:
        served, seconds = start(root, Path(scratch) / "likes.sqlite", by_words[0], options.workers)
        try:
            measure(served, root, {"/search?q=": by_words, "/similar?id=": alike}, collection, options)
        finally:
            served.kill(restart=False)
    print(f"start to first answer {seconds:.1f} s")


if __name__ == "__main__":
    main()
