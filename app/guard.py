"""What every request passes before it is worked on: its rate, the reading of what it sends, and its gate.

Bodies are read before a gate is entered, so that a slow sender keeps a thread waiting but nobody's place, and only
for so long.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, g, request
from werkzeug.exceptions import BadRequest

from app.config import Settings
from app.errors import Problem
from app.gates import Gate
from app.metrics import REFUSED
from app.rates import Kind, Rates, address_of
from app.visitor import Visitors

_QUEUE = 64  # requests that wait at one gate
_UPLOADS = 2  # pictures worked on at once: they are decoded one after the other
_UPLOAD_QUEUE = 16
_UPLOAD_PATIENCE = 4  # times that of others: behind the first picture of a worker, whose encoder takes seconds to open
_SENDERS = 16  # pictures being received at once; as many other bodies
_OTHER_BODIES = 3_000_000  # bytes of a body that is no picture
_FORM = 500_000  # bytes of a form's fields
_SENDING = ("POST", "PUT", "PATCH")


class MemoryRequest(Request):
    """Keeps what is uploaded in memory: a visitor's picture never touches the disk."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return BytesIO()


@dataclass(frozen=True, slots=True)
class _Lane:
    """What requests of one kind pass."""

    rate: Kind | None
    gate: Gate
    bodies: Gate
    longest: int  # bytes of a body


class Guard:
    """Knows the lane of each request."""

    def __init__(self, settings: Settings, visitors: Visitors) -> None:
        patience = settings.patience_seconds
        search = Gate(settings.concurrency, _QUEUE, patience)
        visitor = Gate(settings.concurrency, _QUEUE, patience)  # apart, for a database that is slow holds up no search
        upload = Gate(_UPLOADS, _UPLOAD_QUEUE, _UPLOAD_PATIENCE * patience)
        bodies, pictures = Gate(_SENDERS, 0, 0), Gate(_SENDERS, 0, 0)
        picture = settings.max_upload_mb * 1_000_000 + _FORM
        self._reading = _Lane("read", search, bodies, _OTHER_BODIES)
        self._images = _Lane(None, search, bodies, _OTHER_BODIES)  # a page shows a hundred of them
        self._asking = _Lane("read", visitor, bodies, _OTHER_BODIES)
        self._writing = _Lane("write", visitor, bodies, _OTHER_BODIES)
        self._uploading = _Lane("upload", upload, pictures, picture)
        self._rates = Rates.of(settings)
        self._visitors = visitors
        self._seconds = settings.upload_seconds
        self._trusts_proxy = settings.trusted_proxies > 0

    def admit(self) -> None:
        """Let the present request in. Raises Problem (408, 413, 429, 503)."""
        lane = self._lane()
        if lane is None:
            return
        if lane.rate:
            self._count(lane.rate)
        if request.method in _SENDING:
            with lane.bodies.within():
                self._read(lane.longest)
        lane.gate.enter()
        g.gate = lane.gate

    def _lane(self) -> _Lane | None:
        """None for what is always answered: files of the page itself, and what watches over the service."""
        address = request.url_rule.rule if request.url_rule else ""
        if request.endpoint == "static" or address in ("/healthz", "/readyz", "/metrics"):
            return None
        if address == "/images/<work_id>":
            return self._images
        if address == "/similar" and request.method == "POST":
            return self._uploading
        if address in ("/likes", "/likes/file", "/shown", "/forget"):
            return self._asking if request.method in ("GET", "HEAD", "OPTIONS") else self._writing
        return self._asking if address == "/recommend" else self._reading

    def _count(self, kind: Kind) -> None:
        address = request.remote_addr or ""
        if not self._trusts_proxy and _is_this_machine(address):
            return
        if seconds := self._rates.wait(kind, address, self._visitors.known()):
            REFUSED.labels("rate").inc()
            raise Problem(429, f"That was much at once. Please try again in {seconds} s.", retry_after=seconds)

    def _read(self, longest: int) -> None:
        whole = request.mimetype == "application/x-www-form-urlencoded"  # which is read as one
        request.max_content_length = _FORM if whole else longest
        with _in_time(self._seconds):
            if request.is_json:
                request.get_data()
            else:
                request.form  # noqa: B018 - reads the form and its files


def register(app: Flask, settings: Settings, visitors: Visitors) -> None:
    """Let every request of the application pass the guard. Raises SettingError."""
    app.request_class = MemoryRequest
    guard = Guard(settings, visitors)
    app.before_request(guard.admit)

    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        gate: Gate | None = g.pop("gate", None)
        if gate:
            gate.leave()


@contextmanager
def _in_time(seconds: float) -> Iterator[None]:
    """Stop reading from the present request's connection after so many seconds. Raises Problem (408)."""
    connection: socket.socket | None = request.environ.get("gunicorn.socket")
    if connection is None:
        yield
        return
    late = threading.Event()

    def stop() -> None:
        late.set()
        with suppress(OSError):  # the sender is gone already
            connection.shutdown(socket.SHUT_RD)

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        yield
    except (BadRequest, OSError) as error:
        if not late.is_set():
            raise Problem(400, "What was sent did not arrive in full. Please send it again.") from error
    finally:
        timer.cancel()
    if late.is_set():
        raise Problem(408, f"What was sent took longer than {seconds:g} s to arrive. Please send it again.")


def _is_this_machine(written: str) -> bool:
    """Whether the request comes from here: a test of load, a script. Behind a proxy everybody would seem to."""
    address = address_of(written)
    return address is None or address.is_loopback  # none: by a Unix socket
