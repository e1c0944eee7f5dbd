"""The pages of a harvest, each a file; and the walk over all pages, which goes on where it stopped."""

import gzip
import itertools
import json
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipeline.sources import SourceError
from pipeline.sources.harvard_api import Page

PAGE_SIZE = 100  # the most that the API gives
# The API's search engine may end its pages, and even its counting, at this many records; whatever it names as next.
_DEPTH = 10_000


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page stands: its number among the pages of all records whose id is above `after`."""

    after: int | None = None
    number: int = 1


@dataclass(frozen=True, slots=True)
class Header:
    """What the walk needs to know of a page, without its records."""

    position: Position
    ids: list[int]
    total: int | None
    more: bool


@dataclass(frozen=True, slots=True)
class PageStore:
    """Page files 1, 2, 3, ... of one question: gzipped lines of JSON, first the header, then each record."""

    folder: Path
    prefix: str = ""

    def path(self, number: int) -> Path:
        """Where a page is, or would be."""
        return self.folder / f"{self.prefix}{number:06}.jsonl.gz"

    def write(self, number: int, header: Header, records: list[Any]) -> None:
        """Puts the page there whole or not at all, whenever the machine stops."""
        lines = [json.dumps(value, ensure_ascii=False) for value in (asdict(header), *records)]
        write_whole(self.path(number), gzip.compress("\n".join(lines).encode("utf-8", "replace"), mtime=0))

    def headers(self) -> Iterator[Header]:
        """The headers of all pages up to the first that is missing or damaged."""
        for number in itertools.count(1):
            try:
                with gzip.open(self.path(number)) as lines:
                    fields = json.loads(lines.readline())
            except (OSError, EOFError, ValueError, zlib.error):
                return
            yield Header(Position(**fields.pop("position")), **fields)

    def records(self) -> Iterator[Any]:
        """Every record, page by page. Raises SourceError for a damaged page."""
        for number in itertools.count(1):
            path = self.path(number)
            if not path.exists():
                return
            try:
                with gzip.open(path) as lines:
                    lines.readline()
                    yield from map(json.loads, lines)
            except (OSError, EOFError, ValueError, zlib.error) as error:
                raise SourceError(f"{path} is damaged ({error}). Delete it, and run the same build again.") from error


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file that is there whole or not at all, whenever the machine stops."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@dataclass(slots=True)
class Walk:
    """How far a harvest has come, from the pages it has."""

    limit: int | None = None
    pages: int = 0
    seen: set[int] = field(default_factory=set)
    announced: int = 0  # records in all, as the pages from the beginning say
    _last: Header | None = None
    _fresh: int = 0  # ids of the last page that no page before it had
    _in_window: int = 0  # ids since the walk went on from an id

    def take(self, header: Header) -> None:
        """Goes past a page."""
        before = len(self.seen)
        self.seen.update(header.ids)
        self._fresh = len(self.seen) - before
        self._in_window = self._fresh + (self._in_window if header.position.number > 1 else 0)
        if header.position.after is None:
            self.announced = max(self.announced, header.total or 0)
        self.pages += 1
        self._last = header

    def next(self) -> Position | None:
        """The page to ask for; None at the end.

        The API may stop naming a next page before all records were seen, or name one that it refuses to give, so from
        there, or from the last page that it surely gives, the walk goes on from the highest id. It ends where that
        brings no new id: also with a server that repeats its records, or never ends its pages. Raises SourceError for
        a server that keeps inventing records.
        """
        last = self._last
        if last is None:
            return Position()
        if self.limit is not None and len(self.seen) >= self.limit:
            return None
        total = None if last.total == _DEPTH else last.total
        if last.more and self._fresh:
            if last.position.number * PAGE_SIZE < _DEPTH:
                return Position(last.position.after, last.position.number + 1)
            if total is not None and self._in_window > total:
                raise SourceError(f"The Harvard API announced {total:,} records but does not stop sending more.")
        if not self._fresh and last.position.number == 1:
            return None
        if total is not None and self._in_window >= total:
            return None
        return self.beyond()

    def beyond(self) -> Position:
        """The page after the highest id."""
        return Position(max(self.seen, default=None))


def harvest(ask: Callable[[Position], Page], store: PageStore, limit: int | None = None, grown: bool = False) -> Walk:
    """Fetches every page that the store does not have yet; `grown`: looks for records beyond a finished harvest."""
    walk = Walk(limit)
    for header in store.headers():
        walk.take(header)
    position = walk.beyond() if grown and walk.seen else walk.next()
    while position:
        page = ask(position)
        ids = [found for record in page.records if (found := record_id(record)) is not None]
        header = Header(position, ids, page.total, page.more)
        store.write(walk.pages + 1, header, page.records)
        walk.take(header)
        position = walk.next()
    return walk


def record_id(record: Any) -> int | None:
    """A record's id, which may come as text; None where it has none."""
    found = str(record.get("id") if isinstance(record, dict) else None)
    return int(found) if found.isdecimal() and len(found) < 19 else None
