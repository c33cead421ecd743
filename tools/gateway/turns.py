"""Turns at the exchange: who asks next while weight is scarce."""

import asyncio
import heapq
from collections.abc import Callable
from itertools import count

from tools.gateway import errors
from tools.gateway.budget import Budget, Priority

LONGEST_WAIT_MS = 4_000
"""Who would wait longer is told so at once: a client gives up after ten seconds."""


class Turns:
    """Admits requests as the budget allows, those of a higher priority first and otherwise in order."""

    def __init__(self, budget: Budget, ticks: Callable[[], int]) -> None:
        self._budget = budget
        self._ticks = ticks
        self._waiting: list[tuple[Priority, int, int, asyncio.Future[None]]] = []
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None

    async def take(self, weight: int, priority: Priority) -> None:
        """Returns when the request may be sent, its weight spent; raises Unanswered where that is too far away."""
        wait_ms = self._budget.wait_ms(weight, priority, self._ticks())
        if wait_ms > LONGEST_WAIT_MS:
            raise errors.too_many_requests(-(-wait_ms // 1_000))
        admitted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (priority, next(self._order), weight, admitted))
        self._admit()
        try:
            async with asyncio.timeout(LONGEST_WAIT_MS / 1_000):
                await admitted
        except TimeoutError as error:
            raise errors.too_many_requests(1) from error

    def _admit(self) -> None:
        while self._waiting:
            priority, _, weight, admitted = self._waiting[0]
            wait_ms = 0 if admitted.done() else self._budget.wait_ms(weight, priority, self._ticks())
            if wait_ms:
                self._look_again(wait_ms)
                return
            heapq.heappop(self._waiting)
            if not admitted.done():
                self._budget.spend(weight, self._ticks())
                admitted.set_result(None)

    def _look_again(self, wait_ms: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(wait_ms / 1_000, self._admit)
