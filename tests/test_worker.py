"""How many connections a worker of gunicorn keeps."""

import os
import subprocess
import sys
from collections import deque
from pathlib import Path

import pytest

from app.config import ROOT, Settings
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


@pytest.mark.parametrize(
    ("settings", "threads"),
    [
        ({"WEB_CONCURRENCY": "1"}, os.cpu_count()),
        ({"WEB_CONCURRENCY": "1000"}, 1),
        ({"WEB_CONCURRENCY": "1", "OMP_NUM_THREADS": "3"}, 3),
    ],
)
def test_workers_share_the_cores(tmp_path: Path, settings: dict[str, str], threads: int) -> None:
    script = "import os, runpy, sys; runpy.run_path(sys.argv[1]); print(os.environ['OMP_NUM_THREADS'])"
    kept = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    environment = kept | {"TMPDIR": str(tmp_path)} | settings
    command = [sys.executable, "-c", script, str(ROOT / "gunicorn.conf.py")]
    assert int(subprocess.check_output(command, env=environment)) == threads
