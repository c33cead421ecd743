"""The facts that the guard judges by, gathered from the rooms that know them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from tools.actions import Action, ForceEntry
from tools.bot import Mode, State
from tools.bots.bindings import Bindings
from tools.bots.live import Checks
from tools.bots.registry import Bot, Registry
from tools.bots.trades import Totals, Trades
from tools.errors import Problem
from tools.guard.holds import Holds
from tools.guard.limits_book import LimitsBook
from tools.guard.order import Order, OrderFacts
from tools.guard.peaks import Peaks
from tools.guard.reservations import HOUR, MINUTE, Reservations
from tools.guard.snapshot import BotFacts, ModeFacts, Snapshot
from tools.guard.verdict import Rule
from tools.market.prices import Prices
from tools.store.tables import now

ZERO = Decimal(0)
NEVER_S = 1e9


@dataclass(frozen=True)
class Profit:
    """In the stake currency."""

    today: Decimal
    """Of the trades that closed this UTC day."""
    whole: Decimal
    """Of all trades, open ones at their last price."""


class Facts:
    """Looks; changes nothing but the peaks, which only a look can see."""

    def __init__(  # noqa: PLR0913  the rooms that know something
        self,
        registry: Registry,
        trades: Trades,
        book: LimitsBook,
        reservations: Reservations,
        holds: Holds,
        peaks: Peaks,
        prices: Prices,
        bindings: Bindings,
        checks: Checks,
        stake_currency: str,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._registry = registry
        self._trades = trades
        self._book = book
        self._reservations = reservations
        self._holds = holds
        self._peaks = peaks
        self._prices = prices
        self._bindings = bindings
        self._checks = checks
        self._stake_currency = stake_currency
        self._clock = clock
        self.claims: dict[str, Decimal] = {}
        """By bot: exposure that an action under way may still need, whatever becomes of it."""

    def look(self, action: Action | None = None) -> Snapshot:
        """All bots as they are now, and for an entry that an action asks for its order's facts."""
        bots = self._registry.read_all()
        profits = {bot.id: self.read_profit(bot) for bot in bots}
        return Snapshot(
            limits=self._book.read(),
            bots={bot.id: self._of_bot(bot, profits[bot.id]) for bot in bots},
            stake_currency=self._stake_currency,
            modes={mode: self._of_mode(mode, bots, profits) for mode in Mode},
            panic=self._holds.is_panic(),
            order=self._of_entry(action, bots, profits) if isinstance(action, ForceEntry) else None,
            live_check=self._checks.read(),
        )

    async def freshen(self, pair: str) -> None:
        """Sees to it that the venue's price of a pair is young, if it can be had."""
        await self._prices.refresh(pair)

    def of_order(self, order: Order) -> tuple[str, OrderFacts] | None:
        """The name of the bot and what is true of its order; None for a bot that there is not."""
        bots = self._registry.read_all()
        bot = next((one for one in bots if one.id == order.bot_id), None)
        if bot is None:
            return None
        profits = {one.id: self.read_profit(one) for one in bots if one.spec.mode is bot.spec.mode}
        return bot.spec.name, self._of_order(bot, order.pair, bots, profits)

    def read_profit(self, bot: Bot) -> Profit:
        totals = self._totals(bot)
        return Profit(
            self._trades.read_profit_since(bot.id, self._day()), totals.realised_profit + totals.unrealised_profit
        )

    def forgive(self, bot_id: str, rule: str, by: str) -> None:
        """A person lets a bot go on after a breaker: what tripped it is counted from now on."""
        try:
            bot = self._registry.read(bot_id)
        except Problem:
            return
        if self._holds.find(bot_id) is None and rule:
            self._holds.hold(bot_id, rule)
        self._holds.release(bot_id, by)
        self._reservations.forgive(bot_id)
        if rule == Rule.DRAWDOWN:
            self._peaks.rebase(bot_id, self.read_profit(bot).whole)
            whole = self._whole(bot.spec.mode)
            if self._peaks.drawdown(bot.spec.mode, whole) >= self._book.read().max_drawdown:
                self._peaks.rebase(bot.spec.mode, whole)

    def note_peaks(self) -> None:
        """Raises the peaks where profits have passed them."""
        for bot in self._registry.read_all():
            self._peaks.note(bot.id, self.read_profit(bot).whole)
        for mode in Mode:
            self._peaks.note(mode, self._whole(mode))

    def _of_bot(self, bot: Bot, profit: Profit) -> BotFacts:
        hold = self._holds.find(bot.id)
        return BotFacts(
            spec=bot.spec,
            state=bot.state,
            open_exposure=self._held(bot),
            claim=self.claims.get(bot.id, ZERO),
            paused_for=hold.rule if hold else None,
            lost_today=max(-profit.today, ZERO),
            drawdown=self._peaks.drawdown(bot.id, profit.whole),
            loss_streak=self._streak(bot.id),
            rate_refusals=self._reservations.count_too_fast(bot.id),
            mandate_void=self._bindings.find_void(bot),
        )

    def _of_mode(self, mode: Mode, bots: list[Bot], profits: dict[str, Profit]) -> ModeFacts:
        departed_today, departed = self._trades.read_departed(mode, self._day())
        mine = [profits[bot.id] for bot in bots if bot.spec.mode is mode]
        today = departed_today + sum((profit.today for profit in mine), ZERO)
        whole = departed + sum((profit.whole for profit in mine), ZERO)
        return ModeFacts(max(-today, ZERO), self._peaks.drawdown(mode, whole))

    def _of_entry(self, action: ForceEntry, bots: list[Bot], profits: dict[str, Profit]) -> OrderFacts | None:
        bot = next((one for one in bots if one.id == action.bot_id), None)
        return self._of_order(bot, action.pair, bots, profits) if bot else None

    def _of_order(self, bot: Bot, pair: str, bots: list[Bot], profits: dict[str, Profit]) -> OrderFacts:
        """`profits` of at least all bots of the bot's mode."""
        mode = self._of_mode(bot.spec.mode, bots, profits)
        mine = self._of_bot(bot, profits[bot.id])
        peers = [one for one in bots if one.spec.mode is bot.spec.mode]
        by_pair = self._held_by_pair(bot)
        price = self._prices.read(pair)
        closed = self._trades.read_last_close(bot.id, pair)
        return OrderFacts(
            stake_currency=self._stake_currency,
            mode=bot.spec.mode,
            enters=bot.state is State.RUNNING,
            pairs=bot.spec.pairs,
            exposure_cap=max(bot.spec.exposure, mine.claim),
            trade_held=by_pair.get(pair, ZERO),
            bot_held=mine.open_exposure,
            total_held=sum((self._held(one) for one in peers), ZERO),
            bot_trades=len(by_pair),
            total_trades=sum(len(self._held_by_pair(one)) for one in peers),
            bot_entries_minute=self._reservations.count_entries(bot.id, MINUTE),
            bot_entries_hour=self._reservations.count_entries(bot.id, HOUR),
            total_entries_minute=self._reservations.count_entries(bot.spec.mode, MINUTE),
            total_entries_hour=self._reservations.count_entries(bot.spec.mode, HOUR),
            bot_lost_today=mine.lost_today,
            total_lost_today=mode.lost_today,
            bot_drawdown=mine.drawdown,
            total_drawdown=mode.drawdown,
            loss_streak=mine.loss_streak,
            closed_ago_s=(self._clock() - closed).total_seconds() if closed else None,
            price=price[0] if price else None,
            price_age_s=price[1] if price else None,
            facts_age_s=self._age(bot.id),
            panic=self._holds.is_panic(),
            paused_for=mine.paused_for,
            mandate_void=mine.mandate_void,
        )

    def _held(self, bot: Bot) -> Decimal:
        return sum(self._held_by_pair(bot).values(), ZERO)

    def _held_by_pair(self, bot: Bot) -> dict[str, Decimal]:
        """Open trades, their open entry orders, and what was reserved and does not show in them yet."""
        held = dict(self._totals(bot).held_by_pair)
        for pair, stake in self._reservations.held(bot.id).items():
            held[pair] = held.get(pair, ZERO) + stake
        return held

    def _totals(self, bot: Bot) -> Totals:
        return self._trades.read_totals().get(bot.id, Totals())

    def _streak(self, bot_id: str) -> int:
        return self._trades.read_loss_streak(bot_id, self._holds.read_last_release(bot_id, Rule.LOSS_STREAK))

    def _whole(self, mode: Mode) -> Decimal:
        _, departed = self._trades.read_departed(mode, self._day())
        bots = (bot for bot in self._registry.read_all() if bot.spec.mode is mode)
        return departed + sum((self.read_profit(bot).whole for bot in bots), ZERO)

    def _age(self, bot_id: str) -> float:
        synced = self._trades.read_synced_at(bot_id)
        return (self._clock() - synced).total_seconds() if synced else NEVER_S

    def _day(self) -> datetime:
        return self._clock().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
