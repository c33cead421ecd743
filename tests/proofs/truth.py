"""What bots truly hold, beside what they may: worked out from the model of their processes, not from the product."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tests.proofs.clock import Clock
from tests.proofs.freqtrade import BotProcess
from tests.proofs.witness import must, open_pairs
from tools.bot import Mode, State
from tools.bots.registry import Bot
from tools.guard.limits import Limits
from tools.guard.order import Order

ZERO = Decimal(0)
Processes = Mapping[str, BotProcess]
Bots = Mapping[str, Bot]


@dataclass(frozen=True)
class Moment:
    """What was so when an entry was let in."""

    limits: Limits
    bots: Bots
    processes: Processes
    claims: Mapping[str, Decimal]
    panic: bool
    held_for: str | None
    price: Decimal | None
    price_age_s: float


def cost_of(order: Order, price: Decimal) -> Decimal:
    """The most that an order can take."""
    return order.amount * (max(order.rate, price) if order.type == "market" else order.rate)


class Truth:
    """Raises `Breach`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._let_in: list[tuple[datetime, str, Mode]] = []
        self._highest: dict[str, Decimal] = {}

    def see_clock_set_back(self) -> None:
        """What was let in before is no measure any more of what is let in now."""
        self._let_in.clear()

    def see_permit(self, order: Order, now: Moment) -> None:
        """Leave to enter was given: all that is promised of such an order is looked at."""
        bot = now.bots[order.bot_id]
        own = now.limits.of(bot.id)
        must(not now.panic, "an entry in panic", order=order)
        must(bot.state is State.RUNNING and now.held_for is None, "an entry of a bot that may not", order=order)
        must(order.pair in bot.spec.pairs and order.pair in open_pairs(own), "an entry into that pair", order=order)
        must(bot.spec.mode is Mode.SIMULATED or now.limits.live_enabled, "real money is off", order=order)
        must(now.price is not None and now.price_age_s <= 30, "an entry with no young price", order=order)
        assert now.price is not None
        must(order.rate <= now.price * Decimal("1.05"), "an entry far above the market", order=order)
        self._check_amounts(order, cost_of(order, now.price), bot, now)
        self._check_rates(bot, now.limits)

    def _check_amounts(self, order: Order, cost: Decimal, bot: Bot, now: Moment) -> None:
        own, by_pair = now.limits.of(bot.id), now.processes[bot.id].held_by_pair()
        held = sum(by_pair.values(), ZERO) + cost
        peers = [now.processes[key] for key, one in now.bots.items() if one.spec.mode is bot.spec.mode]
        total = sum((peer.held() for peer in peers), ZERO) + cost
        cap = max(bot.spec.exposure, now.claims.get(bot.id, ZERO))
        must(by_pair.get(order.pair, ZERO) + cost <= own.max_trade, "a trade too large", order=order, held=by_pair)
        must(held <= min(own.max_bot_exposure, cap), "a bot holds too much", held=held, cap=cap, order=order)
        must(total <= now.limits.max_total_exposure, "all bots hold too much", total=total, order=order)
        if order.pair not in by_pair:
            pairs = sum(len(peer.held_by_pair()) for peer in peers) + 1
            must(len(by_pair) + 1 <= own.max_open_trades, "a bot has too many trades", order=order)
            must(pairs <= now.limits.max_open_trades, "all bots have too many trades", order=order)
        self._highest[bot.id], self._highest[bot.spec.mode] = held, total

    def _check_rates(self, bot: Bot, limits: Limits) -> None:
        now, mode, own = self._clock.now(), bot.spec.mode, limits.of(bot.id)
        self._let_in.append((now, bot.id, mode))
        for window, of_bot, of_all in (
            (timedelta(minutes=1), own.max_entries_per_minute, limits.max_entries_per_minute),
            (timedelta(hours=1), own.max_entries_per_hour, limits.max_entries_per_hour),
        ):
            recent = [entry for entry in self._let_in if entry[0] > now - window]
            must(sum(entry[1] == bot.id for entry in recent) <= of_bot, "a bot enters too often", bot=bot.id)
            must(sum(entry[2] is mode for entry in recent) <= of_all, "bots enter too often", mode=mode)
        self._let_in = self._let_in[-1000:]

    def see_breakers(self, limits: Limits, bots: Bots, processes: Processes, spared: Collection[str | None]) -> None:
        """After a look at all bots: none that answers goes on where it lost a day's most, or too often in a row.

        `spared` are those that are held, or that a person ever let go.
        """
        day = self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        for bot_id, bot in bots.items():
            process, own = processes[bot_id], limits.of(bot_id)
            if bot.state is not State.RUNNING or bot_id in spared or not process.is_up or process.hangs:
                continue
            closed = sorted((deal.closed_at, deal.profit) for deal in process.book if deal.closed_at is not None)
            lost = -sum(profit for at, profit in closed if at >= day)
            must(lost < own.max_daily_loss, "a bot goes on that lost a day's most", bot=bot_id, lost=lost)
            last = [profit < 0 for _, profit in closed[-own.max_loss_streak :]]
            must(len(last) < own.max_loss_streak or not all(last), "a bot goes on that loses and loses", bot=bot_id)

    def see_exposure(self, limits: Limits, bots: Bots, processes: Processes) -> None:
        """After a step: what is held stays within the limits, or where they were tightened since, never grows."""
        totals = dict.fromkeys(Mode, ZERO)
        for bot_id, bot in bots.items():
            held = processes[bot_id].held()
            totals[bot.spec.mode] += held
            self._check(bot_id, held, limits.of(bot_id).max_bot_exposure)
        for mode, held in totals.items():
            self._check(mode, held, limits.max_total_exposure)

    def _check(self, scope: str, held: Decimal, most: Decimal) -> None:
        must(held <= max(most, self._highest.get(scope, ZERO)), "more is held than may be", scope=scope, held=held)
        self._highest[scope] = held
