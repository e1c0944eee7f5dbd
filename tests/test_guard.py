"""What requests pass before they are worked on: rates, gates, the trusted web server in front."""

import threading
import time
from pathlib import Path

import pytest
from flask import Flask
from limits.errors import StorageError

from app import create_app
from app.config import SettingError, Settings
from app.errors import Problem
from app.gates import Gate
from app.rates import Rates
from tests.serving import eventually

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


def site(collection: Path, tmp_path: Path, **settings: object) -> Flask:
    url = f"sqlite:///{tmp_path / 'likes.sqlite'}"
    return create_app(Settings(indexes=collection, database_url=url, secret_key="s", **settings))  # type: ignore[arg-type]


def test_a_flood_from_one_address_is_told_when_to_come_again(collection: Path, tmp_path: Path) -> None:
    client = site(collection, tmp_path, rate_read="3/minute", address_visitors=2).test_client()
    statuses = [client.get("/search", environ_base=ELSEWHERE).status_code for _ in range(8)]
    assert statuses == [200] * 6 + [429] * 2
    answer = client.get("/artworks/blue-vase", environ_base=ELSEWHERE)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert set(answer.get_json()["error"]) == {"status", "field", "message"}
    assert client.get("/search", headers={"Accept": "text/html"}, environ_base=ELSEWHERE).mimetype == "text/html"
    assert client.get("/search", environ_base={"REMOTE_ADDR": "203.0.113.8"}).status_code == 200
    assert 'vitrine_refused_total{reason="rate"}' in client.get("/metrics", environ_base=ELSEWHERE).text
    for address in ("/healthz", "/readyz", "/images/blue-vase", "/static/vitrine.css"):
        assert client.get(address, environ_base=ELSEWHERE, buffered=True).status_code == 200


def test_each_visitor_of_an_address_has_rates_of_their_own(collection: Path, tmp_path: Path) -> None:
    app = site(collection, tmp_path, rate_write="2/minute", address_visitors=10)
    one, other = app.test_client(), app.test_client()

    def like(client: object) -> int:
        body = {"id": "blue-vase", "value": "like"}
        return client.post("/likes", json=body, environ_base=ELSEWHERE).status_code  # type: ignore[attr-defined]

    assert [like(one) for _ in range(4)] == [200, 200, 200, 429]  # the first made the visitor
    assert like(other) == 200
    assert one.get("/likes", environ_base=ELSEWHERE).status_code == 200  # reading counts apart


def test_a_network_of_ipv6_is_one_address(collection: Path, tmp_path: Path) -> None:
    client = site(collection, tmp_path, rate_read="1/minute", address_visitors=1).test_client()
    statuses = [
        client.get("/search", environ_base={"REMOTE_ADDR": address}).status_code
        for address in ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1")
    ]
    assert statuses == [200, 429, 200]


def test_an_ipv4_address_written_as_one_of_ipv6_is_itself(collection: Path, tmp_path: Path) -> None:
    client = site(collection, tmp_path, rate_read="1/minute", address_visitors=1).test_client()
    statuses = [
        client.get("/search", environ_base={"REMOTE_ADDR": address}).status_code
        for address in ("::ffff:203.0.113.7", "::ffff:203.0.113.8", "203.0.113.7", "::ffff:203.0.113.8")
    ]
    assert statuses == [200, 200, 429, 429]
    here = {"REMOTE_ADDR": "::ffff:127.0.0.1"}
    assert {client.get("/search", environ_base=here).status_code for _ in range(3)} == {200}


def test_this_machine_is_not_counted_unless_a_web_server_stands_in_front(collection: Path, tmp_path: Path) -> None:
    client = site(collection, tmp_path, rate_read="1/minute", address_visitors=1).test_client()
    assert {client.get("/search").status_code for _ in range(20)} == {200}
    client = site(collection, tmp_path, rate_read="1/minute", address_visitors=1, trusted_proxies=1).test_client()
    assert [client.get("/search").status_code for _ in range(2)] == [200, 429]


