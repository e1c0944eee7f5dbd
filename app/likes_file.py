"""A visitor's likes as a file: CSV or JSON, written for keeping and read back."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from app.errors import Problem
from app.export import csv_line, harmless
from app.likes import MOST, VALUES, Judgement
from indexes.artwork import Artwork, clean_text

COLUMNS = ("id", "value", "at", "title", "artist", "date")  # the first three are read back
MOST_BYTES = 2_000_000

Find = Callable[[str], Artwork | None]


def records(judgements: Iterable[Judgement], find: Find) -> list[dict[str, str | None]]:
    """The judgements by `COLUMNS`; `find` gives the works that are still in the collection."""
    found = []
    for judgement in judgements:
        work = find(judgement.work)
        found.append(
            {
                "id": judgement.work,
                "value": judgement.value,
                "at": datetime.fromtimestamp(judgement.at, UTC).isoformat(timespec="microseconds"),
                "title": work.title if work else judgement.title,
                "artist": work.artist if work else None,
                "date": work.date if work else None,
            }
        )
    return found


def to_csv(rows: Iterable[dict[str, str | None]]) -> str:
    """The records as a table that spreadsheets open: UTF-8 with its mark, a header, CRLF."""
    lines = ([row["id"], row["value"], row["at"], *(harmless(row[name]) for name in COLUMNS[3:])] for row in rows)
    return "\ufeff" + "".join(map(csv_line, (COLUMNS, *lines)))


def to_json(rows: Iterable[dict[str, str | None]]) -> str:
    """The records as JSON."""
    return json.dumps({"likes": list(rows)}, ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Reading:
    """Turns what was exported, or a plain list of ids, back into judgements."""

    find: Find
    now: float  # seconds since 1970: the time of a judgement that states none

    def read(self, data: bytes) -> list[Judgement]:
        """The judgements of a CSV or JSON file; of one work the last counts. Raises Problem (400, 413)."""
        if len(data) > MOST_BYTES:
            raise Problem(413, f"file: must be at most {MOST_BYTES // 1_000_000} MB", "file")
        try:
            text = data.decode("utf-8-sig").strip()
        except UnicodeDecodeError:
            raise Problem(400, "file: must be text in UTF-8", "file") from None
        rows = list(_json_rows(text) if text[:1] in ("{", "[") else _csv_rows(text))
        if len(rows) > MOST:
            raise Problem(400, f"file: must hold at most {MOST:,} works", "file")
        judgements = [self._judgement(number, row) for number, row in enumerate(rows, 1)]
        return list({judgement.work: judgement for judgement in judgements}.values())

    def _judgement(self, number: int, row: dict[str, Any]) -> Judgement:
        written = row.get("value")
        value = "like" if written is None else str(written).strip() or "like"
        if value not in VALUES:
            raise Problem(400, f"file: entry {number}: value: must be one of {', '.join(VALUES)}", "file")
        if type(row.get("id")) not in (str, int):
            raise Problem(400, f"file: entry {number}: id: must be a text", "file")
        try:
            named = Artwork(id=str(row["id"]), title=clean_text(row.get("title")))
        except ValueError as error:
            raise Problem(400, f"file: entry {number}: {error}", "file") from None
        work = self.find(named.id) or named
        return Judgement(work=named.id, value=value, at=self._time(number, row.get("at")), title=work.title)

    def _time(self, number: int, written: object) -> float:
        if written in (None, ""):
            return self.now
        try:
            moment = datetime.fromisoformat(str(written))
        except ValueError:
            raise Problem(400, f"file: entry {number}: at: must be a time like 2026-01-31T12:00:00Z", "file") from None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max(aware.timestamp(), 0.0), self.now)  # nobody liked a work before 1970


def _json_rows(text: str) -> Iterator[dict[str, Any]]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        raise Problem(400, "file: is not JSON that can be read", "file") from None
    rows = body.get("likes") if isinstance(body, dict) else body
    if not isinstance(rows, list) or not all(isinstance(row, dict | str) for row in rows):
        raise Problem(400, 'file: must hold a list of ids, or of entries like {"id": "...", "value": "like"}', "file")
    return ({"id": row} if isinstance(row, str) else row for row in rows)


def _csv_rows(text: str) -> Iterator[dict[str, Any]]:
    try:
        reader = csv.DictReader(StringIO(text), restkey="more", strict=True)
        names = {name.strip().casefold(): name for name in reader.fieldnames or ()}
        if "id" not in names:
            raise Problem(400, "file: the first line must name the columns, one of them id", "file")
        return iter([{name: row[written] for name, written in names.items()} for row in reader])
    except csv.Error as error:
        raise Problem(400, f"file: is not CSV that can be read ({error})", "file") from None
