"""The composition root: builds everything once, and takes it down in order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from agent.agent import build_agent
from agent.model import ModelChoice, choose_model
from agent.notices import Notices
from agent.turn import Turns
from api.auth import Sessions, owner_password
from api.settings import Settings
from tools.bots.bindings import Bindings
from tools.bots.desk import Desk
from tools.bots.executors import Bench, Executor
from tools.bots.facts import Facts
from tools.bots.healths import Healths
from tools.bots.live import Checks, GatewayCheck
from tools.bots.mirror import Mirror
from tools.bots.reconciliation import Reconciliation
from tools.bots.recovery import bring_back
from tools.bots.registry import Registry
from tools.bots.shelf import Shelf
from tools.bots.sources import Sources
from tools.bots.trades import Trades
from tools.bots.watcher import Watcher
from tools.bots.wire import Wire
from tools.cards import RefusalCard
from tools.credentials import Credentials, desk_credentials, read_master
from tools.errors import Problem
from tools.freqtrade.catalogue import Catalogue
from tools.freqtrade.host import Host
from tools.freqtrade.permit_door import PermitDoor
from tools.guard.audit import Audit
from tools.guard.entrance import Counter
from tools.guard.gate import Gate
from tools.guard.guardian import Guardian
from tools.guard.holds import Holds
from tools.guard.keeper import Keeper
from tools.guard.key_watch import KeyWatch
from tools.guard.limits_book import LimitsBook
from tools.guard.mandates import Mandates
from tools.guard.peaks import Peaks
from tools.guard.permits import Permits
from tools.guard.preview import view_refused
from tools.guard.proposals import Proposals
from tools.guard.reservations import Reservations
from tools.guard.submissions import Submissions
from tools.market.analysis import Analyst
from tools.market.prices import Prices
from tools.market.source import MarketSource
from tools.store.database import Store
from tools.store.events import EventLog
from tools.store.tables import PermitRow
from tools.verbs import Hands


@dataclass(frozen=True)
class Services:
    """What the routes work with."""

    settings: Settings
    store: Store
    events: EventLog
    sessions: Sessions
    desk: Desk
    gate: Counter
    proposals: Proposals
    audit: Audit
    source: MarketSource
    analyst: Analyst
    is_warm: Callable[[], bool]
    """Whether bots can be started at once."""
    read_log: Callable[[str, int], Sequence[str]]
    """The last lines of a bot's log, by its id."""
    turns: Turns
    model: ModelChoice
    read_catalogue: Callable[[], Catalogue]
    check_key: Callable[[], Awaitable[None]]
    """Has the exchange key looked at anew."""
    reconciliation: Reconciliation


