"""The demo exchange's books as they are on its disk: nothing is asked of it, and no fault of it is in the way."""

import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

UNIT = Decimal("1e-8")
DEPOSITS = 3
"""The book of the exchange that shows what accounts were given, below zero."""
OPEN = ("NEW", "PARTIALLY_FILLED")
HEADER_BYTES = 32
TRIES = 200
ORDERS = """
    SELECT number, client_id, symbol, side, type, price, quantity, executed, executed_quote, status, created_ms
    FROM orders WHERE uid = ? ORDER BY number
"""
TRADES = """
    SELECT number, order_number, symbol, price, quantity, quote, commission, commission_asset, is_buyer
    FROM trades WHERE uid = ? ORDER BY number
"""


@dataclass(frozen=True)
class Order:
    number: int
    client_id: str
    symbol: str
    side: str
    type: str
    price: Decimal
    quantity: Decimal
    executed: Decimal
    quote: Decimal
    status: str
    created_ms: int

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def bot_id(self) -> str | None:
        """Whose mark it bears."""
        words = self.client_id.split("-")
        return words[1] if len(words) == 3 and words[0] == "th" else None


@dataclass(frozen=True)
class Fill:
    number: int
    order_number: int
    symbol: str
    price: Decimal
    quantity: Decimal
    quote: Decimal
    commission: Decimal
    asset: str
    buys: bool


@dataclass(frozen=True)
class Photograph:
    """Of one moment: the account's orders and fills, its balances, and what each asset sums to over all books."""

    at_ms: int
    orders: tuple[Order, ...]
    fills: tuple[Fill, ...]
    balances: dict[str, Decimal]
    funded: dict[str, Decimal]
    """What the account was given."""
    sums: dict[str, int]

    @cached_property
    def twins(self) -> frozenset[int]:
        """The numbers of orders that came of a request of which an order was made already."""
        first: dict[str, int] = {}
        for order in self.orders:
            first.setdefault(order.client_id, order.number)
        return frozenset(order.number for order in self.orders if first[order.client_id] != order.number)

    @cached_property
    def by_number(self) -> dict[int, Order]:
        return {order.number: order for order in self.orders}

    @cached_property
    def by_client_id(self) -> dict[str, Order]:
        return {order.client_id: order for order in self.orders}

    @cached_property
    def fills_of(self) -> dict[int, list[Fill]]:
        found: dict[int, list[Fill]] = {}
        for fill in self.fills:
            found.setdefault(fill.order_number, []).append(fill)
        return found


def photograph(state: Path) -> Photograph:
    """Of the only account that the exchange has. The exchange holds its file locked: a copy of it is read."""
    with tempfile.TemporaryDirectory(prefix="photograph-") as folder:
        copy = Path(folder) / "exchange.sqlite"
        at_ms = _copy(state / "exchange.sqlite", copy)
        with closing(sqlite3.connect(copy)) as books:
            return _read(books, at_ms)


def _copy(source: Path, target: Path) -> int:
    """Whole: between its beginning and its end nothing was moved from the log into the file."""
    for _ in range(TRIES):
        before, at_ms = _mark(source), time.time_ns() // 1_000_000
        shutil.copyfile(source, target)
        shutil.copyfile(f"{source}-wal", f"{target}-wal")
        if before == _mark(source):
            return at_ms
    raise AssertionError(f"{source} cannot be copied while it stands still")


def _mark(source: Path) -> tuple[bytes, int, int]:
    told = source.stat()
    with Path(f"{source}-wal").open("rb") as log:
        return log.read(HEADER_BYTES), told.st_mtime_ns, told.st_size


def _read(books: sqlite3.Connection, at_ms: int) -> Photograph:
    accounts = [uid for (uid,) in books.execute("SELECT uid FROM accounts")]
    assert len(accounts) == 1, f"the exchange has the accounts {accounts}, and one was expected"
    balances = "SELECT asset, free + locked FROM balances WHERE uid = ?"
    return Photograph(
        at_ms=at_ms,
        orders=tuple(_order(row) for row in books.execute(ORDERS, accounts)),
        fills=tuple(_fill(row) for row in books.execute(TRADES, accounts)),
        balances={asset: units * UNIT for asset, units in books.execute(balances, accounts)},
        funded={asset: -units * UNIT for asset, units in books.execute(balances, (DEPOSITS,))},
        sums=dict(books.execute("SELECT asset, SUM(free + locked) FROM balances GROUP BY asset")),
    )


def _order(row: tuple[Any, ...]) -> Order:
    return Order(*row[:5], *(units * UNIT for units in row[5:9]), *row[9:])


def _fill(row: tuple[Any, ...]) -> Fill:
    price, quantity, quote, commission = (units * UNIT for units in row[3:7])
    return Fill(row[0], row[1], row[2], price, quantity, quote, commission, row[7], bool(row[8]))
