"""Where an order is let through or not: judged by the ledger, and written into it, in one transaction."""

import logging
from collections.abc import Callable
from decimal import Decimal

from pydantic import ValidationError

from tools.gateway.orders import errors
from tools.gateway.orders.entry import Entry, upstream_id
from tools.gateway.orders.facts import of_entry, read_free
from tools.gateway.orders.judge import Refusal, WireRule, as_order, judge_entry, judge_sale, worst_price
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.market import Prices, Symbol
from tools.gateway.orders.resolver import Resolver
from tools.gateway.orders.standing import Standing, Standings
from tools.gateway.orders.wire_order import WireOrder
from tools.guard.verdict import Rule

FindUnclear = Callable[[str], str | None]
"""What is open about a bot's money, in a word; None where all agree."""

log = logging.getLogger(__name__)


class Bar:
    """Judges and reserves without a wait in between: no two orders both take the last of a limit."""

    def __init__(  # noqa: PLR0913  what it judges by
        self,
        ledger: Ledger,
        standings: Standings,
        prices: Prices,
        resolver: Resolver,
        find_unclear: FindUnclear,
        venue: str,
        clock_ms: Callable[[], int],
    ) -> None:
        self._ledger = ledger
        self._standings = standings
        self._prices = prices
        self._resolver = resolver
        self._find_unclear = find_unclear
        self._venue = venue
        self._clock_ms = clock_ms

    def has(self, bot_id: str, quantity: Decimal, pair: str) -> bool:
        """Whether a bot holds so much of a pair's base currency that it has not offered."""
        return quantity <= read_free(self._ledger, bot_id, pair)[0]

    def admit(self, bot_id: str, wanted: WireOrder, symbol: Symbol) -> Entry:
        """The order as it now stands in the ledger, where it counts from this moment on. Raises `Denied`."""
        price = self._prices.read(symbol.pair)
        worst = worst_price(wanted, symbol, price)
        standing = self._look(bot_id) if wanted.side == "BUY" else None
        entry = self._entry(bot_id, wanted, symbol, worst)
        with self._ledger.writing():
            if self._ledger.find_own(bot_id, wanted.own_id) or self._ledger.find(entry.id):
                raise errors.duplicate_order()
            if standing is not None:
                refusal = self._judge(bot_id, wanted, symbol, standing, price)
            else:
                refusal = judge_sale(wanted.quantity, read_free(self._ledger, bot_id, symbol.pair)[0], symbol.pair)
            if refusal is not None:
                raise _denied(refusal)
            self._ledger.add(entry)
        return entry

    def _look(self, bot_id: str) -> Standing:
        """Raises `Denied` for a bot that there is not, and where it cannot be known what its owner says."""
        try:
            standing = self._standings.read(bot_id)
        except Exception:
            log.exception("what the owner of bot %s allows cannot be read", bot_id)
            raise errors.refused(Rule.UNRECORDABLE, {"bot": bot_id}) from None
        if standing is None:
            raise errors.refused(WireRule.BOT_GONE, {"bot": bot_id})
        if standing.venue != self._venue:
            raise errors.refused(WireRule.OTHER_VENUE, {"venue": standing.venue, "now": self._venue})
        return standing

    def _judge(
        self, bot_id: str, wanted: WireOrder, symbol: Symbol, standing: Standing, price: tuple[Decimal, float] | None
    ) -> Refusal | None:
        try:
            order = as_order(bot_id, wanted, symbol, worst_price(wanted, symbol, price))
            facts = of_entry(self._ledger, bot_id, symbol.pair, standing, price, self._clock_ms())
        except (ValidationError, ArithmeticError):
            log.exception("an entry of bot %s cannot be judged", bot_id)
            return Refusal(Rule.UNRECORDABLE, {"pair": symbol.pair})
        if (unclear := self._find_unclear(bot_id)) is not None:
            return Refusal(WireRule.UNRECONCILED, {"finding": unclear})
        return judge_entry(order, facts, standing.limits, standing.void, len(self._resolver.doubts(bot_id)))

    def _entry(self, bot_id: str, wanted: WireOrder, symbol: Symbol, worst: Decimal | None) -> Entry:
        return Entry(
            id=upstream_id(bot_id, wanted.own_id),
            bot_id=bot_id,
            own_id=wanted.own_id,
            symbol=symbol.name,
            pair=symbol.pair,
            side=wanted.side,
            type=wanted.type,
            quantity=wanted.quantity,
            price=worst,
            stop_price=wanted.stop_price,
            time_in_force=wanted.time_in_force,
            dust=symbol.min_notional,
            created_ms=self._clock_ms(),
        )


def _denied(refusal: Refusal) -> errors.Denied:
    if refusal.rule == WireRule.BEYOND_INVENTORY:
        return errors.beyond_inventory(refusal.numbers)
    return errors.refused(refusal.rule, refusal.numbers)
