"""What there is to see of bots, trades and limits."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from tools.bot import Health, Mode, State
from tools.bots.registry import Bot, Registry
from tools.bots.trades import ZERO, Totals, Trades
from tools.freqtrade.running import BotHealth
from tools.guard.limits_book import LimitsBook
from tools.guard.snapshot import BotFacts, Snapshot
from tools.store.tables import TradeRow
from tools.views import BotUsage, BotView, LimitsView, PortfolioView, TradeView, Usage

NOT_THERE = BotHealth(Health.CRASHED, "process_ended")
ReadHealth = Callable[[str], BotHealth]


class Desk:
    """Reads; changes nothing."""

    def __init__(
        self, registry: Registry, trades: Trades, book: LimitsBook, read_health: ReadHealth, stake_currency: str
    ) -> None:
        self.registry = registry
        self._trades = trades
        self._book = book
        self._read_health = read_health
        self.stake_currency = stake_currency
        self.claims: dict[str, Decimal] = {}
        """By bot: exposure that an action under way may still need, whatever becomes of it."""

    def look(self) -> Snapshot:
        """The facts that the guard judges by."""
        totals = self._trades.read_totals()
        bots = {
            bot.id: BotFacts(
                bot.spec, bot.state, totals.get(bot.id, Totals()).open_exposure, self.claims.get(bot.id, ZERO)
            )
            for bot in self.registry.read_all()
        }
        return Snapshot(self._book.read(), bots, self.stake_currency)

    def read_bots(self) -> list[BotView]:
        totals = self._trades.read_totals()
        return [self._view(bot, totals.get(bot.id, Totals())) for bot in self.registry.read_all()]

    def read_bot(self, bot_id: str) -> BotView:
        """Raises `Problem("unknown_bot")`."""
        return self._view(self.registry.read(bot_id), self._trades.read_totals().get(bot_id, Totals()))

    def find_bot(self, name_or_id: str) -> BotView:
        """Raises `Problem("unknown_bot")`."""
        return self.read_bot(self.registry.find(name_or_id).id)

    def read_trades(
        self, bot_id: str | None = None, *, is_open: bool | None = None, limit: int = 100
    ) -> list[TradeView]:
        """Trades, the newest first. Raises `Problem("unknown_bot")`."""
        if bot_id is not None:
            self.registry.read(bot_id)
        bots = {bot.id: bot for bot in self.registry.read_all()}
        rows = self._trades.read(bot_id, is_open=is_open, limit=limit)
        return [view_trade(bots[row.bot_id], row) for row in rows if row.bot_id in bots]

    def read_limits(self) -> LimitsView:
        """The limits in force, and what simulated or real bots use of them: the larger of the two, never their sum."""
        facts, limits = self.look(), self._book.read()
        totals = [_usage(facts, mode, limits.max_total_exposure) for mode in Mode]
        names = {bot_id: bot.spec.name for bot_id, bot in facts.bots.items()}
        return LimitsView(
            limits=limits,
            stake_currency=self.stake_currency,
            total_exposure=max(totals, key=lambda usage: (usage.committed, usage.used)),
            bots=tuple(
                BotUsage(
                    bot_id=bot_id,
                    bot_name=names[bot_id],
                    used=bot.open_exposure,
                    committed=bot.committed,
                    limit=limits.max_bot_exposure,
                )
                for bot_id, bot in facts.bots.items()
            ),
            changed_at=self._book.read_changed_at(),
        )

    def read_portfolio(self) -> list[PortfolioView]:
        """One view a mode that has bots."""
        bots, totals = self.registry.read_all(), self._trades.read_totals()
        groups = [[bot for bot in bots if bot.spec.mode is mode] for mode in Mode]
        return [self._portfolio(group, totals) for group in groups if group]

    def _portfolio(self, bots: list[Bot], totals: dict[str, Totals]) -> PortfolioView:
        parts = [totals.get(bot.id, Totals()) for bot in bots]
        wins = sum(part.wins for part in parts)
        closed = sum(part.closed_trades for part in parts)
        return PortfolioView(
            mode=bots[0].spec.mode,
            stake_currency=self.stake_currency,
            bots=len(bots),
            running=sum(bot.state is State.RUNNING for bot in bots),
            open_trades=sum(part.open_trades for part in parts),
            closed_trades=closed,
            open_exposure=_sum(part.open_exposure for part in parts),
            realised_profit=_sum(part.realised_profit for part in parts),
            unrealised_profit=_sum(part.unrealised_profit for part in parts),
            wins=wins,
            losses=closed - wins,
        )

    def _view(self, bot: Bot, totals: Totals) -> BotView:
        health = self._read_health(bot.id)
        should_run = bot.state in (State.RUNNING, State.PAUSED)
        if should_run and health.health is Health.OFF:
            health = NOT_THERE
        return BotView(
            id=bot.id,
            spec=bot.spec,
            state=bot.state,
            health=health.health if should_run else Health.OFF,
            health_reason=health.reason if should_run else None,
            log_tail=health.log_tail if should_run and health.health is Health.CRASHED else (),
            venue=bot.venue,
            stake_currency=self.stake_currency,
            open_trades=totals.open_trades,
            closed_trades=totals.closed_trades,
            open_exposure=totals.open_exposure,
            max_exposure=bot.spec.exposure,
            realised_profit=totals.realised_profit,
            unrealised_profit=totals.unrealised_profit,
            created_at=bot.created_at,
            started_at=bot.started_at,
        )


def view_trade(bot: Bot, row: TradeRow) -> TradeView:
    """A kept trade as it is shown."""
    kept = row.model_dump(exclude={"bot_id"})
    return TradeView(bot_id=bot.id, bot_name=bot.spec.name, mode=bot.spec.mode, **kept)


def _usage(facts: Snapshot, mode: Mode, limit: Decimal) -> Usage:
    used = _sum(bot.open_exposure for bot in facts.bots.values() if bot.spec.mode is mode)
    return Usage(used=used, committed=facts.committed_by_others(None, mode), limit=limit)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
