"""Last prices with their age, from the memory that market data is answered from: what an entry is judged by."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from decimal import Decimal

from tools.gateway.clock import Ticks
from tools.gateway.endpoints import ENDPOINTS
from tools.gateway.errors import ApiError
from tools.gateway.question import Answer, Question

TICKER = ENDPOINTS["/api/v3/ticker/price"]
TIMEOUT_S = 3.0
"""Of the ten seconds that a bot waits for its order."""

log = logging.getLogger(__name__)


class Remembered:
    """`answer` is what serves bots their tickers; a failure keeps the price that was known, which grows older."""

    def __init__(self, answer: Callable[[Question], Awaitable[Answer]], ticks: Ticks) -> None:
        self._answer = answer
        self._ticks = ticks
        self._known: dict[str, tuple[Decimal, int]] = {}
        """By pair: the price, and the tick at which it was true."""

    async def refresh(self, pair: str) -> None:
        """Sees to it that the price is young, if it can be had; never raises."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                answer = await self._answer(Question(TICKER, {"symbol": pair.replace("/", "")}))
            price = Decimal(json.loads(answer.body)["price"])
        except (ApiError, TimeoutError) as error:
            log.info("no price of %s: %s", pair, error)
        except Exception:
            log.exception("the price of %s could not be read", pair)
        else:
            if price.is_finite() and price > 0:
                self._known[pair] = (price, self._ticks() - answer.age_ms)

    def read(self, pair: str) -> tuple[Decimal, float] | None:
        """The last price above zero, and its age in seconds."""
        known = self._known.get(pair)
        return (known[0], (self._ticks() - known[1]) / 1000) if known else None
