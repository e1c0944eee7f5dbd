"""The walk over the pages of the Harvard API: where it ends, and what it keeps."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.sources import SourceError
from pipeline.sources.harvard_api import Page
from pipeline.sources.harvard_pages import PageStore, Position, harvest


class TestWalk:
    @staticmethod
    def ids(records: list[Any]) -> list[int]:
        return [record["id"] for record in records]

    @staticmethod
    def records(ids: range) -> list[dict[str, int]]:
        return [{"id": identity} for identity in ids]

    def test_goes_beyond_pages_and_counts_that_stop_at_ten_thousand(self, tmp_path: Path) -> None:
        def ask(position: Position) -> Page:
            rest = range((position.after or 0) + 1, 25_001)
            found = rest[(position.number - 1) * 1000 : position.number * 1000]
            return Page(self.records(found), min(len(rest), 10_000), position.number < min(10, -(-len(rest) // 1000)))

        store = PageStore(tmp_path)
        harvest(ask, store)
        assert self.ids(list(store.records())) == list(range(1, 25_001))

    @pytest.mark.parametrize("records", [9_950, 10_000, 20_150])
    def test_never_asks_for_more_than_ten_thousand_by_pages(self, tmp_path: Path, records: int) -> None:
        def ask(position: Position) -> Page:
            assert position.number <= 100
            rest = range((position.after or 0) + 1, records + 1)
            return Page(self.records(rest[(position.number - 1) * 100 : position.number * 100]), len(rest), more=True)

        assert harvest(ask, PageStore(tmp_path)).seen == set(range(1, records + 1))

    def test_ends_with_a_server_that_repeats_itself_for_ever(self, tmp_path: Path) -> None:
        asked: list[Position] = []

        def ask(position: Position) -> Page:
            asked.append(position)
            return Page(self.records(range(1, 11)), 500, more=True)

        walk = harvest(ask, PageStore(tmp_path))
        assert walk.seen == set(range(1, 11))
        assert walk.announced == 500
        assert asked == [Position(), Position(None, 2), Position(10, 1)]

    def test_ends_with_pages_that_never_end(self, tmp_path: Path) -> None:
        def ask(position: Position) -> Page:
            start = (position.number - 1) * 10
            return Page(self.records(range(start, min(start + 10, 30))), 30, more=True)

        assert harvest(ask, PageStore(tmp_path)).seen == set(range(30))

    def test_refuses_a_server_that_invents_records(self, tmp_path: Path) -> None:
        def ask(position: Position) -> Page:
            return Page(self.records(range(position.number * 100, position.number * 100 + 100)), 50, more=True)

        with pytest.raises(SourceError, match="announced 50 records but does not stop"):
            harvest(ask, PageStore(tmp_path))

    def test_limit(self, tmp_path: Path) -> None:
        def ask(position: Position) -> Page:
            return Page(self.records(range(position.number * 10, position.number * 10 + 10)), 1000, more=True)

        assert len(harvest(ask, PageStore(tmp_path), limit=15).seen) == 20

    def test_half_written_page_is_fetched_again(self, tmp_path: Path) -> None:
        def ask(position: Position) -> Page:
            return Page(self.records(range(position.number * 10, position.number * 10 + 10)), 30, position.number < 3)

        store = PageStore(tmp_path)
        harvest(ask, store)
        whole = store.path(2).read_bytes()
        store.path(2).write_bytes(whole[:20])
        harvest(ask, store)
        assert store.path(2).read_bytes() == whole
