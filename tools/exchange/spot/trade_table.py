"""Trades in the store: one row for each order that took part. Where the house was the other side there is one row."""

from dataclasses import dataclass, fields

from tools.exchange.spot.span import Span
from tools.exchange.spot.store import Store


@dataclass(frozen=True)
class TradeSide:
    """One order's side of a trade; amounts in units of 1e-8, commission in the asset that it received."""

    number: int
    order_number: int
    list_id: int
    uid: int
    symbol: str
    price: int
    quantity: int
    quote: int
    commission: int
    commission_asset: str
    time_ms: int
    is_buyer: bool
    is_maker: bool


_NAMES = [field.name for field in fields(TradeSide)]
_INSERT = f"INSERT INTO trades ({', '.join(_NAMES)}) VALUES ({', '.join('?' * len(_NAMES))})"  # noqa: S608


class TradeTable:
    """Reads and writes sides of trades."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def next_number(self) -> int:
        """The number of the next trade."""
        return int(self._store.value("SELECT COALESCE(MAX(number), 0) + 1 FROM trades"))

    def insert(self, side: TradeSide) -> None:
        """Keeps one side of a trade."""
        self._store.write(_INSERT, *(getattr(side, name) for name in _NAMES))

    def of_order(self, number: int) -> list[TradeSide]:
        """What an order traded, oldest first."""
        return self._all("order_number = ? ORDER BY number", number)

    def history(self, uid: int, symbol: str, span: Span, order_number: int | None) -> list[TradeSide]:
        """An account's trades on a symbol, of one order or of all; oldest first."""
        condition, values = (
            "uid = ? AND symbol = ? AND number >= ? AND time_ms BETWEEN ? AND ?",
            [uid, symbol, *span.bounds],
        )
        if order_number is not None:
            condition, values = f"{condition} AND order_number = ?", [*values, order_number]
        found = self._all(f"{condition} {span.ending}", *values)
        return found if span.forward else found[::-1]

    def _all(self, condition: str, *values: object) -> list[TradeSide]:
        statement = f"SELECT {', '.join(_NAMES)} FROM trades WHERE {condition}"  # noqa: S608
        return [TradeSide(*(*row[:-2], bool(row[-2]), bool(row[-1]))) for row in self._store.rows(statement, *values)]
