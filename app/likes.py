"""The likes store: what each visitor said of each work, kept across restarts and releases."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.database import LIKES

VALUES = {"like": 1, "dislike": -1}


@dataclass(frozen=True, slots=True)
class Judgements:
    """The ids of the works a visitor judged, the latest first."""

    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()


class Likes:
    """Likes and dislikes by visitor. Every call is one transaction, durable when it returns."""

    def __init__(self, engine: Engine, now: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._now = now
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    def of(self, visitor: str) -> Judgements:
        """All that a visitor said."""
        wanted = select(LIKES.c.work, LIKES.c.value).where(LIKES.c.visitor == visitor)
        with self._engine.connect() as connection:
            rows = connection.execute(wanted.order_by(LIKES.c.at.desc(), LIKES.c.work)).all()
        return Judgements(
            tuple(work for work, value in rows if value > 0), tuple(work for work, value in rows if value < 0)
        )

    def put(self, visitor: str, work: str, value: str) -> None:
        """Note that a visitor likes or dislikes (a key of `VALUES`) a work; it replaces what they said of it before."""
        row = {"value": VALUES[value], "at": self._now()}
        statement = self._insert(LIKES).values(visitor=visitor, work=work, **row)
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["visitor", "work"], set_=row))

    def take_back(self, visitor: str, work: str | None = None) -> None:
        """Forget what a visitor said of a work, or of all works."""
        statement = delete(LIKES).where(LIKES.c.visitor == visitor)
        with self._engine.begin() as connection:
            connection.execute(statement if work is None else statement.where(LIKES.c.work == work))
