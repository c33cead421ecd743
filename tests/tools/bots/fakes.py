"""Bots without Freqtrade: everything of the bots room over a real database, with processes that do as they are told."""

import asyncio
import time
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx

from tools.bot import BotSpec, Health, Mode, State
from tools.bots.bindings import Bindings
from tools.bots.desk import Desk
from tools.bots.executors import Bench, Executor
from tools.bots.executors.halt import Bounds
from tools.bots.facts import Facts
from tools.bots.live import Checks
from tools.bots.mirror import Mirror
from tools.bots.reconciliation import Reconciliation
from tools.bots.registry import Bot, Registry
from tools.bots.shelf import Shelf
from tools.bots.sources import Sources
from tools.bots.trades import Trades
from tools.cards import RefusalCard
from tools.errors import Problem
from tools.freqtrade.answers import Lock, Trade
from tools.freqtrade.client import BotUnreachable
from tools.freqtrade.launch import StartFailed
from tools.freqtrade.running import OFF, BotHealth
from tools.guard.holds import Holds
from tools.guard.limits_book import LimitsBook
from tools.guard.live_check import LiveCheck
from tools.guard.mandates import Mandates
from tools.guard.order import Order, OrderFacts
from tools.guard.peaks import Peaks
from tools.guard.reservations import Reservations
from tools.guard.verdict import Allow
from tools.market.prices import Prices
from tools.market.source import PairRules, Ticker
from tools.store.database import Store
from tools.store.tables import now
from tools.views import BotView, GuardView, LimitsView, ReconciliationView, TradeView

STRATEGIES = Path(__file__).resolve().parents[3] / "strategies"
AT = datetime(2026, 1, 1, tzinfo=UTC)
ROUND = datetime(2126, 1, 1, tzinfo=UTC)
"""When a fake bot's rounds end: after whatever they are waited for."""
GOOD_KEY = {"key_works": True, "can_trade": True, "can_withdraw": False, "ip_restricted": True, "venue": "demo"}
BOUNDS = Bounds(answer_s=0.4, orders_s=0.4, last_exits_s=0.1, end_s=0.05)


def trade(number: int, pair: str = "BTC/USDT", **changes: Any) -> Trade:
    told = {
        "trade_id": number,
        "pair": pair,
        "is_open": True,
        "strategy": "RsiMeanReversion",
        "amount": Decimal("0.001"),
        "stake_amount": Decimal("49.99"),
        "open_rate": Decimal(50000),
        "open_timestamp": AT,
        "profit_abs": Decimal("0.1"),
        "profit_ratio": Decimal("0.002"),
        "orders": [order(f"entry-{number}", is_open=False, filled="0.001")],
    }
    return Trade.model_validate({**told, **changes})


def closed(number: int, profit: str, at: datetime = AT, pair: str = "BTC/USDT") -> Trade:
    return trade(number, pair, is_open=False, close_rate=Decimal(51000), close_timestamp=at, profit_abs=Decimal(profit))


def order(order_id: str, **changes: Any) -> dict[str, Any]:
    told = {
        "order_id": order_id,
        "ft_order_side": "buy",
        "is_open": True,
        "amount": "0.001",
        "filled": "0",
        "remaining": "0.001",
        "safe_price": "50000",
        "order_timestamp": AT,
    }
    return {**told, **changes}


def entering(number: int, pair: str = "BTC/USDT") -> Trade:
    """A trade whose only order is still open."""
    return trade(number, pair, amount=Decimal(0), orders=[order(f"entry-{number}")], has_open_orders=True)


