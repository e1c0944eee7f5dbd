"""Work in processes of their own."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.beside import AtOnce, processes
from tests.serving import ROOT, eventually

FIRST = """
import os, sys, time
from pipeline.beside import processes
from tests.test_beside import sleeps
if __name__ == "__main__":
    with processes(1) as beside:
        beside.submit(sleeps, sys.argv[1]).result()
"""


def sleeps(note: str) -> None:
    """Say which process this is, and sleep."""
    Path(note).write_text(str(os.getpid()))
    time.sleep(120)


def fails() -> None:
    raise OSError(28, "No space left on device")


def dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_processes_do_what_they_are_given_and_say_what_went_wrong() -> None:
    with processes(2) as beside:
        asked = [beside.submit(pow, number, 2) for number in range(5)]
        failed, killed = beside.submit(fails), beside.submit(pow, 2, 2)
        assert [one.result() for one in asked] == [0, 1, 4, 9, 16]
        with pytest.raises(OSError, match="No space left") as full:
            failed.result()
        assert full.value.errno == 28
        assert killed.result() == 4
        with pytest.raises(BrokenProcessPool):
            beside.submit(dies).result()


def test_the_block_ends_whoever_was_killed() -> None:
    with processes(2) as beside:
        process = beside.submit(os.getpid).result()
        last = beside.submit(time.sleep, 0.2)  # by the other one, perhaps, which is only being started
        os.kill(process, signal.SIGKILL)
        with suppress(BrokenProcessPool):
            last.result()


def test_they_end_with_the_process_that_began_them(tmp_path: Path) -> None:
    note, script = tmp_path / "note", tmp_path / "first.py"
    script.write_text(FIRST)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, str(script), str(note)], env=environment) as first:
        assert eventually(lambda: note.exists() and note.read_text(), 60)
        first.kill()
    beside = Path("/proc", note.read_text())
    assert eventually(lambda: not beside.exists() or "State:\tZ" in (beside / "status").read_text())


def test_little_work_is_done_at_once() -> None:
    with AtOnce() as beside:
        assert beside.submit(pow, 3, 2).result() == 9
        with pytest.raises(OSError, match="No space left"):
            beside.submit(fails)
