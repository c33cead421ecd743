"""A bot's own client, ccxt, through a gateway that listens, at a demo exchange that is a process of its own."""

import asyncio
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import ccxt
import ccxt.async_support
import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from tests.tools.gateway.orders.gate import LIMITS, MASTER, ONE, OTHER, Gate
from tests.tools.gateway.orders.venue import Venue
from tools.credentials import bot_credentials
from tools.gateway.build import build_orders
from tools.gateway.orders.check import Venue as Named
from tools.gateway.orders.keys import ExchangeKeys
from tools.gateway.orders.placing import Market
from tools.gateway.orders.routes import ROUTES, UNLISTED
from tools.gateway.orders.symbols import Listed
from tools.gateway.orders.upstream import Forwarder
from tools.market.prices import Prices
from tools.market.source import Ticker
from tools.store.database import Store

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[4]


class Tickers:
    """Prices as the exchange tells anybody."""

    def __init__(self, exchange: str) -> None:
        self._url = f"{exchange}/api/v3/ticker/price"

    async def read_ticker(self, pair: str) -> Ticker:
        async with httpx.AsyncClient() as client:
            told = (await client.get(self._url, params={"symbol": pair.replace("/", "")})).json()
        return Ticker(Decimal(told["price"]), *[Decimal(0)] * 4)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            httpx.get(url, timeout=1)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)


