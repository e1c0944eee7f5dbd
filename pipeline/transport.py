"""HTTP connections that keep a deadline and stay out of private networks."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Iterator

import httpcore
import httpx

_SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


_SETTABLE = "in a private network: fetching from there must be allowed first, by --private-images"
_NEVER = "from where nothing is ever fetched"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052


class PrivateAddressError(Exception):
    """A host's name leads into a private network, where a museum's public pictures are not."""


class BoundedTransport(httpx.BaseTransport):
    """Sends requests of an `httpx.Client`, whose time limits it takes as points on the monotonic clock.

    httpx bounds each read on its own, so that a server which drips bytes is never late. Here a request's connect,
    read and write timeouts all are the moment at which it must be over, and nothing waits longer than that. A name is
    looked up once, and the connection goes to the address that was checked; so it is for every redirect. The one host
    that a request's extension `private_host` names may be in a private network; where it redirects to, may not.
    """

    def __init__(self, connect: float, idle: float, allow_private: bool) -> None:
        """`connect` and `idle` are the seconds to wait for a connection and for any next bytes."""
        self._pools = {
            allowed: httpcore.ConnectionPool(
                ssl_context=httpx.create_ssl_context(),
                max_connections=None,
                max_keepalive_connections=64,
                keepalive_expiry=15,
                network_backend=_Network(connect, idle, allowed),
            )
            for allowed in {allow_private, True}
        }
        self._allow_private = allow_private

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, its body still to be read. Raises exceptions of httpcore, and PrivateAddressError."""
        assert isinstance(request.stream, httpx.SyncByteStream)
        url = request.url
        pool = self._pools[self._allow_private or url.host == request.extensions.get("private_host")]
        answer = pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    def close(self) -> None:
        """Closes every connection."""
        for pool in self._pools.values():
            pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _Network(httpcore.NetworkBackend):
    def __init__(self, connect: float, idle: float, allow_private: bool) -> None:
        self._connect = connect
        self._idle = idle
        self._allow_private = allow_private
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port):
            try:
                limit = _left(timeout, self._connect)
                stream = self._sockets.connect_tcp(address, port, limit, local_address, socket_options)
                return _Stream(stream, self._idle)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        """The host's addresses that may be connected to. Raises PrivateAddressError where none of them may."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        allowed = [address for address in addresses if _may_reach(address, self._allow_private)]
        if addresses and not allowed:
            settable = any(_may_reach(address, private=True) for address in addresses)
            raise PrivateAddressError(f"{host} is {addresses[0]}, {_SETTABLE if settable else _NEVER}")
        return allowed


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, idle: float) -> None:
        self._stream = stream
        self._idle = idle

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, self._idle))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, self._idle))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, _left(timeout, self._idle))
        return _Stream(secured, self._idle)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _left(deadline: float | None, limit: float) -> float:
    """Seconds to wait for one step: until the deadline, but not beyond the limit. Raises httpcore.ReadTimeout."""
    if deadline is None:
        return limit
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for the whole request is over")
    return min(left, limit)


def _may_reach(address: str, private: bool) -> bool:
    """Whether an address may be connected to: a public one, or a private one where those are allowed.

    Link-local ones never may: nobody keeps pictures there, but clouds keep a machine's keys (169.254.169.254).
    """
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = _within(parsed) or parsed
    if parsed.is_link_local or parsed.is_multicast:
        return False
    return private or parsed.is_global


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
