"""The guard as it is, on a real database, in a world that is a model only where Freqtrade and the venue would be."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from tests.proofs.clock import Clock, use
from tests.proofs.executor import ModelExecutor
from tests.proofs.freqtrade import BotProcess, Flight, Made
from tests.proofs.life import Killed, Mortal, Silent
from tests.proofs.tally import Tally
from tests.proofs.truth import Moment, Truth, cost_of
from tests.proofs.witness import Breach, Witness, loosens, must
from tools.actions import Action, ChangeMode, DeleteBot, EditBot, ResumeBot, StartBot
from tools.bot import BotSpec, Mode, State
from tools.bots.bindings import Bindings
from tools.bots.facts import Facts
from tools.bots.live import Checks
from tools.bots.mirror import Mirror
from tools.bots.registry import Bot, Registry
from tools.bots.trades import Trades
from tools.cards import ProposalCard, ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.freqtrade.client import BotUnreachable
from tools.guard.actor import Actor
from tools.guard.audit import Audit
from tools.guard.gate import Gate
from tools.guard.guardian import Guardian
from tools.guard.holds import Holds
from tools.guard.keeper import Keeper
from tools.guard.limits import Limits
from tools.guard.limits_book import LimitsBook
from tools.guard.live_check import LiveCheck
from tools.guard.mandates import Mandates
from tools.guard.order import Order
from tools.guard.peaks import Peaks
from tools.guard.permits import Permit, Permits
from tools.guard.proposals import Proposals
from tools.guard.reservations import Reservations
from tools.guard.submissions import Submissions
from tools.guard.verdict import Refuse
from tools.market.prices import Prices
from tools.store.database import Store

_KINDS = {BotUnreachable: "bot_unreachable", OperationalError: "unwritable"}
SPINS = 40
"""So many turns of the event loop are more than anything takes that is not held up."""


@dataclass
class Api:
    """What stands in the product's process, put together as `api/services.py` does."""

    store: Mortal
    registry: Registry
    trades: Trades
    book: LimitsBook
    reservations: Reservations
    holds: Holds
    audit: Audit
    prices: Prices
    mandates: Mandates
    facts: Facts
    permits: Permits
    mirror: Mirror
    proposals: Proposals
    gate: Gate
    guardian: Guardian


@dataclass(frozen=True)
class Ticker:
    price: Decimal


@dataclass(frozen=True)
class Confirmed:
    """What a bot with real money was when a person said yes to it."""

    terms: dict[str, Any]
    source: str | None
    limits: Limits


class Sources:
    """What strategies are made of: what is stored, and what each bot that is up was started with."""

    def __init__(self, find_process: Callable[[str], BotProcess | None]) -> None:
        self._find_process = find_process
        self.stored: dict[str, str] = {}

    def read_shelf(self, strategy: str) -> str | None:
        return self.stored.get(strategy, "as it came")

    def read(self, bot_id: str, strategy: str) -> str | None:
        stored, process = self.read_shelf(strategy), self._find_process(bot_id)
        if process is None or process.source == stored:
            return stored
        return f"{process.source} and {stored}"

    def is_outdated(self, bot_id: str, strategy: str) -> bool:
        return self.read(bot_id, strategy) != self.read_shelf(strategy)


KEYS: tuple[dict[str, Any], ...] = (
    {}, {}, {"can_withdraw": True}, {"can_withdraw": None}, {"key_works": False}, {"configured": False},
    {"clock_skew_ms": 4000}, {"answered": False},
)  # fmt: skip
"""What an exchange key may turn into; it can be used where nothing stands."""


