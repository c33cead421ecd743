"""Catching up with the exchange: what became of an order, and each of its fills."""

import logging
from collections.abc import Callable

from tools.gateway.orders.answers import Unreadable, read_fill, read_told
from tools.gateway.orders.entry import IN_DOUBT, Entry, Told
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.paths import ORDER, TRADES
from tools.gateway.orders.position import ZERO
from tools.gateway.orders.upstream import Answer, Exchange, NotSent, Refused, Unknown

PAGE = 1000

log = logging.getLogger(__name__)


class Fills:
    """Asks about orders and writes the answers into the ledger."""

    def __init__(self, ledger: Ledger, exchange: Exchange, clock_ms: Callable[[], int]) -> None:
        self._ledger = ledger
        self._exchange = exchange
        self._clock_ms = clock_ms

    async def ask(self, entry: Entry) -> tuple[Entry, Answer]:
        """What the exchange says of an order now. Raises what `Exchange.signed` does, and `Unreadable`."""
        answer = await self._exchange.signed("GET", ORDER, entry.name)
        return await self.note(entry.id, answer), answer

    async def note(self, order_id: str, answer: Answer) -> Entry:
        """Writes down what an answer says of an order, and asks for the fills that it does not name."""
        entry = self._ledger.note(order_id, read_told(answer.content), self._clock_ms())
        return await self.complete(entry)

    async def complete(self, entry: Entry) -> Entry:
        """Asks for the fills that are missing; those that cannot be had now are asked for later."""
        if entry.executed <= entry.filled or entry.exchange_id is None:
            return entry
        try:
            return await self._read_trades(entry, entry.exchange_id)
        except (Refused, Unknown, NotSent, Unreadable) as error:
            log.warning("the fills of order %s cannot be read now: %s", entry.id, type(error).__name__)
            return entry

    async def catch_up(self, bot_id: str, pair: str, *, whole: bool = False) -> None:
        """Completes the bot's orders of a pair; with `whole` those that may have been filled since are asked for."""
        for entry in self._ledger.read_unsettled(bot_id):
            if entry.pair != pair:
                continue
            if whole and entry.is_live and entry.status not in IN_DOUBT:
                await self.refresh(entry)
            else:
                await self.complete(entry)

    async def refresh(self, entry: Entry) -> None:
        """As `ask`; what cannot be had now is left for later."""
        try:
            await self.ask(entry)
        except (Refused, Unknown, NotSent, Unreadable) as error:
            log.info("order %s cannot be followed now: %s", entry.id, type(error).__name__)

    async def _read_trades(self, entry: Entry, exchange_id: int) -> Entry:
        params = {"symbol": entry.symbol, "orderId": str(exchange_id), "limit": str(PAGE)}
        answer = await self._exchange.signed("GET", TRADES, params)
        if not isinstance(answer.content, list):
            raise Unreadable("no list of trades")
        fills = tuple(read_fill(trade) for trade in answer.content if trade.get("orderId") == exchange_id)
        now = self._ledger.find(entry.id) or entry
        told = Told(exchange_id, now.status, now.executed, now.quote_executed, now.quantity, ZERO, fills)
        return self._ledger.note(entry.id, told, self._clock_ms())
