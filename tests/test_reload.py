"""A new release is published while visitors are asking: nobody notices but by the answers."""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexes.loader import Loader
from indexes.release import MANIFEST, releases, use
from tests.collection import small_collection
from tests.small_release import release_of, titled

ROOT = Path(__file__).resolve().parent.parent
SECONDS = float(os.environ.get("VITRINE_TEST_SECONDS", "4"))


@contextmanager
def served(indexes: Path, state: Path) -> Iterator[str]:
    """The service in two workers of gunicorn; gives its address."""
    environment = os.environ | {
        "VITRINE_INDEXES": str(indexes),
        "VITRINE_DATABASE_URL": f"sqlite:///{state / 'likes.sqlite'}",
        "VITRINE_SECRET_KEY": "of the tests",
        "WEB_CONCURRENCY": "2",
        "PORT": "0",
    }
    log = state / "gunicorn.log"
    with log.open("wb") as file:
        command = [sys.executable, "-m", "gunicorn", "wsgi:app"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
    try:
        address = _address(log)
        ask(address)  # the first answer takes as long as the workers take to start
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _address(log: Path) -> str:
    for _ in range(300):
        found = [line for line in log.read_text().splitlines() if "Listening at: " in line]
        if found:
            return found[0].split("Listening at: ")[1].split()[0]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def ask(address: str) -> tuple[int, str]:
    """One search: the status, and the title of the first work."""
    request = urllib.request.Request(f"{address}/search?mode=keyword&q=harbour", headers={"Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.status, json.load(answer)["results"][0]["title"]


def test_no_request_fails_while_releases_change(tmp_path: Path) -> None:
    release_of(tmp_path / "indexes", titled("Harbour one"))
    answers: list[tuple[int, str]] = []
    errors: list[Exception] = []
    done = threading.Event()

    def visit(address: str) -> None:
        while not done.is_set():
            try:
                answers.append(ask(address))
            except Exception as error:
                errors.append(error)

    with served(tmp_path / "indexes", tmp_path) as address:
        visitors = [threading.Thread(target=visit, args=(address,)) for _ in range(4)]
        for visitor in visitors:
            visitor.start()
        for title in ("Harbour two", "Harbour three"):
            time.sleep(SECONDS / 2)
            release_of(tmp_path / "indexes", titled(title))
        time.sleep(SECONDS / 2 + 2)
        last = {ask(address) for _ in range(8)}
        done.set()
        for visitor in visitors:
            visitor.join()
    assert errors == []
    assert Counter(status for status, _ in answers).keys() == {200}
    assert {title for _, title in answers} == {"Harbour one", "Harbour two", "Harbour three"}
    assert last == {(200, "Harbour three")}


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, str, str]:
    """Two releases; the second is served."""
    release_of(tmp_path, titled("One"))
    time.sleep(1.1)  # names are by the second
    release_of(tmp_path, titled("Two"))
    first, second = (folder.name for folder in releases(tmp_path))
    return tmp_path, first, second


def test_a_release_in_hand_answers_after_it_is_gone(two: tuple[Path, str, str]) -> None:
    root, first, second = two
    loader = Loader(root, interval=0)
    in_hand = loader.current()
    use(root, first)
    assert loader.current().manifest.name == first
    for file in sorted((root / "releases" / second).rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    assert in_hand.catalogue.artwork(0).title == "Two"


def test_a_damaged_new_release_leaves_the_present_one_served(
    two: tuple[Path, str, str], caplog: pytest.LogCaptureFixture
) -> None:
    root, first, second = two
    loader = Loader(root, interval=0)
    loader.current()
    manifest = root / "releases" / first / MANIFEST
    use(root, first)
    manifest.write_text(manifest.read_text().replace('"format_version": 1', '"format_version": 2'))
    assert [loader.current().manifest.name for _ in range(3)] == [second] * 3
    assert len(caplog.messages) == 1
    assert "its format version is 2" in caplog.text


def test_the_service_goes_on_while_the_link_is_missing(tmp_path: Path) -> None:
    loader = Loader(small_collection(tmp_path), interval=0)
    name = loader.current().manifest.name
    (tmp_path / "current").unlink()
    assert loader.current().manifest.name == name
