"""A real PostgreSQL for tests: its own cluster in a temporary folder, reached by a Unix socket only."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url

_NUMBERS = count()


def binaries() -> Path | None:
    """The folder of Debian's newest PostgreSQL, or of the one on the PATH; None where there is none."""
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if versions:
        return max(versions, key=lambda path: float(path.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def server() -> Iterator[str]:
    """Start a PostgreSQL server; gives its SQLAlchemy address. Raises RuntimeError, which says what is missing."""
    place = binaries()
    if place is None:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    user = _account()
    folder = Path(tempfile.mkdtemp(prefix="vitrine-postgres-"))  # a socket's path must be short
    try:
        if user:
            shutil.chown(folder, user)
        data = folder / "data"
        _run([place / "initdb", "-D", data, "-U", "vitrine", "-A", "trust", "-E", "UTF8", "--no-sync"], folder, user)
        # No network at all; the disk is flushed as in service, so that a killed server loses nothing.
        settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=60"
        control: list[str | Path] = [place / "pg_ctl", "-D", data, "-w", "-t", "30"]
        _run([*control, "-o", settings, "-l", folder / "log", "start"], folder, user)
        try:
            yield f"postgresql://vitrine@/postgres?host={folder}"
        finally:
            _run([*control, "-m", "immediate", "stop"], folder, user)
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a server of its own, for the whole run."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(server())
        except RuntimeError as error:
            pytest.skip(f"not tested against PostgreSQL: {error}")
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new, empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'deep' / 'likes.sqlite'}"
    address = make_url(request.getfixturevalue("postgres")).set(drivername="postgresql+psycopg")
    name = f"test_{next(_NUMBERS)}"
    engine = create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return address.set(drivername="postgresql", database=name).render_as_string(hide_password=False)


def _account() -> str | None:
    """The account to run as: PostgreSQL refuses to run as root. None: the present one."""
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise RuntimeError("this runs as root, and there is no account `postgres` to start PostgreSQL as") from None


def _run(command: list[str | Path], folder: Path, user: str | None) -> None:
    done = subprocess.run([str(part) for part in command], cwd=folder, user=user, capture_output=True, check=False)
    if done.returncode:
        log = folder / "log"
        said = done.stderr.decode(errors="replace") + (log.read_text() if log.exists() else "")
        raise RuntimeError(f"PostgreSQL could not be started: {said.strip()}")
