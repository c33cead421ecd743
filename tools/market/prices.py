"""The venue's last prices, with their age: what an order is judged by."""

import asyncio
import logging
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Protocol

from tools.errors import Problem
from tools.market.source import Ticker

AGAIN_S = 2.0
TIMEOUT_S = 3.0

log = logging.getLogger(__name__)


class TickerSource(Protocol):
    async def read_ticker(self, pair: str) -> Ticker:
        """Raises `Problem` where there is none to be had."""


class Prices:
    """One question a pair at a time, and not again within `AGAIN_S`; ages are measured by a clock that never jumps."""

    def __init__(self, source: TickerSource, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._known: dict[str, tuple[Decimal, float]] = {}
        self._asked: dict[str, float] = {}
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def refresh(self, pair: str) -> None:
        """Sees to it that the price is young, if it can be had; never raises. A failure keeps the old price."""
        task = self._under_way.get(pair)
        if task is None:
            if self._clock() - self._asked.get(pair, -AGAIN_S) < AGAIN_S:
                return
            self._asked[pair] = self._clock()
            task = self._under_way[pair] = asyncio.create_task(self._ask(pair))
            task.add_done_callback(lambda _: self._under_way.pop(pair, None))
        await asyncio.wait([task])

    def read(self, pair: str) -> tuple[Decimal, float] | None:
        """The last price above zero and its age in seconds, counted from when it was asked for."""
        known = self._known.get(pair)
        return (known[0], self._clock() - known[1]) if known else None

    async def _ask(self, pair: str) -> None:
        asked_at = self._clock()
        try:
            async with asyncio.timeout(TIMEOUT_S):
                price = (await self._source.read_ticker(pair)).price
        except (Problem, TimeoutError) as error:
            log.info("no price of %s: %s", pair, error)
        except Exception:
            log.exception("the price of %s could not be read", pair)
        else:
            if price.is_finite() and price > 0:
                self._known[pair] = (price, asked_at)
