"""The service under load: many connections at once search, compare, like, look at pictures and upload one.

python -m bench.load --indexes DIR [--connections N] [--seconds N] [--workers N] [--seed N]

Prints a row for each kind of request and one for all: how many were answered a second, how long answers took, how
many were refused (429 and 503, which the service does on purpose under too much load), how many failed otherwise;
then the memory of the service's processes after ten seconds and at the end. A client that is refused waits as long as
`Retry-After` says. Service and clients share this machine.
"""

import argparse
import asyncio
import json
import random
import re
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import numpy as np
from PIL import Image

from bench.likes_load import Served
from bench.measure import family, held_bytes

KINDS = {"search": 45, "page": 15, "similar": 10, "image": 15, "like": 12, "upload": 3}  # of a hundred requests
REFUSED = (429, 503)
EARLY = 10.0  # seconds after which memory is measured first


@dataclass(frozen=True, slots=True)
class Asked:
    """What can be asked of the served collection."""

    words: tuple[str, ...]
    works: tuple[str, ...]
    images: tuple[str, ...]
    picture: bytes

    def request(self, kind: str, chance: random.Random, cookie: str) -> bytes:
        """A request of this kind."""
        word, work = quote(chance.choice(self.words)), quote(chance.choice(self.works), safe="")
        if kind == "like":
            value = chance.choice(("like", "none"))
            body = json.dumps({"id": chance.choice(self.works), "value": value}).encode()
            return _sent("/likes", "application/json", body, cookie)
        if kind == "upload":
            head = b'--x\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'
            return _sent("/similar", "multipart/form-data; boundary=x", head + self.picture + b"\r\n--x--\r\n", cookie)
        address = {
            "search": f"/search?q={word}",
            "page": f"/search?q={word}&sort=title",
            "similar": f"/similar?id={work}",
            "image": chance.choice(self.images),
        }[kind]
        accept = "text/html" if kind == "page" else "application/json"
        return f"GET {address} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\nCookie: {cookie}\r\n\r\n".encode()


@dataclass(slots=True)
class Heard:
    """What became of all requests of one kind."""

    statuses: Counter[int] = field(default_factory=Counter)  # 0: the connection broke
    milliseconds: list[float] = field(default_factory=list)  # of those that were answered


def _sent(address: str, kind: str, body: bytes, cookie: str) -> bytes:
    head = f"POST {address} HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nCookie: {cookie}\r\n"
    return f"{head}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def asked(served: Served) -> Asked:
    """What the collection holds: words of its titles, ids, addresses of pictures; and a picture to upload."""
    hits = json.load(served.ask("/search?size=100"))["results"]
    words = sorted({word for hit in hits for word in (hit["title"] or "").split() if len(word) > 3})
    noise = np.random.default_rng(0).integers(0, 255, (60, 80, 3), np.uint8)
    picture = BytesIO()
    Image.fromarray(noise).resize((1200, 900)).save(picture, "JPEG")
    images = tuple(hit["image"] for hit in hits if hit["image"]) or ("/healthz",)
    return Asked(tuple(words) or ("a",), tuple(hit["id"] for hit in hits), images, picture.getvalue())


async def visit(port: int, ask: Asked, cookie: str, seed: int, until: float, heard: dict[str, Heard]) -> None:
    """One connection, kept open: one request after the other until the time is over."""
    chance = random.Random(seed)
    connection = None
    while time.monotonic() < until:
        kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
        start = time.monotonic()
        try:
            if connection and connection[0].at_eof():  # the service closed what was idle: any client begins anew
                connection = None
            connection = connection or await asyncio.open_connection("127.0.0.1", port)
            reader, writer = connection
            writer.write(ask.request(kind, chance, cookie))
            status, pause, stays = await asyncio.wait_for(_answer(reader), 60)
        except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError):
            status, pause, stays = 0, 0, False
        heard[kind].statuses[status] += 1
        if status == 200:
            heard[kind].milliseconds.append((time.monotonic() - start) * 1000)
        if connection and not stays:
            connection[1].close()
            connection = None
        if pause:
            await asyncio.sleep(pause * chance.uniform(0.5, 1.5))
    if connection:
        connection[1].close()


