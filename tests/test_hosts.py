"""The politeness rules alone: a clock that the test moves, no network and no Dask."""

from collections import deque
from pathlib import Path

import pytest

from pipeline.fetch import Reference, Refused
from pipeline.hosts import HostQueues, Manners, Turn

BUSY = Refused("http 503", "the server answered 503", retry=True)
TOO_MANY = Refused("http 429", "the server answered 429", retry=True)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def queues(clock: Clock, *urls: str, seed: int = 0, **manners: float) -> HostQueues:
    made = HostQueues(Manners(**{"pace": 0.0, **manners}), seed=seed, clock=clock)  # type: ignore[arg-type]
    for url in urls:
        made.add(Reference(url))
    return made


def started(made: HostQueues) -> Turn:
    turn = made.start()
    assert turn is not None
    return turn


def test_one_host_has_at_most_so_many_at_once(clock: Clock) -> None:
    made = queues(clock, *(f"http://a/{number}" for number in range(5)), per_host=2)
    first, second = started(made), started(made)
    assert made.start() is None
    assert made.wait() is None
    assert len(made) == 3
    made.answered(first)
    assert started(made).reference.location == "http://a/2"
    assert made.start() is None
    made.answered(second)
    assert started(made).reference.location == "http://a/3"


def test_starts_at_one_host_keep_the_pace(clock: Clock) -> None:
    made = queues(clock, "http://a/1", "http://a/2", "http://b/1", pace=2.0)
    assert {started(made).reference.location, started(made).reference.location} == {"http://a/1", "http://b/1"}
    assert made.start() is None
    assert made.wait() == 2.0
    clock.now += 1.5
    assert made.start() is None
    assert made.wait() == 0.5
    clock.now += 0.5
    assert started(made).reference.location == "http://a/2"


def test_hosts_take_turns_though_one_has_many_more(clock: Clock) -> None:
    made = queues(clock, *(f"http://a/{number}" for number in range(4)), "http://b/0", "http://b/1", pace=1.0)
    hosts = []
    for _ in range(2):
        hosts += [started(made).reference.host, started(made).reference.host]
        clock.now += 1.0
    assert set(hosts[:2]) == set(hosts[2:]) == {"a", "b"}


def test_the_host_is_the_name_in_lower_case_whatever_the_port(clock: Clock) -> None:
    made = queues(clock, "http://A.org:81/1", "https://a.org/2", per_host=1)
    started(made)
    assert made.start() is None


def test_files_have_neither_pace_nor_limit(clock: Clock) -> None:
    made = queues(clock, pace=5.0, per_host=1)
    for number in range(9):
        made.add(Reference(f"{number}.jpg", Path("images"), "1-1"))
    assert [started(made).reference.location for _ in range(9)] == [f"{number}.jpg" for number in range(9)]


def test_a_failed_picture_waits_longer_each_time_and_has_so_many_attempts(clock: Clock) -> None:
    made = queues(clock, "http://a/1", attempts=3, backoff=10.0)
    waits = []
    for attempt in (1, 2):
        turn = started(made)
        assert turn.attempt == attempt
        assert made.failed(turn, BUSY)
        assert made.start() is None
        wait = made.wait()
        assert wait is not None
        waits.append(wait)
        clock.now += wait
    assert 5.0 <= waits[0] <= 15.0
    assert 10.0 <= waits[1] <= 30.0
    assert not made.failed(started(made), BUSY)
    assert len(made) == 0
    assert made.wait() is None


def test_the_waits_are_the_same_for_the_same_seed_and_differ_between_pictures(clock: Clock) -> None:
    def wait(url: str, seed: int) -> float | None:
        made = queues(clock, url, seed=seed)
        made.failed(started(made), BUSY)
        return made.wait()

    assert wait("http://a/1", 1) == wait("http://a/1", 1)
    assert len({wait("http://a/1", 1), wait("http://a/1", 2), wait("http://a/2", 1)}) == 3


def test_others_go_on_while_one_waits(clock: Clock) -> None:
    made = queues(clock, "http://a/1", "http://a/2", backoff=10.0)
    made.failed(started(made), BUSY)
    assert started(made).reference.location == "http://a/2"