@dataclass(frozen=True)
class Guard:
    """The guard and what it stands on."""

    registry: Registry
    trades: Trades
    book: LimitsBook
    holds: Holds
    reservations: Reservations
    audit: Audit
    facts: Facts
    permits: Permits
    notices: Notices
    prices: Prices
    mandates: Mandates
    bindings: Bindings
    checks: Checks
    reconciliation: Reconciliation


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Everything, up and running; on leaving, all of it but the bots is ended."""
    store = Store(settings.database)
    store.migrate()
    host = Host(settings.data_dir)
    source = MarketSource(await settings.choose_venue(via=settings.gateway_url))
    events, healths = EventLog(store), Healths(host)
    shelf = Shelf(settings.strategies_dir, settings.data_dir / "strategies")
    guard = _build_guard(settings, store, events, source, host, shelf)
    mirror = Mirror(guard.trades, host, guard.notices, guard.permits)
    desk = Desk(
        guard.registry,
        guard.trades,
        guard.book,
        guard.holds,
        guard.reservations,
        guard.facts.look,
        healths.read,
        guard.bindings,
        settings.stake_currency,
    )
    gate, proposals = _build_gate(settings, store, guard, desk, host, healths, source, shelf, mirror)
    guardian = Guardian(gate, guard.holds, guard.facts, _build_keeper(guard, gate, desk).look)
    services = _build(settings, store, events, guard, desk, host, source, shelf, gate, proposals)
    door = PermitDoor(settings.data_dir, guard.permits)
    await door.open()
    await host.open()
    services.turns.mend_interrupted()
    gate.recover()
    watcher = Watcher(desk, mirror, host, healths, guard.notices, guardian)
    tasks = [
        asyncio.create_task(watcher.run()),
        asyncio.create_task(guardian.run()),
        asyncio.create_task(guard.reconciliation.run()),
        asyncio.create_task(_build_key_watch(guard).run()),
        asyncio.create_task(
            bring_back(desk, host, healths, gate, guard.notices, guardian.carry_out_panic, guard.checks.refresh)
        ),
    ]
    try:
        yield services
    finally:
        await services.turns.close()
        services.events.close()
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await gate.settle()
        await door.close()
        await host.close()
        await source.close()
        store.close()


def _build_guard(  # noqa: PLR0913  what the guard stands on
    settings: Settings, store: Store, events: EventLog, source: MarketSource, host: Host, shelf: Shelf
) -> Guard:
    registry, trades, book, audit = Registry(store), Trades(store), LimitsBook(store), Audit(store)
    reservations, holds, peaks, prices = Reservations(store), Holds(store), Peaks(store), Prices(source)
    wire = Wire(settings.gateway_url, lambda: _desk_credentials(settings))
    mandates, checks = Mandates(store), Checks(GatewayCheck(wire))
    bots, own = settings.data_dir / "bots", settings.data_dir / "strategies"
    sources = Sources(shelf, bots, own, host.started)
    bindings = Bindings(registry, mandates, sources, book.read)
    facts = Facts(registry, trades, book, reservations, holds, peaks, prices, bindings, checks, settings.stake_currency)
    notices = Notices(events, registry)

    def tell_refused(row: PermitRow) -> None:
        with suppress(Problem):
            notices.order_refused(view_refused(row), registry.read(row.bot_id).conversation_id)

    permits = Permits(store, audit, reservations, facts, book.read, tell_refused)
    return Guard(
        registry=registry,
        trades=trades,
        book=book,
        holds=holds,
        reservations=reservations,
        audit=audit,
        facts=facts,
        permits=permits,
        notices=notices,
        prices=prices,
        mandates=mandates,
        bindings=bindings,
        checks=checks,
        reconciliation=Reconciliation(wire, registry, host, notices.reconciled),
    )


def _desk_credentials(settings: Settings) -> Credentials:
    """Those that the gateway knows this process by."""
    return desk_credentials(read_master(settings.data_dir))


def _build_keeper(guard: Guard, gate: Gate, desk: Desk) -> Keeper:
    def tell(bot_id: str, refusal: RefusalCard) -> None:
        with suppress(Problem):
            guard.notices.kept_out(refusal, desk.read_bot(bot_id))

    return Keeper(guard.mandates, guard.audit, gate, lambda: guard.bindings.find_live(guard.facts.claims), tell)


def _build_key_watch(guard: Guard) -> KeyWatch:
    return KeyWatch(guard.mandates, guard.bindings.find_live, guard.checks.refresh, guard.checks.read)


def _build_gate(  # noqa: PLR0913  what stands on both sides of the gate
    settings: Settings,
    store: Store,
    guard: Guard,
    desk: Desk,
    host: Host,
    healths: Healths,
    source: MarketSource,
    shelf: Shelf,
    mirror: Mirror,
) -> tuple[Gate, Proposals]:
    executor = Executor(
        Bench(
            desk=desk,
            trades=guard.trades,
            book=guard.book,
            holds=guard.holds,
            reservations=guard.reservations,
            claims=guard.facts.claims,
            host=host,
            healths=healths,
            source=source,
            prices=guard.prices,
            shelf=shelf,
            mirror=mirror,
            audience=guard.notices,
            mandates=guard.mandates,
            bindings=guard.bindings,
            checks=guard.checks,
            reconciliation=guard.reconciliation,
        )
    )
    expires_in = timedelta(seconds=settings.proposal_expires_s)
    proposals = Proposals(store, guard.registry.read_name, expires_in=expires_in)
    gate = Gate(
        guard.facts.look,
        executor,
        guard.audit,
        proposals,
        guard.mandates,
        Submissions(store),
        guard.reservations,
        guard.notices.proposal_changed,
        guard.facts.forgive,
        loosens_in=timedelta(seconds=settings.loosening_wait_s),
    )
    return gate, proposals


def _build(  # noqa: PLR0913  what the routes work with
    settings: Settings,
    store: Store,
    events: EventLog,
    guard: Guard,
    desk: Desk,
    host: Host,
    source: MarketSource,
    shelf: Shelf,
    gate: Gate,
    proposals: Proposals,
) -> Services:
    analyst, model = Analyst(source, store), choose_model(settings.model_settings)
    turns = Turns(
        store,
        events,
        build_agent(),
        model,
        lambda actor: Hands(
            gate, desk, analyst, shelf.read, actor, proposals, host.read_log, guard.reconciliation.read
        ),
        settings.model_timeout_s,
    )
    return Services(
        settings=settings,
        store=store,
        events=events,
        sessions=Sessions(store, owner_password(settings)),
        desk=desk,
        gate=gate,
        proposals=proposals,
        audit=guard.audit,
        source=source,
        analyst=analyst,
        is_warm=host.is_warm,
        read_log=host.read_log,
        turns=turns,
        model=model,
        read_catalogue=shelf.read,
        check_key=guard.checks.refresh,
        reconciliation=guard.reconciliation,
    )
