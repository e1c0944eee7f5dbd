"""One attempt at one picture, against a real local server and real files."""

import os
import socket
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import cloudpickle  # type: ignore[import-untyped]
import httpcore
import pytest
from PIL import Image

from indexes.pictures import Rendition
from pipeline import transport
from pipeline.fetch import Limits, Reference, Refused, fetch, names_private
from tests.image_server import Answer, ImageServer, encoded, jpeg, painting, redirect

OPEN = Limits(allow_private=True)


@pytest.fixture(scope="module")
def server() -> Iterator[ImageServer]:
    with ImageServer() as running:
        yield running


def get(url: str, limits: Limits = OPEN) -> Rendition | Refused:
    return fetch(Reference(url), limits)


def refused(answer: Rendition | Refused) -> Refused:
    assert isinstance(answer, Refused)
    assert answer.reason.strip()
    return answer


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


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 501])
def test_a_status_that_stays(server: ImageServer, status: int) -> None:
    answer = refused(get(server.add(f"/{status}", Answer(status=status))))
    assert (answer.status, answer.retry, answer.throttled) == (f"http {status}", False, False)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
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


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"])
def test_private_addresses_are_refused_before_any_connection(server: ImageServer, host: str) -> None:
    server.add("/private.jpg", Answer(jpeg()))
    before = len(server.requests)
    answer = refused(get(server.url("/private.jpg", host), Limits()))
    assert (answer.status, answer.retry) == ("private address", False)
    assert "fetching from there must be allowed" in answer.reason
    assert len(server.requests) == before


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
        "fe80::1",
    ],
)
def test_every_kind_of_private_address(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    assert refused(get(f"http://{host}/x.jpg", Limits())).status == "private address"


def test_a_name_is_looked_up_once_and_the_checked_address_is_used(
    server: ImageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads to a public address when checked and to this machine afterwards gains nothing."""
    looked_up: list[str] = []
    connected: list[str] = []

    def rebinding(host: str, port: int, **_: Any) -> list[Any]:
        looked_up.append(host)
        address = "93.184.216.34" if len(looked_up) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def no_network(self: object, host: str, *_: Any) -> Any:
        connected.append(host)
        raise httpcore.ConnectError("unreachable")

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", no_network)
    assert refused(get("http://rebinding.example/x.jpg", Limits())).status == "no connection"
    assert (looked_up, connected) == (["rebinding.example"], ["93.184.216.34"])


def test_a_redirect_into_a_private_network_is_refused(server: ImageServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.add("/inside.jpg", Answer(jpeg()))
    outside = server.add("/outside", redirect(server.url("/inside.jpg", "localhost")))
    monkeypatch.setattr(transport, "_may_reach", lambda *_, **__: server.count("/outside") == 0)
    assert refused(get(outside, Limits(user_agent="from outside"))).status == "private address"
    assert server.count("/inside.jpg") == 0


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


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("localhost", True), ("127.0.0.1", True), ("10.1.2.3", True), ("192.168.0.9", True), ("::1", True),
        ("169.254.169.254", False), ("0.0.0.0", False), ("8.8.8.8", False), ("example.org", False), ("", False),
    ],
)  # fmt: skip
def test_what_names_a_private_machine_outright(host: str, private: bool) -> None:
    assert names_private(host) == private


def test_a_private_machine_named_outright_may_be_allowed(server: ImageServer) -> None:
    server.add("/own.jpg", Answer(jpeg()))
    assert isinstance(get(server.url("/own.jpg", "127.0.0.1"), Limits(allow_named=True)), Rendition)


NAMED = Limits(allow_named=True)


def test_a_machine_named_outright_may_redirect_to_itself_and_to_no_other(server: ImageServer) -> None:
    server.add("/end.jpg", Answer(jpeg()))
    itself = server.add("/itself", redirect(server.url("/end.jpg")))
    assert isinstance(get(itself, NAMED), Rendition)
    other = server.add("/other", redirect(server.url("/end.jpg", "localhost")))
    before = server.count("/end.jpg")
    assert refused(get(other, NAMED)).status == "private address"
    assert server.count("/end.jpg") == before
    assert isinstance(get(other, OPEN), Rendition)


@pytest.mark.parametrize("limits", [Limits(), NAMED, OPEN], ids=["never", "named", "always"])
@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/x"])
def test_where_clouds_keep_a_machines_keys_is_never_asked(server: ImageServer, limits: Limits, target: str) -> None:
    assert refused(get(target, limits)).status == "private address"
    if limits != Limits():
        answer = refused(get(server.add("/to-keys", redirect(target)), limits))
        assert answer.status == "private address"
        assert answer.reason.endswith("from where nothing is ever fetched")


def test_a_name_that_leads_into_a_private_network_is_refused_unless_all_are_allowed(
    server: ImageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add("/inside.jpg", Answer(jpeg()))
    looked_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *rest, **more: looked_up("127.0.0.1", *rest, **more))
    url = server.url("/inside.jpg", "images.museum.example")
    before = server.count("/inside.jpg")
    for limits in (Limits(), NAMED):
        assert refused(get(url, limits)).status == "private address"
    assert server.count("/inside.jpg") == before
    assert isinstance(get(url, OPEN), Rendition)


def test_a_redirect_to_a_name_that_leads_into_a_private_network_is_refused(
    server: ImageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add("/inside.jpg", Answer(jpeg()))
    start = server.add("/to-name", redirect(server.url("/inside.jpg", "inside.example")))
    looked_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *rest, **more: looked_up("127.0.0.1", *rest, **more))
    before = server.count("/inside.jpg")
    assert refused(get(start, NAMED)).status == "private address"
    assert server.count("/inside.jpg") == before
