"""Puts the signed half together from what the composition root knows."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.gateway.budget import Priority
from tools.gateway.orders.allowance import Allowance
from tools.gateway.orders.bar import Bar
from tools.gateway.orders.bounds import Bounds
from tools.gateway.orders.check import Check, Venue
from tools.gateway.orders.desk import Desk
from tools.gateway.orders.entry import IN_DOUBT, Status
from tools.gateway.orders.fills import Fills
from tools.gateway.orders.follower import Follower
from tools.gateway.orders.lanes import Lane
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.placing import Market, Placing, no_step
from tools.gateway.orders.reading import Reading
from tools.gateway.orders.record import Record
from tools.gateway.orders.resolver import Patience, Resolver
from tools.gateway.orders.schema import ledger_path
from tools.gateway.orders.service import Service
from tools.gateway.orders.signed import Verifier
from tools.gateway.orders.sources import Sources
from tools.gateway.orders.standing import Standings
from tools.gateway.orders.upstream import Exchange
from tools.gateway.reconciliation.door import Differences
from tools.gateway.reconciliation.history import History
from tools.gateway.reconciliation.reconciler import Reconciler
from tools.gateway.reconciliation.settling import Settling
from tools.guard.audit import Audit
from tools.store.database import Store


@dataclass(frozen=True)
class Orders:
    """The signed half: `service` answers, and `run()` is a task for as long as the process lives."""

    service: Service
    follower: Follower
    reconciler: Reconciler
    ledger: Ledger
    record: Record
    bounds: Bounds

    async def run(self) -> None:
        """Until it is cancelled; what was counted and not yet written down is written then."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.follower.run())
                group.create_task(self.reconciler.run())
        finally:
            self.record.flush(whole=True)

    def read_health(self) -> dict[str, Any]:
        """How many orders are in doubt and open, and how long ago the last round through them ended."""
        statuses = [entry.status for entry in self.ledger.read_unsettled()]
        went_s = self.follower.last_round_s
        return {
            "in_doubt": sum(status in IN_DOUBT for status in statuses),
            "open": statuses.count(Status.OPEN),
            "last_round_ms_ago": None if went_s is None else round(went_s * 1000),
        }


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


def build_orders(  # noqa: PLR0913  everything that it stands on
    *,
    data: Path,
    master: bytes,
    store: Store,
    exchange: Exchange,
    market: Market,
    venue: Venue,
    clock_ms: Callable[[], int] = wall_ms,
    callers_ms: Callable[[], int] | None = None,
    patience: Patience | None = None,
    rest_ms: int = 10_000,
    step: Callable[[str], None] = no_step,
) -> Orders:
    """Opens the ledger in `data`; raises `LedgerTaken` where another gateway has it.

    `callers_ms` is the clock that bots sign by, where it is not `clock_ms`. `step` is told how far each order has come.
    Open orders that were heard of within `rest_ms` are not asked for anew.
    """
    ledger = Ledger(ledger_path(data, venue.name))
    record = Record(Audit(store), ledger, clock_ms)
    fills, bounds = Fills(ledger, exchange, clock_ms), Bounds(ledger, clock_ms)
    for_orders, for_desk = Lane(exchange, Priority.ORDERS), Lane(exchange, Priority.DESK)
    order_fills, desk_fills = Fills(ledger, for_orders, clock_ms), Fills(ledger, for_desk, clock_ms)
    resolver = Resolver(ledger, order_fills, for_orders, record, clock_ms, patience or Patience())
    standings = Standings(store, Sources(data))

    history = History(ledger, for_desk, market.symbols, desk_fills, record, clock_ms)
    reconciler = Reconciler(ledger, for_desk, desk_fills, resolver, history, record, standings, venue.name, clock_ms)
    bar = Bar(ledger, standings, market.prices, resolver, reconciler.find_unclear, venue.name, clock_ms)
    settling = Settling(ledger, for_desk, desk_fills, reconciler, record)
    service = Service(
        Verifier(master, callers_ms or clock_ms),
        Allowance(clock_ms),
        Placing(ledger, bar, market, exchange, order_fills, resolver, record, bounds, clock_ms, step),
        Reading(ledger, standings, exchange, fills, bounds, clock_ms),
        Desk(ledger, for_desk, desk_fills),
        Check(for_desk, venue),
        Differences(reconciler, settling),
        record,
    )
    follower = Follower(ledger, fills, resolver, record, clock_ms, rest_ms=rest_ms)
    return Orders(service, follower, reconciler, ledger, record, bounds)
