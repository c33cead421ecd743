"""The signed half as a whole: a database with two live bots, an exchange over HTTP, and clients that sign."""

import hashlib
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette

from tests.tools.gateway.orders.venue import KEYS, Venue
from tools.bot import BotSpec, State
from tools.credentials import Credentials, bot_credentials, desk_credentials
from tools.gateway.build import Orders, build_orders
from tools.gateway.orders.check import Venue as Named
from tools.gateway.orders.keys import sign
from tools.gateway.orders.market import Symbol
from tools.gateway.orders.placing import Market, no_step
from tools.gateway.orders.resolver import Patience
from tools.gateway.orders.routes import ROUTES, UNLISTED
from tools.gateway.orders.upstream import Forwarder, NotSent, Refused, Unknown
from tools.guard.limits import Limits
from tools.guard.mandates import MandateFacts, Mandates, terms_of
from tools.store.database import Store
from tools.store.tables import BotRow, LimitsRow

MASTER = b"m" * 32
ONE, OTHER = "a" * 12, "b" * 12
SOURCE = "class S: pass\n"
QUICK = Patience(recv_window_ms=250, margin_ms=50, answer_s=0.7, first_s=0.05, watch_ms=60_000)
SYMBOLS = {
    "BTCUSDT": Symbol("BTCUSDT", "BTC/USDT", Decimal("0.01"), Decimal(5)),
    "ETHUSDT": Symbol("ETHUSDT", "ETH/USDT", Decimal("0.01"), Decimal(5)),
}
LIMITS = Limits(
    max_trade=Decimal(200), max_bot_exposure=Decimal(400), max_total_exposure=Decimal(600), live_enabled=True,
    max_entries_per_minute=100,
)  # fmt: skip


def spec(**changes: Any) -> BotSpec:
    settings = {
        "name": "one", "mode": "REAL_MARKET_SPOT", "pairs": ["BTC/USDT", "ETH/USDT"], "strategy": "S", "stake": "100",
        "max_open_trades": 3,
    }  # fmt: skip
    return BotSpec.model_validate(settings | changes)


class Symbols:
    async def find(self, name: str) -> Symbol | None:
        return SYMBOLS.get(name)


class Prices:
    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.age_s = 1.0
        self.known = True

    async def refresh(self, pair: str) -> None:
        pass

    def read(self, pair: str) -> tuple[Decimal, float] | None:
        return (self.venue.prices[pair.replace("/", "")], self.age_s) if self.known else None


@dataclass
class Gate:
    """What a test drives; `late_ms` sets the gateway's clock forward."""

    data: Path
    store: Store
    venue: Venue
    url: str
    late_ms: int = 0
    step: Callable[[str], None] = no_step
    orders: Orders = field(init=False)
    forwarder: Forwarder = field(init=False)

    def __post_init__(self) -> None:
        self.prices = Prices(self.venue)

    def clock_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.late_ms

    def start(self) -> None:
        self.forwarder = Forwarder(
            self.url, KEYS, lambda: time.time_ns() // 1_000_000, timeout_s=0.3, recv_window_ms=QUICK.recv_window_ms
        )
        self.orders = build_orders(
            data=self.data, master=MASTER, store=self.store, exchange=self.forwarder,
            market=Market(Symbols(), self.prices), venue=Named("demo", lambda: 7),
            clock_ms=self.clock_ms, patience=QUICK, rest_ms=0, step=self.step,
        )  # fmt: skip
        app = Starlette(routes=ROUTES)
        app.router.default = UNLISTED
        app.state.find_service = lambda: self.orders.service
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")

    async def stop(self) -> None:
        await self.client.aclose()
        await self.forwarder.close()
        self.orders.ledger.close()

    async def restart(self) -> None:
        await self.stop()
        await self.open()

    async def open(self) -> None:
        """With the first look behind it, which is not counted in the exchange's calls: before that nothing enters."""
        self.start()
        with suppress(Refused, Unknown, NotSent):
            await self.orders.reconciler.look()
        self.venue.calls.clear()

    async def send(
        self, who: Credentials | str, method: str, path: str, params: Mapping[str, Any] | None = None, **more: Any
    ) -> httpx.Response:
        """As a bot's client would; `who` is a bot's id, `desk`, or credentials."""
        method, path, content, headers = signed(who, method, path, params or {}, self.clock_ms(), **more)
        return await self.client.request(method, path, content=content, headers=headers)

    async def buy(self, bot_id: str = ONE, quantity: object = 1, price: object = 100, **more: Any) -> httpx.Response:
        return await self.send(bot_id, "POST", "/api/v3/order", limit("BUY", quantity, price, **more))

    async def sell(self, bot_id: str = ONE, quantity: object = 1, price: object = 100, **more: Any) -> httpx.Response:
        return await self.send(bot_id, "POST", "/api/v3/order", limit("SELL", quantity, price, **more))

    def write_limits(self, limits: Limits) -> None:
        with self.store.session() as session:
            session.add(LimitsRow(content=limits.model_dump(mode="json")))
            session.commit()

    def write_bot(self, bot_id: str, wanted: BotSpec, state: State = State.RUNNING) -> None:
        with self.store.session() as session:
            values = wanted.model_dump(mode="json")
            session.merge(BotRow(id=bot_id, name_key=bot_id, spec=values, state=state, venue="demo"))
            session.commit()

    def write_source(self, bot_id: str, source: str = SOURCE) -> Path:
        folder = self.data / "bots" / bot_id / "strategies"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "S.py").write_text(source)
        return folder / "S.py"

    def confirm(self, bot_id: str, wanted: BotSpec, limits: Limits = LIMITS) -> None:
        source = hashlib.sha256(SOURCE.encode()).hexdigest()
        facts = MandateFacts(source, terms_of(wanted), limits)
        with self.store.writing() as session:
            Mandates(self.store).grant(session, bot_id, facts, by="web", proposal_id="p")

    def add_bot(self, bot_id: str, **changes: Any) -> None:
        wanted = spec(name=bot_id, **changes)
        self.write_bot(bot_id, wanted)
        self.write_source(bot_id)
        self.confirm(bot_id, wanted)


def limit(side: str, quantity: object, price: object, **more: Any) -> dict[str, Any]:
    words = {"symbol": "BTCUSDT", "side": side, "type": "LIMIT", "timeInForce": "GTC"}
    return {**words, "quantity": str(quantity), "price": str(price), **more}


def signed(
    who: Credentials | str, method: str, path: str, params: Mapping[str, Any], now_ms: int, **more: Any
) -> tuple[str, str, bytes, dict[str, str]]:
    """Method, address, body and headers; as ccxt puts them."""
    credentials = credentials_of(who) if isinstance(who, str) else who
    payload = urlencode({"timestamp": now_ms, "recvWindow": 10000, **params})
    payload += "&signature=" + sign(credentials.secret, payload.encode())
    headers = {"X-MBX-APIKEY": credentials.key, **more.get("headers", {})}
    if method == "POST":
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return method, path, payload.encode(), form | headers
    return method, f"{path}?{payload}", b"", headers


def credentials_of(who: str) -> Credentials:
    return desk_credentials(MASTER) if who == "desk" else bot_credentials(MASTER, who)
