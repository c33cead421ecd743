"""Orders in the store."""

from dataclasses import fields, replace

from tools.exchange.spot.filters import Crowd
from tools.exchange.spot.orders import Order
from tools.exchange.spot.span import Span
from tools.exchange.spot.store import Store

_NAMES = [field.name for field in fields(Order)]
_COLUMNS = ", ".join(_NAMES)
_INSERT = f"INSERT INTO orders ({', '.join(_NAMES[1:])}) VALUES ({', '.join('?' * (len(_NAMES) - 1))})"  # noqa: S608
_CHANGING = (
    "updated_ms", "working_ms", "status", "executed", "executed_quote", "locked", "prevented", "prevention_id",
    "expiry_reason",
)  # fmt: skip
_UPDATE = f"UPDATE orders SET {', '.join(f'{name} = ?' for name in _CHANGING)} WHERE number = ?"  # noqa: S608
_OPEN = "status IN ('NEW', 'PARTIALLY_FILLED')"


class OrderTable:
    """Reads and writes whole orders."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def insert(self, order: Order) -> Order:
        """The order with the number that it got."""
        values = [getattr(order, name) for name in _NAMES[1:]]
        return replace(order, number=self._store.write(_INSERT, *values))

    def save(self, order: Order) -> Order:
        """Writes what may change in an order."""
        self._store.write(_UPDATE, *(getattr(order, name) for name in _CHANGING), order.number)
        return order

    def get(self, number: int) -> Order:
        """The order of a number, which must exist."""
        return self._all("number = ?", number)[0]

    def find(self, uid: int, symbol: str, number: int | None, client_id: str | None) -> Order | None:
        """By number, or the latest with a client's name for it."""
        if number is not None:
            found = self._all("number = ? AND uid = ? AND symbol = ?", number, uid, symbol)
        else:
            condition = "uid = ? AND client_id = ? AND symbol = ? ORDER BY number DESC LIMIT 1"
            found = self._all(condition, uid, client_id, symbol)
        return found[0] if found else None

    def open_symbols(self) -> list[str]:
        """The symbols that have open orders."""
        return [name for (name,) in self._store.rows(f"SELECT DISTINCT symbol FROM orders WHERE {_OPEN}")]  # noqa: S608

    def resting(self, symbol: str, side: str) -> list[Order]:
        """The orders on the book of one side, best price first and then the one that has waited longest."""
        direction = "DESC" if side == "BUY" else "ASC"
        condition = f"symbol = ? AND {_OPEN} AND side = ? AND working_ms >= 0 AND price > 0"
        return self._all(f"{condition} ORDER BY price {direction}, working_ms, number", symbol, side)

    def waiting(self, symbol: str) -> list[Order]:
        """The stop orders that wait for their price, oldest first."""
        return self._all(f"symbol = ? AND {_OPEN} AND working_ms < 0 ORDER BY number", symbol)

    def open(self, uid: int, symbol: str | None = None) -> list[Order]:
        """An account's open orders, oldest first."""
        if symbol is None:
            return self._all(f"uid = ? AND {_OPEN} ORDER BY number", uid)
        return self._all(f"symbol = ? AND uid = ? AND {_OPEN} ORDER BY number", symbol, uid)

    def history(self, uid: int, symbol: str, span: Span) -> list[Order]:
        """An account's orders on a symbol, oldest first."""
        condition = "uid = ? AND symbol = ? AND number >= ? AND created_ms BETWEEN ? AND ?"
        found = self._all(f"{condition} {span.ending}", uid, symbol, *span.bounds)
        return found if span.forward else found[::-1]

    def of_list(self, list_id: int) -> list[Order]:
        """The orders of a list, in the order in which they were placed."""
        return self._all("list_id = ? AND list_id >= 0 ORDER BY number", list_id)

    def open_sibling(self, order: Order) -> Order | None:
        """The other order of its list, where it is still open."""
        legs = self.of_list(order.list_id)
        return next((leg for leg in legs if leg.is_open and leg.number != order.number), None)

    def is_named(self, uid: int, symbol: str, client_id: str) -> bool:
        """Whether an open order of the account has this name."""
        found = self._store.value(
            f"SELECT 1 FROM orders WHERE uid = ? AND client_id = ? AND symbol = ? AND {_OPEN}",  # noqa: S608
            *(uid, client_id, symbol),
        )
        return found is not None

    def crowd(self, uid: int, symbol: str) -> Crowd:
        """How many orders, stop orders and lists the account has open."""
        orders = self.open(uid, symbol)
        lists = {order.list_id for order in orders if order.list_id >= 0}
        return Crowd(len(orders), sum(order.is_stop for order in orders), len(lists))

    def next_prevention(self) -> int:
        """The number of the next prevented match."""
        return int(self._store.value("SELECT COALESCE(MAX(prevention_id) + 1, 0) FROM orders"))

    def _all(self, condition: str, *values: object) -> list[Order]:
        statement = f"SELECT {_COLUMNS} FROM orders WHERE {condition}"  # noqa: S608
        return [Order(*row) for row in self._store.rows(statement, *values)]
