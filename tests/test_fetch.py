"""One attempt at one picture, against a real local server and real files."""

import os
import socket
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

import cloudpickle  # type: ignore[import-untyped]
import pytest
from PIL import Image

from indexes.pictures import Rendition
from pipeline.fetch import Limits, Reference, Refused, fetch
from tests.fetching import OPEN, get, refused
from tests.fetching import server as server
from tests.image_server import Answer, ImageServer, encoded, jpeg, painting, redirect


def short(**limits: Any) -> Limits:
    return Limits(allow_private=True, **limits)


def test_a_good_picture_comes_back_as_renditions(server: ImageServer) -> None:
    answer = get(server.add("/good.jpg", Answer(jpeg(1))))
    assert isinstance(answer, Rendition)
    assert (answer.small, answer.large, answer.width, answer.height) == (jpeg(1), None, 60, 40)
    assert server.requests[-1].agent == OPEN.user_agent


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "GIF", "AVIF"])
def test_other_formats_too_whatever_the_server_calls_them(server: ImageServer, kind: str) -> None:
    url = server.add(f"/{kind}", Answer(encoded(painting(60, 40), kind), kind="text/plain"))
    assert isinstance(get(url), Rendition)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_status_that_stays(server: ImageServer, status: int) -> None:
    answer = refused(get(server.add(f"/{status}", Answer(status=status))))
    assert (answer.status, answer.retry, answer.throttled) == (f"http {status}", False, False)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 501, 502, 503, 504, 507, 509, 520, 530])
def test_a_status_that_passes(server: ImageServer, status: int) -> None:
    answer = refused(get(server.add(f"/{status}", Answer(status=status))))
    assert (answer.status, answer.retry, answer.retry_after) == (f"http {status}", True, None)
    assert answer.throttled == (status == 429)


def test_retry_after_in_seconds_and_as_a_date(server: ImageServer) -> None:
    def wait(value: str, status: int = 429) -> float | None:
        return refused(get(server.add("/wait", Answer(status=status, headers=(("Retry-After", value),))))).retry_after

    assert wait("7") == 7.0
    assert 80 < (wait(formatdate(time.time() + 90, usegmt=True)) or 0) <= 90
    assert wait(formatdate(time.time() - 90, usegmt=True)) == 0.0
    assert wait("soon") is None
    assert wait("-3") is None
    assert refused(get(server.add("/w", Answer(status=503, headers=(("Retry-After", "1"),))))).throttled


def test_a_page_in_place_of_a_picture(server: ImageServer) -> None:
    answer = get(server.add("/page", Answer(b"<html>Log in", kind="text/html; charset=utf-8")))
    assert answer == Refused("not an image", "the server sent text/html, not an image")


def test_nothing_at_all(server: ImageServer) -> None:
    assert refused(get(server.add("/empty", Answer()))) == Refused("empty", "the file has no bytes", retry=True)


def test_a_slow_server(server: ImageServer) -> None:
    answer = refused(get(server.add("/slow", Answer(jpeg(), delay=5)), short(idle_seconds=0.1)))
    assert (answer.status, answer.retry) == ("timeout", True)
    assert "0.1 without a byte" in answer.reason


@pytest.mark.parametrize("drip", [{"drip": 0.05}, {"drip_headers": 0.05}])
def test_a_server_that_drips_is_cut_off_when_the_whole_time_is_over(server: ImageServer, drip: Any) -> None:
    url = server.add("/drip", Answer(jpeg(), **drip))
    started = time.monotonic()
    assert refused(get(url, short(idle_seconds=5, total_seconds=0.4))).status == "timeout"
    assert 0.3 < time.monotonic() - started < 2


def test_an_answer_that_breaks_off(server: ImageServer) -> None:
    answer = refused(get(server.add("/cut", Answer(jpeg(), cut=300))))
    assert (answer.status, answer.retry) == ("broken answer", True)
    answer = refused(get(server.add("/more", Answer(jpeg(), length=len(jpeg()) + 50))))
    assert (answer.status, answer.retry) == ("broken answer", True)
    answer = refused(get(server.add("/less", Answer(jpeg(), length=300))))
    assert (answer.status, answer.retry) == ("truncated", True)


def test_redirects_are_followed_to_the_picture_and_only_so_far(server: ImageServer) -> None:
    server.add("/end.jpg", Answer(jpeg()))
    server.add("/middle", redirect("/end.jpg", 308))
    assert isinstance(get(server.add("/start", redirect(server.url("/middle")))), Rendition)
    answer = refused(get(server.add("/loop", redirect("/loop")), short(redirects=3)))
    assert (answer.status, answer.reason) == ("too many redirects", "the address redirects more than 3 times")
    assert server.count("/loop") == 4


