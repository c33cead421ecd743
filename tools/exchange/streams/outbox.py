"""What waits to be sent to one client, bounded: a client that reads too slowly is disconnected."""

import asyncio
from collections import deque

from tools.exchange.streams.errors import AGAINST_THE_RULES

MOST_WAITING = 8_000_000
"""How many characters may wait for a client at most."""


class Outbox:
    """Texts in order. Once it has ended it takes no more, keeps none, and tells why the connection closes."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self.ended = asyncio.Event()
        self.closing: tuple[int, str] | None = None
        self._most_waiting = most_waiting
        self._texts: deque[str] = deque()
        self._waiting = 0
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return len(self._texts)

    def put(self, text: str) -> None:
        """Takes a text to be sent; more than may wait ends the connection."""
        if self.closing is not None:
            return
        self._texts.append(text)
        self._waiting += len(text)
        self._filled.set()
        if self._waiting > self._most_waiting:
            self.end(AGAINST_THE_RULES, "Too slow: too much is waiting to be read")

    def end(self, code: int, reason: str) -> None:
        """Closes the connection with a code of RFC 6455; the first reason stays."""
        if self.closing is not None:
            return
        self.closing = (code, reason)
        self._texts.clear()
        self._waiting = 0
        self.ended.set()

    async def take(self) -> str:
        """The next text, waiting for it."""
        while not self._texts:
            self._filled.clear()
            await self._filled.wait()
        text = self._texts.popleft()
        self._waiting -= len(text)
        return text
