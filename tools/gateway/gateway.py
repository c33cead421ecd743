"""The market half of the gateway, put together."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from tools.gateway import errors
from tools.gateway.books import Books
from tools.gateway.cache import Cache
from tools.gateway.candles import Candles
from tools.gateway.clock import Ticks, VenueClock, ticks
from tools.gateway.endpoints import Memory
from tools.gateway.flights import Flights
from tools.gateway.latest import Latest
from tools.gateway.listing import Listing
from tools.gateway.question import Answer, Question
from tools.gateway.sources import Sources
from tools.gateway.streams import Streams
from tools.gateway.tickers import Tickers
from tools.gateway.timekeeper import Timekeeper
from tools.gateway.upstream import Upstream
from tools.gateway.verbatim import answer_verbatim

LONGEST_S = 9.0
"""However often the exchange has to be asked for one answer: a client gives up after ten seconds."""

Answerer = Callable[[Question], Awaitable[Answer]]


class Gateway:
    """Answers questions of the allow-list from memory, from streams, or from the exchange."""

    def __init__(self, upstream: Upstream, streams: Streams, clock: VenueClock, ticks: Ticks = ticks) -> None:
        flights = Flights()
        self.sources = Sources(upstream, streams, clock, ticks, flights, Cache(flights, ticks))
        self._timekeeper = Timekeeper(upstream, clock, flights)
        self.listing = Listing(self.sources)
        self._answerers = self._build()

    async def answer(self, question: Question) -> Answer:
        """Raises Unanswered where the exchange is silent and what is remembered is too old."""
        try:
            async with asyncio.timeout(LONGEST_S):
                await self._timekeeper.ensure()
                return await self._answerers[question.endpoint.memory](question)
        except TimeoutError as error:
            raise errors.disconnected() from error

    async def run(self) -> None:
        """Keeps the clock measured and the streams connected until it is cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._timekeeper.run())
                tasks.create_task(self.sources.streams.run())
        finally:
            await self.sources.flights.close()
            await self.sources.upstream.close()

    def read_health(self) -> dict[str, Any]:
        """What the dashboard shows. Ages and skew in ms; `requests_a_minute` are those sent to the exchange."""
        upstream, cache, streams = self.sources.upstream, self.sources.cache, self.sources.streams
        now_ms = self.sources.ticks()
        answered_ms, failed_ms = upstream.answered_ms, upstream.failed_ms
        return {
            "reachable": answered_ms is not None and (failed_ms is None or failed_ms < answered_ms),
            "answered_ms_ago": None if answered_ms is None else now_ms - answered_ms,
            "clock_skew_ms": self.sources.clock.skew_ms,
            "paused_ms": upstream.budget.paused_ms(now_ms),
            "weight": {"used": upstream.budget.used(now_ms), "limit": upstream.budget.limit},
            "requests_a_minute": upstream.requests_last_minute,
            "cache": {"hits": cache.hits, "misses": cache.misses},
            "streams": {"connected": streams.is_connected, "heard": streams.count},
        }

    def _build(self) -> dict[Memory, Answerer]:
        sources = self.sources

        async def repeat(question: Question) -> Answer:
            return await answer_verbatim(question, sources.upstream, sources.cache)

        return {
            Memory.CLOCK: self._timekeeper.answer,
            Memory.LISTING: self.listing.answer,
            Memory.CANDLES: Candles(sources).answer,
            Memory.QUOTES: Tickers(sources).answer,
            Memory.BOOK: Books(sources).answer,
            Memory.LATEST: Latest(sources).answer,
            Memory.VERBATIM: repeat,
        }
