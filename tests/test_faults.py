"""What breaks while the service runs: nothing acknowledged is lost, it answers again by itself, the log says why."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from indexes.loader import Loader
from indexes.release import MANIFEST, ReleaseError, releases, use
from tests.collection import small_collection
from tests.serving import Server, eventually, served
from tests.small_release import release_of, titled

LIKE = b'{"id": "blue-vase", "value": "like"}'
JSON = {"Content_Type": "application/json"}


@pytest.fixture(scope="module")
def server(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The service, impatient with slow senders."""
    with served(collection, tmp_path_factory.mktemp("served"), VITRINE_UPLOAD_SECONDS="3") as server:
        yield server


def upload(size: int, path: str = "/similar") -> tuple[bytes, bytes]:
    """The head and the body of a request with a file of so many bytes, which are no picture."""
    body = (
        b'--x\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'
        + bytes(size)
        + b"\r\n--x--\r\n"
    )
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    return f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode(), body


def heard(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    data = b""
    with connection, suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            data += piece
    return data


def test_killed_workers_are_replaced_and_no_acknowledged_like_is_lost(server: Server) -> None:
    cookie = server.ask("/likes", "POST", LIKE, **JSON).headers["Set-Cookie"].split(";")[0]
    works = [hit["id"] for hit in server.ask("/search?size=24").json["results"]]
    acknowledged: set[str] = set()
    done = threading.Event()

    def like(own: list[str]) -> None:
        while not done.is_set():
            for work in own:
                body = json.dumps({"id": work, "value": "like"}).encode()
                with suppress(OSError):  # its worker was killed: nothing was acknowledged
                    if server.ask("/likes", "POST", body, Cookie=cookie, **JSON).status == 200:
                        acknowledged.add(work)

    visitors = [threading.Thread(target=like, args=(works[number::4],)) for number in range(4)]
    for visitor in visitors:
        visitor.start()
    killed = 0
    for _ in range(5):
        before = server.workers()
        for worker in before:
            os.kill(worker, signal.SIGKILL)
        killed += len(before)
        assert eventually(lambda old=before: len(server.workers()) == 2 and not set(old) & set(server.workers()))
        assert eventually(lambda: server.ask("/readyz").status == 200)
    done.set()
    for visitor in visitors:
        visitor.join()
    assert killed == 10
    held = {hit["id"] for hit in server.ask("/likes", Cookie=cookie).json["likes"]}
    assert acknowledged | {"blue-vase"} <= held
    assert [line for line in server.lines() if "SIGKILL" in line["message"]]


def test_slow_uploads_hold_up_nobody_and_end_in_time(server: Server) -> None:
    head, body = upload(100_000)
    slow = [server.say(head + body[:100]) for _ in range(50)]
    try:
        assert {server.ask("/search?q=vase").status for _ in range(20)} == {200}
        statuses = Counter(heard(connection).split(b" ")[1:2][0] for connection in slow)
    finally:
        for connection in slow:
            connection.close()
    assert set(statuses) == {b"408", b"503"}  # those for whom there was no place learn it at once
    assert sum(statuses.values()) == 50
    connection = server.say(head + body)
    assert heard(connection).startswith(b"HTTP/1.1 415")


def test_an_upload_that_is_too_large_is_told_so_although_it_goes_on_sending(server: Server) -> None:
    head, body = upload(25_000_000)
    connection = server.say(head)
    with suppress(OSError):
        connection.sendall(body)
    answer = heard(connection)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"at most 20 MB are taken" in answer


def test_a_request_in_flight_is_answered_when_the_service_is_told_to_stop(collection: Path, tmp_path: Path) -> None:
    with served(collection, tmp_path) as server:
        body = LIKE
        head = (
            f"POST /likes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        connection = server.say(head.encode() + body[:5])
        time.sleep(0.5)  # it is being read
        server.process.terminate()
        time.sleep(0.5)
        connection.sendall(body[5:])
        assert heard(connection).startswith(b"HTTP/1.1 200 OK")
        assert server.process.wait(30) == 0


def test_more_than_can_be_done_is_refused_at_once_and_the_rest_is_answered(collection: Path, tmp_path: Path) -> None:
    settings = {"VITRINE_CONCURRENCY": "1", "VITRINE_PATIENCE_SECONDS": "1", "WEB_CONCURRENCY": "1"}
    with served(collection, tmp_path, **settings) as server:
        statuses: Counter[int] = Counter()
        connections: Counter[str] = Counter()

        def visit() -> None:
            for _ in range(3):
                answer = server.ask("/search?q=a+vase+of+blue&size=100", Accept="text/html")
                statuses[answer.status] += 1
                connections[answer.headers["Connection"]] += 1
                if answer.status == 503:
                    assert int(answer.headers["Retry-After"]) >= 1

        visitors = [threading.Thread(target=visit) for _ in range(150)]
        for visitor in visitors:
            visitor.start()
        assert server.ask("/healthz").status == 200  # whoever watches over it is never sent away
        for visitor in visitors:
            visitor.join()
        assert set(statuses) == {200, 503}
        assert connections["close"]  # clients that could come to a worker with more time
        answer = server.ask("/search?q=vase")
        assert (answer.status, answer.headers["Connection"]) == (200, "keep-alive")
        metrics = server.ask("/metrics").data.decode()
        assert f'vitrine_refused_total{{reason="busy"}} {statuses[503]}.0' in metrics


def test_a_locked_database_stops_likes_but_no_search_and_recovers(collection: Path, tmp_path: Path) -> None:
    with served(collection, tmp_path) as server:
        cookie = server.ask("/likes", "POST", LIKE, **JSON).headers["Set-Cookie"].split(";")[0]
        with closing(sqlite3.connect(tmp_path / "likes.sqlite", isolation_level=None)) as locked:
            locked.execute("BEGIN EXCLUSIVE")
            refused = server.ask("/likes", "POST", LIKE, Cookie=cookie, **JSON)
            assert (refused.status, int(refused.headers["Retry-After"])) == (503, 10)
            assert refused.json["error"]["message"].startswith("Likes cannot be reached just now.")
            assert server.ask("/search?q=vase", Cookie=cookie).status == 200
            locked.execute("ROLLBACK")
        assert server.ask("/likes", "POST", LIKE, Cookie=cookie, **JSON).status == 200
        assert [line for line in server.lines() if "database is locked" in line["message"]]


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Where two releases are published, and the folder of the second, which is not served yet."""
    small_collection(tmp_path)
    first = releases(tmp_path)[0].name
    time.sleep(1.1)  # names are by the second
    release_of(tmp_path, titled("Two"))
    use(tmp_path, first)
    return tmp_path, releases(tmp_path)[1]


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 1
    path.write_bytes(data)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


DAMAGE: dict[str, Callable[[Path], Any]] = {
    "a flipped byte": lambda folder: flip(folder / "catalogue" / "artworks.bytes", 11),
    "a missing file": lambda folder: (folder / "catalogue" / "rank.npy").unlink(),
    "a short file": lambda folder: os.truncate(folder / "catalogue" / "rank.npy", 20),
    "no manifest": lambda folder: (folder / MANIFEST).unlink(),
    "half a manifest": lambda folder: os.truncate(folder / MANIFEST, 100),
    "another version": lambda folder: (folder / MANIFEST).write_text(
        (folder / MANIFEST).read_text().replace('"format_version": ', '"format_version": 9')
    ),
    "an empty folder": lambda folder: shutil.rmtree(folder / "catalogue"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_release_is_refused_and_the_one_before_stays(
    two: tuple[Path, Path], damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    root, second = two
    loader = Loader(root, interval=0)
    first = loader.current().manifest.name
    DAMAGE[damage](second)
    link = root / "link"
    link.symlink_to(second.relative_to(root))
    link.replace(root / "current")  # `use` would not do it
    assert [loader.current().manifest.name for _ in range(3)] == [first] * 3
    assert loader.refused is not None
    assert second.name in loader.refused
    assert len(caplog.messages) == 1
    restarted = Loader(root)
    assert restarted.current().manifest.name == first  # a worker that starts now serves it too
    assert restarted.refused == loader.refused
    use(root, first)
    loader.current()
    assert loader.refused is None


def test_every_byte_of_a_release_counts(two: tuple[Path, Path]) -> None:
    _, second = two
    for number, path in enumerate(files(second)):
        if path.name == MANIFEST:
            continue
        whole = path.read_bytes()
        flip(path, 7919 * number)
        with pytest.raises(ReleaseError, match=path.name):
            Loader(second.parent.parent, 0)._open(second)
        path.write_bytes(whole)
    assert Loader(second.parent.parent, 0)._open(second).manifest.name == second.name


def test_where_no_release_is_whole_nothing_is_served(tmp_path: Path) -> None:
    release_of(tmp_path, titled("One"))
    flip(tmp_path / "current" / "catalogue" / "artworks.bytes", 3)
    with pytest.raises(ReleaseError, match="its bytes are not those that were published"):
        Loader(tmp_path).current()
