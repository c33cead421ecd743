"""Order lists (OCO) in the store."""

from dataclasses import dataclass, replace

from tools.exchange.spot.span import Span
from tools.exchange.spot.store import Store

_COLUMNS = "number, uid, symbol, client_id, done, created_ms, updated_ms"


@dataclass(frozen=True)
class OrderList:
    """One OCO: its orders are those that carry its number."""

    number: int
    uid: int
    symbol: str
    client_id: str
    done: bool
    created_ms: int
    updated_ms: int


class ListTable:
    """Reads and writes order lists."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def insert(self, uid: int, symbol: str, client_id: str, now_ms: int) -> OrderList:
        """A new list that is executing."""
        statement = "INSERT INTO lists (uid, symbol, client_id, done, created_ms, updated_ms) VALUES (?, ?, ?, 0, ?, ?)"
        number = self._store.write(statement, uid, symbol, client_id, now_ms, now_ms)
        return OrderList(number, uid, symbol, client_id, False, now_ms, now_ms)

    def finish(self, order_list: OrderList, now_ms: int) -> OrderList:
        """Marks a list as done."""
        self._store.write("UPDATE lists SET done = 1, updated_ms = ? WHERE number = ?", now_ms, order_list.number)
        return replace(order_list, done=True, updated_ms=now_ms)

    def get(self, number: int) -> OrderList:
        """The list of a number, which must exist."""
        return self._all("number = ?", number)[0]

    def find(self, uid: int, number: int | None, client_id: str | None) -> OrderList | None:
        """By number, or the latest with a client's name for it."""
        if number is not None:
            found = self._all("uid = ? AND number = ?", uid, number)
        else:
            found = self._all("uid = ? AND client_id = ? ORDER BY number DESC LIMIT 1", uid, client_id)
        return found[0] if found else None

    def open(self, uid: int) -> list[OrderList]:
        """The account's lists that are executing."""
        return self._all("uid = ? AND done = 0 ORDER BY number", uid)

    def history(self, uid: int, span: Span) -> list[OrderList]:
        """The account's lists, oldest first."""
        condition = "uid = ? AND number >= ? AND created_ms BETWEEN ? AND ?"
        found = self._all(f"{condition} {span.ending}", uid, *span.bounds)
        return found if span.forward else found[::-1]

    def is_named(self, uid: int, client_id: str) -> bool:
        """Whether a list of the account that is executing has this name."""
        return bool(self._all("uid = ? AND client_id = ? AND done = 0", uid, client_id))

    def _all(self, condition: str, *values: object) -> list[OrderList]:
        rows = self._store.rows(f"SELECT {_COLUMNS} FROM lists WHERE {condition}", *values)  # noqa: S608
        return [OrderList(*(*row[:4], bool(row[4]), *row[5:])) for row in rows]
