"""The workspace of one collection: everything a build has done so far, so that none of it is done twice."""

import csv
import fcntl
import hashlib
import json
import os
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from indexes.artwork import Artwork
from indexes.errors import VitrineError
from pipeline.sources import Failure


class WorkspaceBusy(VitrineError):
    """Another build is at work here; the sentence says which."""


class Workspace:
    """A folder; each stage reads files of it and writes files of it, whole or not at all."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.source = path / "source"  # the source's own: pages harvested, pictures drawn
        self.ledger = path / "pictures.jsonl"
        self.vectors = path / "vectors"
        self.report = path / "report.csv"
        self.summary = path / "report.json"
        self._records = path / "records.jsonl"
        self._rejected = path / "rejected.jsonl"
        self._state = path / "state.json"
        self._build = path / "build.json"
        self.source.mkdir(exist_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One build at a time. Raises WorkspaceBusy. The lock goes with the process, however it ends."""
        with (self.path / "lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                raise WorkspaceBusy(
                    f"workspace {self.path}: another build is at work here ({file.read().strip() or 'just started'}); "
                    "wait for it, or use another --workspace"
                ) from None
            file.truncate(0)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            file.write(f"process {os.getpid()} on {socket.gethostname()}, since {now}\n")
            file.flush()
            yield

    def keep_build(self, arguments: Sequence[str]) -> None:
        """Keep how a finished build was called, for `last_build`."""
        with replaced(self._build) as draft:
            draft.write_text(json.dumps({"arguments": list(arguments)}, ensure_ascii=False, indent=1) + "\n")

    def last_build(self) -> list[str]:
        """How the last build that was finished here was called: source and options. Empty where none was."""
        return json.loads(self._build.read_bytes())["arguments"] if self._build.exists() else []

    def state(self) -> dict[str, Any]:
        """What finished stages noted; empty before the first."""
        return json.loads(self._state.read_bytes()) if self._state.exists() else {}

    def note(self, **values: Any) -> None:
        """Note what a stage finished."""
        with replaced(self._state) as draft:
            draft.write_text(json.dumps(self.state() | values, indent=1, sort_keys=True))

    def keep_records(self, works: Iterable[Artwork], rejected: list[Failure]) -> str:
        """Replace the records by these works; returns a digest of them. `rejected` is read when all were read."""
        digest = hashlib.sha256()
        with replaced(self._records) as draft, draft.open("wb") as file:
            for work in works:
                line = json.dumps(work.to_json(), ensure_ascii=False).encode() + b"\n"
                file.write(line)
                digest.update(line)
        with replaced(self._rejected) as draft:
            lines = (json.dumps([f.id, f.url, f.status, f.reason]) for f in rejected)  # in ASCII: they quote anything
            draft.write_text("".join(line + "\n" for line in lines))
        return digest.hexdigest()

    def works(self) -> Iterator[Artwork]:
        """The records, in the source's order."""
        with self._records.open("rb") as file:
            for line in file:
                yield Artwork.from_json(json.loads(line))

    def count(self) -> int:
        """How many records there are."""
        with self._records.open("rb") as file:
            return sum(1 for _ in file)

    def rejected(self) -> list[Failure]:
        """What the source had to leave out or found wanting."""
        if not self._rejected.exists():
            return []
        with self._rejected.open("rb") as file:
            return [Failure(*json.loads(line)) for line in file]

    def write_summary(self, summary: dict[str, Any]) -> None:
        """Write what the last build came to, for programs."""
        with replaced(self.summary) as draft:
            draft.write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n")

    def write_report(self, failures: Iterable[Failure]) -> None:
        """Write the report of a build: one row for each failure."""
        with replaced(self.report) as draft, draft.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("id", "url", "status", "reason"))
            writer.writerows((f.id, f.url or "", f.status, f.reason) for f in failures)


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A draft beside `path` that takes its place when the block ends well: readers see the old file or the new one."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)  # half a draft must not hold the room that a full disk lacks
