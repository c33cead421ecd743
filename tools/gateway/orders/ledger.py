"""The gateway's own account of orders and fills: nothing is sent that does not stand here before."""

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from tools.gateway.orders.answers import Unreadable
from tools.gateway.orders.entry import Entry, Status, Told
from tools.gateway.orders.holdings import Holdings, text
from tools.gateway.orders.outside import Outside
from tools.gateway.orders.position import ZERO
from tools.gateway.orders.schema import connect, take

COLUMNS = tuple(field.name for field in fields(Entry))
DECIMALS = frozenset({"quantity", "price", "stop_price", "dust", "executed", "quote_executed", "filled"})
INSERT = (
    f"INSERT INTO orders ({', '.join(COLUMNS)}, settled) VALUES ({', '.join(f':{name}' for name in COLUMNS)}, :settled)"  # noqa: S608
)
UPDATE = f"UPDATE orders SET {', '.join(f'{name} = :{name}' for name in COLUMNS)}, settled = :settled WHERE id = :id"  # noqa: S608
REFUSE = """
    UPDATE orders SET status = 'refused', settled = 1, code = ?, message = ?, watched_until_ms = ?
    WHERE id = ? AND status IN ('recorded', 'sent', 'unknown')
"""
KEPT_REFUSALS = 20_000


