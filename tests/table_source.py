"""The table source over a table that a test writes."""

import json
from pathlib import Path
from typing import Any

from indexes.artwork import Artwork
from pipeline.sources import Failure
from pipeline.sources.table import TableSource


def gathered(
    tmp_path: Path, content: str | bytes, name: str = "table.csv", mapping: str | None = None, **options: Any
) -> tuple[list[Artwork], list[Failure]]:
    """The works and failures of a table with this content."""
    table = tmp_path / name
    table.write_bytes(content.encode() if isinstance(content, str) else content)
    if mapping is not None:
        options["mapping"] = tmp_path / "map.toml"
        options["mapping"].write_text(mapping, encoding="utf-8")
    failures: list[Failure] = []
    return list(TableSource(table, **options).records(tmp_path / "workspace", failures.append)), failures


def one(tmp_path: Path, record: dict[str, Any], mapping: str | None = None) -> Artwork:
    """The work of a single JSON record."""
    works, failures = gathered(tmp_path, json.dumps(record), "table.jsonl", mapping)
    assert failures == []
    (work,) = works
    return work