def test_an_address_in_a_header_counts_only_from_a_trusted_web_server(collection: Path, tmp_path: Path) -> None:
    rates = {"rate_read": "1/minute", "address_visitors": 1}
    naive = site(collection, tmp_path, **rates).test_client()
    headers = [{"X-Forwarded-For": f"198.51.100.{n}"} for n in range(3)]
    assert [naive.get("/search", headers=h, environ_base=ELSEWHERE).status_code for h in headers] == [200, 429, 429]
    behind = site(collection, tmp_path, trusted_proxies=1, **rates).test_client()
    assert [behind.get("/search", headers=h).status_code for h in headers] == [200, 200, 200]
    forged = [{"X-Forwarded-For": f"10.0.0.{n}, 198.51.100.9"} for n in range(2)]  # the last was added by ours
    assert [behind.get("/search", headers=h).status_code for h in forged] == [200, 429]


def test_rates_can_be_switched_off(collection: Path, tmp_path: Path) -> None:
    client = site(collection, tmp_path, rate_read="off", rate_write="1/hour", address_visitors=1).test_client()
    assert {client.get("/search", environ_base=ELSEWHERE).status_code for _ in range(20)} == {200}


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("rate_read", "often", "VITRINE_RATE_READ: must be like 300/minute, or off"),
        ("rate_store", "nowhere://x", "VITRINE_RATE_STORE: cannot be used"),
        ("rate_store", "redis://localhost", "VITRINE_RATE_STORE: cannot be used"),  # its package is not installed
    ],
)
def test_rates_that_have_no_sense(collection: Path, tmp_path: Path, setting: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingError, match=sentence):
        site(collection, tmp_path, **{setting: value})


def settings(**others: object) -> Settings:
    return Settings(indexes=Path(), database_url="", secret_key="s", **others)  # type: ignore[arg-type]


def test_a_clock_that_jumps_locks_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_700_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    rates = Rates.of(settings(rate_read="2/minute", address_visitors=1))
    for jump in (0.0, -86_400.0, 172_800.0, -31_536_000.0):
        now[0] += jump
        waits = [rates.wait("read", "203.0.113.7", None) for _ in range(3)]
        assert waits[:2] == [0, 0]
        assert 1 <= waits[2] <= 60


@pytest.mark.parametrize("error", [StorageError(ConnectionError("refused")), TimeoutError("timed out")])
def test_where_the_counts_cannot_be_reached_everybody_is_let_in(
    error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rates = Rates.of(settings(rate_read="1/minute", address_visitors=1))
    asked: list[object] = []

    def gone(*_: object) -> bool:
        asked.append(_)
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(rates._counts, "hit", gone)
        assert [rates.wait("read", "203.0.113.7", None) for _ in range(3)] == [0, 0, 0]
    assert len(asked) == 1  # a store that hangs costs one visitor a second, not each
    assert "VITRINE_RATE_STORE cannot be reached" in caplog.text
    later = time.monotonic() + 10
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert [rates.wait("read", "203.0.113.7", None) > 0 for _ in range(2)] == [False, True]


def test_a_gate_lets_few_in_some_wait_and_sends_the_others_away() -> None:
    gate = Gate(places=1, queue=1, patience=30)
    entered = threading.Event()
    gate.enter()

    def wait() -> None:
        gate.enter()
        entered.set()

    def is_full() -> bool:
        free = gate._waiting.acquire(blocking=False)
        if free:
            gate._waiting.release()
        return not free

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert eventually(is_full)
    with pytest.raises(Problem) as refused:
        gate.enter()
    assert (refused.value.status, refused.value.retry_after) == (503, 2)
    assert not entered.is_set()
    gate.leave()
    waiting.join()
    assert entered.is_set()


def test_who_waits_too_long_is_sent_away() -> None:
    gate = Gate(places=1, queue=1, patience=0.01)
    with gate.within():
        for _ in range(3):
            with pytest.raises(Problem):
                gate.enter()
    gate.enter()


def test_places_are_given_back_whatever_becomes_of_a_request(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    client = app.test_client()
    with monkeypatch.context() as patch:
        patch.setattr("app.resources.search.search", broken)
        assert {client.get("/search").status_code for _ in range(20)} == {500}
    assert {client.get("/search?page=0").status_code for _ in range(20)} == {400}
    assert {client.get("/nowhere").status_code for _ in range(20)} == {404}
    assert client.get("/search").status_code == 200
