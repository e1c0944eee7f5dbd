"""Politeness: which picture may be asked for now, host by host, and what to do when a host says no."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random

from pipeline.fetch import Reference, Refused

_LONGEST_PAUSE = 60.0  # seconds that we wait of our own accord
_LONGEST_PACE = 30.0


@dataclass(frozen=True, slots=True)
class Manners:
    """How we treat other people's servers. Files have no host to be polite to, so `pace` is not for them."""

    per_host: int = 6  # requests at once to one host: as many as one browser opens
    pace: float = 0.1  # seconds between two starts at one host
    attempts: int = 4  # at one picture
    backoff: float = 1.0  # seconds before the second attempt; doubles for each further one
    patience: int = 20  # passing failures in a row after which the host is left alone until the next run
    longest_wait: float = 600.0  # seconds of Retry-After that we still wait for


@dataclass(frozen=True, slots=True)
class Turn:
    """One attempt at one picture."""

    reference: Reference
    attempt: int = 1


@dataclass(slots=True)
class _Host:
    pace: float  # grows where the host asks for fewer requests, and shrinks back
    waiting: list[tuple[float, int, Turn]] = field(default_factory=list)  # a heap: ready at, order, turn
    running: int = 0
    next_start: float = 0.0
    paused_until: float = 0.0
    failures: int = 0  # passing ones, in a row
    left_alone: str | None = None  # the reason why nothing more is asked of it
    scheduled: float | None = None  # when it stands on the schedule


class HostQueues:
    """A queue for each host, and the rules for when its next request may start.

    After 429, or 503 with Retry-After, the whole host pauses, as long as it says or twice as long each time; from then
    on it gets one request at a time at a pace that doubles with each further complaint and shortens by a tenth with
    each success. A picture for which it asks a wait of more than `longest_wait` is left to the next run. Not
    thread-safe; `clock` gives seconds.
    """

    def __init__(self, manners: Manners, seed: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self._manners = manners
        self._seed = seed
        self._clock = clock
        self._hosts: dict[str | None, _Host] = {}
        self._schedule: list[tuple[float, int, str | None]] = []  # a heap of the hosts that have a place for one more
        self._order = 0
        self._waiting = 0

    def __len__(self) -> int:
        """Turns that wait for their start."""
        return self._waiting

    def add(self, reference: Reference) -> None:
        """Queues the first attempt at a picture."""
        self._put(Turn(reference), ready=0.0)

    def start(self) -> Turn | None:
        """A turn that may start now, and then counts as running; None where none may."""
        while self._schedule and self._schedule[0][0] <= self._clock():
            planned, _, name = heappop(self._schedule)
            host = self._hosts[name]
            if host.scheduled != planned:
                continue  # it has since been planned for an earlier moment
            host.scheduled = None
            if self._is_free(name, host) and self._ready(host) <= self._clock():
                turn = heappop(host.waiting)[2]
                self._waiting -= 1
                host.running += 1
                host.next_start = self._clock() + host.pace
                self._plan(name)
                return turn
            self._plan(name)
        return None

    def wait(self) -> float | None:
        """Seconds until `start` may have a turn; None where only the end of a running one can bring that about."""
        return max(0.0, self._schedule[0][0] - self._clock()) if self._schedule else None

    def answered(self, turn: Turn) -> None:
        """Ends a turn that the host answered for good, whether with a picture or without."""
        host = self._end(turn)
        host.failures = 0
        host.pace = max(self._base_pace(turn), host.pace * 0.9)

    def failed(self, turn: Turn, refused: Refused) -> bool:
        """Ends a turn that failed in passing; True where it is queued again, False where this was the last attempt."""
        host = self._end(turn)
        host.failures += 1
        if refused.throttled:
            self._slow_down(host, turn, refused)
        is_server = turn.reference.host is not None  # a file that cannot be read says nothing of the others
        if is_server and host.failures >= self._manners.patience:
            host.left_alone = host.left_alone or f"{host.failures} requests to the host failed one after another"
        if host.left_alone or turn.attempt >= self._manners.attempts or self._asks_too_much(refused):
            return False
        delay = refused.retry_after or self._backoff(turn)
        self._put(Turn(turn.reference, turn.attempt + 1), ready=self._clock() + delay)
        return True

    def abandoned(self) -> list[tuple[Turn, str]]:
        """Takes out what still waits for hosts that are left alone until the next run, each with the reason."""
        given_up = []
        for host in self._hosts.values():
            if host.left_alone and host.waiting:
                given_up += [(turn, host.left_alone) for _, _, turn in host.waiting]
                self._waiting -= len(host.waiting)
                host.waiting = []
        return given_up

    def _put(self, turn: Turn, ready: float) -> None:
        name = turn.reference.host
        host = self._hosts.setdefault(name, _Host(self._base_pace(turn)))
        self._order += 1
        self._waiting += 1
        heappush(host.waiting, (ready, self._order, turn))
        self._plan(name)

    def _end(self, turn: Turn) -> _Host:
        host = self._hosts[turn.reference.host]
        host.running -= 1
        self._plan(turn.reference.host)
        return host

    def _plan(self, name: str | None) -> None:
        """Puts the host on the schedule if it has something to start and a place for it."""
        host = self._hosts[name]
        if not self._is_free(name, host):
            return
        ready = self._ready(host)
        if host.scheduled is None or ready < host.scheduled:
            host.scheduled = ready
            self._order += 1
            heappush(self._schedule, (ready, self._order, name))

    def _is_free(self, name: str | None, host: _Host) -> bool:
        places = 1 if host.pace > self._manners.pace else self._manners.per_host
        return bool(host.waiting) and (name is None or host.running < places)

    def _ready(self, host: _Host) -> float:
        return max(host.next_start, host.paused_until, host.waiting[0][0])

    def _base_pace(self, turn: Turn) -> float:
        return self._manners.pace if turn.reference.host is not None else 0.0

    def _slow_down(self, host: _Host, turn: Turn, refused: Refused) -> None:
        now = self._clock()
        asked = refused.retry_after
        if asked is not None and self._asks_too_much(refused):
            host.left_alone = f"the host asks to wait {asked:.0f} seconds, more than {self._manners.longest_wait:g}"
            return
        if now >= host.paused_until:  # not one more of those that were under way when the host first complained
            host.pace = min(_LONGEST_PACE, max(2 * host.pace, 0.25))
        pause = asked if asked is not None else self._backoff(turn)
        host.paused_until = max(host.paused_until, now + pause)

    def _asks_too_much(self, refused: Refused) -> bool:
        return (refused.retry_after or 0.0) > self._manners.longest_wait

    def _backoff(self, turn: Turn) -> float:
        """Doubles with each attempt, spread by half to either side; the same for the same picture and seed."""
        spread = Random(f"{self._seed} {turn.attempt} {turn.reference.key}").uniform(0.5, 1.5)
        return min(_LONGEST_PAUSE, self._manners.backoff * 2 ** (turn.attempt - 1) * spread)
