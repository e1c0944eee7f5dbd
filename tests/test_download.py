"""The whole stage: a misbehaving server, a folder of files, and runs that go on where one stopped."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from indexes.artwork import Artwork
from pipeline import download as stage
from pipeline.download import Counts, download
from pipeline.sources import Failure
from tests.downloading import JOB, QUICK, Workspace, linked
from tests.downloading import server as server
from tests.downloading import workspace as workspace
from tests.image_server import Answer, ImageServer, encoded, jpeg, painting


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


def test_a_run_cut_off_goes_on_where_it_stopped(server: ImageServer, workspace: Workspace) -> None:
    works = linked(*(server.add(f"/{number}", Answer(jpeg(number))) for number in range(30)))

    def stop(done: int, total: int) -> None:
        if done == 10:
            raise KeyboardInterrupt

    with workspace.ledger() as ledger, pytest.raises(KeyboardInterrupt):
        download(ledger.pending(works, None), ledger, JOB, workspace.failures.append, stop)
    assert workspace.run(works) == Counts(fetched=20, kept=10, failed=0, without=0)
