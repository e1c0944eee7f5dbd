"""A polite client for the Harvard Art Museums API (https://github.com/harvardartmuseums/api-docs).

The key must reach no log, file or error. It is added to a request below httpx, which logs addresses and puts them into
its errors; and it is taken out of every answer, because `info.next` repeats it.
"""

import logging
import math
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from pipeline.sources import SourceError

BASE_URL = "https://api.harvardartmuseums.org"
_LONG_KEY = 16  # characters: a shorter key may also be a word of a title, so only whole words of it are hidden
_HIDDEN = "[key]"


@dataclass(frozen=True, slots=True)
class Politeness:
    """How hard to ask. Times are in seconds."""

    interval: float = 0.5  # between the starts of two requests
    attempts: int = 6  # of one request
    backoff: float = 1.0  # after the first failure; doubles, with jitter
    longest_wait: float = 120.0  # a server that asks for more ends the run, to be taken up later
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Page:
    """One answer."""

    records: list[Any]
    total: int | None  # records that the question has, on all its pages
    more: bool  # whether the answer names a next page


@dataclass(frozen=True, slots=True)
class _Trouble:
    """An attempt that failed but may be repeated."""

    reason: str
    wait: float | None = None  # as the server asked


@dataclass(slots=True)
class HarvardApi:
    """Asks for pages, one request at a time. Use as a context manager."""

    base_url: str
    key: str = field(repr=False)
    politeness: Politeness = Politeness()
    _client: httpx.Client = field(init=False, repr=False)
    _redact: Callable[[Any], Any] = field(init=False, repr=False)
    _next_start: float = field(init=False, default=0.0, repr=False)

    def __post_init__(self) -> None:
        """Raises SourceError where there is no key, or the address is none."""
        if not self.key.strip():
            raise SourceError("HARVARD_API_KEY is not set: the Harvard API answers nobody without a key.")
        if not re.fullmatch(r"https?://[^\s?#@]+", self.base_url):
            raise SourceError(f"--base-url: must be an http or https address without parameters, such as {BASE_URL}.")
        # At DEBUG httpcore logs the headers of answers, and a redirect's Location may repeat the key.
        logging.getLogger("httpcore").setLevel(logging.INFO)
        self._redact = redactor(self.key)
        self._client = httpx.Client(
            transport=_KeyTransport(self.key, self.base_url),
            timeout=self.politeness.timeout,
            headers={"User-Agent": "Vitrine (museum collection search)", "Accept": "application/json"},
        )

    def __enter__(self) -> "HarvardApi":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def page(self, resource: str, **parameters: str | int) -> Page:
        """One page of `object` or `annotation`, without the key in it. Raises SourceError when patience ends."""
        reason = ""
        for attempt in range(self.politeness.attempts):
            outcome = self._ask(resource, parameters)
            if isinstance(outcome, Page):
                return outcome
            reason = outcome.reason
            wait = outcome.wait
            if wait is None:
                wait = min(self.politeness.backoff * 2**attempt, self.politeness.longest_wait) * random.uniform(0.5, 1)
            elif wait > self.politeness.longest_wait:
                raise SourceError(
                    f"The Harvard API asks to come back in {wait:.0f} seconds. Run the same build again then: "
                    "it goes on where it stopped."
                )
            self._next_start = max(self._next_start, time.monotonic() + wait)
        raise SourceError(
            f"The Harvard API gave no usable answer for /{resource} in {self.politeness.attempts} attempts; the last "
            f"time it {reason}. Run the same build again later: it goes on where it stopped."
        )

    def _ask(self, resource: str, parameters: dict[str, str | int]) -> Page | _Trouble:
        time.sleep(max(0.0, self._next_start - time.monotonic()))
        self._next_start = time.monotonic() + self.politeness.interval
        try:
            response = self._client.get(f"{self.base_url.rstrip('/')}/{resource}", params=parameters)
        except httpx.TimeoutException:
            return _Trouble(f"did not answer within {self.politeness.timeout:g} seconds")
        except httpx.RequestError as error:
            return _Trouble(f"could not be reached ({type(error).__name__})")
        status = response.status_code
        if status in {401, 403}:
            raise SourceError(f"The Harvard API refuses the key in HARVARD_API_KEY (status {status}).")
        if status in {408, 429} or status >= 500:
            return _Trouble(f"answered with status {status}", _retry_after(response.headers.get("Retry-After")))
        if status != 200:
            raise SourceError(
                f"The Harvard API answers /{resource} with status {status}; is --base-url or --query wrong?"
            )
        try:
            return _page(self._redact(response.json()))
        except (ValueError, RecursionError):
            return _Trouble("answered with something else than a page of records")


class _KeyTransport(httpx.BaseTransport):
    """Adds the key where a request leaves the house, out of sight of httpx's logs and errors."""

    def __init__(self, key: str, base_url: str) -> None:
        address = urlsplit(base_url)
        proxy = None if proxy_bypass(address.hostname or "") else getproxies().get(address.scheme)
        self._key = key
        self._inner = httpx.HTTPTransport(proxy=proxy)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        keyed = httpx.Request(
            request.method,
            request.url.copy_merge_params({"apikey": self._key}),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return self._inner.handle_request(keyed)

    def close(self) -> None:
        self._inner.close()


def redactor(key: str) -> Callable[[Any], Any]:
    """A function that hides the key, also percent-encoded, in every text of a JSON value; and any `apikey=` at all."""
    spelled = "|".join(map(re.escape, sorted({key, quote(key, safe=""), quote_plus(key)}, key=len, reverse=True)))
    anywhere = f"(?i:{spelled})" if len(key) >= _LONG_KEY else rf"(?<!\w)(?:{spelled})(?!\w)"
    pattern = re.compile(rf"(?i:apikey(?:=|%3D)(?:{spelled}|[^&\"'\s%]*))|{anywhere}")

    def redact(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(_HIDDEN, value)
        if isinstance(value, list):
            return [redact(item) for item in value]
        if isinstance(value, dict):
            return {redact(name): redact(item) for name, item in value.items()}
        return value

    return redact


def _page(answer: Any) -> Page:
    info, records = answer.get("info") if isinstance(answer, dict) else None, None
    if isinstance(info, dict):
        records = answer.get("records")
    if not isinstance(info, dict) or not isinstance(records, list):
        raise ValueError("not a page")
    total = str(info.get("totalrecords"))
    return Page(records, int(total) if total.isdecimal() else None, bool(info.get("next")))


def _retry_after(header: str | None) -> float | None:
    """Seconds from now, of a number of seconds or a date; None where the header is missing or neither."""
    if not header:
        return None
    try:
        seconds = float(header) if header.strip()[:1].isdigit() else _seconds_until(parsedate_to_datetime(header))
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _seconds_until(moment: datetime) -> float:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - datetime.now(UTC)).total_seconds()
