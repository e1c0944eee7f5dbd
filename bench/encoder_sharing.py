"""Where the encoder of uploaded pictures could live: in each worker that needs it, before the fork, or on its own.

python -m bench.encoder_sharing [--workers N] [--pictures N] [--encoder NAME] [--weights FILE]

Each design has as many processes as a service has workers, which take their pictures at the same time: `lazily`, where
each opens the encoder at its first picture, as Vitrine does; `preloaded`, where their parent opens it and forks them;
and `apart`, where one more process has it and is sent the pixels. Memory is the proportional share (Pss) of all
processes of a design, for encoding alone: no release is open.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from PIL import Image

from bench.measure import held_bytes
from tests.image_server import painting

DESIGNS = ("lazily", "preloaded", "apart")
SIZE = 800, 600  # pixels, as an upload is reduced to

Encode = Callable[[Image.Image], object]


@dataclass(frozen=True, slots=True)
class Worker:
    """What one worker reports."""

    first: float  # seconds for its first picture
    each: float  # milliseconds for each of the others, the median


def opened(name: str, weights: Path | None) -> Encode:
    """The encoder, as a worker has it. Takes seconds."""
    import torch

    from indexes.encoders.clip import open_encoder

    torch.set_num_threads(1)
    encoder = open_encoder(name, weights)
    return lambda picture: encoder.encode_images([picture])


def forked(work: Callable[..., Any], *given: Any) -> tuple[int, Connection]:
    """A process that does this with the other end of a connection; gives its number and ours. It ends when we do."""
    ours, theirs = Pipe()
    process = os.fork()
    if not process:
        ours.close()
        try:
            work(theirs, *given)
        except EOFError:
            pass  # the other end is gone
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(0)
    theirs.close()
    return process, ours


def take(connection: Connection, encode: Callable[[], Encode], count: int) -> None:
    """What a worker does: a first picture, and so many more; reports, and stays."""
    shown = [painting(*SIZE, seed) for seed in range(count + 1)]
    start = time.perf_counter()
    encoder = encode()
    encoder(shown[0])
    first, taken = time.perf_counter() - start, []
    for picture in shown[1:]:
        start = time.perf_counter()
        encoder(picture)
        taken.append((time.perf_counter() - start) * 1000)
    connection.send(Worker(first, statistics.median(taken)))
    connection.recv()


def encode_for(connection: Connection, others: list[Connection], encode: Callable[[], Encode]) -> None:
    """What the process that encodes for others does: pixels come, vectors go."""
    encoder = encode()
    while ready := wait([connection, *others]):
        for asker in ready:
            assert isinstance(asker, Connection)
            size, pixels = asker.recv()
            asker.send(encoder(Image.frombytes("RGB", size, pixels)))


def asking(connection: Connection) -> Encode:
    """An encoder that is another process."""

    def encode(picture: Image.Image) -> object:
        connection.send((picture.size, picture.tobytes()))
        return connection.recv()

    return encode


def play(design: str, workers: int, count: int, encode: Callable[[], Encode]) -> str:
    """A line of the table. This process is the parent, so it should have done nothing else."""
    start = time.perf_counter()
    children = []
    if design == "lazily":
        children = [forked(take, encode, count) for _ in range(workers)]
    elif design == "preloaded":
        encoder = encode()
        encoder(painting(*SIZE, 0))
        began = time.perf_counter() - start
        children = [forked(take, lambda: encoder, count) for _ in range(workers)]
    else:
        ends = [Pipe() for _ in range(workers)]
        children = [forked(take, lambda one=one: asking(one[0]), count) for one in ends]
        children.append(forked(encode_for, [one[1] for one in ends], encode))
    reports = [connection.recv() for _, connection in children[:workers]]
    held = sum(held_bytes(process)["Pss"] for process in (os.getpid(), *(one for one, _ in children))) / 1e6
    first = max(report.first for report in reports)
    each = statistics.median(report.each for report in reports)
    at_start = began if design == "preloaded" else 0.0
    return f"{design:<12}{at_start:>12.1f}{first:>16.2f}{each:>12.0f}{held:>14.0f}"


def main() -> None:
    """Print a row for each design."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pictures", type=int, default=40)
    parser.add_argument("--encoder", default="pocket")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--design", choices=DESIGNS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.design:
        encode = lambda: opened(options.encoder, options.weights)  # noqa: E731
        print(play(options.design, options.workers, options.pictures, encode))
        return
    print(f"{options.encoder}, {options.workers} workers")
    print(f"{'design':<12}{'start + s':>12}{'first picture s':>16}{'each ms':>12}{'MB in all':>14}", flush=True)
    for design in DESIGNS:
        subprocess.run([sys.executable, "-m", "bench.encoder_sharing", *sys.argv[1:], "--design", design], check=True)


if __name__ == "__main__":
    main()
