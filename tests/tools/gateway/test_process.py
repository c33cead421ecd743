"""The gateway as a process of its own before a process of the demo exchange: what bots read, and what it costs."""

import asyncio
import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.tools.gateway.processes import CountingLine, free_port, run, running, send_raw

READY = "/gateway/health"
PAIRS = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"]


@dataclass(frozen=True)
class Wire:
    """Addresses of the exchange and of the gateway, and the counted line between them."""

    exchange: str
    gateway: str
    line: CountingLine

    def health(self) -> Any:
        return httpx.get(f"{self.gateway}{READY}").json()


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    with running("tools.exchange", "/api/v3/ping") as exchange:
        line = CountingLine(urlsplit(exchange).port or 0)
        with running("tools.gateway", READY, "--upstream", f"http://127.0.0.1:{line.port}") as gateway:
            yield Wire(exchange, gateway, line)
        line.close()


def client(url: str) -> Any:
    import ccxt  # noqa: PLC0415

    urls = dict.fromkeys(("public", "private"), f"{url}/api/v3")
    urls |= {"v1": f"{url}/api/v1", "sapi": f"{url}/sapi/v1", "sapiV2": f"{url}/sapi/v2", "sapiV3": f"{url}/sapi/v3"}
    return ccxt.binance({"urls": {"api": urls}, "options": {"fetchMarkets": {"types": ["spot"]}}})


