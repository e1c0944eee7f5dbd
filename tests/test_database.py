import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect, make_url, select, text
from sqlalchemy.exc import OperationalError

from app.database import METADATA, VERSION, SchemaError, connect, upgrade
from app.likes import Judgement, Likes

pytest_plugins = ("tests.postgres",)
FIRST_VERSION = (
    "CREATE TABLE likes (visitor VARCHAR(64) NOT NULL, work VARCHAR(200) NOT NULL, value SMALLINT NOT NULL,"
    " at FLOAT NOT NULL, PRIMARY KEY (visitor, work))",
    "INSERT INTO likes VALUES ('ann', '1', 1, 5.0)",
)


@contextmanager
def plain(url: str) -> Iterator[Connection]:
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    elif address.database:
        Path(address.database).parent.mkdir(exist_ok=True)
    with create_engine(address, poolclass=NullPool).begin() as connection:
        yield connection


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()


def test_nothing_is_touched_before_the_first_use(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'likes.sqlite'}"):
        assert list(tmp_path.iterdir()) == []


def test_tables_are_made_once_by_many_at_the_same_time(database_url: str) -> None:
    failures: list[Exception] = []

    def start() -> None:
        try:
            with opened(database_url) as engine:
                Likes(engine).put(threading.current_thread().name, "1", "like")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with plain(database_url) as connection:
        assert set(inspect(connection).get_table_names()) == set(METADATA.tables)
        assert connection.execute(text("SELECT version FROM schema_version")).scalars().all() == [VERSION]
        assert connection.execute(text("SELECT count(*) FROM likes")).scalar() == 8


def test_a_database_of_the_first_version_is_brought_up_to_date(database_url: str) -> None:
    with plain(database_url) as connection:
        for statement in FIRST_VERSION:
            connection.execute(text(statement))
    for _ in range(2):
        with opened(database_url) as engine:
            assert Likes(engine).all("ann") == (Judgement(work="1", value="like", at=5.0),)


def test_a_database_of_a_newer_version_is_left_alone(database_url: str) -> None:
    with opened(database_url) as engine:
        Likes(engine).of("ann")
    with plain(database_url) as connection:
        connection.execute(text("UPDATE schema_version SET version = 99"))
    with (
        opened(database_url) as engine,
        pytest.raises(SchemaError, match=f"has version 99, this Vitrine knows {VERSION}"),
    ):
        Likes(engine).of("ann")


def test_sqlite_keeps_a_write_ahead_log_and_flushes_it(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'likes.sqlite'}") as engine, engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 5000


def test_a_server_that_is_down_is_an_error_of_sqlalchemy_and_tried_again(tmp_path: Path) -> None:
    with opened(f"postgresql://vitrine@/postgres?host={tmp_path}") as engine:
        for _ in range(2):
            with pytest.raises(OperationalError):
                Likes(engine).of("ann")


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'likes.sqlite'}"
    upgrade(make_url(url))
    upgrade(make_url(url))
    with plain(url) as connection:
        assert connection.execute(select(METADATA.tables["schema_version"])).all() == [(VERSION,)]


def test_a_server_that_falls_silent_is_an_error_in_time_and_tried_again(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.watch.LATE", 0.5)
    with opened(postgres) as engine:
        likes = Likes(engine)
        likes.put("ann", "1", "like")
        processes = [int(path.name) for path in Path("/proc").glob("[0-9]*") if is_of(path, postgres)]
        assert processes
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            with pytest.raises(OperationalError):
                likes.of("ann")
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)
        assert likes.of("ann").liked == ("1",)


def is_of(process: Path, url: str) -> bool:
    """Whether the process belongs to the server at this address."""
    folder = str(make_url(url).query["host"])
    try:
        return (process / "cwd").readlink() == Path(folder) / "data"
    except OSError:
        return False
