"""Damaged and hostile uploads: each is answered in a sentence, none by a failure, and memory stays what it was."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.hostile import write

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a process of its own was answered: its peak of memory is that of the uploads and of nothing before them."""
    folder = tmp_path_factory.mktemp("hostile")
    write(folder)
    command = [sys.executable, "-m", "tests.hostile", str(folder)]
    return json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)


def test_no_damaged_file_is_a_failure_and_each_gets_a_sentence(told: Any) -> None:
    bad = [answer for answer in told["answers"] if not answer[1]]
    assert len(told["answers"]) >= 300
    assert [(name, status) for name, _, status, _ in bad if status not in (413, 415)] == []
    assert [name for name, _, _, message in bad if not message.startswith("image: ") or len(message) < 25] == []


def test_a_picture_that_only_looks_wrong_is_read(told: Any) -> None:
    assert [(name, status, why) for name, good, status, why in told["answers"] if good and status != 200] == []


def test_memory_does_not_grow(told: Any) -> None:
    assert told["grown"] < 300  # megabytes
