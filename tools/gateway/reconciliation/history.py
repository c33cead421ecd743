"""Orders that bear a bot's mark and are not in the ledger: taken into it from the exchange, with their fills.

They are there where the ledger was lost, or is an older copy.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tools.gateway.orders.answers import Unreadable, read_told
from tools.gateway.orders.entry import Entry, Status, bot_of, twin_id
from tools.gateway.orders.fills import Fills
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.market import Symbol, Symbols
from tools.gateway.orders.paths import ALL
from tools.gateway.orders.record import Record
from tools.gateway.orders.upstream import Exchange
from tools.gateway.reconciliation.sides import key_of

PAGE = 1000
MOST_PAGES = 100

log = logging.getLogger(__name__)


class History:
    """Takes orders in the order in which they were made, since what a bot holds depends on it."""

    def __init__(  # noqa: PLR0913  both sides, and who writes it down
        self,
        ledger: Ledger,
        exchange: Exchange,
        symbols: Symbols,
        fills: Fills,
        record: Record,
        clock_ms: Callable[[], int],
    ) -> None:
        self._ledger = ledger
        self._exchange = exchange
        self._symbols = symbols
        self._fills = fills
        self._record = record
        self._clock_ms = clock_ms
        self.left: dict[tuple[str, int], Mapping[str, Any]] = {}
        """Orders that could not be taken in, by symbol and number; each look tries again."""
        self._dismissed: set[tuple[str, int]] = set()

    def dismiss(self, key: tuple[str, int]) -> None:
        """A person has said that this order is not to be waited for any more."""
        self._dismissed.add(key)
        self.left.pop(key, None)

    async def adopt_all(self, symbols: Iterable[str]) -> int:
        """How many orders of these symbols were taken in, of all that there have been. Raises as `adopt` does."""
        return sum([await self._adopt_symbol(name) for name in symbols])

    async def adopt_newest(self, symbols: Iterable[str]) -> int:
        """The same of the newest thousand of each."""
        return sum([await self.adopt(await self._ask(name)) for name in symbols])

    async def adopt(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """How many of these were a bot's and not known, and are now. Raises what `Exchange.signed` does.

        One that cannot be taken in is `left`, with those of the same bot and symbol after it; the others are not.
        """
        missing = {key_of(row): row for row in (*self.left.values(), *rows) if self._is_missing(row)}
        self.left, blocked = {}, set()
        for key, row in sorted(missing.items(), key=lambda one: one[0][1]):
            whose = (bot_of(str(row["clientOrderId"])), key[0])
            if whose in blocked:
                self.left[key] = row
                continue
            try:
                await self._take(row)
            except (Unreadable, sqlite3.IntegrityError, KeyError, ValueError, ArithmeticError) as error:
                log.warning("order %s of %s cannot be taken into the ledger: %s", key[1], key[0], error)
                blocked.add(whose)
                self.left[key] = row
        return len(missing) - len(self.left)

    async def _adopt_symbol(self, name: str) -> int:
        taken, number = 0, 1
        for _ in range(MOST_PAGES):
            rows = await self._ask(name, orderId=str(number))
            taken += await self.adopt(rows)
            if len(rows) < PAGE:
                return taken
            number = max(int(row["orderId"]) for row in rows) + 1
        log.warning("%s has more than %s orders; later ones were not looked at", name, MOST_PAGES * PAGE)
        return taken

    async def _ask(self, name: str, **more: str) -> list[dict[str, Any]]:
        answer = await self._exchange.signed("GET", ALL, {"symbol": name, "limit": str(PAGE), **more})
        if not isinstance(answer.content, list):
            raise Unreadable("no list of orders")
        return answer.content

    def _is_missing(self, row: Mapping[str, Any]) -> bool:
        """Also a second order that came of one request, as where something in between sent it twice, and one that was
        said to be refused: what was refused then was its copy."""
        client_id, key = str(row["clientOrderId"]), key_of(row)
        if bot_of(client_id) is None or key in self._dismissed or self._ledger.find_at_exchange(*key) is not None:
            return False
        known = self._ledger.find(client_id)
        return known is None or known.exchange_id is not None or known.status is Status.REFUSED

    async def _take(self, row: Mapping[str, Any]) -> None:
        """Its fills too: an order after it is not taken before they are there."""
        symbol = await self._symbols.find(str(row["symbol"]))
        if symbol is None:
            raise Unreadable(f"{row['symbol']} is not listed")
        entry, told = as_entry(row, symbol), read_told(row)
        known = self._ledger.find(entry.id)
        is_new = known is None or known.exchange_id is not None
        if known is not None and is_new:
            twin = twin_id(entry.id, told.exchange_id)
            entry = replace(entry, id=twin, own_id=own_id_of(twin))
        with self._ledger.writing():
            if is_new:
                self._ledger.add(entry)
            entry = self._ledger.note(entry.id, told, self._clock_ms())
        found = {"status": entry.status, "executed": f"{entry.executed:f}"}
        self._record.find(entry, "adopted" if is_new else "appeared", found)
        entry = await self._fills.complete(entry)
        if entry.executed > entry.filled:
            raise Unreadable(f"the fills of {entry.id}")


def own_id_of(client_id: str) -> str:
    """In the place of the id that its bot gave it: one that no bot can give to another order."""
    return f"={client_id}"


def as_entry(row: Mapping[str, Any], symbol: Symbol) -> Entry:
    """An order as the exchange lists it. Which id its bot gave it is not known any more; that it has one is."""
    price, stop = Decimal(row["price"]), Decimal(row.get("stopPrice") or "0")
    client_id = str(row["clientOrderId"])
    return Entry(
        id=client_id,
        bot_id=bot_of(client_id) or "",
        own_id=own_id_of(client_id),
        symbol=symbol.name,
        pair=symbol.pair,
        side=str(row["side"]),
        type=str(row["type"]),
        quantity=Decimal(row["origQty"]),
        price=price or None,
        stop_price=stop or None,
        time_in_force=row.get("timeInForce"),
        dust=symbol.min_notional,
        created_ms=int(row["time"]),
        status=Status.SENT,
        told=True,
    )