class FakeClient:
    """A bot that answers at once; what is in `hangs` is never answered, what is in `fails` is answered so."""

    def __init__(self, trades: list[Trade]) -> None:
        self.told = trades
        self.state = "running"
        self.calls: list[tuple[Any, ...]] = []
        self.hangs: set[str] = set()
        self.fails: dict[str, list[Exception]] = {}
        self.late: dict[str, asyncio.Event] = {}
        self.round = ROUND
        self.locked: set[str] = set()

    def names(self) -> list[str]:
        return [call[0] for call in self.calls]

    async def _called(self, name: str, *told: Any) -> None:
        self.calls.append((name, *told))
        if name in self.hangs:
            await asyncio.Event().wait()
        if name in self.late:
            await self.late[name].wait()
        if errors := self.fails.get(name):
            raise errors.pop(0) if len(errors) > 1 else errors[0]

    async def start(self) -> None:
        await self._called("start")
        self.state = "running"

    async def pause(self) -> None:
        await self._called("pause")
        self.state = "paused"

    async def show_config(self) -> Any:
        await self._called("show_config")
        return SimpleNamespace(state=self.state)

    async def last_round(self) -> datetime:
        await self._called("last_round")
        return self.round

    async def trades(self, limit: int = 50, offset: int = 0) -> list[Trade]:
        told = list(self.told)
        await self._called("trades", limit, offset)
        return told[offset : offset + limit]

    async def status(self) -> list[Trade]:
        await self._called("status")
        return [one for one in self.told if one.is_open]

    async def force_entry(self, pair: str, stake: Decimal | None = None, price: Decimal | None = None) -> int:
        await self._called("force_entry", pair, stake, price)
        self.told.append(trade(len(self.told) + 1, pair))
        return len(self.told)

    async def force_exit(self, trade_id: int | None, amount: Decimal | None = None) -> None:
        await self._called("force_exit", trade_id, amount)
        self.told = [closed(one.trade_id, "0.5") if one.trade_id == trade_id else one for one in self.told]

    async def reload_trade(self, trade_id: int) -> None:
        await self._called("reload_trade", trade_id)

    async def delete_trade(self, trade_id: int) -> None:
        await self._called("delete_trade", trade_id)
        self.told = [one for one in self.told if one.trade_id != trade_id]

    async def cancel_open_order(self, trade_id: int) -> None:
        await self._called("cancel_open_order", trade_id)
        self.told = [one for one in self.told if one.trade_id != trade_id]

    async def locks(self) -> list[Lock]:
        await self._called("locks")
        return [
            Lock.model_validate({"id": 1, "pair": pair, "active": True, "lock_end_timestamp": AT})
            for pair in self.locked
        ]

    async def lock_pair(self, pair: str, until: datetime, reason: str) -> None:
        await self._called("lock_pair", pair, until, reason)
        self.locked.add(pair)

    async def unlock_pair(self, pair: str) -> None:
        await self._called("unlock_pair", pair)
        self.locked.discard(pair)


class FakeHost:
    """Processes that are clients in a dict; their databases are `kept`."""

    def __init__(self) -> None:
        self.clients: dict[str, FakeClient] = {}
        self.kept: defaultdict[str, list[Trade]] = defaultdict(list)
        self.began: dict[str, float] = {}
        self.starts: list[tuple[str, str, bool]] = []
        self.ended: list[str] = []
        self.start_error: Exception | None = None
        self.start_gate: asyncio.Event | None = None
        self.starting = asyncio.Event()
        self.undying: set[str] = set()
        self.forgotten: list[str] = []
        self.folder: Path | None = None
        """Where bots keep their copies of strategies."""
        self._ending: dict[str, asyncio.Event] = {}

    def client(self, bot_id: str) -> FakeClient | None:
        return self.clients.get(bot_id)

    def started(self, bot_id: str) -> float | None:
        """A moment ago, where a test does not say otherwise."""
        return self.began.get(bot_id, time.time()) if bot_id in self.clients else None

    async def start(self, bot_id: str, spec: BotSpec, *, venue: Any, strategy_path: Path, paused: bool) -> None:
        self.starts.append((bot_id, spec.name, paused))
        ending = self._ending[bot_id] = asyncio.Event()
        self.starting.set()
        if self.start_gate is not None:
            waits = [asyncio.ensure_future(event.wait()) for event in (self.start_gate, ending)]
            _, left = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for task in left:
                task.cancel()
        if ending.is_set():
            raise StartFailed("stopped", [])
        if self.start_error:
            raise self.start_error
        if bot_id in self.clients:
            return
        self.copy(bot_id, strategy_path)
        self.clients[bot_id] = FakeClient(self.kept[bot_id])
        self.clients[bot_id].state = "paused" if paused else "running"

    def copy(self, bot_id: str, strategy_path: Path) -> None:
        """What a bot that is started runs from then on."""
        if self.folder is not None:
            copy = self.folder / bot_id / "strategies" / strategy_path.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(strategy_path.read_bytes())

    async def stop(self, bot_id: str) -> None:
        if client := self.clients.pop(bot_id, None):
            self.kept[bot_id] = client.told

    async def forget(self, bot_id: str) -> None:
        self.forgotten.append(bot_id)

    async def end_at_once(self, bot_id: str, within_s: float) -> bool:
        self.ended.append(bot_id)
        if ending := self._ending.get(bot_id):
            ending.set()
        if bot_id in self.undying:
            return False
        await self.stop(bot_id)
        return True

    def read_trades(self, bot_id: str, mode: Mode = Mode.SIMULATED) -> list[Trade]:
        return self.kept[bot_id] if bot_id not in self.clients else self.clients[bot_id].told

    def read_log(self, bot_id: str, lines: int = 100) -> list[str]:
        return []

    def processes(self) -> dict[str, Any]:
        return {bot_id: SimpleNamespace(started=self.began.get(bot_id, 0)) for bot_id in self.clients}

    async def health(self, bot_id: str) -> BotHealth:
        return BotHealth(Health.HEALTHY) if bot_id in self.clients else OFF

    async def watch(self, on_change: Any) -> None:
        await asyncio.Event().wait()


