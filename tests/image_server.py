"""A local image server that misbehaves on request, and remembers who asked for what and when."""

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import urlsplit

import numpy as np
from PIL import Image


def painting(width: int, height: int, seed: int = 0) -> Image.Image:
    """A smooth picture of its own: four random corner colours, blended."""
    corners = np.random.default_rng(seed).integers(0, 256, (2, 2, 3), dtype=np.uint8)
    return Image.fromarray(corners).resize((width, height), Image.Resampling.BILINEAR)


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file's bytes."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(seed: int = 0, width: int = 60, height: int = 40) -> bytes:
    """A small good JPEG, another one for each seed."""
    return encoded(painting(width, height, seed))


@dataclass(frozen=True)
class Answer:
    """What the server sends; by default at once, whole and true."""

    body: bytes = b""
    status: int = 200
    kind: str = "image/jpeg"
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0  # seconds before the first byte
    length: int | None = None  # a Content-Length that may lie
    cut: int | None = None  # close the connection after so many bytes of the body
    drip: float = 0.0  # seconds before each byte of the body
    drip_headers: float = 0.0  # seconds before each of many header lines


@dataclass(frozen=True)
class Request:
    """One request that the server saw."""

    path: str
    host: str
    started: float  # monotonic seconds
    agent: str
    cookie: str | None


def redirect(location: str, status: int = 302) -> Answer:
    """An answer that sends the client elsewhere."""
    return Answer(status=status, headers=(("Location", location),))


@dataclass
class ImageServer:
    """Serves `routes` on 127.0.0.1: a path's first request gets its first answer, and so on; the last one stays.

    It can be asked as 127.0.0.1 and as localhost, which are two hosts to a client.
    """

    latency: float = 0.0
    routes: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    busiest: dict[str, int] = field(default_factory=dict)  # most requests at once, by host

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._now: dict[str, int] = {}
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.images = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """The path's address."""
        return f"http://{host}:{self._server.server_address[1]}{path}"

    def add(self, path: str, *answers: Answer) -> str:
        """Serves these answers at the path, whose address it gives."""
        self.routes[path] = list(answers)
        return self.url(path)

    def count(self, path: str) -> int:
        """Requests for the path so far."""
        return sum(request.path == path for request in self.requests)

    def starts(self, host: str) -> list[float]:
        """When each request to the host began, in order, in monotonic seconds."""
        return sorted(request.started for request in self.requests if request.host == host)

    def sleep(self, seconds: float) -> bool:
        """Waits; True where the server is closed meanwhile."""
        return self._closing.wait(seconds)

    def enter(self, request: Request) -> Answer:
        """Notes a request and gives its answer."""
        with self._lock:
            answers = self.routes.get(request.path, [Answer(status=404, kind="text/html", body=b"<html>gone")])
            answer = answers[min(self.count(request.path), len(answers) - 1)]
            self.requests.append(request)
            self._now[request.host] = self._now.get(request.host, 0) + 1
            self.busiest[request.host] = max(self.busiest.get(request.host, 0), self._now[request.host])
            return answer

    def leave(self, request: Request) -> None:
        """Notes that a request is over."""
        with self._lock:
            self._now[request.host] -= 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # a client's idle connections must not hold up the end of a test
    request_queue_size = 128
    images: ImageServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave early are what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """Answers as the route says."""
        images = cast(_Server, self.server).images
        host = urlsplit(f"//{self.headers['Host']}").hostname or ""
        agent = self.headers["User-Agent"]
        request = Request(self.path, host, time.monotonic(), agent, self.headers["Cookie"])
        answer = images.enter(request)
        try:
            images.sleep(images.latency + answer.delay)
            self._send_head(answer, images)
            self._send_body(answer, images)
        finally:
            images.leave(request)

    def _send_head(self, answer: Answer, images: ImageServer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
        if answer.length is not None:  # its lie must not spoil the next answer on the same connection
            self.send_header("Connection", "close")
        for name, value in answer.headers:
            self.send_header(name, value)
        for number in range(1000 if answer.drip_headers else 0):
            self.send_header(f"X-Drip-{number}", "")
            self.flush_headers()
            self.wfile.flush()
            if images.sleep(answer.drip_headers):
                break
        self.end_headers()

    def _send_body(self, answer: Answer, images: ImageServer) -> None:
        if answer.drip:
            for byte in answer.body:
                if images.sleep(answer.drip):
                    break
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
            return
        self.wfile.write(answer.body[: answer.cut])
        self.wfile.flush()
        self.close_connection = answer.cut is not None or answer.length is not None

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""
