"""Workers that fetch pictures: processes, a scheduler elsewhere, and what happens when they die."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from indexes.pictures import PictureStore
from pipeline import cluster
from pipeline import download as stage
from pipeline.cluster import ClusterError, connect
from pipeline.download import Counts
from pipeline.fetch import Limits, Reference
from tests.downloading import JOB, Workspace, linked
from tests.downloading import server as server
from tests.downloading import workspace as workspace
from tests.image_server import Answer, ImageServer, jpeg


def test_processes_do_the_same(server: ImageServer, workspace: Workspace, tmp_path: Path) -> None:
    here = sorted(path.name for path in Path.cwd().iterdir())
    works = linked(*(server.add(f"/{number}", Answer(jpeg(number))) for number in range(70)), server.url("/missing"))
    assert workspace.run(works) == Counts(fetched=70, kept=0, failed=1, without=0)
    assert workspace.small(works[69]) == jpeg(69)
    assert sorted(path.name for path in Path.cwd().iterdir()) == here


def fatal_attempt(reference: Reference, limits: Limits, store: PictureStore | None) -> object:
    """An attempt in a worker's process that some pictures end for good, as a crash in a decoder would."""
    if reference.location.endswith("killer"):
        os._exit(1)
    if reference.location.endswith("bug"):
        raise ZeroDivisionError
    return stage._attempt(reference, limits, store)


@pytest.fixture
def fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "_FEW", 1)
    monkeypatch.setattr(stage, "_attempt", fatal_attempt)


@pytest.mark.usefixtures("fatal")
def test_a_picture_that_kills_its_worker_is_a_failure_and_takes_no_other_along(
    server: ImageServer, workspace: Workspace
) -> None:
    urls = [server.add(f"/{number}", Answer(jpeg(number), delay=0.05)) for number in range(30)]
    works = linked(*urls[:15], server.url("/killer"), *urls[15:])
    assert workspace.run(works) == Counts(fetched=30, kept=0, failed=1, without=0)
    assert [(failure.id, failure.status, failure.retry) for failure in workspace.failures] == [
        ("w15", "worker died", True)
    ]


@pytest.mark.usefixtures("fatal")
def test_a_bug_is_raised_not_reported(workspace: Workspace) -> None:
    with pytest.raises(ZeroDivisionError):
        workspace.run(linked("http://127.0.0.1/bug"))
    assert workspace.failures == []


class _Cancelled:
    """A future that went with its scheduler."""

    status = "cancelled"


def test_a_scheduler_that_went_away_is_said_so() -> None:
    with pytest.raises(ClusterError, match="the connection to the Dask scheduler is lost"):
        stage._check_death(_Cancelled())  # type: ignore[arg-type]


class _Workerless:
    """A client whose cluster has lost every worker."""

    def nthreads(self) -> dict[str, int]:
        return {}


def test_a_cluster_without_workers_is_not_waited_for(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "_WORKERLESS_SECONDS", -1.0)
    with workspace.ledger() as ledger:
        run = stage._Run(
            ledger.pending([], None), ledger, JOB, workspace.failures.append, lambda *_: None, lambda *_: None
        )
        with pytest.raises(ClusterError, match="no worker is left"):
            run._check_workers(_Workerless())  # type: ignore[arg-type]


@contextmanager
def running(*command: str, ready: str, log: Path) -> Iterator[str]:
    """A Dask command, once it has said that it is ready; gives the line in which it did."""
    arguments = [sys.executable, "-m", "dask", *command]
    with log.open("wb") as output:  # no pipe: the command's own children would keep it open
        process = subprocess.Popen(
            arguments, stdout=output, stderr=output, cwd=Path(__file__).parent.parent, start_new_session=True
        )
    try:
        yield _line_with(ready, log, process)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its session is its own: what it started ends with it
        process.wait()


def _line_with(ready: str, log: Path, process: "subprocess.Popen[bytes]") -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        for line in log.read_text().splitlines(keepends=True):
            if ready in line and line.endswith("\n"):
                return line
        time.sleep(0.05)
    raise AssertionError(f"the Dask command is not ready:\n{log.read_text()}")


@pytest.mark.slow
def test_a_scheduler_with_two_worker_processes(server: ImageServer, workspace: Workspace, tmp_path: Path) -> None:
    works = linked(*(server.add(f"/{number}", Answer(jpeg(number))) for number in range(40)), server.url("/missing"))
    options = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0", "--no-dashboard")
    with running("scheduler", *options, "--port", "0", ready="Scheduler at:", log=tmp_path / "scheduler.log") as line:
        address = line.split()[-1]
        workers = ("--nworkers", "2", "--nthreads", "4", "--local-directory", str(tmp_path / "dask"))
        with running("worker", address, *options, *workers, ready="Registered to", log=tmp_path / "worker.log"):
            assert workspace.run(works, replace(JOB, scheduler=address)) == Counts(40, 0, 1, 0)
    assert workspace.small(works[39]) == jpeg(39)


def test_a_scheduler_that_is_not_there(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.3)
    with pytest.raises(ClusterError, match=r"scheduler: there is no Dask scheduler at tcp://127\.0\.0\.1:9"):
        workspace.run(linked("http://127.0.0.1/x.jpg"), replace(JOB, scheduler="tcp://127.0.0.1:9"))


def test_the_local_cluster_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with connect(None, workers=1, processes=False) as client:
        assert client.submit(sum, [1, 2]).result() == 3
    assert list(tmp_path.iterdir()) == []
