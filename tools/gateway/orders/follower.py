"""Goes round by itself: open orders are followed and doubts resolved whether bots ask or not."""

import asyncio
import logging
import time
from collections.abc import Callable

from tools.gateway.orders.entry import Entry, Status
from tools.gateway.orders.fills import Fills
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.record import Record
from tools.gateway.orders.resolver import Resolver

log = logging.getLogger(__name__)


class Follower:
    """One round after another; a round that fails is followed by the next."""

    def __init__(  # noqa: PLR0913  the rooms that it goes through, and how often
        self,
        ledger: Ledger,
        fills: Fills,
        resolver: Resolver,
        record: Record,
        clock_ms: Callable[[], int],
        *,
        interval_s: float = 2.0,
        rest_ms: int = 0,
    ) -> None:
        """Open orders that were heard of within `rest_ms` are left alone: bots ask for theirs themselves."""
        self._ledger = ledger
        self._fills = fills
        self._resolver = resolver
        self._record = record
        self._clock_ms = clock_ms
        self._interval_s = interval_s
        self._rest_ms = rest_ms
        self._went_at: float | None = None

    @property
    def last_round_s(self) -> float | None:
        """How long ago the last whole round ended; None where there was none."""
        return None if self._went_at is None else time.monotonic() - self._went_at

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self.go_round()
            except Exception:
                log.exception("a round through the orders failed")
            await asyncio.sleep(self._interval_s)

    async def go_round(self) -> None:
        """Doubts first, then what is open or has fills that are not known; what was counted is written in any case."""
        try:
            await self._go_through_orders()
        finally:
            self._record.flush()
        self._went_at = time.monotonic()

    async def _go_through_orders(self) -> None:
        await self._resolver.look_around()
        for entry in self._ledger.read_unsettled():
            if entry.id in self._resolver.in_hand:
                continue
            if entry.status is not Status.OPEN:
                await self._fills.complete(entry)
            elif not self._is_fresh(entry):
                await self._fills.refresh(entry)

    def _is_fresh(self, entry: Entry) -> bool:
        return entry.seen_ms is not None and 0 <= self._clock_ms() - entry.seen_ms < self._rest_ms