class Key:
    """The exchange key, as the gateway tells of it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.turn = 0

    def is_good(self) -> bool:
        return not KEYS[self.turn]

    async def ask(self) -> LiveCheck:
        good = {"key_works": True, "can_trade": True, "can_withdraw": False}
        return LiveCheck(at=self._clock.now(), **{**good, **KEYS[self.turn]})


class World:
    """One run: bots' processes and the venue outlive the product's process, which is killed and comes up again."""

    def __init__(self, base: Store, empty: Path, tally: Tally) -> None:
        _reset(base, empty)
        Breach.found.clear()
        self.clock = use(Clock())
        self.tally = tally
        self.loop = asyncio.new_event_loop()
        self.processes: dict[str, BotProcess] = {}
        self.prices = {pair: Decimal(100) for pair in ("BTC/USDT", "ETH/USDT", "DOGE/USDT", "SOL/USDT")}
        self.is_venue_up = True
        self.starts_fail = False
        self.sources = Sources(self.client)
        self.key = Key(self.clock)
        self.confirmed: dict[str, Confirmed] = {}
        """What a person has said yes to of bots that enter with real money."""
        self.braced: Api | None = None
        """The life in which a panic stop was asked for that could not be written down; nobody has lifted it since."""
        self.landed: list[tuple[str, Any]] = []
        self.stall_in: int | None = None
        self.stalled: list[asyncio.Future[None]] = []
        self.tasks: list[asyncio.Task[Any]] = []
        self._base = base
        self._database = sqlite3.connect(base.path, isolation_level=None)
        self.witness = Witness(self.clock, self._database, tally)
        self.truth = Truth(self.clock)
        self.audit, self.reader = Audit(base), Proposals(base, lambda _: None)
        self.api = self._build()
        self._limits, self._holds = self.api.book.read(), self._held()

    def _build(self) -> Api:
        store = Mortal(self._base)
        registry, trades, book, audit = Registry(store), Trades(store), LimitsBook(store), Audit(store)
        reservations, holds, peaks = Reservations(store), Holds(store), Peaks(store)
        prices = Prices(self, self.clock.steady)  # type: ignore[arg-type]
        mandates, checks = Mandates(store), Checks(self.key, self.clock.now)
        bindings = Bindings(registry, mandates, self.sources, book.read)
        facts = Facts(
            registry, trades, book, reservations, holds, peaks, prices, bindings, checks, "USDT", self.clock.now
        )
        self.bindings, self.checks = bindings, checks
        permits = Permits(store, audit, reservations, facts, book.read, lambda _: None)
        mirror = Mirror(trades, self, Silent(), permits)  # type: ignore[arg-type]
        proposals = Proposals(store, lambda _: None)
        self.executor = ModelExecutor(self)
        gate = Gate(
            facts.look, self.executor, audit, proposals, mandates, Submissions(store), reservations, self.witness.show,
            facts.forgive,
        )  # fmt: skip
        keeper = Keeper(mandates, audit, gate, lambda: bindings.find_live(facts.claims), lambda *_: None)
        guardian = Guardian(gate, holds, facts, keeper.look)
        return Api(
            store, registry, trades, book, reservations, holds, audit, prices, mandates, facts, permits, mirror,
            proposals, gate, guardian,
        )  # fmt: skip

    def close(self) -> None:
        """Looks at the whole account once more, and leaves nothing behind."""
        try:
            self._verify()
        finally:
            self._end_tasks()
            self.loop.close()
            self._database.close()
            self._base.engine.dispose()

    def _verify(self) -> None:
        """Nothing of it where something was found before."""
        if not Breach.found:
            report = self.audit.verify()
            must(report.breaks == (), "the account does not verify", breaks=report.breaks)
            self.tally.count("audit lines", report.lines)

    # What the product asks of the venue and of the host.

    async def read_ticker(self, pair: str) -> Ticker:
        if not self.is_venue_up:
            raise Problem("venue_unreachable", 502)
        return Ticker(self.prices[pair])

    def client(self, bot_id: str) -> BotProcess | None:
        process = self.processes.get(bot_id)
        return process if process is not None and process.is_up else None

    def read_trades(self, bot_id: str, _mode: object) -> Any:
        return self.processes[bot_id].tell()

    # What happens in it.

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """What came of it: an outcome, a `Problem`, or None where it is held up or the process was killed."""
        task = self.loop.create_task(work)
        self.run_together([task])
        self.stall_in = None
        return self._take(task) if task.done() else None

    def run_together(self, works: Iterable[Coroutine[Any, Any, Any] | asyncio.Task[Any]]) -> None:
        """Until all are done, or nothing moves any more."""
        tasks = [work if isinstance(work, asyncio.Task) else self.loop.create_task(work) for work in works]
        self.tasks += [task for task in tasks if task not in self.tasks]
        self.loop.run_until_complete(self._until_quiet(tasks))
        for task in [task for task in self.tasks if task.done()]:
            self.tasks.remove(task)
            self._take(task)
        if self.api.store.is_dead:
            self.restart()

    async def _until_quiet(self, tasks: list[asyncio.Task[Any]]) -> None:
        stalled = len(self.stalled)
        for turn in range(SPINS):
            if all(task.done() for task in tasks) or (turn > 8 and len(self.stalled) > stalled):
                return
            await asyncio.sleep(0)

    def _take(self, task: asyncio.Task[Any]) -> Any:
        if task.cancelled():
            return None
        error = task.exception()
        if error is None:
            return task.result()
        if isinstance(error, Problem | BotUnreachable | OperationalError):
            self.tally.problems[getattr(error, "kind", _KINDS.get(type(error), ""))] += 1
            return error
        if isinstance(error, Killed):
            return None
        raise error

    async def point(self) -> None:
        """Where an action waits for something: it may be held up here for as long as a test likes."""
        if self.stall_in is not None:
            self.stall_in -= 1
            if self.stall_in <= 0:
                self.stall_in = None
                future: asyncio.Future[None] = self.loop.create_future()
                self.stalled.append(future)
                await future
                return
        await asyncio.sleep(0)

    def let_go(self) -> None:
        """What was held up goes on."""
        for future in self.stalled:
            if not future.done():
                future.set_result(None)
        self.stalled.clear()
        self.run_together(list(self.tasks))

    def kill(self) -> None:
        """The product's process ends in the middle of whatever it does."""
        self.api.store.is_dead = True
        self.restart()

    def restart(self) -> None:
        self.tally.count("restarts")
        self._end_tasks()
        for process in self.processes.values():
            process.forget_telling()
        self.api = self._build()
        open_before = len(self.api.proposals.find_by_status("executing"))
        self.tally.count("cut off while executing", open_before)
        self.api.gate.recover()

    def _end_tasks(self) -> None:
        self.api.store.is_dead = True
        for _ in range(3):
            pending = [task for task in asyncio.all_tasks(self.loop) if not task.done()]
            for task in pending:
                task.cancel()
            if pending:
                self.loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        self.tasks.clear()
        self.stalled.clear()

    def add_bot(self, spec: BotSpec) -> Bot:
        bot = self.api.registry.add(spec, "demo", None)
        process = self.processes[bot.id] = BotProcess(bot.id, self.clock, self.tell_cancelled)
        process.mode = spec.mode
        return bot

    def tell_cancelled(self, process: BotProcess, order: Made) -> None:
        """A bot's word, which may reach nobody."""
        if process.is_up and not self.api.store.is_dead:
            with suppress(Killed):
                self.api.permits.cancelled(process.id, order.permit, order.id)

    def bots(self) -> dict[str, Bot]:
        return {bot.id: bot for bot in self.api.registry.read_all()}

    def see_effect(self, action: Action, actor: Actor) -> None:
        bot = self.bots().get(getattr(action, "bot_id", ""))
        self.witness.see_effect(action, actor, bot, bot is not None and bot.id in self.api.book.read().bots)
        if bot is None or bot.spec.mode is Mode.SIMULATED:
            return
        if isinstance(action, DeleteBot | ChangeMode):
            self.confirmed.pop(bot.id, None)
        enters = isinstance(action, ResumeBot) or (isinstance(action, StartBot) and not action.paused)
        changes = isinstance(action, EditBot) and not action.changes.is_cosmetic and bot.state is State.RUNNING
        if not (enters or changes):
            return
        must(self.key.is_good(), "let in with a key that may not be used", action=action)
        if actor.door == "recovery":
            must(self.is_confirmed(bot), "let in again though it is not what was confirmed", action=action)
        else:
            spec = action.changes.applied_to(bot.spec) if isinstance(action, EditBot) else bot.spec
            self.confirm(bot.id, spec, anew=changes)

    def confirm(self, bot_id: str, spec: BotSpec, *, anew: bool = False) -> None:
        """A person says yes to a bot that enters with real money; `anew` is what it would come up with."""
        source = self.sources.read_shelf(spec.strategy) if anew else self.sources.read(bot_id, spec.strategy)
        self.confirmed[bot_id] = Confirmed(_terms(spec), source, self.api.book.read())

    def is_confirmed(self, bot: Bot) -> bool:
        """Whether a bot still is what a person said yes to."""
        said = self.confirmed.get(bot.id)
        if said is None or (said.terms, said.source) != (
            _terms(bot.spec),
            self.sources.read(bot.id, bot.spec.strategy),
        ):
            return False
        return loosens(said.limits, self.api.book.read(), {bot.id: bot}) is None

    async def ask(self, order: Order) -> Flight | None:
        """A bot asks for leave; with it, its order is on its way."""
        api = self.api
        permit = await api.permits.ask(order)
        return None if api.store.is_dead else self.see_permit(order, permit)

    def see_permit(self, order: Order, permit: Permit) -> Flight | None:
        """An answer to a bot."""
        api = self.api
        if permit.id is None:
            self.tally.count("entries refused")
            self.tally.refusals[permit.verdict.rule if isinstance(permit.verdict, Refuse) else "?"] += 1
            return None
        known, held = api.prices.read(order.pair), self.witness.held()
        moment = Moment(
            api.book.read(), self.bots(), self.processes, api.facts.claims, None in held or self.braced is api,
            held.get(order.bot_id), *(known or (None, 1e9)),
        )  # fmt: skip
        bot = moment.bots[order.bot_id]
        must(bot.spec.mode is Mode.SIMULATED or self.is_confirmed(bot), "an entry nobody confirmed", order=order)
        self.truth.see_permit(order, moment)
        self.tally.count("permits given")
        process = self.processes[order.bot_id]
        if not process.is_up:
            # It has ended since it asked, and makes nothing of the answer.
            return None
        flight = Flight(permit.id, order, cost_of(order, moment.price or order.rate), process.mode, self.clock.steady())
        process.flights.append(flight)
        return flight

    def watch(self) -> None:
        """What the product does every other second: reads what bots hold, looks at breakers, and at the clock."""
        api = self.api
        for bot in self.bots().values():
            if bot.state in (State.RUNNING, State.PAUSED):
                self.run(self.read_trades_of(bot))
        self.run(self.api.guardian.look())
        if self.api is api:
            self.truth.see_breakers(api.book.read(), self.bots(), self.processes, self.witness.read_ever_held())
        self.run(self.api.guardian.carry_out_panic())
        self.run(self.api.gate.tick())

    async def read_trades_of(self, bot: Bot) -> None:
        process = self.processes[bot.id]
        if process.is_up:
            await self.api.mirror.ask(bot, process)  # type: ignore[arg-type]
        else:
            self.api.mirror.read(bot)

    def check(self) -> None:
        """What must be so after every step."""
        for breach in Breach.found:
            raise breach
        bots, limits, held = self.bots(), self.api.book.read(), self._held()
        self.witness.see_limits(self._limits, limits, bots)
        self.witness.see_holds(self._holds, held, bots)
        self.truth.see_exposure(limits, bots, self.processes)
        for new in held - self._holds:
            self.tally.count("panics" if new is None else "bots held by the guard")
        self._limits, self._holds = limits, held

    def note(self, outcome: Any) -> Any:
        """Counts what came of something that was asked."""
        match outcome:
            case RefusalCard():
                self.tally.refusals[outcome.rule] += 1
            case ProposalCard():
                self.witness.show(outcome.proposal)
            case ReceiptCard():
                self.tally.count("receipts")
        return outcome

    def _held(self) -> set[str | None]:
        return set(self.witness.held())


def _terms(spec: BotSpec) -> dict[str, Any]:
    """What shapes what a bot does, written apart from the product's own."""
    terms = {name: value for name, value in dict(spec).items() if name not in ("name", "description")}
    return {**terms, "pairs": sorted(spec.pairs)}


def _reset(base: Store, empty: Path) -> None:
    """A new file in the place of the old one, which somebody may still have open."""
    base.engine.dispose()
    for suffix in ("-wal", "-shm"):
        Path(f"{base.path}{suffix}").unlink(missing_ok=True)
    fresh = base.path.with_name("fresh.sqlite")
    shutil.copyfile(empty, fresh)
    fresh.replace(base.path)
