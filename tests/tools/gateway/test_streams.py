"""What the streams tell, over real WebSockets: the demo exchange's events, sent when the test says so."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve

from tests.tools.gateway.world import MARKET
from tools.exchange.streams.names import find_stream
from tools.exchange.streams.span import Span
from tools.gateway import streams as module
from tools.gateway.intervals import MINUTE_MS
from tools.gateway.streams import Streams

BTC = {"symbol": "BTCUSDT"}
KLINES = {**BTC, "interval": "1m", "limit": 5}
KLINE, BOOK = "btcusdt@kline_1m", "btcusdt@bookTicker"


class Publisher:
    """Sends a stream's events to whoever is subscribed, and keeps what it was told."""

    def __init__(self) -> None:
        self.names: dict[ServerConnection, set[str]] = {}
        self.messages: list[dict[str, Any]] = []
        self.connections = 0
        self.server: Server | None = None

    async def serve(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        address = urlsplit(socket.request.path)
        assert address.path == "/stream"
        self.names[socket] = set(parse_qs(address.query)["streams"][0].split("/"))
        self.connections += 1
        try:
            async for text in socket:
                await self._control(socket, json.loads(text))
        finally:
            del self.names[socket]

    async def _control(self, socket: ServerConnection, message: dict[str, Any]) -> None:
        self.messages.append(message)
        change = self.names[socket].update if message["method"] == "SUBSCRIBE" else self.names[socket].difference_update
        change(message["params"])
        await socket.send(json.dumps({"result": None, "id": message["id"]}))

    def listens(self, *names: str) -> bool:
        return any(set(names) <= heard for heard in self.names.values())

    async def say(self, text: str) -> None:
        for socket in self.names:
            await socket.send(text)

    async def publish(self, name: str, now_ms: int) -> None:
        """What the exchange publishes at the whole second before `now_ms`."""
        stream = find_stream(name, MARKET.symbols, 1)
        assert stream is not None
        for event in stream.read(MARKET, Span(now_ms // 1_000, now_ms // 1_000, 1)):
            await self.say(json.dumps({"stream": name, "data": event}))

    async def hang_up(self) -> None:
        for socket in list(self.names):
            await socket.close()


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.005)


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    opened = Publisher()
    async with serve(opened.serve, "127.0.0.1", 0) as opened.server:
        yield opened


@pytest.fixture
async def live(
    publisher: Publisher, open_world: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Any]:
    """A world whose gateway is connected to the publisher."""
    monkeypatch.setattr(module, "UPDATE_S", 0.02)
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.02)
    assert publisher.server is not None
    port = publisher.server.sockets[0].getsockname()[1]
    world = open_world(f"ws://127.0.0.1:{port}")
    world.now_ms = world.now_ms // MINUTE_MS * MINUTE_MS + 20_000
    running = asyncio.create_task(world.streams.run())
    yield world
    running.cancel()
    await asyncio.wait([running])


async def tell(live: Any, publisher: Publisher, name: str) -> None:
    """Publishes once, and waits until the gateway heard it."""
    heard = live.streams._heard_any_ms
    await publisher.publish(name, live.now_ms)
    await until(lambda: live.streams._heard.get(name) == live.ticks() or live.streams._heard_any_ms != heard)


async def test_streams_when_candles_are_asked_for_then_the_forming_one_is_told(live: Any, publisher: Publisher) -> None:
    await live.agree("klines", **KLINES)
    await until(lambda: publisher.listens(KLINE))
    for _ in range(10):
        live.now_ms += 2_000
        await tell(live, publisher, KLINE)
        assert (await live.agree("klines", **KLINES)).age_ms == 0
    assert live.line.count("klines") == 1


async def test_streams_when_a_candle_is_told_closed_then_only_the_new_one_is_asked_for(
    live: Any, publisher: Publisher
) -> None:
    await live.agree("klines", **KLINES)
    await until(lambda: publisher.listens(KLINE))
    live.now_ms += 38_000
    await tell(live, publisher, KLINE)
    live.now_ms += 2_000
    stream = find_stream(KLINE, MARKET.symbols, 1)
    assert stream is not None
    closing = stream.read(MARKET, Span(live.now_ms // 1_000, live.now_ms // 1_000, 1))[0]
    assert closing["k"]["x"]
    await publisher.say(json.dumps({"stream": KLINE, "data": closing}))
    await until(lambda: live.streams._heard_any_ms == live.ticks())
    answer = await live.ask("klines", **KLINES)
    assert answer.body == (await live.ask_directly("klines", **KLINES)).content
    assert live.line.count("klines") == 2


@pytest.mark.parametrize(("path", "name"), [
    ("ticker/bookTicker", BOOK), ("ticker/price", "btcusdt@miniTicker"), ("ticker/24hr", "btcusdt@ticker"),
    ("depth", "btcusdt@depth20"),
])  # fmt: skip
async def test_streams_when_a_price_is_told_then_not_asked_for(
    live: Any, publisher: Publisher, path: str, name: str
) -> None:
    params = {**BTC, "limit": 5} if path == "depth" else BTC
    await live.ask(path, **params)
    await until(lambda: publisher.listens(name))
    for _ in range(5):
        live.now_ms += 1_000
        await tell(live, publisher, name)
        answer = await live.ask(path, **params)
        assert json.loads(answer.body) == (await live.ask_directly(path, **params)).json()
    assert live.line.count(path) == 1


async def test_streams_when_the_price_stands_then_it_is_believed_while_anything_is_heard(
    live: Any, publisher: Publisher
) -> None:
    await live.ask("ticker/bookTicker", **BTC)
    await live.ask("klines", **KLINES)
    await until(lambda: publisher.listens(BOOK, KLINE))
    await tell(live, publisher, BOOK)
    for _ in range(5):
        live.now_ms += 2_000
        await tell(live, publisher, KLINE)
        assert (await live.ask("ticker/bookTicker", **BTC)).age_ms == 0
    assert live.line.count("ticker/bookTicker") == 1
    live.now_ms += 2_001
    await live.agree("ticker/bookTicker", **BTC)
    assert live.line.count("ticker/bookTicker") == 2


async def test_streams_when_the_exchange_hangs_up_then_asked_over_http_until_heard_anew(
    live: Any, publisher: Publisher
) -> None:
    await live.ask("ticker/bookTicker", **BTC)
    await until(lambda: publisher.listens(BOOK))
    live.now_ms += 1_000
    await tell(live, publisher, BOOK)
    await publisher.hang_up()
    await until(lambda: publisher.connections == 2)
    live.now_ms += 2_000
    await live.agree("ticker/bookTicker", **BTC)
    assert live.line.count("ticker/bookTicker") == 2
    live.now_ms += 1_000
    await tell(live, publisher, BOOK)
    live.now_ms += 2_000
    assert (await live.ask("ticker/bookTicker", **BTC)).age_ms == 2_000
    assert live.line.count("ticker/bookTicker") == 2


async def test_streams_when_more_is_wanted_then_subscribed_and_when_no_longer_then_left(
    live: Any, publisher: Publisher
) -> None:
    await live.ask("ticker/bookTicker", **BTC)
    await until(lambda: publisher.listens(BOOK))
    await live.ask("ticker/price", symbol="ETHUSDT")
    await until(lambda: publisher.listens(BOOK, "ethusdt@miniTicker"))
    live.now_ms += 200_000
    await live.ask("ticker/price", symbol="ETHUSDT")
    live.now_ms += 100_001
    await until(lambda: not publisher.listens(BOOK))
    assert [message["method"] for message in publisher.messages] == ["SUBSCRIBE", "UNSUBSCRIBE"]
    assert publisher.listens("ethusdt@miniTicker")


async def test_streams_when_nonsense_is_said_then_passed_over(live: Any, publisher: Publisher) -> None:
    await live.ask("ticker/bookTicker", **BTC)
    await until(lambda: publisher.listens(BOOK))
    for text in ("{", "[]", "7", '{"stream": 1, "data": {}}', json.dumps({"stream": BOOK, "data": {"b": "1"}})):
        await publisher.say(text)
    live.now_ms += 1_000
    await tell(live, publisher, BOOK)
    answer = await live.ask("ticker/bookTicker", **BTC)
    assert json.loads(answer.body) == (await live.ask_directly("ticker/bookTicker", **BTC)).json()
    assert publisher.connections == 1


async def test_streams_when_the_exchange_shuts_down_then_a_new_connection(live: Any, publisher: Publisher) -> None:
    await live.ask("ticker/bookTicker", **BTC)
    await until(lambda: publisher.listens(BOOK))
    await publisher.say('{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1770123456789}}')
    await until(lambda: publisher.connections == 2)


async def test_streams_when_there_is_no_address_then_nothing_is_wanted() -> None:
    streams = Streams(None)
    streams.want(BOOK)
    await streams.run()
    assert (streams.is_connected, streams.silence_ms(BOOK), streams.count) == (False, None, 0)


async def test_streams_when_nobody_listens_there_then_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.01)
    tried = []
    monkeypatch.setattr(module, "connect", lambda url, **_: tried.append(url) or _refuse())
    streams = Streams("ws://127.0.0.1:1")
    streams.want(BOOK)
    running = asyncio.create_task(streams.run())
    await until(lambda: len(tried) > 2)
    running.cancel()
    assert set(tried) == {f"ws://127.0.0.1:1/stream?streams={BOOK}"}


def _refuse() -> Any:
    raise ConnectionRefusedError