def test_redirects_to_elsewhere_than_the_web_are_refused(server: ImageServer) -> None:
    assert refused(get(server.add("/ftp", redirect("ftp://127.0.0.1/x.jpg")))).status == "bad address"
    assert refused(get(server.add("/file", redirect("file:///etc/passwd")))).status == "bad address"


def test_too_many_bytes_are_not_read(server: ImageServer) -> None:
    big = server.add("/big", Answer(b"\xff" * 50_000))
    assert refused(get(big, short(max_bytes=10_000))).status == "too many bytes"
    claim = server.add("/claim", Answer(jpeg(), length=10_000_000, delay=0))
    assert refused(get(claim, short(max_bytes=10_000))) == Refused(
        "too many bytes", "the file has more than 0.01 million bytes"
    )


def test_too_many_pixels_are_not_decoded(server: ImageServer) -> None:
    bomb = server.add("/bomb.png", Answer(encoded(Image.new("1", (400, 400)), "PNG")))
    assert refused(get(bomb, short(max_pixels=100_000))).status == "too many pixels"


def test_cookies_do_not_go_along_with_the_next_request(server: ImageServer) -> None:
    url = server.add("/cookie", Answer(jpeg(), headers=(("Set-Cookie", "session=1; Path=/"),)))
    get(url)
    get(url)
    assert server.requests[-1].cookie is None


def test_no_server_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        answer = refused(get(f"http://127.0.0.1:{port}/x.jpg"))
    assert (answer.status, answer.retry) == ("no connection", True)


@pytest.mark.parametrize(
    "url", ["ftp://a/x.jpg", "file:///etc/passwd", "/etc/passwd", "http://", "http://[::1", "http://a:99999/", "x y"]
)
def test_bad_addresses(url: str) -> None:
    answer = refused(get(url))
    assert answer.status in {"bad address", "no connection"}
    assert answer.status == "bad address" or answer.retry


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "good.jpg").write_bytes(jpeg(1))
    (folder / "cut.jpg").write_bytes(jpeg(1)[:300])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "notes.txt").write_text("notes")
    (tmp_path / "secret.jpg").write_bytes(jpeg(2))
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (folder / "loop.jpg").symlink_to(folder / "loop.jpg")
    return folder


def test_a_file_in_the_folder(images: Path) -> None:
    answer = fetch(Reference("a/good.jpg", images), OPEN)
    assert isinstance(answer, Rendition)
    assert answer.small == jpeg(1)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("gone.jpg", "missing file"), ("a", "missing file"), ("loop.jpg", "unreadable file"),
        ("\0.jpg", "unreadable file"), ("../secret.jpg", "outside the folder"), ("link.jpg", "outside the folder"),
        ("/etc/passwd", "outside the folder"),
        ("cut.jpg", "truncated"), ("empty.jpg", "empty"), ("notes.txt", "not an image"),
    ],
)  # fmt: skip
def test_files_that_are_refused_stay_refused(images: Path, name: str, status: str) -> None:
    answer = refused(fetch(Reference(name, images), OPEN))
    assert (answer.status, answer.retry) == (status, False)


def test_a_file_that_cannot_be_read_just_now() -> None:
    answer = refused(fetch(Reference("mem", Path("/proc/self")), OPEN))  # the system answers with EIO
    assert (answer.status, answer.retry) == ("unreadable file", True)
    assert answer.reason == "file: mem cannot be read (Input/output error)"


def test_a_pipe_in_the_folder_does_not_hold_us_up(images: Path) -> None:
    os.mkfifo(images / "pipe.jpg")
    assert refused(fetch(Reference("pipe.jpg", images), OPEN)).status == "missing file"


def test_a_file_of_too_many_bytes(images: Path) -> None:
    assert refused(fetch(Reference("a/good.jpg", images), Limits(max_bytes=100))).status == "too many bytes"


def test_all_of_it_travels(server: ImageServer, images: Path) -> None:
    work = cloudpickle.dumps((fetch, Reference("a/good.jpg", images), OPEN))
    function, reference, limits = cloudpickle.loads(work)
    answer = function(reference, limits)
    assert cloudpickle.loads(cloudpickle.dumps(answer)) == answer
    failure = Refused("http 429", "the server answered 429", True, 3.0)
    assert cloudpickle.loads(cloudpickle.dumps(failure)) == failure
