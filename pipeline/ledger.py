"""What became of each work's picture: an append-only log, so that a killed run goes on where it stopped."""

import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from indexes.artwork import Artwork
from indexes.pictures import Picture, PictureStore
from pipeline.fetch import Reference, Refused
from pipeline.sources import Failure

_SYNC_SECONDS = 5.0  # at most that much work is lost with the machine's power; nothing with the process


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is known of one work: its last picture, and what refused it since."""

    source: str = ""  # the key of the reference last tried
    picture: Picture | None = None
    refused: Refused | None = None


@dataclass(slots=True)
class Pending:
    """What a run has to do, and what it need not."""

    works: dict[Reference, list[str]] = field(default_factory=dict)  # to fetch: the ids of the works each serves
    pictured: list[str] = field(default_factory=list)  # ids of these, and of works whose picture is there, in order
    standing: list[Failure] = field(default_factory=list)  # refused for good in an earlier run
    without: list[str] = field(default_factory=list)  # ids of works that have no picture to fetch

    @property
    def awaited(self) -> set[str]:
        """Ids of the works whose picture is to be fetched."""
        return {work_id for ids in self.works.values() for work_id in ids}

    @property
    def kept(self) -> list[str]:
        """Ids of the works whose picture is there."""
        awaited = self.awaited
        return [work_id for work_id in self.pictured if work_id not in awaited]


def reference_to(work: Artwork, images: Path | None) -> Reference | None:
    """Where the work's picture is: its file in the folder of images, or else its address; None without either."""
    if work.image_file and images:
        try:
            found = (images / work.image_file).stat()
        except (OSError, ValueError):
            found = None
        if found or not work.image_url:
            return Reference(work.image_file, images, f"{found.st_size}-{found.st_mtime_ns}" if found else None)
    return Reference(work.image_url) if work.image_url else None


class Ledger:
    """The log `pictures.jsonl` of one workspace, and the store its pictures are in. One process writes it."""

    def __init__(self, path: Path, store: PictureStore) -> None:
        """Reads the log; a line that a killed process left unfinished is dropped, its work is then pending again."""
        self.store = store
        self._path = path
        self._entries: dict[str, _Entry] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = self._read()
        if lines > 2 * len(self._entries) + 1000:
            self._compact()
        self._log = path.open("ab")
        self._synced = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Puts every row on the disk for good."""
        if not self._log.closed:
            os.fsync(self._log.fileno())
            self._log.close()

    def picture(self, work: Artwork) -> Picture | None:
        """The work's picture as last fetched; None where it has none, or where it was refused for good since."""
        entry = self._entries.get(work.id)
        return entry.picture if entry and (work.image_file or work.image_url) else None

    def digest(self, work_id: str) -> str | None:
        """The digest of the last picture of this work."""
        entry = self._entries.get(work_id)
        return entry.picture.digest if entry and entry.picture else None

    def pending(self, works: Iterable[Artwork], images: Path | None, again: bool = False) -> Pending:
        """Sorts works by what is to be done about their pictures.

        To be fetched: what is new or has changed, what failed in passing, what has vanished from the store; and with
        `again` also what was refused for good.
        """
        stored = set(self.store.digests())
        pending = Pending()
        for work in works:
            reference = reference_to(work, images)
            entry = self._entries.get(work.id, _Entry())
            new = reference is not None and entry.source != reference.key
            if reference is None:
                pending.without.append(work.id)
            elif entry.refused and not (new or entry.refused.retry or again):
                pending.standing.append(_failure(work.id, reference, entry.refused))
            else:
                pending.pictured.append(work.id)
                if new or entry.refused or entry.picture is None or not _is_stored(entry.picture, stored):
                    pending.works.setdefault(reference, []).append(work.id)
        return pending

    def fetched(self, work_id: str, reference: Reference, picture: Picture) -> None:
        """Notes that the work's picture is in the store."""
        self._append(work_id, _Entry(reference.key, picture))

    def refused(self, work_id: str, reference: Reference, refused: Refused) -> Failure:
        """Notes why the work's picture is not to be had, and gives the row for the build's report.

        The picture that it had stays for as long as the failure may pass.
        """
        earlier = self._entries.get(work_id, _Entry()).picture if refused.retry else None
        self._append(work_id, _Entry(reference.key, earlier, replace(refused, retry_after=None)))
        return _failure(work_id, reference, refused)

    def _append(self, work_id: str, entry: _Entry) -> None:
        self._entries[work_id] = entry
        self._log.write(_line(work_id, entry))
        self._log.flush()
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            os.fsync(self._log.fileno())
            self._synced = time.monotonic()

    def _read(self) -> int:
        """Takes the log's rows into memory, the later ones over the earlier, and cuts off what is unfinished."""
        if not self._path.exists():
            return 0
        lines = 0
        with self._path.open("r+b") as log:
            finished = 0
            for line in log:
                if not line.endswith(b"\n"):
                    log.truncate(finished)
                    break
                finished += len(line)
                lines += 1
                self._take(line)
        return lines

    def _take(self, line: bytes) -> None:
        try:
            row = json.loads(line)
            self._entries[row["id"]] = _entry(row)
        except (ValueError, KeyError, TypeError):
            return  # written while the disk was failing: the work is looked at again

    def _compact(self) -> None:
        fresh = self._path.with_suffix(".fresh")
        with fresh.open("wb") as log:
            log.writelines(_line(work_id, entry) for work_id, entry in self._entries.items())
            log.flush()
            os.fsync(log.fileno())
        fresh.replace(self._path)


def _is_stored(picture: Picture, stored: set[str]) -> bool:
    return picture.digest in stored and (picture.large is None or picture.large in stored)


def _failure(work_id: str, reference: Reference, refused: Refused) -> Failure:
    return Failure(work_id, reference.location, refused.status, refused.reason, refused.retry)


def _line(work_id: str, entry: _Entry) -> bytes:
    row: dict[str, Any] = {"id": work_id, "source": entry.source}
    if entry.picture:
        row |= {name: getattr(entry.picture, name) for name in ("digest", "large", "width", "height", "colour")}
    if entry.refused:
        row |= {name: getattr(entry.refused, name) for name in ("status", "reason", "retry")}
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def _entry(row: dict[str, Any]) -> _Entry:
    picture = refused = None
    if "digest" in row:
        picture = Picture(row["digest"], row["large"], row["width"], row["height"], row["colour"])
    if "status" in row:
        refused = Refused(row["status"], row["reason"], row["retry"])
    return _Entry(row["source"], picture, refused)
