"""Computes every stream that somebody listens to, once a second, for all who listen to it."""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from tools.exchange.clock import DAY_MS, SECOND_MS, Clock
from tools.exchange.market import Market
from tools.exchange.streams.connection import Connection
from tools.exchange.streams.errors import FAILED, GOING_AWAY
from tools.exchange.streams.names import Stream
from tools.exchange.streams.span import Span

LONGEST_CONNECTION_MS = DAY_MS
LONGEST_GAP_S = 60
"""A clock that jumps further, after a machine's sleep for example, ends all connections: their clients begin anew."""

log = logging.getLogger(__name__)


def write(value: object) -> str:
    """A value as compact JSON."""
    return json.dumps(value, separators=(",", ":"))


class Publisher:
    """Every open connection, and the last second that was published."""

    def __init__(self, market: Market, clock: Clock) -> None:
        self._market = market
        self._clock = clock
        self._last = clock() // SECOND_MS
        self.connections: set[Connection] = set()

    @contextmanager
    def serving(self, connection: Connection) -> Iterator[None]:
        """Keeps the connection among those that are served."""
        self.connections.add(connection)
        try:
            yield
        finally:
            self.connections.remove(connection)

    async def run(self) -> None:
        """Publishes at the turn of every second until it is cancelled."""
        while True:
            now_ms = self._clock()
            self.step(now_ms)
            await asyncio.sleep((SECOND_MS - now_ms % SECOND_MS) / SECOND_MS)

    def step(self, now_ms: int) -> None:
        """Publishes what is due after the last second up to `now_ms` (ms UTC), and ends old connections."""
        second = now_ms // SECOND_MS
        if abs(second - self._last) > LONGEST_GAP_S:
            self._end(self.connections, GOING_AWAY, "The clock jumped")
            self._last = second
        elif second > self._last:
            self._publish(self._last + 1, second)
            self._last = second
        old = [each for each in self.connections if now_ms - each.connected_ms >= LONGEST_CONNECTION_MS]
        self._end(old, GOING_AWAY, "Connected for 24 hours")

    def _publish(self, first: int, last: int) -> None:
        for stream, listeners in self._listeners().items():
            try:
                texts = [write(event) for event in stream.read(self._market, Span(first, last, stream.per_ms))]
            except Exception:
                log.exception("%s failed", stream.name)
                self._end(listeners, FAILED, "An unknown error occurred")
            else:
                _send(texts, stream, listeners)

    def _listeners(self) -> dict[Stream, list[Connection]]:
        listeners = defaultdict(list)
        for connection in self.connections:
            for stream in connection.streams.values():
                if stream is not None:
                    listeners[stream].append(connection)
        return listeners

    @staticmethod
    def _end(connections: Iterable[Connection], code: int, reason: str) -> None:
        for connection in connections:
            connection.outbox.end(code, reason)


def _send(texts: list[str], stream: Stream, listeners: list[Connection]) -> None:
    """One text for all who want it raw, and one for all who want it combined."""
    for combined in (False, True):
        outboxes = [connection.outbox for connection in listeners if connection.combined == combined]
        for text in texts if outboxes else ():
            sent = f'{{"stream":{write(stream.name)},"data":{text}}}' if combined else text
            for outbox in outboxes:
                outbox.put(sent)
