"""Gates: few requests are worked on at once, some more wait a while for their turn, and the others are sent away.

Work beyond what the processor can do makes nothing quicker. Without a bound every answer comes later, until all come
too late; with it, most are in time and the others learn at once that they should come again.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import Problem
from app.metrics import REFUSED

_AGAIN = 2  # seconds


class Gate:
    """Lets `places` requests in at once; up to `queue` more wait `patience` seconds at most."""

    def __init__(self, places: int, queue: int, patience: float) -> None:
        self._places = threading.Semaphore(places)
        self._waiting = threading.Semaphore(queue)
        self._patience = patience

    def enter(self) -> None:
        """Take a place, to be given back by `leave`. Raises Problem (503) where none is to be had in time."""
        if self._places.acquire(blocking=False) or self._wait():
            return
        REFUSED.labels("busy").inc()
        raise Problem(503, "Too much is asked at once just now. Please try again in a moment.", retry_after=_AGAIN)

    def leave(self) -> None:
        """Give the place back."""
        self._places.release()

    @contextmanager
    def within(self) -> Iterator[None]:
        """Hold a place for as long as the block runs. Raises Problem (503)."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def _wait(self) -> bool:
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return self._places.acquire(timeout=self._patience)
        finally:
            self._waiting.release()
