"""The nightly update, as its caller sees it: what it repeats, what it says, how it ends."""

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from indexes.encoders.pixels import PixelsEncoder
from indexes.loader import Loader
from indexes.release import Manifest, current, damage, releases
from pipeline import indexing
from pipeline.__main__ import main
from pipeline.commands import build_group
from pipeline.vector_log import VectorLog
from pipeline.workspace import Workspace
from tests.museum import make_museum, write_table

ROOT = Path(__file__).resolve().parent.parent
KEY = "0123abcd-4567-89ef-0123-456789abcdef"


@pytest.fixture
def museum(tmp_path: Path) -> Path:
    """A museum whose table was built without pictures, which takes no time."""
    folder = make_museum(tmp_path / "museum")
    assert call(folder, "build", "table", "--table", folder / "works.csv", "--indexes", folder / "indexes") == 0
    return folder


def call(museum: Path, *arguments: object) -> int:
    """The exit status of a command on the museum's workspace, called in this process."""
    before = sys.argv
    sys.argv = ["vitrine", *map(str, arguments), "--workspace", str(museum / "workspace"), "--quiet"]
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        sys.argv = before
    return 0


def summary(museum: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((museum / "workspace" / "report.json").read_text())
    return said


def test_nothing_changed_is_said_and_nothing_published(museum: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(museum, "update") == 0
    assert "nothing had changed" in capsys.readouterr().out
    assert (summary(museum)["status"], summary(museum)["added"]) == ("unchanged", {"count": 0, "ids": []})
    assert len(releases(museum / "indexes")) == 1


def test_what_changed_is_done_and_told(museum: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_table(museum, {3: "Lighthouse"}, count=10)
    with (museum / "works.csv").open("a") as file:
        file.write("new,A new work,,,,\nw1,Twice,,,,\n")
    assert call(museum, "update") == 0
    assert "1 added, 1 changed, 4 removed" in capsys.readouterr().out
    said = summary(museum)
    assert said["status"] == "published"
    assert said["release"] == current(museum / "indexes").name
    assert {name: said[name]["ids"] for name in ("added", "changed", "removed")} == {
        "added": ["new"], "changed": ["w3"], "removed": ["w10", "w11", "w12", "w13"]
    }  # fmt: skip
    assert said["failed"]["by_status"] == {"duplicate id": 1}


def test_an_update_takes_other_options_for_good(museum: Path) -> None:
    assert call(museum, "update", "--limit", "5", "--keep", "1") == 0
    assert Manifest.read(current(museum / "indexes")).works == 5
    assert len(releases(museum / "indexes")) == 1
    write_table(museum, {0: "Changed"})
    assert call(museum, "update") == 0
    assert Manifest.read(current(museum / "indexes")).works == 5
    assert len(releases(museum / "indexes")) == 1


def test_an_update_works_from_anywhere(museum: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(museum)
    assert call(museum, "build", "table", "--table", "works.csv", "--limit", "7", "--indexes", "indexes") == 0
    monkeypatch.chdir("/")
    (museum / "works.csv").write_text("id,title\n1,Alone\n")
    assert call(museum, "update") == 0
    assert Manifest.read(current(museum / "indexes")).works == 1


def test_an_update_may_name_its_build(museum: Path) -> None:
    arguments = ("table", "--table", museum / "works.csv", "--indexes", museum / "other")
    assert call(museum, "update", *arguments) == 0
    assert Manifest.read(current(museum / "other")).works == 14


def test_what_cannot_be_repeated_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(tmp_path, "update") == 2
    assert "no build was finished in" in capsys.readouterr().err
    assert not (tmp_path / "workspace").exists()


def test_a_failed_update_says_why_and_leaves_what_is_served(museum: Path, capsys: pytest.CaptureFixture[str]) -> None:
    served = current(museum / "indexes")
    (museum / "works.csv").unlink()
    assert call(museum, "update") == 1
    assert "does not exist" in capsys.readouterr().err
    assert summary(museum)["status"] == "failed"
    assert "does not exist" in summary(museum)["error"]
    assert current(museum / "indexes") == served
    write_table(museum, {1: "Back again"})
    assert call(museum, "update") == 0
    assert summary(museum)["changed"]["ids"] == ["w1"]


def test_a_damaged_file_of_the_workspace_is_said(museum: Path, capsys: pytest.CaptureFixture[str]) -> None:
    encoder = PixelsEncoder()
    with VectorLog(museum / "workspace" / "vectors", encoder.identity, encoder.dimension) as log:
        log.path.write_bytes(b"something else")
    assert call(museum, "update", "--images", museum / "images", "--encoder", "pocket") == 1
    said = capsys.readouterr().err
    assert f"Error: {log.path}: not the vectors of {encoder.identity}" in said
    assert "Traceback" not in said


def test_a_second_update_says_who_is_at_work(museum: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = summary(museum)
    with Workspace(museum / "workspace").locked():
        assert call(museum, "update") == 3
    assert f"another build is at work here (process {os.getpid()} on " in capsys.readouterr().err
    assert summary(museum) == before
    assert call(museum, "update") == 0


def test_too_little_room_is_said_before_anything_is_done(
    museum: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served = current(museum / "indexes")
    write_table(museum, {1: "Changed"})
    usage = shutil.disk_usage(museum)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=20_000_000))
    assert call(museum, "update", "--images", museum / "images") == 4
    said = capsys.readouterr().err
    assert f"on the disk of {museum / 'indexes'}, where 20 MB are free" in said
    assert "MB are missing" in said
    assert current(museum / "indexes") == served
    assert list((museum / "indexes").glob("pictures/*/*")) == []
    assert summary(museum)["status"] == "failed"


def test_half_a_release_holds_no_room_that_the_next_one_needs(
    museum: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a disk that is full for as long as half a release is on it."""
    half = museum / "indexes" / ".building"
    usage = shutil.disk_usage(museum)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=0 if half.exists() else 60_000_000_000))
    write_table(museum, {1: "Changed"})
    with monkeypatch.context() as patched:

        def fill(_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        patched.setattr(indexing, "digest_files", fill)
        assert call(museum, "update") == 4
    assert "is full (0 MB are free)" in capsys.readouterr().err
    assert not half.exists()
    (half / "catalogue").mkdir(parents=True)  # as a build leaves it that is killed
    assert call(museum, "update") == 0
    assert summary(museum)["changed"]["ids"] == ["w1"]


@pytest.mark.parametrize(("cores", "workers"), [(None, 1), (3, 3), (64, 64), (192, 64)])
def test_a_build_takes_a_worker_a_core_but_no_more_than_it_may(
    monkeypatch: pytest.MonkeyPatch, cores: int | None, workers: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    command = build_group.commands["sample"]
    assert command.make_context("sample", []).params["workers"] == workers


def test_the_key_is_in_no_file(museum: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARVARD_API_KEY", KEY)
    base = f"http://127.0.0.1:9/?apikey={KEY}"
    assert call(museum, "update", "harvard", "--base-url", base, "--indexes", museum / "indexes") == 1
    assert summary(museum)["status"] == "failed"
    files = [path for path in museum.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []


def test_a_damaged_release_is_built_anew_although_nothing_changed(museum: Path) -> None:
    served = current(museum / "indexes")
    victim = served / "catalogue" / "years.npy"
    data = bytearray(victim.read_bytes())
    data[-1] ^= 1
    victim.write_bytes(data)
    time.sleep(1)  # the same content within the same second has the same name
    assert call(museum, "update") == 0
    mended = current(museum / "indexes")
    assert mended != served
    assert list(damage(mended, Manifest.read(mended))) == []


def test_a_release_made_by_other_rules_is_made_anew_although_nothing_changed(
    museum: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.build.RECIPE", indexing.RECIPE + 1)
    assert call(museum, "update") == 0
    assert summary(museum)["status"] == "published"


@pytest.mark.slow
def test_an_update_killed_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    """SIGKILL, VITRINE_TEST_KILLS times: what is served opens and is whole, and the next update ends well."""
    museum = make_museum(tmp_path / "museum")
    indexes, workspace = museum / "indexes", museum / "workspace"
    start = [sys.executable, "-m", "pipeline"]
    build = ["table", "--table", museum / "works.csv", "--images", museum / "images", "--encoder", "pocket"]
    options = ["--workspace", workspace, "--indexes", indexes, "--keep", "2", "--quiet"]
    environment = os.environ | {"OMP_NUM_THREADS": str(os.cpu_count())}
    subprocess.run([*start, "build", *map(str, [*build, *options])], cwd=ROOT, env=environment, check=True)
    loader, moments = Loader(indexes, interval=0), random.Random(8)
    seconds = json.loads((workspace / "report.json").read_text())["seconds"]
    for number in range(int(os.environ.get("VITRINE_TEST_KILLS", "3"))):
        write_table(museum, {number % 14: f"Night {number}"})
        process = subprocess.Popen(
            [*start, "update", "--workspace", workspace, "--quiet"], cwd=ROOT, env=environment, start_new_session=True
        )
        time.sleep(moments.uniform(0, 1.5 * seconds))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        served = current(indexes)
        assert list(damage(served, Manifest.read(served))) == []
        assert loader.current().folder.name == served.name
    subprocess.run([*start, "update", "--workspace", workspace], cwd=ROOT, env=environment, check=True)
    assert f"Night {number}" in str(loader.current().catalogue.artwork(number % 14))
    assert list(indexes.glob(".building*")) == []
    assert len(releases(indexes)) <= 2
