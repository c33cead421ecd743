"""What the gateway has written down, and what each Freqtrade believes: read from their own files."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

LIVE = ("recorded", "sent", "unknown", "open")
IN_DOUBT = ("recorded", "sent", "unknown")
WAIT_S = 10

Key = tuple[str, str]
"""A bot and a pair."""


@dataclass(frozen=True)
class Entry:
    """An order in the gateway's ledger, with its fills by number: price, quantity, commission and its asset."""

    id: str
    bot_id: str
    pair: str
    side: str
    type: str
    status: str
    executed: Decimal
    told: bool
    exchange_id: int | None
    created_ms: int
    fills: dict[int, tuple[Decimal, Decimal, Decimal, str]] = field(default_factory=dict)

    @property
    def what(self) -> str:
        """`entry`, `exit` or `stop`."""
        return "entry" if self.side == "BUY" else "stop" if self.type.startswith("STOP") else "exit"


@dataclass(frozen=True)
class GatewaySide:
    entries: dict[str, Entry]
    positions: dict[Key, Decimal]
    released: dict[Key, Decimal]
    """What trades left that could not be sold: the owner's from then on."""
    settled: set[Key]
    """Where a person had the ledger set to what is there."""
    refusals: list[tuple[str, str]]
    """Of each what was refused or found, and the rule."""

    def find(self, number: int) -> Entry | None:
        """By the exchange's number of the order."""
        return self._by_number.get(number)

    @cached_property
    def _by_number(self) -> dict[int, Entry]:
        return {entry.exchange_id: entry for entry in self.entries.values() if entry.exchange_id is not None}

    def of(self, bot_id: str) -> list[Entry]:
        """Oldest first."""
        return [entry for entry in self.entries.values() if entry.bot_id == bot_id]


@dataclass(frozen=True)
class BotOrder:
    """In Freqtrade's own database; `number` is the exchange's."""

    number: str
    side: str
    is_open: bool
    filled: Decimal


@dataclass(frozen=True)
class BotTrade:
    id: int
    pair: str
    is_open: bool
    amount: Decimal
    exit_reason: str | None
    profit: Decimal | None
    orders: tuple[BotOrder, ...]

    @property
    def has_stop(self) -> bool:
        return any(order.side == "stoploss" and order.is_open for order in self.orders)

    @property
    def moves(self) -> bool:
        """Whether an order of it other than its stop is open."""
        return any(order.side != "stoploss" and order.is_open for order in self.orders)


def read_gateway(data: Path) -> GatewaySide:
    with closing(_open(data / "gateway" / "demo.sqlite")) as ledger, ledger:
        ledger.execute("BEGIN")
        entries = {row["id"]: _entry(row) for row in ledger.execute("SELECT * FROM orders ORDER BY created_ms, id")}
        for row in ledger.execute("SELECT * FROM fills"):
            price, quantity, commission = (Decimal(row[name]) for name in ("price", "quantity", "commission"))
            entries[row["order_id"]].fills[row["trade_id"]] = (price, quantity, commission, row["asset"])
        rows = ledger.execute("SELECT * FROM positions").fetchall()
        left = ledger.execute("SELECT * FROM released").fetchall()
        refusals = [tuple(row) for row in ledger.execute("SELECT what, rule FROM refusals ORDER BY id")]
        told = ledger.execute("SELECT bot_id, numbers FROM refusals WHERE what = 'settled'").fetchall()
    settled = {(row["bot_id"], json.loads(row["numbers"]).get("pair", "")) for row in told}
    return GatewaySide(entries, _amounts(rows), _amounts(left), settled, refusals)


def _amounts(rows: Iterable[sqlite3.Row]) -> dict[Key, Decimal]:
    return {(row["bot_id"], row["pair"]): Decimal(row["quantity"]) for row in rows}


def read_bot(data: Path, bot_id: str) -> list[BotTrade]:
    """Oldest first; none where the bot has never run."""
    path = data / "bots" / bot_id / "own" / "trades-live.sqlite"
    if not path.exists():
        return []
    with closing(_open(path)) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        if not {"trades", "orders"} <= tables:
            return []
        orders = database.execute("SELECT * FROM orders ORDER BY id").fetchall()
        return [_trade(row, orders) for row in database.execute("SELECT * FROM trades ORDER BY id")]


def read_allowed(data: Path) -> set[str]:
    """The ids of all orders that the audit says were allowed on the wire."""
    query = """
        SELECT json_extract(action, '$.id') FROM audit
        WHERE verdict = 'allow' AND json_extract(action, '$.kind') = 'wire_order'
    """
    with closing(_open(data / "tradehelm.sqlite")) as database:
        return {found for (found,) in database.execute(query)}


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=WAIT_S, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _entry(row: sqlite3.Row) -> Entry:
    plain = {name: row[name] for name in ("id", "bot_id", "pair", "side", "type", "status", "exchange_id")}
    return Entry(**plain, executed=Decimal(row["executed"]), told=bool(row["told"]), created_ms=row["created_ms"])


def _trade(row: sqlite3.Row, orders: Iterable[sqlite3.Row]) -> BotTrade:
    mine = tuple(_order(order) for order in orders if order["ft_trade_id"] == row["id"])
    amount, profit = _decimal(row["amount"]), row["close_profit_abs"]
    return BotTrade(
        row["id"],
        row["pair"],
        bool(row["is_open"]),
        amount,
        row["exit_reason"],
        None if profit is None else _decimal(profit),
        mine,
    )


def _order(row: sqlite3.Row) -> BotOrder:
    return BotOrder(str(row["order_id"]), row["ft_order_side"], bool(row["ft_is_open"]), _decimal(row["filled"]))


def _decimal(value: Any) -> Decimal:
    return round(Decimal(str(value or 0)), 8)
