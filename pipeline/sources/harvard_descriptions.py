"""Descriptions of images, found by image: an index on disk, because a museum's descriptions outgrow the memory."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.sources import values
from pipeline.sources.harvard_pages import record_id

_KEPT = ("id", "imageid", "type", "feature", "body", "source", "model")


def kept(annotation: Any) -> Any:
    """What a harvest keeps of an annotation: not the raw answer of the service that made it."""
    return {name: annotation[name] for name in _KEPT if name in annotation} if isinstance(annotation, dict) else None


@dataclass(frozen=True, slots=True)
class Descriptions:
    """The descriptions of whole images, each annotation once."""

    _index: sqlite3.Connection

    def of(self, image: int) -> list[str]:
        """Those of one image, ordered by the annotations' ids."""
        found = self._index.execute("SELECT body FROM description WHERE image = ? ORDER BY annotation", (image,))
        return [body for (body,) in found]


@contextmanager
def indexed(annotations: Iterable[Any], file: Path) -> Iterator[Descriptions]:
    """The descriptions among the annotations; `file` holds them and is removed in the end."""
    file.unlink(missing_ok=True)
    index = sqlite3.connect(file)
    try:
        index.execute("PRAGMA journal_mode = OFF")
        index.execute("PRAGMA synchronous = OFF")
        index.execute("CREATE TABLE description (annotation INTEGER PRIMARY KEY, image INTEGER, body TEXT)")
        index.executemany("INSERT OR REPLACE INTO description VALUES (?, ?, ?)", _described(annotations))
        index.execute("CREATE INDEX by_image ON description (image)")
        yield Descriptions(index)
    finally:
        index.close()
        file.unlink(missing_ok=True)


def _described(annotations: Iterable[Any]) -> Iterator[tuple[int, int, str]]:
    for annotation in annotations:
        identity = record_id(annotation)
        if identity is None or annotation.get("type") != "description" or annotation.get("feature") == "region":
            continue
        image = record_id({"id": annotation.get("imageid")})
        body = values.text(annotation.get("body"))
        if image is not None and body:
            yield identity, image, body
