"""The half that takes orders, from its beginning: it waits for what it stands on, while market data is served."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tools.credentials import MasterRefused, read_master
from tools.gateway.build import Orders, build_orders, wall_ms
from tools.gateway.endpoints import ENDPOINTS
from tools.gateway.errors import ApiError
from tools.gateway.gateway import Gateway
from tools.gateway.orders.check import Venue
from tools.gateway.orders.keys import ExchangeKeys
from tools.gateway.orders.placing import Market
from tools.gateway.orders.prices import Remembered
from tools.gateway.orders.schema import LedgerTaken
from tools.gateway.orders.service import Service
from tools.gateway.orders.symbols import Listed
from tools.gateway.orders.upstream import Forwarder
from tools.gateway.question import Question
from tools.gateway.reading import Refusal
from tools.gateway.waiting import NotYet, check_migrated, until
from tools.store.database import Store

CLOCK = Question(ENDPOINTS["/api/v3/time"], {})
AGAIN_S = 5.0
CONNECTIONS = httpx.Limits(max_connections=20)

log = logging.getLogger(__name__)

FindKeys = Callable[[], Awaitable[ExchangeKeys]]
"""Raises `NotYet`."""


@dataclass(frozen=True)
class Premises:
    """Where it works: the product's data folder, and the exchange by its name and address."""

    data: Path
    venue: str
    url: str
    proxy: str | None = None


class SignedHalf:
    """`service` is there as soon as orders can be taken, for as long as `run` goes on."""

    def __init__(self, premises: Premises, gateway: Gateway, find_keys: FindKeys) -> None:
        self._premises = premises
        self._gateway = gateway
        self._find_keys = find_keys
        self._orders: Orders | None = None
        self._waits_for: str | None = "database"

    @property
    def service(self) -> Service | None:
        return self._orders.service if self._orders else None

    async def run(self) -> None:
        """Until it is cancelled; everything of it is on the loop that calls this."""
        while True:
            try:
                async with self._open() as orders:
                    log.info("orders are taken for %s", self._premises.venue)
                    await orders.run()
            except Exception:
                log.exception("orders are not taken any more")
            await asyncio.sleep(AGAIN_S)

    def note_refusal(self, refusal: Refusal) -> None:
        """What the market's door refused, counted in the audit."""
        if self._orders:
            self._orders.record.refuse_stranger(f"market_{abs(refusal.code)}")

    def note_silence(self) -> None:
        """That the market's door had no answer of the exchange, counted in the audit."""
        if self._orders:
            self._orders.record.note_silence()

    def read_health(self) -> dict[str, Any]:
        """`waits_for` is what must come before the first order; the counts are of orders of all bots."""
        found = self._orders.read_health() if self._orders else {}
        return {"waits_for": self._waits_for, "in_doubt": None, "open": None, "last_round_ms_ago": None, **found}

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[Orders]:
        self._waits_for = "database"
        database = self._premises.data / "tradehelm.sqlite"
        await until(lambda: asyncio.to_thread(check_migrated, database))
        self._waits_for = "exchange"
        await until(self._measure_clock)
        self._waits_for = "key"
        keys = await until(self._find_keys)
        self._waits_for = "ledger"
        async with AsyncExitStack() as leaving:
            store, forwarder = Store(database), self._build_forwarder(keys)
            leaving.callback(store.close)
            leaving.push_async_callback(forwarder.close)
            orders = await until(lambda: self._build(store, forwarder))
            leaving.callback(self._end, orders)
            self._orders, self._waits_for = orders, None
            yield orders

    def _end(self, orders: Orders) -> None:
        self._orders = None
        orders.ledger.close()

    async def _measure_clock(self) -> None:
        try:
            await self._gateway.answer(CLOCK)
        except ApiError as error:
            raise NotYet(f"the exchange does not answer: {error}") from error

    def _build_forwarder(self, keys: ExchangeKeys) -> Forwarder:
        sources, premises = self._gateway.sources, self._premises
        transport = httpx.AsyncHTTPTransport(limits=CONNECTIONS, proxy=premises.proxy)
        meter = sources.upstream.meter
        return Forwarder(premises.url, keys, sources.clock.now_ms, transport=transport, meter=meter)

    async def _build(self, store: Store, forwarder: Forwarder) -> Orders:
        """Bots sign by this machine's clock, which may be another than the exchange's."""
        gateway, sources, data = self._gateway, self._gateway.sources, self._premises.data
        try:
            return build_orders(
                data=data,
                master=read_master(data),
                store=store,
                exchange=forwarder,
                market=Market(Listed(gateway.listing.find), Remembered(gateway.answer, sources.ticks)),
                venue=Venue(self._premises.venue, lambda: sources.clock.skew_ms),
                clock_ms=sources.clock.now_ms,
                callers_ms=wall_ms,
            )
        except (LedgerTaken, MasterRefused) as error:
            raise NotYet(str(error)) from error
