"""Looks at start and again and again whether ledger, bots and exchange agree, and keeps what they do not agree on."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from tools.gateway.orders.answers import Unreadable
from tools.gateway.orders.fills import Fills
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.record import Record
from tools.gateway.orders.resolver import Resolver
from tools.gateway.orders.upstream import Exchange, NotSent, Refused, Unknown
from tools.gateway.reconciliation.compare import Statement, compare, compare_bot
from tools.gateway.reconciliation.finding import Finding
from tools.gateway.reconciliation.history import History
from tools.gateway.reconciliation.money import Money
from tools.gateway.reconciliation.sides import Sides, read_sides

EVERY_S, SOON_S = 60.0, 3.0
"""From one look to the next, and where something new was seen."""
NOT_LOOKED = "not_looked"
"""In the place of a finding, before the first look."""

log = logging.getLogger(__name__)


class Owner(Protocol):
    """What the product's database says of bots."""

    def read_live_pairs(self, venue: str) -> set[str]:
        """Of all bots that trade there with real money."""

    def has(self, bot_id: str) -> bool:
        """Whether there is such a bot."""


@dataclass
class Sure:
    """Findings that two looks in a row have made; what was on its way the first time has arrived by the second."""

    since_ms: dict[str, int] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)
    _once: set[str] = field(default_factory=set)

    def look(self, found: Iterable[Finding], now_ms: int) -> bool:
        """Takes one look's findings; whether any of them was not there the last time."""
        seen = {one.id: one for one in found}
        self.findings = {key: one for key, one in seen.items() if key in self._once}
        self.since_ms = {key: self.since_ms.get(key, now_ms) for key in self.findings}
        self._once = set(seen)
        return len(self.findings) < len(seen)


class Reconciler:
    """Mends what it can: it takes in what the exchange knows, and asks again. The rest waits for a person."""

    def __init__(  # noqa: PLR0913  all that it holds against one another
        self,
        ledger: Ledger,
        exchange: Exchange,
        fills: Fills,
        resolver: Resolver,
        history: History,
        record: Record,
        owner: Owner,
        venue: str,
        clock_ms: Callable[[], int],
    ) -> None:
        self._ledger = ledger
        self._exchange = exchange
        self._fills = fills
        self._resolver = resolver
        self._history = history
        self._record = record
        self._owner = owner
        self._venue = venue
        self._clock_ms = clock_ms
        self.money = Money(ledger, clock_ms)
        self._account = Sure()
        self._bots: dict[str, Sure] = {}
        self._told: set[str] = set()
        self._looking = asyncio.Lock()
        self.looked_ms: int | None = None

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            is_new = False
            try:
                is_new = await self.look()
            except (Refused, Unknown, NotSent, Unreadable) as error:
                log.warning("ledger and exchange could not be compared: %s: %s", type(error).__name__, error)
                is_new = self.looked_ms is None
            except Exception:
                log.exception("ledger and exchange could not be compared")
            await asyncio.sleep(SOON_S if is_new else EVERY_S)

    async def look(self, *, whole: bool = False) -> bool:
        """One look; whether it saw something that it must see again to believe it. Raises as `Exchange.signed`.

        With `whole` it also looks for orders of bots that are over and that nothing has pointed at.
        """
        async with self._looking:
            if whole:
                await self._history.adopt_newest(self._symbols())
            if self._ledger.outside.is_new():
                await self._history.adopt_all(self._symbols())
            sides = await self.read_sides()
            if await self._history.adopt(sides.open_orders):
                sides = await self.read_sides()
            found = compare(replace(sides, left=tuple(self._history.left.values())))
            await self._ask_again(found)
            # What could not be taken in may have moved money: it is not taken for somebody else's.
            changed = set() if self._history.left else self.money.look(sides)
            if changed:
                await self._look_for_orders()
            is_new = self._account.look(found, self._clock_ms())
            self._bots = {bot_id: sure for bot_id, sure in self._bots.items() if self._owner.has(bot_id)}
            self.looked_ms = self._clock_ms()
            self._write_down()
        return is_new or bool(changed) or not sides.is_still

    def hear(self, statement: Statement) -> bool:
        """What a bot says of itself; whether something is seen that must be seen again to be believed."""
        found = compare_bot(statement, self._ledger.holdings.read_positions(), self._ledger.read_unsettled())
        is_new = self._bots.setdefault(statement.bot_id, Sure()).look(found, self._clock_ms())
        self._write_down()
        return is_new

    def read(self) -> list[tuple[Finding, int]]:
        """All findings that are sure, each with the moment since when; the oldest first."""
        sures = (self._account, *self._bots.values())
        found = [(one, sure.since_ms[key]) for sure in sures for key, one in sure.findings.items()]
        money = [(one, int(one.numbers["at_ms"])) for one in self.money.find()]
        return sorted([*found, *money], key=lambda each: (each[1], each[0].id))

    def find(self, finding_id: str) -> Finding | None:
        return next((one for one, _ in self.read() if one.id == finding_id), None)

    def drop(self, finding: Finding) -> None:
        """It was put right: it is looked for anew."""
        for sure in (self._account, *self._bots.values()):
            sure.findings.pop(finding.id, None)

    def dismiss(self, key: tuple[str, int]) -> None:
        """A person has seen that an order is not in the ledger, by its symbol and number."""
        self._history.dismiss(key)

    def find_unclear(self, bot_id: str) -> str | None:
        """What is open about a bot's money: the kind of a finding, or that nobody has looked yet."""
        if self.looked_ms is None:
            return NOT_LOOKED
        found = (*self._account.findings.values(), *self._of_bot(bot_id).values())
        return next((one.kind for one in found if one.is_uncertain and one.bot_id == bot_id), None)

    def _of_bot(self, bot_id: str) -> Mapping[str, Finding]:
        return self._bots[bot_id].findings if bot_id in self._bots else {}

    def _symbols(self) -> list[str]:
        """Those of which bots may have orders, as the exchange writes them."""
        return sorted(pair.replace("/", "") for pair in self._owner.read_live_pairs(self._venue))

    async def read_sides(self) -> Sides:
        """Ledger and exchange at this moment. Raises as `Exchange.signed`."""
        return await read_sides(self._ledger, self._exchange, lambda: bool(self._resolver.in_hand))

    async def _look_for_orders(self) -> None:
        """A change of which the cause was not looked for was not seen: orders of bots may have made it."""
        try:
            await self._history.adopt_newest(self._symbols())
        except BaseException:
            self.money.forget()
            raise

    async def _ask_again(self, found: Iterable[Finding]) -> None:
        for one in found:
            entry = self._ledger.find(one.numbers.get("order", ""))
            if entry is not None and entry.id not in self._resolver.in_hand:
                await self._fills.refresh(entry)

    def _write_down(self) -> None:
        """Each finding once, when it is sure, and once when it is gone."""
        now = {one.id: one for one, _ in self.read()}
        for key in now.keys() - self._told:
            self._record.find_difference(now[key])
        if gone := self._told - now.keys():
            log.info("%s differences are settled", len(gone))
        self._told = set(now)