async def warm(port: int, ask: Asked) -> None:
    """One upload: the first one in each worker opens its encoder, which is not what is measured."""
    status = 0
    while status != 200:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ask.request("upload", random.Random(0), ""))
        status, pause, _ = await _answer(reader)
        writer.close()
        await asyncio.sleep(pause)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int, bool]:
    """An answer's status, the seconds to wait before the next request, and whether the connection stays."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = re.search(r"\r\ncontent-length: (\d+)", head)
    await reader.readexactly(int(length[1]) if length else 0)
    later = re.search(r"\r\nretry-after: (\d+)", head)
    return int(head.split(" ")[1]), int(later[1]) if later else 0, "\r\nconnection: close" not in head


def memory(group: int) -> tuple[float, float]:
    """Megabytes of all processes of the service, what they share counted once: their own, and files that are mapped.

    Mapped files are the system's cache: more of them are read as more is asked for, and it takes them back at will.
    """
    own = mapped = 0
    for process in family(group):
        with suppress(OSError):  # it ended
            held = held_bytes(process)
            own += held["Pss_Anon"]
            mapped += held["Pss_File"] + held["Pss_Shmem"]
    return own / 2**20, mapped / 2**20


Memory = tuple[float, float]


async def load(served: Served, options: argparse.Namespace) -> tuple[dict[str, Heard], Memory, Memory]:
    """All connections together; what was heard by kind, and the memory after ten seconds and at the end."""
    ask = asked(served)
    await asyncio.gather(*(warm(served.port, ask) for _ in range(4 * options.workers)))
    cookies = [served.visitor() for _ in range(options.connections)]
    heard: dict[str, Heard] = defaultdict(Heard)
    until = time.monotonic() + options.seconds
    visits = [
        asyncio.create_task(visit(served.port, ask, cookie, options.seed + number, until, heard))
        for number, cookie in enumerate(cookies)
    ]
    await asyncio.sleep(min(EARLY, options.seconds / 2))
    early = memory(served.group)
    await asyncio.sleep(max(0.0, until - time.monotonic() - 0.2))
    late = memory(served.group)
    await asyncio.gather(*visits)
    return heard, early, late


def row(name: str, heard: Heard, seconds: float) -> str:
    """A line of the table."""
    times = sorted(heard.milliseconds) or [float("nan")]
    refused = sum(heard.statuses[status] for status in REFUSED)
    wrong = heard.statuses.total() - heard.statuses[200] - refused
    middle, slow = times[len(times) // 2], times[int(0.99 * len(times))]
    rate = heard.statuses[200] / seconds
    return f"{name:<9}{heard.statuses[200]:>9}{rate:>9.1f}{middle:>9.0f}{slow:>9.0f}{refused:>9}{wrong:>7}"


def main() -> None:
    """Print the table. Exit status 1 where anything failed but by refusal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--indexes", type=Path, required=True)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        served = Served(options.indexes.resolve(), f"sqlite:///{folder}/likes.sqlite", options.workers)
        try:
            heard, early, late = asyncio.run(load(served, options))
        finally:
            served.kill(restart=False)
    print(f"{'kind':<9}{'answered':>9}{'a second':>9}{'p50 ms':>9}{'p99 ms':>9}{'refused':>9}{'wrong':>7}")
    whole = Heard()
    for kind in KINDS:
        print(row(kind, heard[kind], options.seconds))
        whole.statuses += heard[kind].statuses
        whole.milliseconds += heard[kind].milliseconds
    print(row("all", whole, options.seconds))
    when = f"after {min(EARLY, options.seconds / 2):.0f} s"
    for kind, first, last in zip(("own memory", "mapped files"), early, late, strict=True):
        print(f"{kind}: {first:.0f} MB {when}, {last:.0f} MB at the end, {100 * (last / first - 1):+.1f} %")
    print(f"statuses: {dict(sorted(whole.statuses.items()))}")
    if set(whole.statuses) - {200, *REFUSED}:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