def test_a_short_wait_is_not_held_up_by_a_longer_one(clock: Clock) -> None:
    made = queues(clock, "http://a/1", "http://a/2")
    first, second = started(made), started(made)
    made.failed(first, Refused("http 502", "", retry=True, retry_after=30.0))
    made.failed(second, Refused("http 502", "", retry=True, retry_after=3.0))
    assert made.wait() == 3.0
    clock.now += 3.0
    assert started(made).reference.location == "http://a/2"
    assert made.start() is None
    assert made.wait() == 27.0


def test_retry_after_pauses_the_whole_host_and_no_other(clock: Clock) -> None:
    made = queues(clock, "http://a/1", "http://a/2", "http://b/1", per_host=1)
    turns = {turn.reference.location: turn for turn in (started(made), started(made))}
    assert made.failed(turns["http://a/1"], Refused("http 429", "", retry=True, retry_after=7.0))
    assert made.start() is None
    assert made.wait() == 7.0
    made.answered(turns["http://b/1"])
    clock.now += 7.0
    assert started(made).reference.host == "a"


def test_a_complaint_slows_the_host_down_and_success_speeds_it_up_again(clock: Clock) -> None:
    made = queues(clock, *(f"http://a/{number}" for number in range(99)), per_host=4, pace=0.5, backoff=1.0)
    made.failed(started(made), TOO_MANY)
    paces: deque[float] = deque()
    for _ in range(12):
        clock.now += 60.0
        turn = started(made)
        assert made.start() is None  # one at a time, although four would be allowed
        made.answered(turn)
        paces.append(made.wait() or 0.0)
    assert paces[0] == pytest.approx(1.0)  # twice the pace, as it stood when this one started
    assert list(paces) == sorted(paces, reverse=True)
    assert paces[-1] == 0.5


def test_complaints_of_one_burst_count_once(clock: Clock) -> None:
    made = queues(clock, *(f"http://a/{number}" for number in range(9)), per_host=4, pace=0.0)
    burst = [started(made) for _ in range(4)]
    for turn in burst:
        made.failed(turn, TOO_MANY)
    clock.now += 60.0
    made.answered(started(made))
    assert made.wait() == pytest.approx(0.25)


def test_a_host_that_wants_us_to_wait_too_long_is_left_alone(clock: Clock) -> None:
    made = queues(clock, "http://a/1", "http://a/2", "http://b/1", per_host=1, longest_wait=600.0)
    turn = next(turn for turn in (started(made), started(made)) if turn.reference.host == "a")
    assert not made.failed(turn, Refused("http 429", "", retry=True, retry_after=7200.0))
    reason = "the host asks to wait 7200 seconds, more than 600"
    assert made.abandoned() == [(Turn(Reference("http://a/2")), reason)]
    assert made.abandoned() == []
    assert len(made) == 0


@pytest.mark.parametrize("status", ["http 408", "http 500", "http 502"])
def test_a_picture_for_which_we_should_wait_too_long_is_given_up_alone(clock: Clock, status: str) -> None:
    made = queues(clock, "http://a/1", "http://a/2", per_host=1, longest_wait=600.0)
    assert not made.failed(started(made), Refused(status, "", retry=True, retry_after=86_400.0))
    assert made.abandoned() == []
    assert made.failed(started(made), Refused(status, "", retry=True, retry_after=600.0))
    assert made.wait() == 600.0


def test_files_are_not_left_alone_for_others_that_fail(clock: Clock) -> None:
    made = queues(clock, patience=3, attempts=1)
    for number in range(9):
        made.add(Reference(f"{number}.jpg", Path("images"), "1-1"))
    for _ in range(8):
        made.failed(started(made), Refused("unreadable file", "", retry=True))
    assert made.abandoned() == []
    assert started(made).reference.location == "8.jpg"


def test_a_host_that_fails_all_the_time_is_left_alone(clock: Clock) -> None:
    made = queues(clock, *(f"http://a/{number}" for number in range(6)), patience=3, attempts=9)
    assert [made.failed(started(made), BUSY) for _ in range(3)] == [True, True, False]
    left = made.abandoned()
    assert len(left) == 5
    assert {reason for _, reason in left} == {"3 requests to the host failed one after another"}
    assert made.start() is None


def test_one_answer_in_between_restores_the_patience(clock: Clock) -> None:
    made = queues(clock, *(f"http://a/{number}" for number in range(6)), patience=2, attempts=9)
    made.failed(started(made), BUSY)
    made.answered(started(made))
    assert made.failed(started(made), BUSY)
    assert made.abandoned() == []
