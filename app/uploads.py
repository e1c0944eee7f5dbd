"""Uploaded pictures: read in memory, turned into vectors, never stored.

The vectors, and which work was recognised, stay for a day under a key that nobody can guess, so that pages, filters
and methods of the same picture need no second upload.
"""

import secrets
import time
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, delete, insert, select

from app.database import RECOGNISED, UPLOADS

_KEPT = 86_400.0  # seconds


class Uploads:
    """Of uploaded pictures, by key: vectors, by the identity of their encoder, and the work that they show."""

    def __init__(self, engine: Engine, now: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._now = now

    def put(self, vectors: Mapping[str, NDArray[np.float32]], work: str | None = None) -> str:
        """Keep the vectors (d,) of one picture, by encoder identity, and the work it shows; returns its key."""
        key = secrets.token_urlsafe(18)
        at = self._now()
        rows = [
            {"key": key, "identity": identity, "vector": vector.astype("<f4").tobytes(), "at": at}
            for identity, vector in vectors.items()
        ]
        with self._engine.begin() as connection:
            for table in (UPLOADS, RECOGNISED):
                connection.execute(delete(table).where(table.c.at < at - _KEPT))
            if rows:  # none where the collection has no pictures to compare with
                connection.execute(insert(UPLOADS), rows)
            if work is not None:
                connection.execute(insert(RECOGNISED), {"key": key, "work": work, "at": at})
        return key

    def vectors(self, key: str) -> dict[str, NDArray[np.float32]]:
        """The vectors (d,) of the picture by encoder identity; none where it is unknown or too old."""
        wanted = select(UPLOADS.c.identity, UPLOADS.c.vector).where(
            UPLOADS.c.key == key, UPLOADS.c.at >= self._now() - _KEPT
        )
        with self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
        return {row.identity: np.frombuffer(row.vector, "<f4").astype(np.float32) for row in rows}

    def work(self, key: str) -> str | None:
        """The id of the work that the picture was recognised to show; None where it shows none, or is too old."""
        wanted = select(RECOGNISED.c.work).where(RECOGNISED.c.key == key, RECOGNISED.c.at >= self._now() - _KEPT)
        with self._engine.connect() as connection:
            return connection.execute(wanted).scalar()
