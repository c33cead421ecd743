"""The demo exchange and a gateway before it, both in this process and at a moment that the test sets."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx

from tools.exchange.app import build_app as build_exchange
from tools.exchange.market import Market
from tools.exchange.synthetic import Synthetic
from tools.gateway.clock import VenueClock
from tools.gateway.endpoints import ENDPOINTS
from tools.gateway.gateway import Gateway
from tools.gateway.question import Answer
from tools.gateway.reading import Wire, read_question
from tools.gateway.streams import Streams
from tools.gateway.upstream import Upstream

NOW_MS = 1_795_333_625_400
"""2026-11-22T07:47:05.400Z: the sixth second of a minute."""
BOOT_MS = 5_000_000
"""What the ticks show at that moment."""
SKEW_MS = 90_000
"""How far this machine's wall clock is behind the exchange's."""
MARKET = Market(Synthetic(7))


@dataclass
class Line(httpx.AsyncBaseTransport):
    """The connection to the exchange: counts what is sent, and fails or answers as it is told."""

    inner: httpx.AsyncBaseTransport
    sent: list[httpx.Request] = field(default_factory=list)
    answer: Callable[[httpx.Request], httpx.Response | Exception | None] = lambda _: None
    held: asyncio.Event | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        if self.held is not None:
            await self.held.wait()
        match self.answer(request):
            case None:
                return await self.inner.handle_async_request(request)
            case Exception() as error:
                raise error
            case response:
                return response

    def count(self, path: str) -> int:
        return Counter(request.url.path for request in self.sent)[f"/api/v3/{path}"]

    def weights(self, path: str) -> list[str]:
        return [str(request.url.query, "ascii") for request in self.sent if request.url.path == f"/api/v3/{path}"]


class World:
    """`ask` asks the gateway, `ask_directly` the exchange; `now_ms` is the exchange's clock and moves the ticks."""

    def __init__(self, stream_url: str = "ws://nowhere") -> None:
        self.now_ms = NOW_MS
        app = build_exchange(MARKET, lambda: self.now_ms)
        self.exchange = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://exchange")
        self.line = Line(httpx.ASGITransport(app))
        upstream = Upstream("http://exchange", ticks=self.ticks, transport=self.line)
        self.streams = Streams(stream_url, ticks=self.ticks)
        clock = VenueClock(self.ticks, lambda: self.now_ms - SKEW_MS)
        self.gateway = Gateway(upstream, self.streams, clock, self.ticks)

    def ticks(self) -> int:
        return self.now_ms - NOW_MS + BOOT_MS

    async def ask(self, path: str, **params: Any) -> Answer:
        wire = Wire("GET", f"/api/v3/{path}".encode(), urlencode(params).encode(), [])
        return await self.gateway.answer(read_question(wire, ENDPOINTS))

    async def ask_directly(self, path: str, at_ms: int | None = None, **params: Any) -> httpx.Response:
        now_ms, self.now_ms = self.now_ms, self.now_ms if at_ms is None else at_ms
        try:
            return await self.exchange.get(f"/api/v3/{path}", params=params)
        finally:
            self.now_ms = now_ms

    async def agree(self, path: str, **params: Any) -> Answer:
        """Asks both; what the gateway says is what the exchange said at the age of the answer."""
        answer = await self.ask(path, **params)
        direct = await self.ask_directly(path, self.now_ms - answer.age_ms, **params)
        assert (answer.status, answer.body) == (direct.status_code, direct.content)
        return answer

    def fail(self, error: Exception | None = None) -> None:
        """Cuts the line, or mends it."""
        self.line.answer = lambda _: error
