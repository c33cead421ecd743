"""Answers of the exchange, remembered under a key and asked for once by however many."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable

from tools.gateway.clock import Ticks
from tools.gateway.errors import Unanswered
from tools.gateway.flights import Flights
from tools.gateway.question import Answer
from tools.gateway.upstream import Reply

LARGEST_BYTES = 64 * 2**20
LARGEST_COUNT = 4_096

Fetch = Callable[[], Awaitable[Reply]]
Freshness = Callable[[Reply], bool]


class Cache:
    """At most 64 MB of replies; those that were not used for the longest time are forgotten first."""

    def __init__(self, flights: Flights, ticks: Ticks) -> None:
        self._flights = flights
        self._ticks = ticks
        self._kept: OrderedDict[Hashable, Reply] = OrderedDict()
        self._bytes = 0
        self.hits = 0
        self.misses = 0

    def age_ms(self, reply: Reply) -> int:
        """How long ago the reply was asked for: what it says was true then or later."""
        return self._ticks() - reply.sent_ms

    def within(self, ttl_ms: int) -> Freshness:
        """Replies that are not older."""
        return lambda reply: self.age_ms(reply) <= ttl_ms

    def peek(self, key: Hashable) -> Reply | None:
        """What is remembered, however old."""
        return self._kept.get(key)

    async def get(self, key: Hashable, is_fresh: Freshness, fetch: Fetch) -> Reply:
        """A fresh reply: remembered, under way, or asked for now. What was sent after this call is always fresh.

        A failure is raised to all who wait for it and is not remembered.
        """
        asked_ms = self._ticks()
        kept = self._kept.get(key)
        if kept is not None and is_fresh(kept):
            self.hits += 1
            self._kept.move_to_end(key)
            return kept
        self.misses += 1
        while True:
            reply = await self._flights.join(("cache", key), lambda: self._fetch(key, fetch))
            if reply.sent_ms >= asked_ms or is_fresh(reply):
                return reply

    async def answer(self, key: Hashable, ttl_ms: int, stale_ms: int, fetch: Fetch) -> Answer:
        """The reply as an answer; where the exchange is silent, a remembered one that is not older than `stale_ms`."""
        try:
            reply = await self.get(key, self.within(ttl_ms), fetch)
        except Unanswered:
            kept = self.peek(key)
            if kept is None or self.age_ms(kept) > stale_ms:
                raise
            return self.write(kept, is_stale=True)
        return self.write(reply)

    def write(self, reply: Reply, *, is_stale: bool = False) -> Answer:
        """The reply as it came, with its age."""
        return Answer(reply.body, self.age_ms(reply), reply.status, is_stale)

    async def _fetch(self, key: Hashable, fetch: Fetch) -> Reply:
        reply = await fetch()
        self._bytes += len(reply.body) - len(self._kept[key].body if key in self._kept else b"")
        self._kept[key] = reply
        self._kept.move_to_end(key)
        while self._bytes > LARGEST_BYTES or len(self._kept) > LARGEST_COUNT:
            self._bytes -= len(self._kept.popitem(last=False)[1].body)
        return reply
