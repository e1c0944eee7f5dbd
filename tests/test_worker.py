"""How many connections a worker of gunicorn keeps."""

from collections import deque

from app.config import Settings
from app.worker import Worker


def worker(here: int, idle: int) -> Worker:
    """One with so many connections, of which so many wait for their next request."""
    made = Worker.__new__(Worker)
    made.max_keepalived = 800
    made._share = Settings.from_environment({"VITRINE_SECRET_KEY": "x"}).concurrency
    made.nr_conns, made.keepalived_conns = here, deque(range(idle))
    return made


def test_a_worker_that_has_time_keeps_connections() -> None:
    assert worker(here=300, idle=299).max_keepalived == 800
    assert worker(here=4, idle=0).max_keepalived == 800


def test_a_worker_that_is_behind_gives_them_back() -> None:
    assert worker(here=5, idle=0).max_keepalived == 0
    assert worker(here=300, idle=200).max_keepalived == 0
