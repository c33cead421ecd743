"""What is true of a bot at the moment of an entry, by the gateway's own ledger alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import takewhile

from tools.bot import Mode, State
from tools.gateway.orders.entry import Entry
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.position import ZERO
from tools.gateway.orders.standing import Standing
from tools.guard.order import OrderFacts

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
STREAK = 1001
"""One more than the longest that can be allowed."""


@dataclass(frozen=True)
class Held:
    """Of all bots, by bot and pair, in the quote currency: positions at cost and what entry orders may still take."""

    costs: Mapping[tuple[str, str], Decimal]
    trades: frozenset[tuple[str, str]]
    """Where a trade is open or under way; dust is none."""

    def of(self, bot_id: str) -> Decimal:
        return sum((cost for (owner, _), cost in self.costs.items() if owner == bot_id), ZERO)

    def whole(self) -> Decimal:
        return sum(self.costs.values(), ZERO)

    def count(self, bot_id: str) -> int:
        return sum(owner == bot_id for owner, _ in self.trades)


def read_held(ledger: Ledger) -> Held:
    costs: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    trades = set()
    for key, (position, dust) in ledger.holdings.read_positions().items():
        if position.quantity > 0 or position.cost > 0:
            costs[key] += position.cost
            trades |= {key} if position.cost >= dust else set()
    for key, (_, cost) in ledger.holdings.read_released().items():
        # Coins that a bot bought all the same: however many trades leave some, its exposure holds.
        costs[key] += cost
    for entry in ledger.read_unsettled():
        if entry.due_cost > 0:
            costs[entry.bot_id, entry.pair] += entry.due_cost
            trades.add((entry.bot_id, entry.pair))
    return Held(costs, frozenset(trades))


def read_free(ledger: Ledger, bot_id: str, pair: str) -> tuple[Decimal, Decimal]:
    """What a bot holds of a pair's base currency and has not offered, and what it has offered for sale."""
    found = ledger.holdings.read_positions(bot_id).get((bot_id, pair))
    locked = sum((entry.due for entry in ledger.read_unsettled(bot_id) if _sells(entry, pair)), ZERO)
    held = found[0].quantity if found else ZERO
    return max(held - locked, ZERO), locked


def of_entry(  # noqa: PLR0913  what an entry is judged by
    ledger: Ledger, bot_id: str, pair: str, standing: Standing, price: tuple[Decimal, float] | None, now_ms: int
) -> OrderFacts:
    """As `tools.guard.order_checks` wants it; the mode is that of real money, whatever the bot's settings say."""
    held = read_held(ledger)
    key, dusty = (bot_id, pair), 0
    if held.costs.get(key, ZERO) > 0 and key not in held.trades:
        dusty = 1  # An entry beside dust opens a trade, which the rules would take for an addition.
    day = datetime.fromtimestamp(now_ms / 1000, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    sales = ledger.holdings.read_sales(int(day.timestamp() * 1000))
    closed_ms = ledger.holdings.read_last_close(bot_id, pair)
    return OrderFacts(
        stake_currency=standing.spec.stake_currency,
        mode=Mode.REAL_MARKET_SPOT,
        enters=standing.state is State.RUNNING and standing.spec.mode is Mode.REAL_MARKET_SPOT,
        pairs=standing.spec.pairs,
        exposure_cap=standing.spec.exposure,
        trade_held=held.costs.get(key, ZERO),
        bot_held=held.of(bot_id),
        total_held=held.whole(),
        bot_trades=held.count(bot_id) + dusty,
        total_trades=len(held.trades) + dusty,
        bot_entries_minute=ledger.count_entries(now_ms - MINUTE_MS, bot_id),
        bot_entries_hour=ledger.count_entries(now_ms - HOUR_MS, bot_id),
        total_entries_minute=ledger.count_entries(now_ms - MINUTE_MS),
        total_entries_hour=ledger.count_entries(now_ms - HOUR_MS),
        bot_lost_today=_lost(profit for owner, profit in sales if owner == bot_id),
        total_lost_today=_lost(profit for _, profit in sales),
        loss_streak=_streak(ledger, bot_id, standing.forgiven_at),
        closed_ago_s=None if closed_ms is None else (now_ms - closed_ms) / 1000,
        price=price[0] if price else None,
        price_age_s=price[1] if price else None,
        facts_age_s=_age_s(ledger.read_unsettled(bot_id), now_ms),
        panic=standing.panic,
        paused_for=standing.paused_for,
    )


def _lost(profits: Iterable[Decimal]) -> Decimal:
    return max(-sum(profits, ZERO), ZERO)


def _streak(ledger: Ledger, bot_id: str, since: datetime | None) -> int:
    newest = ledger.holdings.read_closed(bot_id, int(since.timestamp() * 1000) if since else 0, STREAK)
    return len(list(takewhile(lambda profit: profit < 0, newest)))


def _age_s(unsettled: list[Entry], now_ms: int) -> float:
    """How long ago the exchange was last heard of an order that may have been filled since."""
    heard = [entry.seen_ms or entry.created_ms for entry in unsettled]
    return max((now_ms - moment) / 1000 for moment in heard) if heard else 0


def _sells(entry: Entry, pair: str) -> bool:
    return entry.side == "SELL" and entry.pair == pair
