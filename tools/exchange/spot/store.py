"""The database: its tables, its connection, and one transaction at a time."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.exchange.errors import ConfigurationError

FILE_NAME = "exchange.sqlite"
SCHEMA_VERSION = 1
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
FIRST_ACCOUNT = 100_000_001
"""Smaller numbers are the exchange's own books, which may go below zero."""

SCHEMA = f"""
CREATE TABLE accounts (
    uid INTEGER PRIMARY KEY, api_key TEXT NOT NULL UNIQUE, secret_key TEXT NOT NULL, can_trade INTEGER NOT NULL,
    enable_reading INTEGER NOT NULL, enable_withdrawals INTEGER NOT NULL, ip_restrict INTEGER NOT NULL,
    created_ms INTEGER NOT NULL) STRICT;
CREATE TABLE balances (
    uid INTEGER NOT NULL, asset TEXT NOT NULL, free INTEGER NOT NULL DEFAULT 0, locked INTEGER NOT NULL DEFAULT 0,
    updated_ms INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (uid, asset),
    CHECK (uid < {FIRST_ACCOUNT} OR (free >= 0 AND locked >= 0))) STRICT, WITHOUT ROWID;
CREATE TABLE postings (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, reference INTEGER NOT NULL, uid INTEGER NOT NULL,
    asset TEXT NOT NULL, amount INTEGER NOT NULL, time_ms INTEGER NOT NULL) STRICT;
CREATE TABLE orders (
    number INTEGER PRIMARY KEY AUTOINCREMENT, uid INTEGER NOT NULL, symbol TEXT NOT NULL, client_id TEXT NOT NULL,
    list_id INTEGER NOT NULL, side TEXT NOT NULL, type TEXT NOT NULL, tif TEXT NOT NULL, price INTEGER NOT NULL,
    quantity INTEGER NOT NULL, quote_quantity INTEGER NOT NULL, stop_price INTEGER NOT NULL,
    prevention TEXT NOT NULL, strategy_id INTEGER, strategy_type INTEGER, created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL, working_ms INTEGER NOT NULL, status TEXT NOT NULL, executed INTEGER NOT NULL,
    executed_quote INTEGER NOT NULL, locked INTEGER NOT NULL CHECK (locked >= 0), prevented INTEGER NOT NULL,
    prevention_id INTEGER, expiry_reason TEXT, CHECK (executed + prevented <= quantity)) STRICT;
CREATE INDEX open_orders ON orders (symbol, uid) WHERE status IN ('NEW', 'PARTIALLY_FILLED');
CREATE INDEX orders_of_account ON orders (uid, symbol, number);
CREATE INDEX orders_by_client ON orders (uid, client_id);
CREATE INDEX orders_by_time ON orders (uid, created_ms);
CREATE INDEX orders_of_list ON orders (list_id) WHERE list_id >= 0;
CREATE INDEX prevented_orders ON orders (prevention_id) WHERE prevention_id IS NOT NULL;
CREATE TABLE lists (
    number INTEGER PRIMARY KEY AUTOINCREMENT, uid INTEGER NOT NULL, symbol TEXT NOT NULL, client_id TEXT NOT NULL,
    done INTEGER NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL) STRICT;
CREATE INDEX lists_of_account ON lists (uid, number);
CREATE TABLE trades (
    number INTEGER NOT NULL, order_number INTEGER NOT NULL, list_id INTEGER NOT NULL, uid INTEGER NOT NULL,
    symbol TEXT NOT NULL, price INTEGER NOT NULL, quantity INTEGER NOT NULL, quote INTEGER NOT NULL,
    commission INTEGER NOT NULL, commission_asset TEXT NOT NULL, time_ms INTEGER NOT NULL,
    is_buyer INTEGER NOT NULL, is_maker INTEGER NOT NULL, PRIMARY KEY (number, order_number)) STRICT, WITHOUT ROWID;
CREATE INDEX trades_of_account ON trades (uid, symbol, number);
CREATE INDEX trades_of_order ON trades (order_number);
CREATE TABLE taken (
    symbol TEXT NOT NULL, side TEXT NOT NULL, price INTEGER NOT NULL, second INTEGER NOT NULL,
    quantity INTEGER NOT NULL, PRIMARY KEY (symbol, side, price)) STRICT, WITHOUT ROWID;
PRAGMA user_version = {SCHEMA_VERSION};
"""

Row = tuple[Any, ...]


class Store:
    """A connection whose writes happen in transactions, all of a request or none."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._turn = threading.RLock()
        self._prepare()

    @classmethod
    def in_memory(cls) -> "Store":
        """A store that ends with the process."""
        return cls(_connect(":memory:"))

    @classmethod
    def in_folder(cls, folder: Path) -> "Store":
        """The store of a state folder, made where it is not there; raises ConfigurationError."""
        path = folder / FILE_NAME
        try:
            folder.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
            path.touch(PRIVATE_FILE)
            return cls(_connect(str(path)))
        except (OSError, sqlite3.Error, ValueError) as error:
            raise ConfigurationError(f"--state {path}: it cannot be used ({error}). Name another folder.") from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commits what is done within, or nothing of it where an exception leaves it."""
        with self._turn:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, statement: str, *values: object) -> list[Row]:
        """What a query gives."""
        with self._turn:
            return self._connection.execute(statement, values).fetchall()

    def value(self, statement: str, *values: object) -> Any:
        """The first column of the first row, or None."""
        found = self.rows(statement, *values)
        return found[0][0] if found else None

    def write(self, statement: str, *values: object) -> int:
        """Changes rows; gives the number of the row that was inserted last."""
        return self._connection.execute(statement, values).lastrowid or 0

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _prepare(self) -> None:
        version = self.value("PRAGMA user_version")
        if version == 0 and not self.value("SELECT COUNT(*) FROM sqlite_master"):
            self._connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
        elif version != SCHEMA_VERSION:
            raise ValueError(f"it has schema version {version}, and this program reads {SCHEMA_VERSION}")


def _connect(path: str) -> sqlite3.Connection:
    """Opens a database for one process alone; it waits for nobody.

    Write-ahead logging keeps a transaction whole when the process is killed; synchronous=FULL also when the power goes.
    """
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    for setting in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {setting}")
    return connection
