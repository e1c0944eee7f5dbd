"""Addresses in private networks: which are refused, what is allowed, and no way around it."""

import socket
from typing import Any

import httpcore
import pytest

from indexes.pictures import Rendition
from pipeline import transport
from pipeline.fetch import Limits, names_private
from tests.fetching import OPEN, get, refused
from tests.fetching import server as server
from tests.image_server import Answer, ImageServer, jpeg, redirect


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
