"""The composition root: builds everything once, and takes it down in order."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from agent.agent import build_agent
from agent.model import ModelChoice, choose_model
from agent.notices import Notices
from agent.turn import Turns
from api.auth import Sessions, owner_password
from api.settings import Settings
from tools.bots.desk import Desk
from tools.bots.executors import Executor
from tools.bots.healths import Healths
from tools.bots.mirror import Mirror
from tools.bots.recovery import bring_back
from tools.bots.registry import Registry
from tools.bots.trades import Trades
from tools.bots.watcher import Watcher
from tools.freqtrade.catalogue import Catalogue, read_catalogue
from tools.freqtrade.host import Host
from tools.guard.audit import Audit
from tools.guard.gate import Gate
from tools.guard.limits_book import LimitsBook
from tools.market.analysis import Analyst
from tools.market.source import MarketSource
from tools.market.venues import choose_venue
from tools.store.database import Store
from tools.store.events import EventLog
from tools.verbs import Hands


@dataclass(frozen=True)
class Services:
    """What the routes work with."""

    settings: Settings
    store: Store
    events: EventLog
    sessions: Sessions
    desk: Desk
    gate: Gate
    audit: Audit
    source: MarketSource
    analyst: Analyst
    host: Host
    turns: Turns
    model: ModelChoice
    read_catalogue: Callable[[], Catalogue]


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Everything, up and running; on leaving, all of it but the bots is ended."""
    store = Store(settings.data_dir / "tradehelm.sqlite")
    store.migrate()
    host = Host(settings.data_dir)
    source = MarketSource(await choose_venue(settings.venue, settings.exchange_url, settings.venue_chosen))
    services, watcher, bringing_back = _build(settings, store, host, source)
    await host.open()
    services.turns.mend_interrupted()
    tasks = [asyncio.create_task(watcher.run()), asyncio.create_task(bringing_back())]
    try:
        yield services
    finally:
        await services.turns.close()
        services.events.close()
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await services.gate.settle()
        await host.close()
        await source.close()
        store.close()


def _build(
    settings: Settings, store: Store, host: Host, source: MarketSource
) -> tuple[Services, Watcher, Callable[[], Coroutine[Any, Any, None]]]:
    """The services, what follows the bots, and what brings them back."""
    events, registry, trades, book = EventLog(store), Registry(store), Trades(store), LimitsBook(store)
    healths, audit, analyst = Healths(host), Audit(store), Analyst(source, store)
    desk = Desk(registry, trades, book, healths.read, settings.stake_currency)
    catalogue = partial(read_catalogue, settings.strategies_dir)
    notices = Notices(events, registry)
    mirror = Mirror(trades, host, notices)
    executor = Executor(
        desk=desk,
        book=book,
        host=host,
        healths=healths,
        source=source,
        read_catalogue=catalogue,
        audience=notices,
        mirror=mirror,
    )
    gate = Gate(desk.look, executor, audit)
    model = choose_model(settings.model_settings)
    turns = Turns(
        store,
        events,
        build_agent(),
        model,
        lambda actor: Hands(gate, desk, analyst, catalogue, actor),
        settings.model_timeout_s,
    )
    services = Services(
        settings=settings,
        store=store,
        events=events,
        sessions=Sessions(store, owner_password(settings)),
        desk=desk,
        gate=gate,
        audit=audit,
        source=source,
        analyst=analyst,
        host=host,
        turns=turns,
        model=model,
        read_catalogue=catalogue,
    )
    watcher = Watcher(desk, mirror, host, healths, notices)
    return services, watcher, partial(bring_back, desk, host, healths, gate, notices)
