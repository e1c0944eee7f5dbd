"""What a visitor was shown during this visit, so that recommendations go on instead of repeating themselves."""

import time
from collections.abc import Callable, Iterable

from sqlalchemy import Engine, delete, select

from app.database import SHOWN, insert_into

VISIT = 12 * 3600.0  # seconds until a work may be shown again as if it were new


class Shown:
    """Works shown, by visitor, in the order they were shown. Raises SQLAlchemyError."""

    def __init__(self, engine: Engine, now: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._now = now

    def of(self, visitor: str, first: int | None = None) -> tuple[str, ...]:
        """The ids of all works shown, or of the `first` so many."""
        wanted = select(SHOWN.c.work).where(SHOWN.c.visitor == visitor, SHOWN.c.at >= self._now() - VISIT)
        with self._engine.connect() as connection:
            return tuple(connection.execute(wanted.order_by(SHOWN.c.at, SHOWN.c.work).limit(first)).scalars())

    def add(self, visitor: str, works: Iterable[str]) -> None:
        """Note that these were shown; one that was shown before keeps its place."""
        at = self._now()
        rows = [{"visitor": visitor, "work": work, "at": at} for work in sorted(set(works))]
        with self._engine.begin() as connection:
            connection.execute(delete(SHOWN).where(SHOWN.c.at < at - VISIT))
            if rows:
                connection.execute(insert_into(self._engine, SHOWN).on_conflict_do_nothing(), rows)

    def clear(self, visitor: str) -> None:
        """Start over: everything is new to this visitor again."""
        with self._engine.begin() as connection:
            connection.execute(delete(SHOWN).where(SHOWN.c.visitor == visitor))
