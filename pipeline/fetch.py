"""One attempt at one picture: read it from its address or its folder, decode it, make its renditions.

Nothing here is shared but idle connections, so that `fetch` runs anywhere: on a thread, a process, another machine.
"""

import atexit
import ipaddress
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

import httpcore
import httpx

from indexes.pictures import MAX_PIXELS, PictureError, Rendition, render
from pipeline.transport import BoundedTransport, PrivateAddressError

# The host is busy, or says that it is: another time may do, as it may for whatever goes wrong on its own side (5xx).
_BUSY = frozenset({408, 425, 429})

_HTTPCORE_ERRORS = (
    httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol,
)  # fmt: skip

# What may go wrong on the way: the first line that fits gives the status, the sentence and whether to try again.
_TROUBLES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str, str, bool], ...] = (
    (httpx.TooManyRedirects, "too many redirects", "the address redirects more than {limits.redirects} times", False),
    (
        (httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.UnsupportedProtocol, UnicodeError),
        "bad address", "the address is not one of http or https", False,
    ),
    (
        PrivateAddressError,
        "private address", "{cause}", False,
    ),
    (
        httpcore.TimeoutException,
        "timeout",
        "the server was too slow: {limits.connect_seconds:g} seconds to connect, {limits.idle_seconds:g} without a "
        "byte and {limits.total_seconds:g} in all are the limits", True,
    ),
    (httpcore.ConnectError, "no connection", "no connection to the server ({cause})", True),
    (Exception, "broken answer", "the server's answer broke off or cannot be understood ({cause})", True),
)  # fmt: skip

_ONE_CLIENT = Lock()


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a picture is: an address, or a file within a folder."""

    location: str
    folder: Path | None = None  # None: `location` is an address
    version: str | None = None  # changes when the file does; None for an address

    @property
    def host(self) -> str | None:
        """Whose politeness rules apply: the address's host in lower case; None for a file."""
        if self.folder:
            return None
        try:
            return (urlsplit(self.location).hostname or "").lower()
        except ValueError:
            return ""

    @property
    def key(self) -> str:
        """Tells this picture, in this version, from every other."""
        return f"{self.location} {self.version}" if self.version else self.location


@dataclass(frozen=True, slots=True)
class Limits:
    """What one attempt may take, and the sizes of what it makes."""

    max_bytes: int = 50_000_000
    max_pixels: int = MAX_PIXELS
    connect_seconds: float = 10
    idle_seconds: float = 15  # without any byte
    total_seconds: float = 120  # for the whole answer, redirects included
    redirects: int = 5
    allow_private: bool = False  # whether any address may lead into a private network or to this machine
    allow_named: bool = False  # whether one that names such a machine outright may be fetched from that machine
    user_agent: str = "Vitrine/0.1 (museum collection search)"
    small: int = 400  # pixels on the long side
    large: int = 1200


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a picture is not there."""

    status: str  # short and fixed, to count by: "http 404", "not an image"
    reason: str  # one sentence
    retry: bool = False  # whether the same attempt may succeed later
    retry_after: float | None = None  # seconds that the host asks to wait

    @property
    def throttled(self) -> bool:
        """Whether the host asks for fewer requests."""
        return self.status == "http 429" or (self.status == "http 503" and self.retry_after is not None)


class _RefusedError(Exception):
    def __init__(self, status: str, reason: str, retry: bool = False, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.refused = Refused(status, reason, retry, retry_after)


def fetch(reference: Reference, limits: Limits) -> Rendition | Refused:
    """One attempt at a picture; whatever may go wrong with it is an answer too, never an exception."""
    kind = ""
    try:
        if reference.folder:
            data = _read(reference.folder, reference.location, limits)
        else:
            data, kind = _get(reference, limits)
        return render(data, limits.max_pixels, limits.small, limits.large)
    except _RefusedError as error:
        return error.refused
    except PictureError as error:
        if error.status == "not an image" and kind.startswith("text/"):
            return Refused(error.status, f"the server sent {kind}, not an image")
        # A file stays as it is, but a server may have been cut off.
        return Refused(
            error.status, error.reason, retry=not reference.folder and error.status in {"truncated", "empty"}
        )


def names_private(host: str) -> bool:
    """Whether the host is this machine or one of a private network by its very name: `localhost`, `10.0.0.7`."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or (address.is_private and not address.is_link_local and not address.is_unspecified)


