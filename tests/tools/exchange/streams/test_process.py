"""Real sockets: what a WebSocket client and ccxt make of a server, and a client that does not read."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
import websockets

from tools.exchange.app import build_app
from tools.exchange.clock import wall_clock
from tools.exchange.market import Market
from tools.exchange.spot.accounts import Permissions
from tools.exchange.spot.desk import Desk
from tools.exchange.streams.publisher import Publisher
from tools.exchange.synthetic import Synthetic

TIMEOUT_S = 20

pytestmark = pytest.mark.integration


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Server:
    """A server in a thread of its own, on a free port."""

    def __init__(self, source: Synthetic) -> None:
        app = build_app(Market(source))
        self.publisher: Publisher = app.state.publisher
        self.desk: Desk = app.state.desk
        self.listeners = len(self.desk.listeners)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws_ping_timeout=60))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]})

    def start(self) -> None:
        self._thread.start()
        wait_until(lambda: self._server.started)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(TIMEOUT_S)
        assert not self._thread.is_alive()

    def read(self, path: str, **params: Any) -> Any:
        return httpx.get(f"http://{self.address}/api/v3/{path}", params=params).raise_for_status().json()


@pytest.fixture
def server(synthetic: Synthetic) -> Iterator[Server]:
    started = Server(synthetic)
    started.start()
    yield started
    started.stop()


async def receive(websocket: Any, count: int) -> list[Any]:
    async with asyncio.timeout(TIMEOUT_S):
        return [json.loads(await websocket.recv()) for _ in range(count)]


async def test_streams_when_read_for_seconds_then_rests_trades_and_klines(server: Server) -> None:
    async with websockets.connect(f"ws://{server.address}/stream?streams=btcusdt@aggTrade/btcusdt@kline_1m") as stream:
        events = await receive(stream, 5)
    trades = [event["data"] for event in events if event["stream"] == "btcusdt@aggTrade"]
    rest = server.read("aggTrades", symbol="BTCUSDT", fromId=trades[0]["a"], limit=len(trades))
    assert [{name: trade[name] for name in "apqflTmM"} for trade in trades] == rest
    kline = next(event["data"]["k"] for event in events if event["stream"] == "btcusdt@kline_1m")
    rest = server.read("klines", symbol="BTCUSDT", interval="1m", startTime=kline["t"], limit=1)[0]
    assert (kline["t"], kline["o"], kline["T"]) == (rest[0], rest[1], rest[6])
    wait_until(lambda: not server.publisher.connections)


async def test_events_when_published_then_soon(server: Server) -> None:
    async with websockets.connect(f"ws://{server.address}/ws/btcusdt@trade") as stream:
        (event,) = await receive(stream, 1)
        assert 0 <= wall_clock() - event["E"] < 5_000


async def test_api_when_asked_then_answered(server: Server) -> None:
    async with websockets.connect(f"ws://{server.address}/ws-api/v3") as api:
        for method in ("ping", "time", "exchangeInfo"):
            await api.send(json.dumps({"id": method, "method": method}))
        answers = await receive(api, 3)
    assert [(each["id"], each["status"]) for each in answers] == [("ping", 200), ("time", 200), ("exchangeInfo", 200)]
    assert len(answers[2]["result"]["symbols"]) >= 14


async def test_client_when_it_sends_too_much_then_closed(server: Server) -> None:
    async with websockets.connect(f"ws://{server.address}/ws") as stream:
        for number in range(6):
            await stream.send(json.dumps({"method": "LIST_SUBSCRIPTIONS", "id": number}))
        async with asyncio.timeout(TIMEOUT_S):
            await stream.wait_closed()
    assert (stream.close_code, stream.close_reason) == (1008, "Too many requests")


async def test_client_when_it_does_not_read_then_ended_and_nothing_kept(server: Server) -> None:
    symbols = [symbol.name.lower() for symbol in Synthetic(7).symbols]
    names = "/".join(f"{symbol}@depth" for symbol in symbols)
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    small.connect(("127.0.0.1", int(server.address.rpartition(":")[2])))
    url = f"ws://{server.address}/stream?streams={names}"
    async with websockets.connect(url, sock=small, compression=None, max_queue=1) as stream:
        wait_until(lambda: bool(server.publisher.connections))
        (connection,) = server.publisher.connections
        # Nothing is read from here on: what the operating system keeps for this client fills up, and the rest waits.
        stream.transport.pause_reading()
        await asyncio.to_thread(wait_until, lambda: connection.outbox.closing is not None)
        assert connection.outbox.closing[0] == 1008
        await asyncio.to_thread(wait_until, lambda: not server.publisher.connections)
        assert len(connection.outbox) == 0
        stream.transport.abort()


async def test_server_when_stopped_then_clients_are_closed(synthetic: Synthetic) -> None:
    server = Server(synthetic)
    server.start()
    async with websockets.connect(f"ws://{server.address}/ws/btcusdt@trade") as stream:
        await receive(stream, 1)
        await asyncio.to_thread(server.stop)
        async with asyncio.timeout(TIMEOUT_S):
            await stream.wait_closed()
    assert stream.close_code == 1012
    assert server.publisher.connections == set()


@asynccontextmanager
async def ccxt_client(server: Server, **settings: Any) -> AsyncIterator[Any]:
    import ccxt.pro  # noqa: PLC0415

    urls = dict.fromkeys(("public", "private"), f"http://{server.address}/api/v3")
    sockets = {"spot": f"ws://{server.address}/ws", "ws-api": {"spot": f"ws://{server.address}/ws-api/v3"}}
    options = {"fetchMarkets": {"types": ["spot"]}, "fetchMargins": False, "fetchCurrencies": False}
    binance = ccxt.pro.binance({"urls": {"api": {**urls, "ws": sockets}}, "options": options, **settings})
    try:
        async with asyncio.timeout(60):
            await binance.load_markets()
            yield binance
    finally:
        await binance.close()
    await asyncio.to_thread(wait_until, lambda: not server.publisher.connections)


async def test_ccxt_when_it_watches_the_market_then_as_binance(server: Server) -> None:
    async with ccxt_client(server) as binance:
        await asyncio.gather(
            watch_tickers(binance), watch_candles(binance, server), watch_trades(binance), watch_book(binance)
        )


async def watch_tickers(binance: Any) -> None:
    ticker = await binance.watch_ticker("ETH/USDT", {"name": "ticker"})
    assert (ticker["symbol"], ticker["last"] > 0, ticker["bid"] < ticker["ask"]) == ("ETH/USDT", True, True)
    assert len(await binance.watch_tickers()) >= 14
    best = await binance.watch_bids_asks(["BTC/USDT"])
    assert best["BTC/USDT"]["bid"] < best["BTC/USDT"]["ask"]


async def watch_candles(binance: Any, server: Server) -> None:
    first, second = [(await binance.watch_ohlcv("BTC/USDT", "1m"))[-1] for _ in range(2)]
    rest = await asyncio.to_thread(server.read, "klines", symbol="BTCUSDT", interval="1m", startTime=second[0], limit=1)
    assert (first[0] <= second[0], second[1]) == (True, float(rest[0][1]))


async def watch_trades(binance: Any) -> None:
    trades = []
    while len(trades) < 3:
        trades += await binance.watch_trades("BTC/USDT")
    ids = [int(trade["id"]) for trade in trades]
    assert ids == list(range(ids[0], ids[0] + len(ids)))
    await binance.un_watch_trades("BTC/USDT")


async def watch_book(binance: Any) -> None:
    numbers = []
    for _ in range(3):
        book = await binance.watch_order_book("SOL/USDT", 1_000)
        numbers.append(book["nonce"])
        assert book["bids"][0][0] < book["asks"][0][0]
    assert numbers == sorted(numbers)
    assert numbers[0] < numbers[-1]


async def test_ccxt_when_it_places_an_order_then_it_hears_of_it(server: Server) -> None:
    account = server.desk.open_account(Permissions(), {"USDT": 10**13}, wall_clock())
    async with ccxt_client(server, apiKey=account.api_key, secret=account.secret_key) as binance:
        watching = asyncio.create_task(binance.watch_orders("BTC/USDT"))
        await asyncio.to_thread(wait_until, lambda: len(server.desk.listeners) > server.listeners)
        price = (await binance.fetch_ticker("BTC/USDT"))["last"] * 0.9
        placed = await binance.create_order_ws("BTC/USDT", "limit", "buy", 0.01, price)
        (heard,) = await watching
        assert (heard["id"], heard["status"], heard["side"]) == (placed["id"], "open", "buy")
        canceled = await binance.cancel_order_ws(placed["id"], "BTC/USDT")
        assert canceled["status"] == "canceled"
    await asyncio.to_thread(wait_until, lambda: len(server.desk.listeners) == server.listeners)
