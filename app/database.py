"""What the service remembers, in one SQL database: SQLite by default, PostgreSQL by its address."""

from pathlib import Path

from sqlalchemy import (
    Column,
    Engine,
    Float,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.pool import ConnectionPoolEntry

METADATA = MetaData()

LIKES = Table(
    "likes",
    METADATA,
    Column("visitor", String(64), primary_key=True),
    Column("work", String(200), primary_key=True),
    Column("value", SmallInteger, nullable=False),  # 1: like, -1: dislike
    Column("at", Float, nullable=False),  # seconds since 1970, UTC
)

# What is kept of an uploaded picture: its vectors, never the picture.
UPLOADS = Table(
    "uploads",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("identity", String(200), primary_key=True),  # of the encoder
    Column("vector", LargeBinary, nullable=False),  # float32, little-endian
    Column("at", Float, nullable=False, index=True),
)


def connect(url: str) -> Engine:
    """An engine for the database at `url`; its tables are made where they are missing."""
    address = make_url(url)
    if address.get_backend_name() == "postgresql" and address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")  # the driver that is installed
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    METADATA.create_all(engine)
    return engine


def _prepare_sqlite(connection: object, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA busy_timeout = 5000")
    cursor.execute("PRAGMA journal_mode = WAL")  # readers and the writer do not wait for one another
    cursor.execute("PRAGMA synchronous = FULL")  # an acknowledged like survives a power cut
    cursor.close()
