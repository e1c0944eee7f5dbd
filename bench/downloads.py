"""Downloads from a local image server with 20 ms latency, beside img2dataset on the same list.

python -m bench.downloads [--images N] [--rounds N] [--connections N] --peer PYTHON

`--peer` is the Python of the environment that `make peers` makes, which holds img2dataset. Both have two processes and
as many connections; neither pauses between requests, which Vitrine does with other people's servers. Both store JPEG
files of at most 400 pixels; Vitrine also keeps a larger rendition of each and notes what became of it. The order
alternates. Seconds include the start of the processes, but no imports.
"""

import argparse
import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path

from indexes.artwork import Artwork
from indexes.pictures import PictureStore
from pipeline.download import Job, download
from pipeline.fetch import Limits
from pipeline.hosts import Manners
from pipeline.ledger import Ledger
from tests.image_server import jpeg

LATENCY = 0.02  # seconds
DIFFERENT = 16  # pictures; what follows a picture's end makes the bytes of each address different

PEER = """
import resource, sys, time
from img2dataset import download
if __name__ == "__main__":
    urls, folder, connections = sys.argv[1:]
    start = time.perf_counter()
    download(
        url_list=urls, output_folder=folder, processes_count=2, thread_count=int(connections) // 2, image_size=400,
        resize_mode="keep_ratio_largest", resize_only_if_bigger=True, output_format="files", encode_quality=85,
        number_sample_per_shard=256,
    )
    seconds, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    print("TOOK", seconds, used.ru_utime + used.ru_stime)
"""


@dataclass(frozen=True, slots=True)
class Took:
    """What one run came to."""

    images: int  # that are there afterwards
    seconds: float
    processor: float  # seconds of it, in the processes that fetch


def serve(connection: Connection, different: int) -> None:
    """Answer every address with one of so many pictures, until the process is ended; the port is sent first."""
    bodies = [jpeg(seed, 1000, 800) for seed in range(different)]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1]
                await asyncio.sleep(LATENCY)
                body = bodies[int(path.strip(b"/")) % different] + path
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(body))
                writer.write(body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        connection.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def images(count: int, different: int = DIFFERENT) -> Iterator[list[str]]:
    """The addresses of so many pictures, at a server in a process of its own."""
    ours, theirs = Pipe()
    server = get_context("spawn").Process(target=serve, args=(theirs, different), daemon=True)
    server.start()
    port = ours.recv()
    try:
        yield [f"http://127.0.0.1:{port}/{number}" for number in range(count)]
    finally:
        server.kill()
        server.join()


def by_us(addresses: list[str], folder: Path, connections: int) -> Took:
    """One run of the stage `pictures`."""
    works = [Artwork(id=str(number), image_url=address) for number, address in enumerate(addresses)]
    job = Job(Limits(allow_private=True), Manners(per_host=connections, pace=0), workers=2)
    before = _children()
    with Ledger(folder / "pictures.jsonl", PictureStore(folder / "pictures")) as ledger:
        pending = ledger.pending(works, None)
        start = time.perf_counter()
        counts = download(pending, ledger, job, print, lambda _done, _total: None)
        return Took(counts.fetched, time.perf_counter() - start, _children() - before)


def by_peer(python: Path, addresses: list[str], folder: Path, connections: int) -> Took:
    """One run of img2dataset."""
    folder.mkdir()
    (folder / "urls.txt").write_text("\n".join(addresses))
    command = [str(python), "-c", PEER, str(folder / "urls.txt"), str(folder / "out"), str(connections)]
    environment = os.environ | {"NO_ALBUMENTATIONS_UPDATE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    seconds, processor = done.stdout.rpartition("TOOK ")[2].split()
    return Took(len(list((folder / "out").rglob("*.jpg"))), float(seconds), float(processor))


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--peer", type=Path, required=True)
    options = parser.parse_args()
    ways = {
        "img2dataset": lambda *run: by_peer(options.peer, *run),
        "the stage `pictures`": by_us,
    }
    heard: dict[str, list[Took]] = {name: [] for name in ways}
    with images(options.images) as addresses, tempfile.TemporaryDirectory() as scratch:
        for turn in range(options.rounds):
            for name, way in sorted(ways.items(), reverse=turn % 2 == 1):
                folder = Path(scratch) / f"{turn}-{len(name)}"
                heard[name].append(way(addresses, folder, options.connections))
                print(f"{name}: {heard[name][-1]}", file=sys.stderr, flush=True)
    rates = {name: statistics.median(took.images / took.seconds for took in several) for name, several in heard.items()}
    print(f"{options.images:,} images, {options.connections} connections, {options.rounds} runs each, in turns")
    print(f"{'':<22}{'x peer':>8}{'images/s':>10}{'CPU ms each':>13}")
    for name, several in heard.items():
        each = 1000 * sum(took.processor for took in several) / sum(took.images for took in several)
        print(f"{name:<22}{rates[name] / rates['img2dataset']:>8.2f}{rates[name]:>10.1f}{each:>13.1f}")


if __name__ == "__main__":
    main()
