"""The log of pictures: what is to be done, what was done, and what a killed process leaves behind."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexes.artwork import Artwork
from indexes.pictures import Picture, PictureStore
from pipeline.fetch import Reference, Refused
from pipeline.ledger import Ledger, reference_to
from pipeline.sources import Failure

GONE = Refused("http 404", "the server answered 404")
BUSY = Refused("http 503", "the server answered 503", retry=True, retry_after=9.0)


@pytest.fixture
def store(tmp_path: Path) -> PictureStore:
    return PictureStore(tmp_path / "pictures")


@pytest.fixture
def ledger(tmp_path: Path, store: PictureStore) -> Iterator[Ledger]:
    with Ledger(tmp_path / "pictures.jsonl", store) as opened:
        yield opened


def reopened(ledger: Ledger, tmp_path: Path) -> Ledger:
    ledger.close()
    again = Ledger(tmp_path / "pictures.jsonl", ledger.store)
    again.close()
    return again


def work(number: int = 1, url: str = "http://a/1.jpg") -> Artwork:
    return Artwork(id=str(number), image_url=url)


def stored(ledger: Ledger, content: bytes = b"small", large: bytes | None = None) -> Picture:
    return Picture(ledger.store.put(content), ledger.store.put(large) if large else None, 60, 40, "#102030")


def test_a_new_work_is_pending_until_its_picture_is_there(ledger: Ledger, tmp_path: Path) -> None:
    reference = Reference("http://a/1.jpg")
    assert ledger.pending([work()], None).works == {reference: ["1"]}
    assert ledger.picture(work()) is None
    picture = stored(ledger, large=b"large")
    ledger.fetched("1", reference, picture)
    for opened in (ledger, reopened(ledger, tmp_path)):
        pending = opened.pending([work()], None)
        assert (pending.works, pending.kept) == ({}, ["1"])
        assert opened.picture(work()) == picture


def test_works_with_the_same_picture_are_fetched_once(ledger: Ledger) -> None:
    assert ledger.pending([work(1), work(2)], None).works == {Reference("http://a/1.jpg"): ["1", "2"]}


def test_works_without_a_picture_are_counted_alone(ledger: Ledger, tmp_path: Path) -> None:
    nothing, file = Artwork(id="1"), Artwork(id="2", image_file="a.jpg")
    pending = ledger.pending([nothing, file], None)
    assert (pending.works, pending.without, pending.standing) == ({}, ["1", "2"], [])
    assert ledger.pending([nothing, file], tmp_path).without == ["1"]


def test_a_changed_address_is_fetched_anew_and_the_old_picture_serves_meanwhile(ledger: Ledger) -> None:
    picture = stored(ledger)
    ledger.fetched("1", Reference("http://a/1.jpg"), picture)
    changed = work(url="http://a/2.jpg")
    assert ledger.pending([changed], None).works == {Reference("http://a/2.jpg"): ["1"]}
    assert ledger.picture(changed) == picture
    assert ledger.picture(Artwork(id="1")) is None


@pytest.mark.parametrize("lost", [b"small", b"large"])
def test_a_picture_that_vanished_from_the_store_is_fetched_anew(ledger: Ledger, lost: bytes) -> None:
    reference = Reference("http://a/1.jpg")
    ledger.fetched("1", reference, stored(ledger, b"small", b"large"))
    ledger.store.remove(ledger.store.put(lost))
    assert ledger.pending([work()], None).works == {reference: ["1"]}


def test_what_failed_in_passing_is_tried_again_and_keeps_its_picture(ledger: Ledger, tmp_path: Path) -> None:
    reference, picture = Reference("http://a/1.jpg"), stored(ledger)
    ledger.fetched("1", reference, picture)
    assert ledger.refused("1", reference, BUSY) == Failure("1", "http://a/1.jpg", "http 503", BUSY.reason, retry=True)
    for opened in (ledger, reopened(ledger, tmp_path)):
        assert opened.pending([work()], None).works == {reference: ["1"]}
        assert opened.picture(work()) == picture


def test_what_was_refused_for_good_stands_until_asked_for_again(ledger: Ledger, tmp_path: Path) -> None:
    reference = Reference("http://a/1.jpg")
    ledger.fetched("1", reference, stored(ledger))
    failure = ledger.refused("1", reference, GONE)
    for opened in (ledger, reopened(ledger, tmp_path)):
        pending = opened.pending([work()], None)
        assert (pending.works, pending.kept, pending.standing) == ({}, [], [failure])
        assert opened.pending([work()], None, again=True).works == {reference: ["1"]}
        assert opened.picture(work()) is None


def test_a_file_is_known_by_size_and_time_too(ledger: Ledger, tmp_path: Path) -> None:
    file, one = tmp_path / "a.jpg", Artwork(id="1", image_file="a.jpg")
    file.write_bytes(b"12345")
    os.utime(file, ns=(5, 7_000))
    reference = reference_to(one, tmp_path)
    assert reference == Reference("a.jpg", tmp_path, "5-7000")
    ledger.fetched("1", reference, stored(ledger))
    assert ledger.pending([one], tmp_path).kept == ["1"]
    os.utime(file, ns=(5, 8_000))
    assert list(ledger.pending([one], tmp_path).works) == [Reference("a.jpg", tmp_path, "5-8000")]


def test_a_file_comes_before_an_address_if_it_is_there(tmp_path: Path) -> None:
    both = Artwork(id="1", image_file="a.jpg", image_url="http://a/1.jpg")
    assert reference_to(both, None) == Reference("http://a/1.jpg")
    assert reference_to(both, tmp_path) == Reference("http://a/1.jpg")
    assert reference_to(Artwork(id="1", image_file="a.jpg"), tmp_path) == Reference("a.jpg", tmp_path)
    (tmp_path / "a.jpg").write_bytes(b"")
    assert getattr(reference_to(both, tmp_path), "folder", None) == tmp_path


def test_a_line_cut_by_a_kill_costs_its_own_work_alone(ledger: Ledger, tmp_path: Path) -> None:
    picture = stored(ledger)
    for number in (1, 2):
        ledger.fetched(str(number), Reference(f"http://a/{number}.jpg"), picture)
    ledger.close()
    log = tmp_path / "pictures.jsonl"
    whole = log.read_bytes()
    first = whole.index(b"\n") + 1
    for length in range(first, len(whole)):
        log.write_bytes(whole[:length])
        with Ledger(log, ledger.store) as opened:
            pending = opened.pending([work(1), work(2, "http://a/2.jpg")], None)
            assert (pending.kept, list(pending.works.values())) == (["1"], [["2"]])
            opened.fetched("2", Reference("http://a/2.jpg"), picture)
        assert log.read_bytes() == whole


def test_a_line_that_makes_no_sense_is_passed_over(ledger: Ledger, tmp_path: Path) -> None:
    ledger.fetched("1", Reference("http://a/1.jpg"), stored(ledger))
    ledger.close()
    log = tmp_path / "pictures.jsonl"
    log.write_bytes(b'\0\0\0\n{"id": "2"}\n[1]\n' + log.read_bytes())
    with Ledger(log, ledger.store) as opened:
        assert opened.pending([work()], None).kept == ["1"]


def test_rows_are_on_the_disk_at_once(ledger: Ledger, tmp_path: Path) -> None:
    ledger.refused("1", Reference("http://a/1.jpg"), BUSY)
    rows = [json.loads(line) for line in (tmp_path / "pictures.jsonl").read_text().splitlines()]
    assert rows == [
        {"id": "1", "source": "http://a/1.jpg", "status": "http 503", "reason": BUSY.reason, "retry": True}
    ]  # fmt: skip


def test_a_log_that_grew_too_long_is_written_anew(ledger: Ledger, tmp_path: Path) -> None:
    picture = stored(ledger)
    ledger.fetched("1", Reference("http://a/1.jpg"), picture)
    for _ in range(1100):
        ledger.refused("1", Reference("http://a/1.jpg"), BUSY)
    ledger.refused("2", Reference("http://a/2.jpg"), GONE)
    opened = reopened(ledger, tmp_path)
    assert len((tmp_path / "pictures.jsonl").read_bytes().splitlines()) == 2
    assert opened.picture(work()) == picture
    again = reopened(opened, tmp_path)
    assert again.picture(work()) == picture
    assert [failure.id for failure in again.pending([work(2, "http://a/2.jpg")], None).standing] == ["2"]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["pictures.jsonl"]
