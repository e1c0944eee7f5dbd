"""The whole stage: a misbehaving server, a folder of files, workers as threads and as processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from indexes.artwork import Artwork
from indexes.pictures import PictureStore
from pipeline import cluster
from pipeline import download as stage
from pipeline.cluster import ClusterError, connect
from pipeline.download import Counts, Job, download
from pipeline.fetch import Limits, Reference
from pipeline.hosts import Manners
from pipeline.ledger import Ledger
from pipeline.sources import Failure
from tests.image_server import Answer, ImageServer, encoded, jpeg, painting

QUICK = Manners(per_host=8, pace=0.0, backoff=0.02)
JOB = Job(limits=Limits(allow_private=True), manners=QUICK)


@pytest.fixture
def server() -> Iterator[ImageServer]:
    with ImageServer() as running:
        yield running


@dataclass
class Workspace:
    """Runs the stage over one workspace, each time as a new build would."""

    root: Path
    images: Path | None = None
    failures: list[Failure] = field(default_factory=list)
    progress: list[tuple[int, int]] = field(default_factory=list)
    settled: dict[str, str | None] = field(default_factory=dict)

    @property
    def store(self) -> PictureStore:
        return PictureStore(self.root / "pictures")

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        with Ledger(self.root / "pictures.jsonl", self.store) as ledger:
            yield ledger

    def run(self, works: list[Artwork], job: Job = JOB) -> Counts:
        self.failures, self.progress, self.settled = [], [], {}

        def settled(ids: list[str], digest: str | None) -> None:
            self.settled |= dict.fromkeys(ids, digest)

        with self.ledger() as ledger:
            pending = ledger.pending(works, self.images, job.again)
            return download(
                pending, ledger, job, self.failures.append, lambda *step: self.progress.append(step), settled
            )

    def small(self, work: Artwork) -> bytes:
        with self.ledger() as ledger:
            picture = ledger.picture(work)
        assert picture is not None
        return self.store.read(picture.digest)

    def statuses(self) -> dict[str, str]:
        return {failure.id: failure.status for failure in self.failures}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def linked(*urls: str) -> list[Artwork]:
    return [Artwork(id=f"w{number}", image_url=url) for number, url in enumerate(urls)]


def test_pictures_come_into_the_store_and_are_not_fetched_twice(server: ImageServer, workspace: Workspace) -> None:
    works = linked(*(server.add(f"/{number}.jpg", Answer(jpeg(number))) for number in range(20)))
    assert workspace.run(works) == Counts(fetched=20, kept=0, failed=0, without=0)
    assert [workspace.small(work) for work in works] == [jpeg(number) for number in range(20)]
    assert workspace.progress == [(number, 20) for number in range(1, 21)]
    assert workspace.run(works) == Counts(fetched=0, kept=20, failed=0, without=0)
    assert len(server.requests) == 20
    assert len(list(workspace.store.digests())) == 20


def test_one_picture_of_several_works_is_fetched_once(server: ImageServer, workspace: Workspace) -> None:
    url = server.add("/pair.jpg", Answer(jpeg()))
    assert workspace.run(linked(url, url)) == Counts(fetched=2, kept=0, failed=0, without=0)
    assert workspace.progress == [(2, 2)]
    assert len(server.requests) == 1
    digest = workspace.settled["w0"]
    assert digest in workspace.store
    assert workspace.settled == {"w0": digest, "w1": digest}


def test_every_failure_is_a_row_with_its_reason(server: ImageServer, workspace: Workspace) -> None:
    works = linked(
        server.add("/good.jpg", Answer(jpeg())),
        server.url("/missing.jpg"),
        server.add("/page", Answer(b"<html>", kind="text/html")),
        server.add("/cut", Answer(jpeg()[:300])),
        server.add("/down", Answer(status=500)),
        "ftp://127.0.0.1/x.jpg",
    )
    works.append(Artwork(id="text alone"))
    assert workspace.run(works) == Counts(fetched=1, kept=0, failed=5, without=1)
    assert workspace.statuses() == {
        "w1": "http 404", "w2": "not an image", "w3": "truncated", "w4": "http 500", "w5": "bad address"
    }  # fmt: skip
    assert {work_id for work_id, digest in workspace.settled.items() if not digest} == workspace.statuses().keys()
    assert workspace.progress[-1] == (6, 6)
    assert [server.count(path) for path in ("/missing.jpg", "/page", "/cut", "/down")] == [1, 1, 4, 4]


def test_a_later_run_tries_what_may_have_passed_and_still_reports_the_rest(
    server: ImageServer, workspace: Workspace
) -> None:
    works = linked(server.add("/down", Answer(status=500)), server.url("/missing.jpg"))
    workspace.run(works)
    server.add("/down", Answer(jpeg()))
    assert workspace.run(works) == Counts(fetched=1, kept=0, failed=1, without=0)
    assert workspace.statuses() == {"w1": "http 404"}
    assert server.count("/missing.jpg") == 1
    server.add("/missing.jpg", Answer(jpeg(1)))
    assert workspace.run(works, replace(JOB, again=True)) == Counts(fetched=1, kept=1, failed=0, without=0)


def test_a_failure_in_passing_is_tried_again_in_the_same_run(server: ImageServer, workspace: Workspace) -> None:
    works = linked(server.add("/late.jpg", Answer(status=500), Answer(jpeg(), cut=200), Answer(jpeg())))
    assert workspace.run(works) == Counts(fetched=1, kept=0, failed=0, without=0)
    assert server.count("/late.jpg") == 3


def test_a_host_gets_so_many_requests_at_once_and_another_as_many(server: ImageServer, workspace: Workspace) -> None:
    server.latency = 0.05
    for number in range(10):
        server.add(f"/{number}", Answer(jpeg(number)))
    works = linked(*(server.url(f"/{number}", host) for number in range(10) for host in ("127.0.0.1", "localhost")))
    job = replace(JOB, manners=replace(QUICK, per_host=2))
    assert workspace.run(works, job).fetched == 20
    assert server.busiest == {"127.0.0.1": 2, "localhost": 2}


def test_requests_to_one_host_keep_the_pace(server: ImageServer, workspace: Workspace) -> None:
    works = linked(*(server.add(f"/{number}", Answer(jpeg(number))) for number in range(6)))
    started = time.monotonic()
    assert workspace.run(works, replace(JOB, manners=replace(QUICK, pace=0.4))).fetched == 6
    assert time.monotonic() - started >= 5 * 0.4  # not between arrivals, which a busy machine may bunch together


def test_retry_after_is_kept_for_the_whole_host(server: ImageServer, workspace: Workspace) -> None:
    wait = (("Retry-After", "1"),)
    server.add("/0", Answer(status=429, headers=wait), Answer(jpeg(0)))
    works = linked(server.url("/0"), *(server.add(f"/{number}", Answer(jpeg(number))) for number in range(1, 4)))
    assert workspace.run(works, replace(JOB, manners=replace(QUICK, per_host=1))).fetched == 4
    starts = server.starts("127.0.0.1")
    assert starts[1] - starts[0] >= 1.0


def test_a_host_that_is_down_is_left_alone(server: ImageServer, workspace: Workspace) -> None:
    works = linked(*(server.add(f"/{number}", Answer(status=502)) for number in range(30)))
    job = replace(JOB, manners=replace(QUICK, per_host=1, patience=5))
    assert workspace.run(works, job) == Counts(fetched=0, kept=0, failed=30, without=0)
    assert len(server.requests) == 5
    assert set(workspace.statuses().values()) == {"http 502", "host left alone"}
    assert all(failure.retry for failure in workspace.failures)


def test_files_are_read_anew_when_they_change(workspace: Workspace, tmp_path: Path) -> None:
    workspace.images = tmp_path / "images"
    workspace.images.mkdir()
    works = [Artwork(id=str(number), image_file=f"{number}.png") for number in range(4)]
    for number in range(3):
        (workspace.images / f"{number}.png").write_bytes(encoded(painting(60, 40, number), "PNG"))
    assert workspace.run(works) == Counts(fetched=3, kept=0, failed=1, without=0)
    assert workspace.failures == [
        Failure("3", "3.png", "missing file", "file: there is no file 3.png in the folder of images")
    ]
    before = workspace.small(works[0])
    (workspace.images / "0.png").write_bytes(encoded(painting(60, 50, 9), "PNG"))
    (workspace.images / "3.png").write_bytes(encoded(painting(60, 40, 3), "PNG"))
    assert workspace.run(works) == Counts(fetched=2, kept=2, failed=0, without=0)
    assert workspace.small(works[0]) != before


def test_without_anything_to_do_no_cluster_is_started(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "connect", None)
    assert workspace.run([Artwork(id="1")]) == Counts(fetched=0, kept=0, failed=0, without=1)


def test_processes_do_the_same(server: ImageServer, workspace: Workspace, tmp_path: Path) -> None:
    here = sorted(path.name for path in Path.cwd().iterdir())
    works = linked(*(server.add(f"/{number}", Answer(jpeg(number))) for number in range(70)), server.url("/missing"))
    assert workspace.run(works) == Counts(fetched=70, kept=0, failed=1, without=0)
    assert workspace.small(works[69]) == jpeg(69)
    assert sorted(path.name for path in Path.cwd().iterdir()) == here


def test_a_run_cut_off_goes_on_where_it_stopped(server: ImageServer, workspace: Workspace) -> None:
    works = linked(*(server.add(f"/{number}", Answer(jpeg(number))) for number in range(30)))

    def stop(done: int, total: int) -> None:
        if done == 10:
            raise KeyboardInterrupt

    with workspace.ledger() as ledger, pytest.raises(KeyboardInterrupt):
        download(ledger.pending(works, None), ledger, JOB, workspace.failures.append, stop)
    assert workspace.run(works) == Counts(fetched=20, kept=10, failed=0, without=0)


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
