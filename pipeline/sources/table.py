"""A museum's export as a source: any table that `rows` reads, its columns mapped as `mapping` finds or is told."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexes.artwork import Artwork
from pipeline.sources import Failure, Report, SourceError
from pipeline.sources.mapping import MappingFile, column_map, leave_out, read_mapping
from pipeline.sources.records import NoRecord, to_artwork
from pipeline.sources.rows import BadRow, Numbered, open_rows

_CLEANING = 2  # counts up whenever the same table would give other records


@dataclass(frozen=True, slots=True)
class TableSource:
    """The works of a table file, with pictures from a folder, from addresses, or from both.

    A row that makes no record is a Failure ("bad row", "empty row", "bad id", "duplicate id") and the rest go on; so
    is a value that its field cannot hold ("bad value"), which is left out of its record, or cut ("too long").
    Memory does not grow with the table but for the ids, which have to be unique.
    """

    table: Path
    images: Path | None = None
    mapping: Path | None = None
    limit: int | None = None

    @property
    def name(self) -> str:
        """`table`."""
        return "table"

    def fingerprint(self) -> str:
        """SHA-256 of the table's bytes and of what shapes its records. Raises SourceError."""
        self._check_folders()
        try:
            with self.table.open("rb") as file:
                parts = [hashlib.file_digest(file, "sha256").hexdigest()]
            if self.mapping:
                parts.append(hashlib.sha256(self.mapping.read_bytes()).hexdigest())
        except OSError as error:
            raise SourceError(f"{error.filename} cannot be read: {error.strerror}.") from error
        return hashlib.sha256(json.dumps([_CLEANING, self.table.name, self.limit, *parts]).encode()).hexdigest()

    def records(self, workspace: Path, report: Report) -> Iterator[Artwork]:  # noqa: ARG002  # nothing to keep
        """Every work in the order of the table. Raises SourceError."""
        self._check_folders()
        columns, rows = open_rows(self.table)
        plan = column_map(columns, read_mapping(self.mapping) if self.mapping else MappingFile())
        seen: set[str] = set()
        for number, row in _without(plan.parts, rows):
            if self.limit is not None and len(seen) >= self.limit:
                return
            where = f"row {number}"
            if isinstance(row, BadRow):
                report(Failure(where, None, "bad row", f"The row cannot be read: {row.reason}."))
                continue
            try:
                artwork, problems = to_artwork(row, plan)
            except NoRecord as error:
                report(Failure(where, None, error.status, str(error)))
                continue
            except RecursionError:
                report(Failure(where, None, "bad row", "The row cannot be read: it is nested too deeply."))
                continue
            if artwork.id in seen:
                report(Failure(artwork.id, None, "duplicate id", f"Row {number} repeats the id of an earlier row."))
                continue
            for status, reason in problems:
                report(Failure(artwork.id, None, status, reason))
            seen.add(artwork.id)
            yield artwork

    def _check_folders(self) -> None:
        if not self.table.is_file():
            raise SourceError(f"The table {self.table} does not exist.")
        if self.images and not self.images.is_dir():
            raise SourceError(f"The folder of images {self.images} does not exist.")


def _without(parts: Sequence[str], rows: Iterator[Numbered]) -> Iterator[Numbered]:
    """The rows without these parts of their JSON.

    Raises SourceError after the last row where none had such a part: misspelt, it would not have been left out.
    """
    unmet = set(parts)
    for number, row in rows:
        try:
            unmet -= {part for part in parts if isinstance(row, dict) and leave_out(row, part.split("."))}
        except RecursionError:
            yield number, BadRow("it is nested too deeply")
        else:
            yield number, row
    if unmet:
        raise SourceError(f"The mapping's leave_out: no record has {min(unmet)!r}.")
