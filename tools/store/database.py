"""The one SQLite database: opened once, in WAL mode, brought to the newest schema."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, create_engine

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MS = 1000
"""How long a writer waits for another process; the event loop waits with it."""


class Store:
    """Hands out sessions on one database file.

    A transaction here is a few rows on a local file, well under a millisecond: it is done where it is asked for, on the
    event loop, so that a row is there before the next line runs.
    """

    def __init__(self, path: Path, busy_ms: int = BUSY_MS) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.busy_ms = busy_ms
        self.engine: Engine = create_engine(f"sqlite:///{path}")
        event.listen(self.engine, "connect", self._set_pragmas)

    def migrate(self) -> None:
        """Brings the file to the newest schema."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        self.path.chmod(0o600)

    def session(self) -> Session:
        return Session(self.engine, expire_on_commit=False)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that holds off other writers from its begin on: what it reads is still so when it writes."""
        with self.session() as session:
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session
            session.commit()

    @contextmanager
    def writing_at_once(self) -> Iterator[Session]:
        """The same, without a wait: raises `OperationalError` where another process writes."""
        with self.session() as session:
            connection = session.connection()
            connection.exec_driver_sql("PRAGMA busy_timeout=0")
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={self.busy_ms}")
            yield session
            session.commit()

    def close(self) -> None:
        self.engine.dispose()

    def _set_pragmas(self, connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        busy = f"busy_timeout={self.busy_ms}"
        for pragma in (busy, "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def is_busy(error: OperationalError) -> bool:
    """Whether another process was writing, so that it may be tried again."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
