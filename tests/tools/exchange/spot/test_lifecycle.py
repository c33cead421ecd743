"""The exchange as a process of its own: a whole life with ccxt, and what a kill leaves behind."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tools.exchange.spot.signing import sign

TIMEOUT_S = 20


class Process:
    """A demo exchange on a free port."""

    def __init__(self, *words: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port: int = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen([sys.executable, "-m", "tools.exchange", "--port", str(port), *words])
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                httpx.get(f"{self.url}/api/v3/ping").raise_for_status()
            except httpx.TransportError:
                time.sleep(0.02)
            else:
                return
        pytest.fail(f"the exchange did not answer; exit status {self.process.poll()}")

    def open_account(self, token: str = "", **balances: str) -> dict[str, Any]:
        headers = {"X-Demo-Token": token}
        answer = httpx.post(f"{self.url}/demo/accounts", json={"balances": balances}, headers=headers)
        answer.raise_for_status()
        keys: dict[str, Any] = answer.json()
        return keys

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.wait(TIMEOUT_S)


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    """Starts exchanges with arguments; all are ended afterwards."""
    begun: list[Process] = []

    def begin(*words: str) -> Process:
        begun.append(Process(*words))
        return begun[-1]

    yield begin
    for process in begun:
        process.end()


def settings(url: str, keys: dict[str, Any]) -> dict[str, Any]:
    """For each of ccxt's clients."""
    urls = dict.fromkeys(("public", "private"), f"{url}/api/v3")
    urls |= {"v1": f"{url}/api/v1", "sapi": f"{url}/sapi/v1", "sapiV2": f"{url}/sapi/v2", "sapiV3": f"{url}/sapi/v3"}
    options = {"fetchMarkets": {"types": ["spot"]}}
    secrets = {"apiKey": keys["apiKey"], "secret": keys["secretKey"]}
    return {"urls": {"api": urls}, "options": options, "enableRateLimit": False, **secrets}


def client(url: str, keys: dict[str, Any]) -> Any:
    import ccxt  # noqa: PLC0415

    return ccxt.binance(settings(url, keys))


@asynccontextmanager
async def async_client(url: str, keys: dict[str, Any]) -> AsyncIterator[Any]:
    import ccxt.async_support  # noqa: PLC0415

    binance = ccxt.async_support.binance(settings(url, keys))
    try:
        async with asyncio.timeout(60):
            yield binance
    finally:
        await binance.close()


@pytest.mark.integration
def test_exchange_when_ccxt_trades_on_it_then_as_on_binance(start: Callable[..., Process]) -> None:
    import ccxt  # noqa: PLC0415

    exchange = start()
    binance = client(exchange.url, exchange.open_account(USDT="10000", BTC="0.5"))
    assert binance.fetch_balance()["USDT"] == {"free": 10_000, "used": 0, "total": 10_000}
    price = binance.fetch_ticker("BTC/USDT")["last"]

    bought = binance.create_order("BTC/USDT", "market", "buy", 0.01)
    assert (bought["status"], bought["filled"], bought["fee"]["currency"]) == ("closed", 0.01, "BTC")
    limit = binance.create_order("BTC/USDT", "limit", "buy", 0.01, round(price * 0.8, 2))
    stop = {"stopPrice": round(price * 0.7, 2)}
    stopped = binance.create_order("BTC/USDT", "stop_loss_limit", "sell", 0.01, round(price * 0.69, 2), stop)
    maker = binance.create_order("BTC/USDT", "limit", "sell", 0.01, round(price * 1.2, 2), {"postOnly": True})

    orders = [limit, stopped, maker]
    assert {order["id"] for order in binance.fetch_open_orders("BTC/USDT")} == {order["id"] for order in orders}
    fetched = [binance.fetch_order(order["id"], "BTC/USDT") for order in orders]
    assert [order["status"] for order in fetched] == ["open"] * 3
    assert fetched[1]["stopPrice"] == stop["stopPrice"]
    assert binance.fetch_balance()["BTC"]["used"] == pytest.approx(0.02)
    for order in orders:
        assert binance.cancel_order(order["id"], "BTC/USDT")["status"] == "canceled"
    assert binance.fetch_balance()["BTC"]["used"] == binance.fetch_balance()["USDT"]["used"] == 0

    (trade,) = binance.fetch_my_trades("BTC/USDT")
    assert (trade["order"], trade["amount"], trade["takerOrMaker"]) == (bought["id"], 0.01, "taker")
    assert trade["fee"] == {"cost": 0.00001, "currency": "BTC"}
    assert binance.fetch_trading_fees()["BTC/USDT"]["taker"] == 0.001
    assert "USDT" in binance.fetch_currencies()
    with pytest.raises(ccxt.InsufficientFunds):
        binance.create_order("BTC/USDT", "limit", "buy", 1, round(price * 0.8, 2))
    with pytest.raises(ccxt.OrderNotFound):
        binance.cancel_order("999999", "BTC/USDT")


