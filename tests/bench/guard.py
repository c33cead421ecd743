"""The guard's figures: judgements, permits, confirmations and the audit on a real database, without Freqtrade."""

import asyncio
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from tools.actions import Action, CreateBot, StartBot
from tools.bot import BotSpec, State
from tools.bots.bindings import Bindings
from tools.bots.facts import Facts
from tools.bots.live import Checks, GatewayCheck
from tools.bots.registry import Registry
from tools.bots.shelf import Shelf
from tools.bots.sources import Sources
from tools.bots.trades import Trades
from tools.bots.wire import Wire
from tools.credentials import Credentials
from tools.guard.account import Seen
from tools.guard.actor import Actor
from tools.guard.audit import Audit
from tools.guard.gate import Gate
from tools.guard.holds import Holds
from tools.guard.judge import judge
from tools.guard.limits import Limits
from tools.guard.limits_book import LimitsBook
from tools.guard.mandates import Binding, Mandates
from tools.guard.order import Order
from tools.guard.order_checks import judge_order
from tools.guard.peaks import Peaks
from tools.guard.permits import Permits
from tools.guard.proposals import Proposals
from tools.guard.reservations import Reservations
from tools.guard.submissions import Submissions
from tools.store.database import Store
from tools.views import LimitsView, Usage

BOTS, JUDGEMENTS, PERMITS, CONFIRMS, LINES = 20, 20_000, 2_000, 300, 100_000
SPEC = BotSpec(name="bench", pairs=("BTC/USDT",), stake=Decimal(10), max_open_trades=5)
OWNER = Actor(door="web")
TAINTED = Actor(door="web", agent=True, tainted=True)


class FixedPrices:
    """A venue that always answers."""

    async def refresh(self, pair: str) -> None:
        pass

    def read(self, pair: str) -> tuple[Decimal, float]:
        return Decimal(100), 0.1


class Hollow:
    """An executor that does nothing, so that what is measured is the guard."""

    def __init__(self, view: LimitsView) -> None:
        self._view = view
        self._lock = asyncio.Lock()

    def exclusively(self, action: Action) -> asyncio.Lock:
        return self._lock

    async def prepare(self, action: Action) -> None:
        pass

    async def execute(self, action: Action, actor: Actor) -> Seen:
        return self._view

    def brace(self, action: Action, actor: Actor) -> None:
        pass

    def fingerprint(self, action: Action) -> dict[str, str]:
        return {}

    def bind(self, action: Action) -> Binding | None:
        return None

    def read_back(self, action: Action, since: datetime) -> Seen | None:
        return None


def measure(folder: Path) -> None:
    """Prints all figures of the guard."""
    store = Store(folder / "guard.sqlite")
    store.migrate()
    registry, trades, book = Registry(store), Trades(store), LimitsBook(store)
    book.write(Limits(max_total_exposure=Decimal(10**7), max_entries_per_minute=10**5, max_entries_per_hour=10**5))
    bots = [registry.add(SPEC.model_copy(update={"name": f"bench {n}"}), "demo", None) for n in range(BOTS)]
    for bot in bots:
        registry.write_state(bot.id, State.RUNNING)
        trades.write(registry.read(bot.id), [])
    reservations, audit = Reservations(store), Audit(store)
    mandates = Mandates(store)
    bindings = Bindings(registry, mandates, Sources(Shelf(folder, folder), folder, folder, lambda _: None), book.read)
    facts = Facts(
        registry, trades, book, reservations, Holds(store), Peaks(store), FixedPrices(), bindings,  # type: ignore[arg-type]
        Checks(GatewayCheck(Wire("http://127.0.0.1:9", lambda: Credentials("", "")))), "USDT",
    )  # fmt: skip
    permits = Permits(store, audit, reservations, facts, book.read, lambda _: None)
    usage = Usage(used=Decimal(0), committed=Decimal(0), limit=Decimal(1))
    view = LimitsView(
        limits=book.read(), stake_currency="USDT", total_exposure=usage, bots=(), changed_at=book.read_changed_at()
    )
    gate = Gate(
        facts.look, Hollow(view), audit, Proposals(store, lambda _: None), mandates, Submissions(store), reservations,
        lambda _: None,
    )  # fmt: skip
    order = Order(
        bot_id=bots[0].id, pair="BTC/USDT", side="buy", type="limit", amount=Decimal("0.1"), rate=Decimal(100)
    )
    judge_all(facts, bots[0].id, order, book.read())
    asyncio.run(permit_all(permits, reservations, order, [bot.id for bot in bots]))
    asyncio.run(confirm_all(gate))
    audit_all(audit)
    store.close()


def judge_all(facts: Facts, bot_id: str, order: Order, limits: Limits) -> None:
    snapshot, start = facts.look(), StartBot(bot_id=bot_id)
    found = facts.of_order(order)
    assert found is not None
    timed("judging an action (20 bots)", lambda: judge(start, OWNER, snapshot), JUDGEMENTS)
    timed("judging an order", lambda: judge_order(order, found[1], limits), JUDGEMENTS)
    timed("gathering the facts of an order (20 bots)", lambda: facts.of_order(order), 500)


def timed(what: str, call: Callable[[], object], times: int) -> None:
    micros = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        micros.append((time.perf_counter() - begun) * 1e6)
    p99 = statistics.quantiles(micros, n=100)[98]
    print(f"{what}: p50 {statistics.median(micros):.0f} µs, p99 {p99:.0f} µs ({times} times)")


async def permit_all(permits: Permits, reservations: Reservations, order: Order, bots: list[str]) -> None:
    begun, given = time.perf_counter(), 0
    for number in range(PERMITS):
        permit = await permits.ask(order.model_copy(update={"bot_id": bots[number % len(bots)]}))
        given += permit.id is not None
        if permit.id is not None:
            permits.settle_all(bots[number % len(bots)])
    rate = PERMITS / (time.perf_counter() - begun)
    print(f"permits: {rate:.0f} a second, each judged, reserved, audited and given back ({given} of {PERMITS} allowed)")


async def confirm_all(gate: Gate) -> None:
    """From a person's yes to the receipt."""
    millis = []
    for number in range(CONFIRMS):
        spec = SPEC.model_copy(update={"name": f"proposed {number}"})
        outcome = await gate.submit(CreateBot(spec=spec), TAINTED)
        assert outcome.kind == "proposal"
        begun = time.perf_counter()
        done = await gate.confirm(outcome.proposal.id, outcome.proposal.hash, OWNER)
        millis.append((time.perf_counter() - begun) * 1000)
        assert done.kind == "receipt"
    p99 = statistics.quantiles(millis, n=100)[98]
    print(f"confirmation to receipt: p50 {statistics.median(millis):.1f} ms, p99 {p99:.1f} ms ({CONFIRMS} times)")


def audit_all(audit: Audit) -> None:
    action = StartBot(bot_id="0" * 12)
    have = audit.verify().lines
    begun = time.perf_counter()
    for number in range(LINES - have):
        audit.write(f"bench{number}", "judged", action, OWNER, verdict="allow", numbers={"asked": "50", "max": "100"})
    print(f"audit: {(LINES - have) / (time.perf_counter() - begun):.0f} lines a second, each a transaction of its own")
    begun = time.perf_counter()
    report = audit.verify()
    assert report.lines == LINES
    assert not report.breaks
    print(f"audit: {LINES} lines verified in {time.perf_counter() - begun:.1f} s")
