"""What the service remembers, in one SQL database: SQLite by default, PostgreSQL by its address."""

import contextlib
import time
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    NullPool,
    SmallInteger,
    String,
    Table,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from app.watch import watch

METADATA = MetaData()
MAX_TITLE = 300  # characters of a title that are kept beside a like

LIKES = Table(
    "likes",
    METADATA,
    Column("visitor", String(64), primary_key=True),
    Column("work", String(200), primary_key=True),
    Column("value", SmallInteger, nullable=False),  # 1: like, -1: dislike
    Column("at", Float(53), nullable=False),  # seconds since 1970, UTC
    Column("title", String(MAX_TITLE)),  # so that a work that left the collection can still be named
)

# Works a visitor was shown during this visit.
SHOWN = Table(
    "shown",
    METADATA,
    Column("visitor", String(64), primary_key=True),
    Column("work", String(200), primary_key=True),
    Column("at", Float(53), nullable=False, index=True),
)

# What is kept of an uploaded picture: its vectors, never the picture.
UPLOADS = Table(
    "uploads",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("identity", String(200), primary_key=True),  # of the encoder
    Column("vector", LargeBinary, nullable=False),  # float32, little-endian
    Column("at", Float(53), nullable=False, index=True),
)

# The work that an uploaded picture was recognised to show.
RECOGNISED = Table(
    "recognised",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("work", String(200), nullable=False),
    Column("at", Float(53), nullable=False, index=True),
)

VERSION = 2
_VERSION = Table("schema_version", METADATA, Column("version", Integer, nullable=False))
# What takes a database of the version before to this one; new tables need no mention. The first version wrote none.
_UPGRADES = {2: (f"ALTER TABLE likes ADD COLUMN title VARCHAR({MAX_TITLE})",)}

_BUSY = 5.0  # seconds to wait for another writer before a visitor is told to try again
_UPGRADE_LOCK = 0x56495452  # "VITR": the same number in every worker


class SchemaError(SQLAlchemyError):
    """The database was written by a newer Vitrine."""


def connect(url: str) -> Engine:
    """An engine for the database at `url`.

    Nothing is opened yet, so that the service starts and searches without its database. The first connection makes
    the tables, or brings those of an older version up to date; that may raise any SQLAlchemyError.
    """
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")  # the driver that is installed
    engine = create_engine(address, pool_pre_ping=_is_file(address), pool_timeout=_BUSY, **_options(address))
    if not _is_file(address):
        watch(engine)
    if engine.dialect.name == "sqlite":
        with contextlib.suppress(OSError):  # where the folder cannot be made, the first connection says so
            Path(address.database or "").parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)

    @event.listens_for(engine, "first_connect")
    def bring_up_to_date(*_: object) -> None:
        upgrade(address)

    return engine


def upgrade(address: URL) -> None:
    """Make the tables of a database, or alter them to this version. Workers that start together wait for one another.

    Raises SchemaError where a newer Vitrine has been at work, and any other SQLAlchemyError.
    """
    engine = create_engine(address, poolclass=NullPool, **_options(address))
    if engine.dialect.name == "sqlite":
        _keep_write_ahead_log(engine)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
        _bring_up_to_date(connection)


def _bring_up_to_date(connection: Connection) -> None:
    tables = inspect(connection).get_table_names()
    version = 1 if LIKES.name in tables else VERSION
    if _VERSION.name in tables:
        version = connection.execute(select(_VERSION.c.version)).scalar_one()
    if version > VERSION:
        raise SchemaError(f"the database has version {version}, this Vitrine knows {VERSION}; run a newer Vitrine")
    METADATA.create_all(connection)
    for number in range(version + 1, VERSION + 1):
        for statement in _UPGRADES[number]:
            connection.exec_driver_sql(statement)
    connection.execute(_VERSION.delete())
    connection.execute(_VERSION.insert().values(version=VERSION))


def insert_into(engine: Engine, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what to do about rows that are there already."""
    return postgresql.insert(table) if engine.dialect.name == "postgresql" else sqlite.insert(table)


def take_turn(connection: Connection, visitor: str) -> None:
    """Wait until nobody else writes for this visitor, up to the end of the transaction.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(visitor))))


def _options(address: URL) -> dict[str, Any]:
    return {"connect_args": _waiting(address), "hide_parameters": True}  # who likes what is for no log


def _waiting(address: URL) -> dict[str, Any]:
    """How long a connection waits for the server and for locks."""
    if _is_file(address):
        return {"timeout": _BUSY}
    limits = f"-c lock_timeout={int(_BUSY * 1000)} -c statement_timeout={int(_BUSY * 2000)}"
    return {"connect_timeout": 3} | ({} if "options" in address.query else {"options": limits})


def _is_file(address: URL) -> bool:
    return address.get_backend_name() == "sqlite"


def _prepare_sqlite(connection: Any, _entry: object) -> None:
    connection.execute("PRAGMA synchronous = FULL")  # an acknowledged like survives a power cut


def _keep_write_ahead_log(engine: Engine) -> None:
    """Readers and the writer do not wait for one another. The file remembers it, so this is asked for once a start."""
    patience = time.monotonic() + _BUSY
    while True:
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            return
        except OperationalError:  # SQLite does not wait by itself where several ask for this at once
            if time.monotonic() > patience:
                raise
            time.sleep(0.02)