@pytest.mark.integration
async def test_exchange_when_ccxt_trades_on_it_without_waiting_then_as_on_binance(
    start: Callable[..., Process],
) -> None:
    import ccxt  # noqa: PLC0415

    exchange = start()
    async with async_client(exchange.url, exchange.open_account(USDT="10000", BTC="0.5")) as binance:
        assert (await binance.load_markets())["BTC/USDT"]["spot"] is True
        assert (await binance.fetch_balance())["USDT"] == {"free": 10_000, "used": 0, "total": 10_000}
        price = (await binance.fetch_ticker("BTC/USDT"))["last"]

        bought = await binance.create_order("BTC/USDT", "market", "buy", 0.01)
        assert (bought["status"], bought["filled"]) == ("closed", 0.01)
        stop = {"stopPrice": round(price * 0.7, 2)}
        resting = await asyncio.gather(
            binance.create_order("BTC/USDT", "limit", "buy", 0.01, round(price * 0.8, 2)),
            binance.create_order("BTC/USDT", "limit", "sell", 0.01, round(price * 1.2, 2), {"postOnly": True}),
            binance.create_order("BTC/USDT", "stop_loss_limit", "sell", 0.01, round(price * 0.69, 2), stop),
        )
        ids = [order["id"] for order in resting]
        assert {order["id"] for order in await binance.fetch_open_orders("BTC/USDT")} == set(ids)
        fetched = await asyncio.gather(*(binance.fetch_order(one, "BTC/USDT") for one in ids))
        assert [order["status"] for order in fetched] == ["open"] * 3
        assert fetched[2]["stopPrice"] == stop["stopPrice"]
        assert (await binance.fetch_balance())["BTC"]["used"] == pytest.approx(0.02)

        cancelled = await asyncio.gather(*(binance.cancel_order(one, "BTC/USDT") for one in ids))
        assert [order["status"] for order in cancelled] == ["canceled"] * 3
        assert await binance.fetch_open_orders("BTC/USDT") == []
        balance = await binance.fetch_balance()
        assert balance["BTC"]["used"] == balance["USDT"]["used"] == 0

        sold = await binance.create_order("BTC/USDT", "market", "sell", 0.009)
        trades = await binance.fetch_my_trades("BTC/USDT")
        assert [(trade["order"], trade["side"]) for trade in trades] == [(bought["id"], "buy"), (sold["id"], "sell")]
        with pytest.raises(ccxt.InsufficientFunds):
            await binance.create_order("BTC/USDT", "limit", "buy", 1, round(price * 0.8, 2))
        with pytest.raises(ccxt.OrderNotFound):
            await binance.cancel_order("999999", "BTC/USDT")


