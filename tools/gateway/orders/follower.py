"""Goes round by itself: open orders are followed and doubts resolved whether bots ask or not."""

import asyncio
import logging

from tools.gateway.orders.entry import Status
from tools.gateway.orders.fills import Fills
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.record import Record
from tools.gateway.orders.resolver import Resolver

log = logging.getLogger(__name__)


class Follower:
    """One round after another; a round that fails is followed by the next."""

    def __init__(
        self, ledger: Ledger, fills: Fills, resolver: Resolver, record: Record, interval_s: float = 2.0
    ) -> None:
        self._ledger = ledger
        self._fills = fills
        self._resolver = resolver
        self._record = record
        self._interval_s = interval_s

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self.go_round()
            except Exception:
                log.exception("a round through the orders failed")
            await asyncio.sleep(self._interval_s)

    async def go_round(self) -> None:
        """Doubts first, then what is open or has fills that are not known."""
        await self._resolver.look_around()
        for entry in self._ledger.read_unsettled():
            if entry.id in self._resolver.in_hand:
                continue
            if entry.status is Status.OPEN:
                await self._fills.refresh(entry)
            else:
                await self._fills.complete(entry)
        self._record.flush()