class FakeKey:
    """The exchange key, as the gateway would tell of it."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = dict(GOOD_KEY)
        self.asked = 0

    async def ask(self) -> LiveCheck:
        self.asked += 1
        return LiveCheck(at=now(), **self.told)


class FakeSource:
    venue = SimpleNamespace(name="demo", api_url=None)

    def __init__(self) -> None:
        self.price: Decimal | Exception = Decimal(50000)
        self.asked: list[str] = []

    async def read_pair_rules(self, pair: str) -> PairRules:
        if pair not in ("BTC/USDT", "ETH/USDT", "SOL/USDT"):
            raise Problem("unknown_pair", 422, pair=pair, venue="demo")
        return PairRules(pair.replace("/", ""), Decimal(5))

    async def read_ticker(self, pair: str) -> Ticker:
        self.asked.append(pair)
        if isinstance(self.price, Exception):
            raise self.price
        return Ticker(self.price, Decimal(0), self.price, self.price, Decimal(1))


class FakeAudience:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.bots: list[BotView] = []
        self.removed: list[str] = []
        self.crashed: list[BotView] = []
        self.trades: list[TradeView] = []
        self.limits: list[LimitsView] = []
        self.guards: list[GuardView] = []
        self.kept: list[tuple[str, RefusalCard]] = []
        self.reconciliations: list[ReconciliationView] = []
        self.ticks = 0
        self.watches = False

    def bot_changed(self, bot: BotView) -> None:
        self.bots.append(bot)

    def reconciled(self, found: ReconciliationView) -> None:
        self.reconciliations.append(found)

    def bot_removed(self, bot_id: str) -> None:
        self.removed.append(bot_id)

    def bot_crashed(self, bot: BotView) -> None:
        self.crashed.append(bot)

    def trade_turned(self, trade: TradeView, conversation_id: str | None) -> None:
        self.trades.append(trade)

    def limits_changed(self, limits: LimitsView) -> None:
        self.limits.append(limits)

    def proposal_changed(self, proposal: Any) -> None: ...

    def guard_changed(self, guard: GuardView) -> None:
        self.guards.append(guard)

    def order_refused(self, refusal: Any, conversation_id: str | None) -> None: ...

    def kept_out(self, refusal: RefusalCard, bot: BotView) -> None:
        self.kept.append((bot.id, refusal))

    def is_watching(self) -> bool:
        return self.watches

    def ticked(self, bots: Any, open_trades: Any) -> None:
        self.ticks += 1


class FakeHealths:
    """Healthy where there is a process, off where there is none, unless told otherwise."""

    def __init__(self, host: FakeHost) -> None:
        self.host = host
        self.known: dict[str, BotHealth] = {}

    def read(self, bot_id: str) -> BotHealth:
        found = BotHealth(Health.HEALTHY) if bot_id in self.host.clients else OFF
        return self.known.get(bot_id, found)

    def note(self, bot_id: str, health: BotHealth) -> None:
        self.known[bot_id] = health

    async def refresh(self, bot_id: str) -> None:
        """Nothing is kept."""


class FakeWire:
    """A gateway that says what it is told to say; what it was asked is kept."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.answers: dict[tuple[str, str], httpx.Response | Exception] = {}

    async def ask(self, method: str, path: str, **params: Any) -> httpx.Response:
        self.asked.append((method, path, params))
        found = self.answers.get((method, path), httpx.Response(404, json={"code": -1020, "msg": "No."}))
        if isinstance(found, Exception):
            raise found
        return found


