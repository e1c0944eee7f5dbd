"""A disk that fills up while a build writes: what is served stays whole, and more room is all that is needed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOUNTING = ["unshare", "--user", "--map-root-user", "--mount"]


@pytest.fixture(scope="module")
def may_mount(tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp("mount")
    try:
        tried = subprocess.run([*MOUNTING, "mount", "-t", "tmpfs", "none", str(place)], capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no unshare")
    if tried.returncode:
        pytest.skip("this machine lets nobody mount a small disk")


@pytest.mark.slow
@pytest.mark.usefixtures("may_mount")
@pytest.mark.parametrize("which", ["workspace", "indexes", "both"])
def test_a_build_on_a_full_disk(tmp_path: Path, which: str) -> None:
    step = os.environ.get("VITRINE_TEST_DISK_STEP", "262144")
    command = [*MOUNTING, sys.executable, "-m", "tests.full_disk", str(tmp_path), which, step]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert (said["works"], said["pictures"]) == (14, 12)
    assert said["failed"]
    place = tmp_path / "disk" / ("indexes" if which == "indexes" else "workspace")
    assert {sentence.split(" is full (")[0] for sentence, _ in said["failed"]} <= {
        f"The disk of {place}", f"The disk of {tmp_path / 'disk' / 'indexes'}"
    }  # fmt: skip