def agree_at_some_moment(ours: Callable[[], Any], theirs: Callable[[], Any]) -> bool:
    """Whether what one says is what the other says; prices change every second, so they are asked again and again."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        before, answer, after = theirs(), ours(), theirs()
        if answer in (before, after):
            return True
    return False


def without_time(ticker: Any) -> Any:
    return {name: value for name, value in ticker.items() if name not in ("timestamp", "datetime", "info")}


@pytest.mark.integration
def test_gateway_when_ccxt_reads_it_then_as_the_exchange(wire: Wire) -> None:
    ours, theirs = client(wire.gateway), client(wire.exchange)
    assert ours.load_markets() == theirs.load_markets()
    since = ours.milliseconds() - 3 * 3_600_000
    assert ours.fetch_ohlcv("BTC/USDT", "5m", since, 20) == theirs.fetch_ohlcv("BTC/USDT", "5m", since, 20)
    reads: list[Callable[[Any], Any]] = [
        lambda binance: binance.fetch_ohlcv("BTC/USDT", "1m", limit=1_000),
        lambda binance: without_time(binance.fetch_ticker("ETH/USDT")),
        lambda binance: {pair: without_time(ticker) for pair, ticker in binance.fetch_bids_asks().items()},
        lambda binance: without_time(binance.fetch_order_book("BTC/USDT", 5)),
        lambda binance: binance.fetch_trades("BTC/USDT", limit=20),
    ]
    for read in reads:
        assert agree_at_some_moment(lambda read=read: read(ours), lambda read=read: read(theirs))  # type: ignore[misc]
    assert set(ours.fetch_tickers()) == set(theirs.fetch_tickers())
    assert abs(ours.fetch_time() - theirs.fetch_time()) < 500


async def loop_of_a_bot(http: httpx.AsyncClient) -> None:
    """What Freqtrade asks in one turn: candles of every pair, and the book of one."""
    for pair in PAIRS:
        answer = await http.get("/api/v3/klines", params={"symbol": pair, "interval": "5m", "limit": 999})
        assert len(answer.json()) == 999
        assert int(answer.headers["x-tradehelm-age-ms"]) <= 1_500
    assert (await http.get("/api/v3/depth", params={"symbol": "BTCUSDT", "limit": 5})).status_code == 200


@pytest.mark.integration
async def test_gateway_when_fifty_bots_ask_at_once_then_the_exchange_is_asked_as_by_one(wire: Wire) -> None:
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(base_url=wire.gateway, limits=limits, timeout=30) as http:
        before = wire.line.count("GET /api/v3/"), wire.health()["requests_a_minute"]
        began = time.monotonic()
        await asyncio.gather(*(loop_of_a_bot(http) for _ in range(50)))
        refreshes = int(time.monotonic() - began) + 1
    sent = wire.line.count("GET /api/v3/") - before[0]
    assert sent <= (len(PAIRS) + 1) * (1 + refreshes)
    assert sent == wire.health()["requests_a_minute"] - before[1]
    assert wire.line.count("klines", "limit=999") == len(PAIRS)


def assert_refused(said: bytes) -> None:
    """With a status, a type and a body as Binance gives them."""
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.split(b" ", 2)[1] in (b"400", b"403", b"404"), said
    assert b"content-type: application/json" in head.lower(), said
    if b"transfer-encoding: chunked" in head.lower():
        body = body.partition(b"\r\n")[2].partition(b"\r\n")[0]
    assert -1200 < json.loads(body)["code"] < -1000


@pytest.mark.integration
@pytest.mark.parametrize("line", [
    b"GET /api/v3/../v3/ping", b"GET //api/v3/ping", b"GET /api/v3/%70ing", b"GET http://elsewhere/api/v3/ping",
    b"GET /api/v3/ping;x=1", b"GET /API/V3/PING", b"GET /api/v3/order?symbol=BTCUSDT", b"DELETE /api/v3/ping",
    b"GET /api/v3/ping%0d%0aX:%20y", b"POST /api/v3/order", b"GET /sapi/v1/capital/config/getall", b"OPTIONS *",
    b"PATCH /gateway/health", b"GET /gateway/h%65alth", b"TRACE /", b"CONNECT x:443", b"FETCH *", b"GET /%0a",
    b"GET /api/v3/ping?signature=1", b"GET /api/v3/klines?symbol=A%0d%0aB&interval=1m", b"GET /api/v3/ping#x",
])  # fmt: skip
def test_gateway_when_the_request_is_crooked_then_refused_and_nothing_is_sent(wire: Wire, line: bytes) -> None:
    before = list(wire.line.requests)
    said = send_raw(wire.gateway, line + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert_refused(said)
    assert [each for each in wire.line.requests if each not in before] == []


@pytest.mark.integration
@pytest.mark.parametrize("text", [
    b"GET /api/v3/ping HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    b"GET /api/v3/ping HTTP/1.1\r\n\r\n", b"GET /api/v3/ping HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 70_000,
    b"GET /api/v3/\xff HTTP/1.1\r\nHost: x\r\n\r\n", b"\r\n\r\n\r\n\x00",
    b"GET /ws/btcusdt@trade HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
])  # fmt: skip
def test_gateway_when_it_is_no_http_then_refused_in_binances_shape_and_nothing_is_sent(wire: Wire, text: bytes) -> None:
    before = list(wire.line.requests)
    assert_refused(send_raw(wire.gateway, text))
    assert [each for each in wire.line.requests if each not in before] == []


@pytest.mark.integration
@pytest.mark.parametrize("header", [b"Content-Length: 3\r\n\r\nabc", b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"])
def test_gateway_when_a_read_has_a_body_then_refused(wire: Wire, header: bytes) -> None:
    said = send_raw(wire.gateway, b"GET /api/v3/ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + header)
    assert said.startswith(b"HTTP/1.1 403")
    assert b"-1020" in said


@pytest.mark.integration
def test_gateway_when_asked_then_it_does_not_say_what_it_is(wire: Wire) -> None:
    answer = httpx.get(f"{wire.gateway}/api/v3/ping", headers={"X-MBX-APIKEY": "key"})
    assert set(answer.headers) == {"content-type", "content-length", "x-tradehelm-age-ms"}
    assert not any("key" in line for line in wire.line.requests)


@pytest.mark.integration
def test_gateway_when_the_exchange_goes_and_comes_back_then_it_says_so_and_serves_again() -> None:
    port = free_port()
    with running("tools.gateway", READY, "--upstream", f"http://127.0.0.1:{port}") as gateway:
        began = time.monotonic()
        answer = httpx.get(f"{gateway}/api/v3/ticker/price", params={"symbol": "BTCUSDT"}, timeout=30)
        assert (answer.status_code, answer.json()["code"]) == (503, -1001)
        assert time.monotonic() - began < 9
        assert httpx.get(f"{gateway}{READY}").json()["reachable"] is False
        with running("tools.exchange", "/api/v3/ping", port=port):
            assert httpx.get(f"{gateway}/api/v3/ticker/price", params={"symbol": "BTCUSDT"}).status_code == 200
            assert httpx.get(f"{gateway}{READY}").json()["reachable"] is True


def streams_are_served(url: str) -> bool:
    from websockets.exceptions import WebSocketException  # noqa: PLC0415
    from websockets.sync.client import connect  # noqa: PLC0415

    try:
        with connect(f"{url.replace('http', 'ws')}/stream?streams=btcusdt@bookTicker", proxy=None):
            return True
    except (OSError, WebSocketException):
        return False


@pytest.mark.integration
def test_gateway_when_there_are_streams_then_polling_bots_cost_nothing(wire: Wire) -> None:
    if not streams_are_served(wire.exchange):
        pytest.skip("the exchange serves no streams")
    words = ["--upstream", f"http://127.0.0.1:{wire.line.port}", "--stream-url", wire.exchange.replace("http", "ws")]
    with running("tools.gateway", READY, *words) as gateway, httpx.Client(base_url=gateway) as http:
        deadline = time.monotonic() + 10
        http.get("/api/v3/ticker/bookTicker", params={"symbol": "LTCUSDT"})
        while http.get(READY).json()["streams"]["heard"] < 1:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        before = wire.line.count("bookTicker", "LTCUSDT")
        seen = set()
        while len(seen) < 3:
            seen.add(json.dumps(http.get("/api/v3/ticker/bookTicker", params={"symbol": "LTCUSDT"}).json()))
            time.sleep(0.05)
            assert time.monotonic() < deadline + 10
        assert wire.line.count("bookTicker", "LTCUSDT") == before


@pytest.mark.integration
@pytest.mark.parametrize(("words", "says"), [(["--upstream", "binance"], "is not an address"), ([], "--upstream")])
def test_gateway_when_an_argument_is_wrong_then_one_sentence_and_status_78(words: list[str], says: str) -> None:
    ended = run(*words)
    assert ended.returncode == 78
    assert says in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.integration
def test_gateway_when_the_port_is_taken_then_status_78() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ended = run("--upstream", "http://127.0.0.1:1", "--port", str(listener.getsockname()[1]))
    assert ended.returncode == 78
    assert "cannot listen there" in ended.stderr
