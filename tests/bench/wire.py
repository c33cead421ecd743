"""The wire: what the gateway adds and saves, and how much the demo exchange can do."""

import hashlib
import hmac
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.stack import Stack, wait_until
from tests.tools.gateway.live_world import World, open_world, write_bot, write_limits
from tools.bot import BotSpec
from tools.credentials import Credentials, bot_credentials, read_master
from tools.guard.limits import Limits
from tools.guard.mandates import MandateFacts, Mandates, source_hash, terms_of
from tools.store.database import Store

QUESTIONS, ORDERS, WIRE_ORDERS = 800, 1_000, 600
BOTS = tuple(f"{number:012x}" for number in range(1, 6))
STRATEGY = Path(__file__).resolve().parents[2] / "strategies" / "RsiMeanReversion.py"
SPEC = BotSpec.model_validate(
    {"name": "bench", "mode": "REAL_MARKET_SPOT", "pairs": ["BTC/USDT"], "stake": "900", "max_open_trades": 1}
)
WIDE = Limits(
    max_trade=Decimal(1000), max_bot_exposure=Decimal(1000), max_total_exposure=Decimal(5000), live_enabled=True,
    max_daily_loss=Decimal(100_000), max_drawdown=Decimal(100_000), max_loss_streak=1000,
    max_entries_per_minute=100_000, max_entries_per_hour=100_000,
)  # fmt: skip
"""So that no limit is measured instead of the way."""
QUANTITY, IN_STOCK = "0.00020", "0.00030"
WINDOW_MS = 2_000
"""The gateway remembers 300 valid signatures of a bot and takes no more: a short one ends soon."""
ONE_BURST, ALL_BURST, BURSTS, REST_S = 25, 55, 8, 10.2
"""How many orders the gateway takes of one bot and of all within ten seconds, and how often they are made."""
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
    measure_exchange(exchange, control_token(stack.folder))
    for clients in (1, 10, 50):
        print(f"{clients} clients on {len(PAIRS)} pairs: {count_upstream(gateway, clients)} requests upstream a minute")
    with tempfile.TemporaryDirectory(prefix="tradehelm-bench-") as folder:
        measure_orders(Path(folder))


def measure_orders(data: Path) -> None:
    """The same orders straight to a demo exchange and through the gateway: a purchase, then a sale of as much."""
    data.chmod(0o700)
    with closing(Store(data / "tradehelm.sqlite")) as store, open_world(data) as world:
        store.migrate()
        write_limits(store, WIDE)
        for bot_id in BOTS:
            source = data / "bots" / bot_id / "strategies" / STRATEGY.name
            source.parent.mkdir(mode=0o700, parents=True)
            source.write_bytes(STRATEGY.read_bytes())
            write_bot(store, bot_id, SPEC, STRATEGY)
            with store.writing() as session:
                facts = MandateFacts(source_hash(STRATEGY.read_bytes()), terms_of(SPEC), WIDE)
                Mandates(store).grant(session, bot_id, facts, by="web", proposal_id="p")
        wait_until(world.takes_orders, 30, "the gateway")
        made = httpx.post(
            f"{world.exchange}/demo/accounts", json={"balances": {"USDT": "100000"}}, headers=control_token(data)
        )
        account = made.raise_for_status().json()
        straight = trade_on(world, world.exchange, Credentials(account["apiKey"], account["secretKey"]), WIRE_ORDERS)
        bots = [bot_credentials(read_master(data), bot_id) for bot_id in BOTS]
        through = [one for turn in range(BURSTS) for one in burst(world, [bots[turn % len(bots)]], ONE_BURST)[0]]
        report("an order straight to the exchange", straight)
        report("an order through the gateway", through)
        for name, rank in (("median", 50), ("p99", 99)):
            one, other = (statistics.quantiles(values, n=100)[rank - 1] for values in (straight, through))
            print(f"what the gateway adds to an order, {name}: {other - one:.2f} ms, {other / one:.1f} times as long")
        print(f"gateway: {1_000 / statistics.mean(through):,.0f} orders a second, one after another")
        bursts = [burst(world, bots, ALL_BURST // len(bots)) for _ in range(BURSTS)]
        times = [one for found, _ in bursts for one in found]
        rate = BURSTS * ALL_BURST / sum(seconds for _, seconds in bursts)
        print(f"gateway: {rate:,.0f} orders a second from {len(bots)} bots at once")
        report(f"an order through the gateway, of {len(bots)} bots at once", times)


def burst(world: World, bots: list[Credentials], orders: int) -> tuple[list[float], float]:
    """Milliseconds of each order of these bots at once, and how many seconds all took; then it rests until the gateway
    takes as many again. The first order of each is for something to sell, and is not timed."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(bots)) as pool:
        times = list(pool.map(lambda mine: trade_on(world, world.gateway, mine, orders - 1), bots))
    seconds = time.perf_counter() - begun
    time.sleep(REST_S)
    return [one for each in times for one in each], seconds


def control_token(data: Path) -> dict[str, str]:
    return {"X-Demo-Token": (data / "exchange" / "control-token").read_text().strip()}


def trade_on(world: World, url: str, mine: Credentials, times: int) -> list[float]:
    """Milliseconds of each order, purchases and sales by turns."""
    quote = httpx.get(f"{world.exchange}/api/v3/ticker/bookTicker", params={"symbol": "BTCUSDT"}).json()
    price = f"{float(quote['askPrice']) * 1.02:.2f}"
    buys = {"side": "BUY", "type": "LIMIT", "timeInForce": "IOC", "price": price, "quantity": QUANTITY}
    turns = [buys, {"side": "SELL", "type": "MARKET", "quantity": QUANTITY}]
    with httpx.Client(base_url=url, trust_env=False) as http:
        place(http, mine, {**buys, "quantity": IN_STOCK})
        return time_turns(lambda turn: place(http, mine, turns[turn % 2]), times)


def time_turns(work: Callable[[int], object], times: int) -> list[float]:
    turns = iter(range(times))
    return time_each(lambda: work(next(turns)), times, unwarmed=2)


def place(http: httpx.Client, mine: Credentials, order: dict[str, str]) -> None:
    """An order that is filled at once."""
    words = {"symbol": "BTCUSDT", **order, "newOrderRespType": "FULL", "recvWindow": WINDOW_MS}
    payload = urlencode({**words, "timestamp": time.time_ns() // 1_000_000})
    signature = hmac.new(mine.secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
    path = f"/api/v3/order?{payload}&signature={signature}"
    answer = http.post(path, headers={"X-MBX-APIKEY": mine.key})
    assert answer.is_success, answer.text
    assert answer.json()["status"] == "FILLED", answer.text


def measure_exchange(url: str, token: dict[str, str]) -> None:
    with httpx.Client(base_url=url, trust_env=False) as http:
        begun = time.perf_counter()
        whole = sum(len(read(http, "klines", **{**CANDLES, "limit": 1_000})) for _ in range(200))
        print(f"demo exchange: {whole / (time.perf_counter() - begun):,.0f} candles a second")
        keys = (
            http.post("/demo/accounts", json={"balances": {"USDT": "1000000"}}, headers=token).raise_for_status().json()
        )
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


def time_each(work: Callable[[], object], times: int, unwarmed: int = 10) -> list[float]:
    """Milliseconds of each, the first few left out."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1_000)
    return found[unwarmed:]


def report(what: str, values: list[float]) -> None:
    late = statistics.quantiles(values, n=100)[98]
    print(f"{what}: median {statistics.median(values):.2f} ms, p99 {late:.2f} ms")
