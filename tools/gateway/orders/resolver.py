"""Orders of which nobody knows whether the exchange has them: asked for until it is known, and never sent again."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from tools.gateway.orders.answers import Unreadable
from tools.gateway.orders.entry import IN_DOUBT, Entry, Status
from tools.gateway.orders.fills import Fills
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.paths import ORDER, READS
from tools.gateway.orders.record import Record
from tools.gateway.orders.upstream import Answer, Exchange, NotSent, Refused, Unknown

NO_SUCH_ORDER = -2013
NOT_MADE, NEVER_SENT = "not made", "never sent"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long is waited for what."""

    recv_window_ms: int = 5_000
    """So long after it was signed the exchange still takes an order."""
    margin_ms: int = 1_000
    """And so long after that it may still not show it."""
    answer_s: float = 6.0
    """How long a bot waits while its order is in doubt; ccxt waits ten seconds in all."""
    first_s: float = 0.25
    """Between the first two questions; twice as long from each to the next."""
    watch_ms: int = 300_000
    """How long an order that was not there is looked for: a bot was told that it was not made."""


class Resolver:
    """One question at a time for each order; whoever waits, waits for the same answer."""

    def __init__(  # noqa: PLR0913  the rooms that know something
        self,
        ledger: Ledger,
        fills: Fills,
        exchange: Exchange,
        record: Record,
        clock_ms: Callable[[], int],
        patience: Patience,
    ) -> None:
        self._ledger = ledger
        self._fills = fills
        self._exchange = exchange
        self._record = record
        self._clock_ms = clock_ms
        self._patience = patience
        self.in_hand: set[str] = set()
        """Orders that somebody is about to send, or waits for: they are not in doubt yet."""

    def doubts(self, bot_id: str) -> list[Entry]:
        """The bot's orders in doubt."""
        unsettled = self._ledger.read_unsettled(bot_id)
        return [entry for entry in unsettled if entry.status in IN_DOUBT and entry.id not in self.in_hand]

    async def settle(self, order_id: str) -> Answer | None:
        """Asks until it is known, for as long as a bot waits; None where there is no such order, or still no answer.

        Which of the two stands in the ledger.
        """
        wait_s, until_ms = self._patience.first_s, self._clock_ms() + int(self._patience.answer_s * 1000)
        while True:
            answer = await self._ask(order_id)
            entry = self._ledger.find(order_id)
            if answer is not None or entry is None or entry.status not in IN_DOUBT:
                return answer
            if self._clock_ms() + wait_s * 1000 > until_ms:
                self._ledger.mark_unknown(order_id)
                return None
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, 2.0)

    async def settle_bot(self, bot_id: str, take: Callable[[int], None]) -> None:
        """Once through the bot's orders in doubt, where there are any; `take` is told before what that weighs."""
        doubts = self.doubts(bot_id)
        if doubts:
            take(len(doubts) * READS[ORDER])
        for entry in doubts:
            await self._look(entry)

    async def look_around(self) -> None:
        """Once through all orders in doubt, those that were told were not made, and those that no bot knows of."""
        unsettled = [entry for entry in self._ledger.read_unsettled() if entry.status in IN_DOUBT]
        for entry in (*unsettled, *self._ledger.read_watched(self._clock_ms())):
            await self._look(entry)
        for entry in self._ledger.read_unsettled():
            await self._take_back(entry.id)

    async def _look(self, entry: Entry) -> None:
        if entry.id in self.in_hand or await self._ask(entry.id) is None:
            return
        found = self._ledger.find(entry.id)
        if found is not None and not found.told:
            self._record.find(found, "appeared", {"status": found.status, "executed": f"{found.executed:f}"})
            await self._take_back(found.id)

    async def _take_back(self, order_id: str) -> None:
        """An order that its bot was not told of is managed by nobody. Read anew: it may have been told of meanwhile."""
        entry = self._ledger.find(order_id)
        if entry is None or entry.told or entry.status is not Status.OPEN or entry.id in self.in_hand:
            return
        try:
            answer = await self._exchange.signed("DELETE", ORDER, entry.name)
            self._record.find(await self._fills.note(entry.id, answer), "taken_back")
        except (Refused, Unknown, NotSent, Unreadable) as error:
            log.warning("order %s, which its bot does not know, stays: %s", entry.id, type(error).__name__)

    async def _ask(self, order_id: str) -> Answer | None:
        """None where the exchange does not say that it has it; that it has not is written down once it is certain."""
        entry = self._ledger.find(order_id)
        if entry is None:
            return None
        if entry.status is Status.RECORDED and entry.id not in self.in_hand:
            self._ledger.refuse(order_id, 0, NEVER_SENT)
            return None
        asked_ms = self._clock_ms()
        try:
            _, answer = await self._fills.ask(entry)
        except Refused as refused:
            if refused.code == NO_SUCH_ORDER and not self._can_come(entry, asked_ms):
                self._ledger.refuse(order_id, refused.code, NOT_MADE, self._clock_ms() + self._patience.watch_ms)
            return None
        except (Unknown, NotSent, Unreadable):
            return None
        return answer

    def _can_come(self, entry: Entry, asked_ms: int) -> bool:
        """Whether an order that was not there when it was asked for may still have been on its way."""
        late_ms = self._patience.recv_window_ms + self._patience.margin_ms
        return entry.sent_ms is not None and asked_ms - entry.sent_ms <= late_ms