class Ledger:
    """One process, one connection; every change is one transaction that is on the disk when it returns."""

    def __init__(self, path: Path) -> None:
        self._lock = take(path)
        self._connection = connect(path)
        self.holdings = Holdings(self._connection)
        self.outside = Outside(self._connection)

    def close(self) -> None:
        self._connection.close()
        os.close(self._lock)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is done in it, or nothing of it; within another one it is a part of that."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def add(self, entry: Entry) -> None:
        self._connection.execute(INSERT, _row(entry))

    def find(self, order_id: str) -> Entry | None:
        return self._first("WHERE id = ?", order_id)

    def find_own(self, bot_id: str, own_id: str) -> Entry | None:
        """By the client id that the bot gave it."""
        return self._first("WHERE bot_id = ? AND own_id = ?", bot_id, own_id)

    def find_at_exchange(self, symbol: str, exchange_id: int) -> Entry | None:
        return self._first("WHERE symbol = ? AND exchange_id = ?", symbol, exchange_id)

    def read_unsettled(self, bot_id: str | None = None) -> list[Entry]:
        """Orders that can still move something, of a bot or of all, oldest first."""
        if bot_id is None:
            return self._select("WHERE settled = 0 ORDER BY created_ms, id")
        return self._select("WHERE settled = 0 AND bot_id = ? ORDER BY created_ms, id", bot_id)

    def read_watched(self, now_ms: int) -> list[Entry]:
        """Orders that were not there, and may still appear."""
        return self._select("WHERE status = 'refused' AND watched_until_ms > ?", now_ms)

    def read_all(self) -> list[Entry]:
        return self._select("ORDER BY created_ms, id")

    def mark_sent(self, order_id: str, now_ms: int) -> None:
        """From now on it may be at the exchange."""
        with self.writing():
            self._change(order_id, "status = 'sent', sent_ms = ?", now_ms)

    def mark_unknown(self, order_id: str) -> None:
        with self.writing():
            self._connection.execute(
                "UPDATE orders SET status = 'unknown' WHERE id = ? AND status IN ('recorded', 'sent')", (order_id,)
            )

    def mark_told(self, order_id: str, *, told: bool = True) -> None:
        """Whether the bot knows that there is such an order."""
        with self.writing():
            self._change(order_id, "told = ?", int(told))

    def refuse(self, order_id: str, code: int, message: str, watched_until_ms: int | None = None) -> None:
        """There is no such order, says the exchange or whoever did not send it."""
        with self.writing():
            values = (code, message[:500], watched_until_ms)
            self._connection.execute(REFUSE, (*values, order_id))

    def note(self, order_id: str, told: Told, now_ms: int) -> Entry:
        """What the exchange says of an order, with the fills that it tells of; each counts once.

        Raises `Unreadable` for what it says of another one: a request that reached it twice made two of one client id.
        """
        with self.writing():
            entry = self._get(order_id)
            if entry.exchange_id not in (None, told.exchange_id):
                raise Unreadable(f"order {told.exchange_id} in the place of {entry.exchange_id}")
            entry = entry.after(told, now_ms)
            filled = entry.filled + sum((self.holdings.take(entry, fill) for fill in told.fills), ZERO)
            entry = replace(entry, filled=filled, executed=max(entry.executed, filled))
            self._connection.execute(UPDATE, _row(entry))
            if entry.side == "SELL" and entry.is_settled and not self._has_unsettled(entry):
                self.holdings.release(entry)
        return entry

    def forget(self, order_id: str) -> None:
        """The exchange has no such order any more: what it had filled stays filled, and no more comes of it."""
        with self.writing():
            entry = self._get(order_id)
            over = replace(entry, status=Status.EXPIRED, executed=entry.filled)
            self._connection.execute(UPDATE, _row(over))

    def count_entries(self, since_ms: int, bot_id: str | None = None) -> int:
        """How many entry orders were let through since then."""
        where, values = ("", (since_ms,)) if bot_id is None else ("AND bot_id = ?", (since_ms, bot_id))
        query = f"SELECT count(*) AS found FROM orders WHERE side = 'BUY' AND created_ms > ? {where}"  # noqa: S608
        return int(self._connection.execute(query, values).fetchone()["found"])

    def add_refusal(self, at_ms: int, bot_id: str | None, what: str, rule: str, numbers: Mapping[str, str]) -> None:
        """Keeps the newest ones."""
        with self._at_ease(), self.writing():
            insert = "INSERT INTO refusals (at_ms, bot_id, what, rule, numbers) VALUES (?, ?, ?, ?, ?)"
            found = self._connection.execute(insert, (at_ms, bot_id, what, rule, json.dumps(dict(numbers))))
            self._connection.execute("DELETE FROM refusals WHERE id <= ?", ((found.lastrowid or 0) - KEPT_REFUSALS,))

    @contextmanager
    def _at_ease(self) -> Iterator[None]:
        """Without waiting for the disk, as the audit does: a bot that is refused often holds up nobody's orders."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("PRAGMA synchronous=NORMAL")
        try:
            yield
        finally:
            self._connection.execute("PRAGMA synchronous=FULL")

    def read_refusals(self, limit: int = 100) -> list[dict[str, Any]]:
        """The newest, newest first."""
        rows = self._connection.execute("SELECT * FROM refusals ORDER BY id DESC LIMIT ?", (limit,))
        return [{**dict(row), "numbers": json.loads(row["numbers"])} for row in rows]

    def _has_unsettled(self, entry: Entry) -> bool:
        """Whether another order of the same bot and pair can still move something."""
        return any(one.pair == entry.pair for one in self.read_unsettled(entry.bot_id))

    def _change(self, order_id: str, what: str, *values: object) -> None:
        self._connection.execute(f"UPDATE orders SET {what} WHERE id = ?", (*values, order_id))  # noqa: S608

    def _get(self, order_id: str) -> Entry:
        found = self.find(order_id)
        if found is None:
            raise KeyError(order_id)
        return found

    def _first(self, where: str, *values: object) -> Entry | None:
        return next(iter(self._select(f"{where} LIMIT 1", *values)), None)

    def _select(self, where: str, *values: object) -> list[Entry]:
        query = f"SELECT {', '.join(COLUMNS)} FROM orders {where}"  # noqa: S608
        return [_entry(row) for row in self._connection.execute(query, values)]


def _row(entry: Entry) -> dict[str, Any]:
    row = {name: getattr(entry, name) for name in COLUMNS}
    texts = {name: text(row[name]) for name in DECIMALS if row[name] is not None}
    return row | texts | {"status": str(entry.status), "told": int(entry.told), "settled": int(entry.is_settled)}


def _entry(row: sqlite3.Row) -> Entry:
    values = {name: row[name] for name in COLUMNS}
    exact = {name: Decimal(values[name]) for name in DECIMALS if values[name] is not None}
    return Entry(**values | exact | {"status": Status(values["status"]), "told": bool(values["told"])})
