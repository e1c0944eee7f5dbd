import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.config import Settings
from app.log import REQUEST_ID, JsonLines
from tests.serving import ROOT

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What was logged so far, as it stands in the log."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger("app")
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_line_a_request_that_says_nothing_of_the_visitor(app: Flask, lines: Lines) -> None:
    client = app.test_client()
    client.post("/likes", json={"id": "blue-vase", "value": "like"}, environ_base={"REMOTE_ADDR": "203.0.113.7"})
    answer = client.get("/artworks/blue-vase?q=secret", headers={"Referer": "secret", "User-Agent": "secret"})
    client.get("/nowhere/secret")
    like, work, nowhere = lines()
    assert {"time", "level", "logger", "message", "id", "method", "route", "status", "milliseconds"} == set(work)
    assert (work["method"], work["route"], work["status"]) == ("GET", "/artworks/<work_id>", 200)
    assert work["id"] == answer.headers[REQUEST_ID]
    assert (like["route"], nowhere["route"], nowhere["status"]) == ("/likes", "unknown", 404)
    cookie = client.get_cookie("vitrine_visitor")
    assert cookie is not None
    for private in ("203.0.113.7", "127.0.0.1", "secret", "blue-vase", cookie.value.split(".")[0]):
        assert private not in json.dumps(lines())


def test_queries_are_logged_where_the_setting_wants_it(collection: Path, tmp_path: Path, lines: Lines) -> None:
    url = f"sqlite:///{tmp_path / 'likes.sqlite'}"
    app = create_app(Settings(indexes=collection, database_url=url, secret_key="s", log_queries=True))
    app.test_client().get("/search?q=blue%0Avase")
    assert lines()[-1]["query"] == "q=blue%0Avase"


def test_an_error_is_one_line_with_its_traceback_and_its_request(
    app: Flask, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("first line\nsecond line")

    monkeypatch.setattr("app.resources.search.search", broken)
    answer = app.test_client().get("/search")
    error, request = lines()
    assert (error["level"], error["id"]) == ("error", answer.headers[REQUEST_ID])
    assert "RuntimeError: first line\nsecond line" in error["traceback"]
    assert (request["id"], request["status"]) == (error["id"], 500)


def test_an_id_is_kept_only_from_a_trusted_web_server(app: Flask, collection: Path, tmp_path: Path) -> None:
    given = {REQUEST_ID: "from-outside-1"}
    assert app.test_client().get("/healthz", headers=given).headers[REQUEST_ID] != "from-outside-1"
    url = f"sqlite:///{tmp_path / 'likes.sqlite'}"
    behind = create_app(Settings(indexes=collection, database_url=url, secret_key="s", trusted_proxies=1)).test_client()
    assert behind.get("/healthz", headers=given).headers[REQUEST_ID] == "from-outside-1"
    for odd in ("a b", "", "x" * 65, "{", '"'):
        assert behind.get("/healthz", headers={REQUEST_ID: odd}).headers[REQUEST_ID] != odd


def test_searches_are_counted_by_mode_and_outcome(app: Flask) -> None:
    client = app.test_client()

    def counted(name: str, mode: str) -> float:
        lines = [
            line for line in client.get("/metrics").text.splitlines() if line.startswith(f'{name}_total{{mode="{mode}"')
        ]
        return float(lines[0].split()[-1]) if lines else 0

    before = counted("vitrine_searches", "keyword"), counted("vitrine_searches_without_result", "keyword")
    client.get("/search?q=vase&mode=keyword")
    client.get("/search?q=xyzzyx&mode=keyword")
    after = counted("vitrine_searches", "keyword"), counted("vitrine_searches_without_result", "keyword")
    assert (after[0] - before[0], after[1] - before[1]) == (2, 1)
    text = client.get("/metrics").text
    assert 0 <= float(text.split("\nvitrine_release_age_seconds ")[1].split("\n")[0]) < 3600
    assert "\nvitrine_release_refused 0.0" in text


SCRAPES = """
import gc, os, sys
from pathlib import Path
from app import create_app
from app.config import Settings

def kept():
    values = sum(type(thing).__name__ == "MmapedValue" for thing in gc.get_objects())
    return values, sorted(file.name for file in Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).iterdir())

app = create_app(Settings(indexes=Path(sys.argv[1]), database_url="sqlite:///" + sys.argv[2], secret_key="s"))
client = app.test_client()
client.get("/metrics")
before = kept()
for _ in range(10):
    text = client.get("/metrics").text
assert kept() == before, (before, kept())
print(text)
"""


def test_of_several_processes_each_metric_is_told_once_and_scraping_leaves_nothing(
    collection: Path, tmp_path: Path
) -> None:
    (tmp_path / "metrics").mkdir()
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics")}
    command = [sys.executable, "-c", SCRAPES, str(collection), str(tmp_path / "likes.sqlite")]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    for told in ("# HELP", "# TYPE"):
        names = [line.split()[2] for line in lines if line.startswith(told)]
        assert sorted(set(names)) == sorted(names)
    assert "vitrine_release_works 24.0" in lines
    assert "vitrine_release_refused 0.0" in lines
    assert 'vitrine_requests_total{address="/metrics",method="GET",status="200"} 10.0' in lines
