"""Keeps the exchange's clock measured."""

import asyncio
import json

from tools.gateway import errors
from tools.gateway.clock import VenueClock
from tools.gateway.endpoints import ENDPOINTS
from tools.gateway.flights import Flights
from tools.gateway.question import Answer, Question
from tools.gateway.upstream import Reply, Upstream

QUESTION = Question(ENDPOINTS["/api/v3/time"], {})
SAMPLES = 3
AGAIN_S = 60.0
AGAIN_AFTER_FAILURE_S = 5.0


class Timekeeper:
    """Asks the exchange for its time once a minute, and answers from the clock in between."""

    def __init__(self, upstream: Upstream, clock: VenueClock, flights: Flights) -> None:
        self._upstream = upstream
        self._clock = clock
        self._flights = flights

    async def ensure(self) -> None:
        """Returns when the clock is known; raises Unanswered."""
        if not self._clock.is_known:
            await self._flights.join("clock", self._measure)

    async def answer(self, _: Question) -> Answer:
        """The exchange's time, in the shape of /api/v3/time."""
        return Answer(b'{"serverTime":%d}' % self._clock.now_ms())

    async def run(self) -> None:
        """Measures until it is cancelled."""
        while True:
            try:
                await self._flights.join("clock", self._measure)
                await asyncio.sleep(AGAIN_S)
            except errors.Unanswered:
                await asyncio.sleep(AGAIN_AFTER_FAILURE_S)

    async def _measure(self) -> None:
        """Takes the quickest of a few answers: a first one may have had a connection to wait for."""
        replies = [await self._upstream.ask(QUESTION) for _ in range(SAMPLES)]
        quickest = min(replies, key=lambda reply: reply.received_ms - reply.sent_ms)
        self._clock.measure(_read_time(quickest), quickest.sent_ms, quickest.received_ms)


def _read_time(reply: Reply) -> int:
    try:
        return int(json.loads(reply.body)["serverTime"])
    except (ValueError, KeyError, TypeError) as error:
        raise errors.disconnected() from error
