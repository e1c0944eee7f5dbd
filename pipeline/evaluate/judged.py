"""Judged queries: what is asked, and which works should be found."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexes.errors import VitrineError


class JudgedError(VitrineError):
    """A file of judged queries cannot be read; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One query and the works that answer it."""

    query: str
    kind: str  # figures are given for each kind apart
    relevant: Mapping[str, int]  # grade by work id: 1 or more, the higher the better
    ceiling: float = 1.0  # the success that can be hoped for, where works are too alike for the query to tell apart


def read(path: Path) -> list[Judged]:
    """The judged queries of a JSON Lines file. Raises JudgedError."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(_judged(json.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise JudgedError(
                f'{path.name}: line {number} must be like {{"query": "...", "kind": "...", "relevant": {{"id": 1}}}}'
            ) from None
    return found


def write(path: Path, queries: Iterable[Judged]) -> None:
    """Write judged queries, one a line."""
    lines = (json.dumps(_record(query)) for query in queries)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _record(query: Judged) -> dict[str, object]:
    record: dict[str, object] = {"query": query.query, "kind": query.kind, "relevant": dict(query.relevant)}
    return record if query.ceiling == 1 else record | {"ceiling": query.ceiling}


def _judged(record: dict[str, object]) -> Judged:
    grades = record["relevant"]
    if not isinstance(grades, dict) or not all(isinstance(grade, int) and grade > 0 for grade in grades.values()):
        raise ValueError
    ceiling = record.get("ceiling", 1.0)
    if not isinstance(ceiling, int | float) or not 0 <= ceiling <= 1:
        raise ValueError
    relevant = {str(key): grade for key, grade in grades.items()}
    return Judged(str(record["query"]), str(record.get("kind", "all")), relevant, float(ceiling))