@pytest.mark.integration
def test_exchange_when_it_is_killed_then_all_that_it_answered_is_kept(
    start: Callable[..., Process], tmp_path: Path
) -> None:
    state = tmp_path / "state"
    exchange = start("--state", str(state))
    token = (state / "control-token").read_text().strip()
    keys = exchange.open_account(token, USDT="100000")
    answered: list[int] = []
    threads = [threading.Thread(target=_trade, args=(exchange.url, keys, answered)) for _ in range(3)]
    for thread in threads:
        thread.start()
    while len(answered) < 60:
        time.sleep(0.01)
    exchange.end(signal.SIGKILL)
    for thread in threads:
        thread.join()

    again = start("--state", str(state))
    ledger = httpx.get(f"{again.url}/demo/ledger").json()
    assert set(ledger["totals"].values()) == {"0.00000000"}
    with httpx.Client(base_url=again.url, headers={"X-MBX-APIKEY": keys["apiKey"]}) as http:
        kept = http.get(_signed("/api/v3/allOrders", keys, symbol="BTCUSDT", limit=1_000)).json()
        trades = http.get(_signed("/api/v3/myTrades", keys, symbol="BTCUSDT", limit=1_000)).json()
    assert set(answered) <= {order["orderId"] for order in kept}
    assert {order["status"] for order in kept} == {"FILLED"}
    assert {order["orderId"] for order in kept} == {trade["orderId"] for trade in trades}


def _trade(url: str, keys: dict[str, Any], answered: list[int]) -> None:
    """Buys at the market until the exchange is gone; notes each order that was answered."""
    with httpx.Client(base_url=url, headers={"X-MBX-APIKEY": keys["apiKey"]}) as http:
        while True:
            order = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.0001"}
            try:
                answer = http.post(_signed("/api/v3/order", keys, **order))
            except httpx.TransportError:
                return
            answered.append(answer.json()["orderId"])


def _signed(path: str, keys: dict[str, Any], **params: Any) -> str:
    query = urlencode({**params, "timestamp": time.time_ns() // 1_000_000})
    return f"{path}?{query}&signature={sign(keys['secretKey'], query.encode())}"


def test_exchange_when_its_state_cannot_be_used_then_one_sentence_and_status_78(tmp_path: Path) -> None:
    (tmp_path / "exchange.sqlite").write_bytes(os.urandom(4_096))
    command = [sys.executable, "-m", "tools.exchange", "--port", "0", "--state", str(tmp_path)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=TIMEOUT_S)
    assert ended.returncode == 78
    assert str(tmp_path / "exchange.sqlite") in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.integration
def test_exchange_when_an_order_is_accepted_and_not_answered_then_it_is_there_once(
    start: Callable[..., Process],
) -> None:
    import ccxt  # noqa: PLC0415

    exchange = start()
    binance = client(exchange.url, exchange.open_account(USDT="10000"))
    price = binance.fetch_ticker("BTC/USDT")["last"]
    fault = {"kind": "accepted_then_timeout", "path": "/api/v3/order", "method": "POST", "count": 1, "hold_ms": 50}
    httpx.post(f"{exchange.url}/demo/faults", json=fault).raise_for_status()
    with pytest.raises(ccxt.NetworkError):
        binance.create_order("BTC/USDT", "limit", "buy", 0.01, price / 2, {"newClientOrderId": "mine"})
    found = binance.fetch_order(None, "BTC/USDT", {"origClientOrderId": "mine"})
    assert (found["status"], len(binance.fetch_open_orders("BTC/USDT"))) == ("open", 1)
    (struck,) = httpx.get(f"{exchange.url}/demo/faults/log").json()["strikes"]
    assert (struck["kind"], struck["method"], struck["path"]) == ("accepted_then_timeout", "POST", "/api/v3/order")


@pytest.mark.integration
def test_exchange_when_asked_then_it_tells_what_weight_and_how_many_orders_were_used(
    start: Callable[..., Process],
) -> None:
    exchange = start()
    binance = client(exchange.url, exchange.open_account(USDT="10000"))
    price = binance.fetch_ticker("BTC/USDT")["last"]
    binance.create_order("BTC/USDT", "limit", "buy", 0.01, price / 2)
    told = binance.last_response_headers
    assert (int(told["X-Mbx-Used-Weight-1m"]) > 0, told["X-Mbx-Order-Count-10s"]) == (True, "1")
    counts = [limit["count"] for limit in binance.privateGetRateLimitOrder()]
    assert counts[-1] == 1
