"""The ledger's file: opened once, by one process, and durable before anything is sent."""

import fcntl
import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
    id TEXT PRIMARY KEY,
    bot_id TEXT NOT NULL,
    own_id TEXT NOT NULL,
    symbol TEXT NOT NULL,
    pair TEXT NOT NULL,
    side TEXT NOT NULL,
    type TEXT NOT NULL,
    quantity TEXT NOT NULL,
    price TEXT,
    stop_price TEXT,
    time_in_force TEXT,
    dust TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    status TEXT NOT NULL,
    exchange_id INTEGER,
    executed TEXT NOT NULL,
    quote_executed TEXT NOT NULL,
    filled TEXT NOT NULL,
    sent_ms INTEGER,
    seen_ms INTEGER,
    told INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    watched_until_ms INTEGER,
    code INTEGER,
    message TEXT,
    UNIQUE (bot_id, own_id)
) STRICT;
CREATE INDEX IF NOT EXISTS orders_settled ON orders (settled, bot_id);
CREATE INDEX IF NOT EXISTS orders_created ON orders (side, created_ms);
CREATE INDEX IF NOT EXISTS orders_exchange ON orders (symbol, exchange_id);

CREATE TABLE IF NOT EXISTS fills (
    order_id TEXT NOT NULL REFERENCES orders (id),
    trade_id INTEGER NOT NULL,
    price TEXT NOT NULL,
    quantity TEXT NOT NULL,
    commission TEXT NOT NULL,
    asset TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (order_id, trade_id)
) STRICT;

CREATE TABLE IF NOT EXISTS positions (
    bot_id TEXT NOT NULL,
    pair TEXT NOT NULL,
    quantity TEXT NOT NULL,
    cost TEXT NOT NULL,
    realised TEXT NOT NULL,
    dust TEXT NOT NULL,
    PRIMARY KEY (bot_id, pair)
) STRICT;

CREATE TABLE IF NOT EXISTS released (
    bot_id TEXT NOT NULL,
    pair TEXT NOT NULL,
    quantity TEXT NOT NULL,
    cost TEXT NOT NULL,
    PRIMARY KEY (bot_id, pair)
) STRICT;

CREATE TABLE IF NOT EXISTS sales (
    id INTEGER PRIMARY KEY,
    bot_id TEXT NOT NULL,
    pair TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    profit TEXT NOT NULL,
    closed TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS sales_at ON sales (at_ms);
CREATE INDEX IF NOT EXISTS sales_bot ON sales (bot_id, at_ms);

CREATE TABLE IF NOT EXISTS flows (
    asset TEXT PRIMARY KEY,
    amount TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS outside (
    asset TEXT PRIMARY KEY,
    amount TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS changes (
    id INTEGER PRIMARY KEY,
    asset TEXT NOT NULL,
    before TEXT NOT NULL,
    now TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    seen INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS refusals (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    bot_id TEXT,
    what TEXT NOT NULL,
    rule TEXT NOT NULL,
    numbers TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS refusals_at ON refusals (at_ms);
"""
"""Decimals are kept as their digits, times as milliseconds since 1970. `closed` is what the whole trade won, where a
sale ended one. `flows` is what all fills have moved of a currency, `outside` what the account has beyond that, and
`changes` how that was changed by other hands than the bots', `seen` once a person has said so. `watched_until_ms`:
until then an order that is not there may still appear."""


class LedgerTaken(Exception):
    """Another gateway holds the ledger."""


def ledger_path(data: Path, venue: str) -> Path:
    """Each exchange has a ledger of its own: what was bought at one is not at another."""
    return data / "gateway" / f"{venue}.sqlite"


def take(path: Path) -> int:
    """A lock that ends with the process, as a file descriptor. Raises `LedgerTaken`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise LedgerTaken(f"{path} is in use by another gateway") from error
    return descriptor


def put_aside(path: Path) -> Path | None:
    """Where the file is now, with what belongs to it; None where there is none. Raises `LedgerTaken`."""
    if not path.exists():
        return None
    descriptor = take(path)
    try:
        aside = path.with_name(f"{path.stem}-{time.time_ns() // 1_000_000}{path.suffix}")
        for part in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + part).rename(aside.with_name(aside.name + part))
    finally:
        os.close(descriptor)
    return aside


def connect(path: Path) -> sqlite3.Connection:
    """The file as it should be; made if there is none."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    path.chmod(0o600)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=1000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(SCHEMA)
    return connection
