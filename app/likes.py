"""The likes store: what each visitor said of each work, kept across restarts and releases."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Engine, Row, Select, delete, func, select
from sqlalchemy.exc import SQLAlchemyError

from app.database import LIKES, MAX_TITLE, insert_into, take_turn
from app.errors import Problem

VALUES = {"like": 1, "dislike": -1}
MOST = 5_000  # works that one visitor can judge
_NAMES = {number: name for name, number in VALUES.items()}
_REST = 10.0  # seconds without asking a database that has just failed
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a visitor said of one work."""

    work: str
    value: str  # a key of `VALUES`
    at: float  # seconds since 1970, UTC
    title: str | None = None  # of the work when it was judged, should it leave the collection


@dataclass(frozen=True, slots=True)
class Judgements:
    """The ids of the works a visitor judged, the latest first."""

    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()

    @classmethod
    def of(cls, judgements: Iterable[Judgement]) -> Self:
        """The ids alone, in the order given."""
        sides: dict[str, list[str]] = {"like": [], "dislike": []}
        for judgement in judgements:
            sides[judgement.value].append(judgement.work)
        return cls(tuple(sides["like"]), tuple(sides["dislike"]))


class Likes:
    """Likes and dislikes by visitor. Every call is one transaction, durable when it returns.

    Raises SQLAlchemyError where the database cannot be reached in time.
    """

    def __init__(self, engine: Engine, now: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._now = now
        self._rested = 0.0  # when to ask a database that failed again, by the monotonic clock; 0 while it is well

    def all(self, visitor: str) -> tuple[Judgement, ...]:
        """All that a visitor said, the latest first."""
        columns = (LIKES.c.work, LIKES.c.value, LIKES.c.at, LIKES.c.title)
        wanted = select(*columns).where(LIKES.c.visitor == visitor).order_by(LIKES.c.at.desc(), LIKES.c.work)
        with self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
        return tuple(Judgement(work=row.work, value=_NAMES[row.value], at=row.at, title=row.title) for row in rows)

    def of(self, visitor: str) -> Judgements:
        """The works that a visitor judged."""
        return Judgements.of(self.all(visitor))

    def glance(self, visitor: str, works: Sequence[str]) -> dict[str, str]:
        """What a visitor said (a key of `VALUES`) of those of the works that they judged.

        For pages, which can do without: nothing, and a line in the log, where the database fails.
        """
        wanted = select(LIKES.c.work, LIKES.c.value).where(LIKES.c.visitor == visitor, LIKES.c.work.in_(works))
        return {row.work: _NAMES[row.value] for row in self._glance(wanted)}

    def count(self, visitor: str) -> int:
        """How many works a visitor likes; as `glance`, 0 where the database fails."""
        wanted = select(func.count()).where(LIKES.c.visitor == visitor, LIKES.c.value == VALUES["like"])
        return next((number for (number,) in self._glance(wanted)), 0)

    def put(self, visitor: str, work: str, value: str, title: str | None = None) -> None:
        """Note that a visitor likes or dislikes (a key of `VALUES`) a work; it replaces what they said of it before."""
        self.put_all(visitor, [Judgement(work=work, value=value, at=self._now(), title=title)])

    def put_all(self, visitor: str, judgements: Iterable[Judgement]) -> None:
        """Note all of them, or, should one fail, none. What is noted already keeps its time.

        Raises Problem (409) where the visitor would have judged more than `MOST` works.
        """
        rows = [
            {
                "visitor": visitor,
                "work": judgement.work,
                "value": VALUES[judgement.value],
                "at": judgement.at,
                "title": judgement.title and judgement.title[:MAX_TITLE],
            }
            for judgement in sorted(judgements, key=lambda judgement: judgement.work)  # one order, or tabs block
        ]
        statement = insert_into(self._engine, LIKES)
        changed = {name: statement.excluded[name] for name in ("value", "at", "title")}
        statement = statement.on_conflict_do_update(
            index_elements=["visitor", "work"], set_=changed, where=LIKES.c.value != statement.excluded.value
        )
        if rows:
            with self._engine.begin() as connection:
                take_turn(connection, visitor)
                connection.execute(statement, rows)
                judged = select(func.count()).where(LIKES.c.visitor == visitor)
                if connection.execute(judged).scalar_one() > MOST:
                    raise Problem(
                        409,
                        f"You can like or dislike at most {MOST:,} works, and this would be more. Nothing was changed; "
                        "take some back first.",
                    )

    def take_back(self, visitor: str, work: str | None = None) -> None:
        """Forget what a visitor said of a work, or of all works."""
        statement = delete(LIKES).where(LIKES.c.visitor == visitor)
        with self._engine.begin() as connection:
            connection.execute(statement if work is None else statement.where(LIKES.c.work == work))

    def _glance(self, wanted: Select[Any]) -> Sequence[Row[Any]]:
        """What is wanted; nothing where the database fails.

        A database that failed is left alone for some seconds, so that nobody's search waits for it; then one asks it
        again, and still nobody waits with that one.
        """
        if time.monotonic() < self._rested:
            return ()
        if self._rested:
            self._rested = time.monotonic() + _REST
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(wanted).all()
        except SQLAlchemyError as error:
            _log.warning("likes: answering without hearts for %.0f s, the database cannot be read: %s", _REST, error)
            self._rested = time.monotonic() + _REST
            return ()
        self._rested = 0.0
        return rows