@pytest.fixture(scope="module")
def exchange() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tools.exchange", "--port", str(port)], cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    wait_for(f"{url}/api/v3/ping")
    yield url
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module")
def gateway(exchange: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its account has 100,000 USDT and 2 BTC, of which no bot may learn."""
    funds = {"balances": {"USDT": "100000", "BTC": "2"}}
    account = httpx.post(f"{exchange}/demo/accounts", json=funds).json()
    data = tmp_path_factory.mktemp("gateway")
    store = Store(data / "tradehelm.sqlite")
    store.migrate()
    made = Gate(data, store, Venue(), exchange)
    made.write_limits(LIMITS)
    made.add_bot(ONE)
    made.add_bot(OTHER)
    server = uvicorn.Server(uvicorn.Config(_app(made, exchange, account), port=free_port(), log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.config.port}"
    wait_for(f"{url}/")
    yield url
    server.should_exit = True
    thread.join(10)
    store.close()


def _app(made: Gate, exchange: str, account: dict[str, Any]) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        """The ledger belongs to the thread that opens it: the server's."""
        if "app" not in built:
            built["app"] = await _build(made, exchange, account)
        await built["app"](scope, receive, send)

    built: dict[str, Any] = {}
    return app


async def _build(made: Gate, exchange: str, account: dict[str, Any]) -> Starlette:
    async def find_symbol(name: str) -> str:
        async with httpx.AsyncClient() as client:
            told = (await client.get(f"{exchange}/api/v3/exchangeInfo", params={"symbol": name})).json()
        return json.dumps(told["symbols"][0])

    keys = ExchangeKeys(account["apiKey"], account["secretKey"])
    orders = build_orders(
        data=made.data, master=MASTER, store=made.store, exchange=Forwarder(exchange, keys, made.clock_ms),
        market=Market(Listed(find_symbol), Prices(Tickers(exchange))), venue=Named("demo", lambda: 0),
        clock_ms=made.clock_ms,
    )  # fmt: skip
    await orders.reconciler.look()
    app = Starlette(routes=ROUTES)
    app.router.default = UNLISTED
    app.state.find_service = lambda: orders.service
    return app


def settings(gateway: str, exchange: str, bot_id: str) -> dict[str, Any]:
    """For each of ccxt's clients."""
    mine = bot_credentials(MASTER, bot_id)
    paths = {"private": f"{gateway}/api/v3", "public": f"{exchange}/api/v3", "v1": f"{exchange}/api/v1"}
    sapi = {name: f"{gateway}/sapi/v{version}" for name, version in (("sapi", 1), ("sapiV2", 2), ("sapiV3", 3))}
    return {
        "apiKey": mine.key, "secret": mine.secret, "enableRateLimit": False, "urls": {"api": paths | sapi},
        "options": {"fetchMarkets": {"types": ["spot"]}, "fetchMargins": False},
    }  # fmt: skip


def client(gateway: str, exchange: str, bot_id: str) -> Any:
    return ccxt.binance(settings(gateway, exchange, bot_id))


@pytest.fixture
def bot(gateway: str, exchange: str) -> Any:
    made = client(gateway, exchange, ONE)
    made.load_markets()
    return made


def test_trade_when_ccxt_asks_then_a_whole_round_goes_through(bot: Any, gateway: str, exchange: str) -> None:
    price = bot.fetch_ticker("BTC/USDT")["last"]
    amount = float(bot.amount_to_precision("BTC/USDT", 50 / price))
    assert bot.fetch_balance()["free"] == {"USDT": 300.0}

    bought = bot.create_order("BTC/USDT", "market", "buy", amount)
    assert (bought["status"], bought["type"]) == ("closed", "market")
    held = bot.fetch_balance()["BTC"]["free"]
    assert 0 < held <= amount
    fees = sum(Decimal(str(one["fee"]["cost"])) for one in bot.fetch_my_trades("BTC/USDT"))
    assert Decimal(str(held)) == Decimal(str(amount)) - fees

    floor = float(bot.price_to_precision("BTC/USDT", price * 0.9))
    words = {"stopPrice": float(bot.price_to_precision("BTC/USDT", price * 0.91))}
    half = float(bot.amount_to_precision("BTC/USDT", held / 2))
    stop = bot.create_order("BTC/USDT", "stop_loss_limit", "sell", half, floor, words)
    assert bot.fetch_order(stop["id"], "BTC/USDT")["status"] == "open"
    assert [one["id"] for one in bot.fetch_open_orders("BTC/USDT")] == [stop["id"]]
    with pytest.raises(ccxt.InsufficientFunds):
        bot.create_order("BTC/USDT", "market", "sell", float(bot.amount_to_precision("BTC/USDT", held)))
    assert bot.cancel_order(stop["id"], "BTC/USDT")["status"] == "canceled"

    rest = float(bot.amount_to_precision("BTC/USDT", held))
    sold = bot.create_order("BTC/USDT", "market", "sell", rest)
    assert sold["status"] == "closed"
    assert {one["id"] for one in bot.fetch_orders("BTC/USDT")} == {bought["id"], stop["id"], sold["id"]}
    other = client(gateway, exchange, OTHER)
    assert other.fetch_balance()["free"] == {"USDT": 300.0}
    assert other.fetch_orders("BTC/USDT") == other.fetch_my_trades("BTC/USDT") == []
    with pytest.raises(ccxt.OrderNotFound):
        other.fetch_order(sold["id"], "BTC/USDT")


def test_trade_when_the_gateway_refuses_then_ccxt_knows_that_no_order_was_made(bot: Any) -> None:
    price = bot.fetch_ticker("ETH/USDT")["last"]
    with pytest.raises(ccxt.InvalidOrder, match="trade_size"):
        bot.create_order("ETH/USDT", "limit", "buy", 300 / price, price)
    with pytest.raises(ccxt.InvalidOrder, match="pair_not_of_bot"):
        bot.create_order("SOL/USDT", "limit", "buy", 0.5, bot.fetch_ticker("SOL/USDT")["last"])
    with pytest.raises(ccxt.InvalidOrder, match="price_band"):
        bot.create_order("ETH/USDT", "limit", "buy", 50 / price, price * 1.06)
    with pytest.raises(ccxt.InsufficientFunds):
        bot.create_order("BTC/USDT", "market", "sell", 0.5)
    with pytest.raises(ccxt.BadRequest, match="not supported"):
        bot.withdraw("USDT", 10, "0x0000000000000000000000000000000000000001")
    with pytest.raises(ccxt.BadRequest, match="not supported"):
        bot.cancel_all_orders("BTC/USDT")


def test_trade_when_an_order_rests_then_it_can_be_taken_back_and_gives_its_money_back(bot: Any) -> None:
    price = bot.fetch_ticker("ETH/USDT")["last"]
    low = float(bot.price_to_precision("ETH/USDT", price * 0.8))
    resting = bot.create_order("ETH/USDT", "limit", "buy", 60 / price, low, {"postOnly": True})
    locked = bot.fetch_balance()["USDT"]["used"]
    assert 40 < locked < 60
    assert bot.cancel_order(resting["id"], "ETH/USDT")["status"] == "canceled"
    assert bot.fetch_balance()["USDT"]["used"] == 0


async def test_trade_when_ccxt_does_not_wait_then_a_whole_round_goes_through(gateway: str, exchange: str) -> None:
    bot = ccxt.async_support.binance(settings(gateway, exchange, OTHER))
    try:
        async with asyncio.timeout(60):
            await trade_a_round(bot)
    finally:
        await bot.close()


async def trade_a_round(bot: Any) -> None:
    assert (await bot.load_markets())["ETH/USDT"]["spot"] is True
    assert (await bot.fetch_balance())["free"] == {"USDT": 300.0}
    price = (await bot.fetch_ticker("ETH/USDT"))["last"]
    amount = float(bot.amount_to_precision("ETH/USDT", 50 / price))
    bought = await bot.create_order("ETH/USDT", "market", "buy", amount)
    held = (await bot.fetch_balance())["ETH"]["free"]
    half = float(bot.amount_to_precision("ETH/USDT", held / 2))
    low, floor, trigger = (float(bot.price_to_precision("ETH/USDT", price * part)) for part in (0.8, 0.9, 0.91))
    resting = await asyncio.gather(
        bot.create_order("ETH/USDT", "limit", "buy", amount, low),
        bot.create_order("ETH/USDT", "stop_loss_limit", "sell", half, floor, {"stopPrice": trigger}),
    )
    ids = {order["id"] for order in resting}
    assert {order["id"] for order in await bot.fetch_open_orders("ETH/USDT")} == ids
    cancelled = await asyncio.gather(*(bot.cancel_order(one, "ETH/USDT") for one in ids))
    assert [order["status"] for order in cancelled] == ["canceled"] * 2
    sold = await bot.create_order("ETH/USDT", "market", "sell", float(bot.amount_to_precision("ETH/USDT", held)))
    trades = await bot.fetch_my_trades("ETH/USDT")
    assert {trade["order"] for trade in trades} == {bought["id"], sold["id"]}
    assert await bot.fetch_open_orders("ETH/USDT") == []