def _read(folder: Path, name: str, limits: Limits) -> bytes:
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise _RefusedError("outside the folder", f"file: {name} is not within the folder of images")
        if not path.is_file():
            raise _RefusedError("missing file", f"file: there is no file {name} in the folder of images")
        with path.open("rb") as file:
            data = file.read(limits.max_bytes + 1)
    except (OSError, ValueError, RuntimeError) as error:  # ValueError: a null byte; RuntimeError: a loop of links
        passing = isinstance(error, OSError)  # its rights, its disk or the network may be mended, and it stays the same
        raise _RefusedError("unreadable file", f"file: {name} cannot be read ({_cause(error)})", passing) from error
    if len(data) > limits.max_bytes:
        raise _too_large(limits)
    return data


def _get(reference: Reference, limits: Limits) -> tuple[bytes, str]:
    """The bytes at an address, and the media type the server gives them."""
    host = reference.host or ""
    own = {"private_host": host} if limits.allow_named and names_private(host) else {}
    deadline = time.monotonic() + limits.total_seconds
    times = httpx.Timeout(connect=deadline, read=deadline, write=deadline, pool=None)
    try:
        with _client(limits).stream("GET", reference.location, timeout=times, extensions=own) as answer:
            if answer.status_code != 200:
                raise _not_ok(answer)
            return _body(answer, limits), answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    except (httpx.HTTPError, httpx.InvalidURL, *_HTTPCORE_ERRORS, PrivateAddressError, UnicodeError) as error:
        for kinds, status, reason, retry in _TROUBLES:
            if isinstance(error, kinds):
                raise _RefusedError(status, reason.format(limits=limits, cause=_cause(error)), retry) from error
        raise


def _body(answer: httpx.Response, limits: Limits) -> bytes:
    if int(answer.headers.get("content-length", "0")) > limits.max_bytes:
        raise _too_large(limits)
    data = bytearray()
    for chunk in answer.iter_bytes():
        data += chunk
        if len(data) > limits.max_bytes:
            raise _too_large(limits)
    return bytes(data)


def _client(limits: Limits) -> httpx.Client:
    """This process's one client for these limits: its idle connections serve the next picture of the same host."""
    with _ONE_CLIENT:
        return _open_client(limits)


@cache
def _open_client(limits: Limits) -> httpx.Client:
    client = httpx.Client(
        transport=BoundedTransport(limits.connect_seconds, limits.idle_seconds, limits.allow_private),
        headers={"User-Agent": limits.user_agent, "Accept": "image/*", "Accept-Encoding": "identity"},
        follow_redirects=True,
        max_redirects=limits.redirects,
    )
    # No picture's cookies go along with the next one's request.
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    atexit.register(client.close)
    return client


def _not_ok(answer: httpx.Response) -> _RefusedError:
    code = answer.status_code
    phrase = f" ({answer.reason_phrase})" if answer.reason_phrase else ""
    wait = _retry_after(answer.headers.get("retry-after"))
    return _RefusedError(f"http {code}", f"the server answered {code}{phrase}", code in _BUSY or code >= 500, wait)


def _retry_after(value: str | None) -> float | None:
    """Seconds from a Retry-After header, which holds seconds or a date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


def _too_large(limits: Limits) -> _RefusedError:
    return _RefusedError("too many bytes", f"the file has more than {limits.max_bytes / 1e6:g} million bytes")


def _cause(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