class World:
    """Everything of the bots room, wired as the product wires it."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.registry, self.trades, self.book = Registry(store), Trades(store), LimitsBook(store)
        self.holds, self.peaks, self.reservations = Holds(store), Peaks(store), Reservations(store)
        self.source, self.host, self.audience = FakeSource(), FakeHost(), FakeAudience()
        self.prices = Prices(self.source)
        self.shelf = Shelf(STRATEGIES, folder / "own")
        self.host.folder, self.mandates = folder / "bots", Mandates(store)
        sources = Sources(self.shelf, folder / "bots", folder / "own", self.host.started)
        self.bindings = Bindings(self.registry, self.mandates, sources, self.book.read)
        self.key = FakeKey()
        self.checks = Checks(self.key)
        self.facts = Facts(
            self.registry, self.trades, self.book, self.reservations, self.holds, self.peaks, self.prices,
            self.bindings, self.checks, "USDT",
        )  # fmt: skip
        healths: Any = FakeHealths(self.host)
        self.healths = healths
        self.desk = Desk(
            self.registry,
            self.trades,
            self.book,
            self.holds,
            self.reservations,
            self.facts.look,
            self.healths.read,
            self.bindings,
            "USDT",
        )
        host: Any = self.host
        source: Any = self.source
        self.mirror = Mirror(self.trades, host, self.audience, self.reservations)
        self.wire = FakeWire()
        wire: Any = self.wire
        self.reconciliation = reconciliation = Reconciliation(wire, self.registry, host, self.audience.reconciled)
        self.bench = Bench(
            desk=self.desk,
            trades=self.trades,
            book=self.book,
            holds=self.holds,
            reservations=self.reservations,
            claims=self.facts.claims,
            host=host,
            healths=healths,
            source=source,
            prices=self.prices,
            shelf=self.shelf,
            mirror=self.mirror,
            audience=self.audience,
            mandates=self.mandates,
            bindings=self.bindings,
            checks=self.checks,
            reconciliation=reconciliation,
        )
        self.executor = Executor(self.bench, BOUNDS)

    def add(self, name: str = "alpha", state: State = State.CREATED, **changes: Any) -> Bot:
        """A bot; one that should run has a process."""
        given = {"pairs": ("BTC/USDT", "ETH/USDT"), "stake": "50", "max_open_trades": 2, **changes}
        bot = self.registry.add(BotSpec(name=name, **given), "demo", "c1")
        if state in (State.RUNNING, State.PAUSED):
            self.host.clients[bot.id] = FakeClient([])
            if found := self.shelf.read().strategies.get(bot.spec.strategy):
                self.host.copy(bot.id, found.path)
        return self.registry.write_state(bot.id, state)

    def client(self, bot: Bot) -> FakeClient:
        return self.host.clients[bot.id]

    def reserve(self, bot: Bot, pair: str = "BTC/USDT", order_id: str | None = None) -> str:
        """A permit whose order shows in no trade yet."""
        wanted = Order(bot_id=bot.id, pair=pair, side="buy", type="limit", amount="0.001", rate="50000")
        facts = OrderFacts(
            stake_currency="USDT", mode=bot.spec.mode, enters=True, pairs=bot.spec.pairs, exposure_cap=bot.spec.exposure
        )
        with self.store.writing() as session:
            row = self.reservations.add(session, wanted, facts, Allow(), bot.spec.name)
        self.reservations.keep(row)
        if order_id:
            self.reservations.placed(bot.id, row.id, order_id)
        return row.id


def unreachable() -> BotUnreachable:
    return BotUnreachable("ConnectError")
