"""The service as it runs: gunicorn with its workers, and clients that behave well or badly."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds until a client gives up


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.data)


@dataclass(frozen=True, slots=True)
class Server:
    """A running service."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """One request on a connection of its own. Header names are written with `_` for `-`.

        Raises OSError where no whole answer came back, also where the answer broke off.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        given = {"Accept": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read())
        except http.client.HTTPException as broken_off:
            raise ConnectionError(repr(broken_off)) from broken_off
        finally:
            connection.close()

    def say(self, data: bytes) -> socket.socket:
        """A connection on which these bytes were sent; the caller closes it."""
        connection = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        connection.sendall(data)
        return connection

    def lines(self) -> list[dict[str, Any]]:
        """What the log says so far."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def workers(self) -> list[int]:
        """The process numbers of the workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(number) for number in children.split()]


@contextmanager
def served(indexes: Path, state: Path, **settings: str) -> Iterator[Server]:
    """The service in two workers of gunicorn, on a port that was free."""
    environment = os.environ | {
        "VITRINE_INDEXES": str(indexes),
        "VITRINE_DATABASE_URL": f"sqlite:///{state / 'likes.sqlite'}",
        "VITRINE_SECRET_KEY": "of the tests",
        "WEB_CONCURRENCY": "2",
        "PORT": "0",
        **settings,
    }
    log = state / "gunicorn.log"
    with log.open("wb") as file:
        command = [sys.executable, "-m", "gunicorn", "wsgi:app"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
    try:
        server = Server(_port(log), process, log)
        server.ask("/healthz")  # the first answer takes as long as the workers take to start
        yield server
    finally:
        process.terminate()
        process.wait(40)


def _port(log: Path) -> int:
    for _ in range(600):
        found = [line for line in log.read_text().splitlines() if "Listening at: " in line]
        if found:
            return int(found[0].split("Listening at: ")[1].split()[0].rpartition(":")[2])
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def eventually(condition: Any, seconds: float = 20) -> bool:
    """Whether the condition comes to hold within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False
