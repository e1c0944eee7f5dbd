"""How often one visitor, and all visitors of one address together, may ask."""

import hashlib
import logging
import math
import time
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Literal, Self

from limits import RateLimitItem, parse
from limits.errors import ConfigurationError, StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from app.config import SettingError, Settings

Kind = Literal["read", "write", "upload"]
OFF = "off"
_PATIENCE = 1.0  # seconds for the store to answer
_REST = 10.0  # seconds without asking a store that has just failed
_OPTIONS: Mapping[str, Mapping[str, Any]] = {  # of the stores' clients, that none of them waits longer
    "redis": {"socket_connect_timeout": _PATIENCE, "socket_timeout": _PATIENCE, "retry": None},
    "memcached": {"connect_timeout": _PATIENCE, "timeout": _PATIENCE},
}
_log = logging.getLogger(__name__)


class Rates:
    """Counts requests by kind, visitor and address. Neither is kept in the open, only keyed digests of them.

    The clock may jump: the window counted in is named by the clock, so at worst a window begins anew.
    """

    def __init__(self, store: Storage, rates: Mapping[Kind, RateLimitItem], address_visitors: int, key: bytes) -> None:
        self._counts = SlidingWindowCounterRateLimiter(store)
        self._visitor = rates
        self._address = {
            kind: type(rate)(rate.amount * address_visitors, rate.multiples, f"{rate.namespace}-address")
            for kind, rate in rates.items()
        }
        self._key = key
        self._rested = 0.0  # on the monotonic clock: when the store is asked again

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The rates that the settings name. Raises SettingError."""
        named: dict[Kind, tuple[str, str]] = {
            "read": ("VITRINE_RATE_READ", settings.rate_read),
            "write": ("VITRINE_RATE_WRITE", settings.rate_write),
            "upload": ("VITRINE_RATE_UPLOAD", settings.rate_upload),
        }
        rates = {kind: _rate(name, written) for kind, (name, written) in named.items() if written != OFF}
        key = hashlib.sha256(settings.secret_key.encode()).digest()
        return cls(_store(settings.rate_store), rates, settings.address_visitors, key)

    def wait(self, kind: Kind, address: str, visitor: str | None) -> int:
        """Count one request; the seconds to wait before the next, 0 where this one may be answered.

        Where the counts cannot be reached, everybody is let in: a broken store must not close the house.
        """
        if kind not in self._visitor or time.monotonic() < self._rested:
            return 0
        try:
            return self._count(self._address[kind], kind, _network(address)) or (
                self._count(self._visitor[kind], kind, visitor) if visitor else 0
            )
        except (StorageError, OSError) as error:  # memcached's client lets a timeout of the socket through as it is
            self._rested = time.monotonic() + _REST
            _log.error("rates: nobody is counted for %.0f s, VITRINE_RATE_STORE cannot be reached: %s", _REST, error)
            return 0

    def _count(self, rate: RateLimitItem, kind: Kind, who: str) -> int:
        digest = hashlib.blake2b(who.encode(), key=self._key, digest_size=16).hexdigest()
        if self._counts.hit(rate, kind, digest):
            return 0
        ends = self._counts.get_window_stats(rate, kind, digest).reset_time
        return max(1, min(math.ceil(ends - time.time()), rate.get_expiry()))


def _rate(name: str, written: str) -> RateLimitItem:
    try:
        return parse(written)
    except ValueError:
        raise SettingError(f"{name}: must be like 300/minute, or {OFF} (it is {written!r})") from None


def _store(address: str) -> Storage:
    try:
        kind = address.partition(":")[0].replace("rediss", "redis")  # with TLS
        store = storage_from_string(address, wrap_exceptions=True, **_OPTIONS.get(kind, {}))
    except ConfigurationError as error:
        raise SettingError(f"VITRINE_RATE_STORE: cannot be used ({error})") from None
    assert isinstance(store, Storage)
    return store


def _network(written: str) -> str:
    """What stands for one household: an IPv4 address, or the 64 bits of an IPv6 address that name its network."""
    address = address_of(written)
    if address is None:
        return written
    return str(address if address.version == 4 else ip_network((int(address) >> 64 << 64, 64)))


def address_of(written: str) -> IPv4Address | IPv6Address | None:
    """A client's address; None where it came by a Unix socket.

    A socket for both kinds writes an IPv4 address as one of IPv6, `::ffff:203.0.113.7`, and all those in one network.
    """
    try:
        address = ip_address(written)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
