"""The wire: what the gateway adds and saves, and how much the demo exchange can do."""

import hashlib
import hmac
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.stack import Stack

QUESTIONS, ORDERS = 800, 1_000
WATCHED_S = 60.0
ROUND_S = 5.0
PAIRS = ("BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT", "ADAUSDT")
CANDLES = {"symbol": "BTCUSDT", "interval": "5m", "limit": 500}


def measure(stack: Stack) -> None:
    """Prints; keeps within the weight that the exchange allows for a minute."""
    exchange, gateway = (f"http://127.0.0.1:{port}" for port in (stack.exchange_port, stack.gateway_port))
    for name, url in (("the exchange", exchange), ("the gateway", gateway)):
        with httpx.Client(base_url=url, trust_env=False) as http:
            report(f"500 candles from {name}", time_each(lambda http=http: read(http, "klines", **CANDLES), QUESTIONS))
    measure_exchange(exchange)
    for clients in (1, 10, 50):
        print(f"{clients} clients on {len(PAIRS)} pairs: {count_upstream(gateway, clients)} requests upstream a minute")


def measure_exchange(url: str) -> None:
    with httpx.Client(base_url=url, trust_env=False) as http:
        begun = time.perf_counter()
        whole = sum(len(read(http, "klines", **{**CANDLES, "limit": 1_000})) for _ in range(200))
        print(f"demo exchange: {whole / (time.perf_counter() - begun):,.0f} candles a second")
        keys = http.post("/demo/accounts", json={"balances": {"USDT": "1000000"}}).raise_for_status().json()
        begun = time.perf_counter()
        report("an order on the demo exchange", time_each(lambda: buy(http, keys), ORDERS))
        print(f"demo exchange: {ORDERS / (time.perf_counter() - begun):,.0f} orders a second, one after another")


def buy(http: httpx.Client, keys: dict[str, Any]) -> None:
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quoteOrderQty": "20"}
    payload = urlencode({**order, "timestamp": int(time.time() * 1_000)})
    signature = hmac.new(keys["secretKey"].encode(), payload.encode(), hashlib.sha256).hexdigest()
    headers = {"X-MBX-APIKEY": keys["apiKey"]}
    http.post(f"/api/v3/order?{payload}&signature={signature}", headers=headers).raise_for_status()


def count_upstream(url: str, clients: int) -> int:
    """What the gateway asks in a minute while clients ask what a bot asks, each every few seconds."""
    over = Event()
    with ThreadPoolExecutor(clients) as pool:
        for number in range(clients):
            pool.submit(ask_on, url, over, number / clients * ROUND_S)
        time.sleep(WATCHED_S + ROUND_S)
        count: int = httpx.get(f"{url}/gateway/health", trust_env=False).json()["requests_a_minute"]
        over.set()
    return count


def ask_on(url: str, over: Event, phase_s: float) -> None:
    over.wait(phase_s)
    with httpx.Client(base_url=url, trust_env=False) as http:
        while not over.is_set():
            for pair in PAIRS:
                read(http, "klines", symbol=pair, interval="1m", limit=100)
            for pair in PAIRS[:2]:
                read(http, "depth", symbol=pair, limit=5)
                read(http, "ticker/bookTicker", symbol=pair)
            over.wait(ROUND_S)


def read(http: httpx.Client, path: str, **query: Any) -> Any:
    return http.get(f"/api/v3/{path}", params=query).raise_for_status().json()


def time_each(work: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each, the first few left out."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1_000)
    return found[10:]


def report(what: str, values: list[float]) -> None:
    late = statistics.quantiles(values, n=100)[98]
    print(f"{what}: median {statistics.median(values):.2f} ms, p99 {late:.2f} ms")
