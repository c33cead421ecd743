"""What there is to see of bots, trades, limits and the guard."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from tools.actions import Action
from tools.bot import Health, Mode, State
from tools.bots.bindings import Bindings
from tools.bots.registry import Bot, Registry
from tools.bots.trades import ZERO, Totals, Trades
from tools.bots.usage import view_limits
from tools.freqtrade.confine import can_confine
from tools.freqtrade.running import BotHealth
from tools.freqtrade.syscalls import can_forbid
from tools.guard.holds import UNSOLD, Holds, is_carried_out
from tools.guard.limits_book import LimitsBook
from tools.guard.live_check import MAX_SKEW_MS, Checked, judge_key
from tools.guard.preview import view_refused
from tools.guard.reservations import Reservations
from tools.guard.snapshot import Snapshot
from tools.guard.verdict import Refuse
from tools.store.tables import HoldRow, TradeRow
from tools.views import (
    BalanceView,
    BotView,
    GuardView,
    HoldView,
    LimitsView,
    LiveCheckView,
    LiveView,
    PanicView,
    PortfolioView,
    TradeView,
)

NOT_THERE = BotHealth(Health.CRASHED, "process_ended")
REFUSED_SHOWN = 50

ReadHealth = Callable[[str], BotHealth]
Look = Callable[[Action | None], Snapshot]


class Desk:
    """Reads; changes nothing."""

    def __init__(  # noqa: PLR0913  the rooms that know something
        self,
        registry: Registry,
        trades: Trades,
        book: LimitsBook,
        holds: Holds,
        reservations: Reservations,
        look: Look,
        read_health: ReadHealth,
        bindings: Bindings,
        stake_currency: str,
    ) -> None:
        self.registry = registry
        self._trades = trades
        self._book = book
        self._holds = holds
        self._reservations = reservations
        self._look = look
        self._read_health = read_health
        self._bindings = bindings
        self.stake_currency = stake_currency

    def read_bots(self) -> list[BotView]:
        totals = self._trades.read_totals()
        return [self._view(bot, totals) for bot in self.registry.read_all()]

    def read_bot(self, bot_id: str) -> BotView:
        """With the trades of its present mode. Raises `Problem("unknown_bot")`."""
        return self._view(self.registry.read(bot_id), self._trades.read_totals())

    def find_bot(self, name_or_id: str) -> BotView:
        """Raises `Problem("unknown_bot")`."""
        return self.read_bot(self.registry.find(name_or_id).id)

    def read_trades(
        self, bot_id: str | None = None, *, is_open: bool | None = None, limit: int = 100
    ) -> list[TradeView]:
        """Trades of all modes, the newest first. Raises `Problem("unknown_bot")`."""
        if bot_id is not None:
            self.registry.read(bot_id)
        bots = {bot.id: bot for bot in self.registry.read_all()}
        rows = self._trades.read(bot_id, is_open=is_open, limit=limit)
        return [view_trade(bots[row.bot_id], row) for row in rows if row.bot_id in bots]

    def read_limits(self) -> LimitsView:
        """The limits in force, and what simulated or real bots use of them: the larger of the two, never their sum."""
        totals = self._trades.read_totals()
        return view_limits(self._look(None), totals, self._reservations, self._book.read_changed_at())

    def read_guard(self) -> GuardView:
        """The panic stop, and the newest entry orders that were refused."""
        held = self._holds.find(None)
        refused = self._reservations.read_refused(REFUSED_SHOWN)
        return GuardView(
            panic=self._panic(held) if held else None, refused_orders=tuple(view_refused(row) for row in refused)
        )

    def read_live(self) -> LiveView:
        """Whether real money can be traded: the key as it was last looked at, and the bots that do."""
        facts = self._look(None)
        verdict = judge_key(facts.live_check)
        refused = verdict if isinstance(verdict, Refuse) else None
        return LiveView(
            enabled=facts.limits.live_enabled,
            passed=refused is None,
            rule=refused.rule if refused else None,
            numbers=dict(refused.numbers) if refused else {},
            check=_view_check(facts.live_check) if facts.live_check else None,
            confined=can_confine() and can_forbid(),
            bots=tuple(bot for bot in self.read_bots() if bot.spec.mode is not Mode.SIMULATED),
        )

    def read_portfolio(self) -> list[PortfolioView]:
        """One view a mode that has bots."""
        bots, totals = self.registry.read_all(), self._trades.read_totals()
        groups = [[bot for bot in bots if bot.spec.mode is mode] for mode in Mode]
        return [self._portfolio(group, totals) for group in groups if group]

    def _panic(self, held: HoldRow) -> PanicView:
        exits = bool(held.details.get("exit"))
        opened = sum(part.open_trades for part in self._trades.read_totals().values())
        unsold = self._find_unsold(held) if exits else {}
        unsold_trades = sum(unsold.values())
        return PanicView(
            at=held.at,
            door=held.details.get("door", "-"),
            exit=exits,
            entries_off_ms=held.details.get("entries_off_ms"),
            exits_open=opened - unsold_trades if exits else 0,
            unsold=tuple(unsold),
            unsold_trades=unsold_trades,
            ended_bots=tuple(held.details.get("ended_bots", ())),
        )

    def _find_unsold(self, held: HoldRow) -> dict[str, int]:
        """The trades, by the name of the bot, that nothing sells: it was tried in vain, or their bot has no process."""
        tried, noted = is_carried_out(held), held.details.get(UNSOLD, ())
        found: dict[str, int] = {}
        for bot in self.read_bots():
            lives = bot.health in (Health.STARTING, Health.HEALTHY)
            if bot.open_trades and (bot.id in noted or (tried and not lives)):
                found[bot.spec.name] = bot.open_trades
        return found

    def _portfolio(self, bots: list[Bot], totals: Mapping[str, Totals]) -> PortfolioView:
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

    def _view(self, bot: Bot, all_totals: Mapping[str, Totals]) -> BotView:
        totals, held = all_totals.get(bot.id, Totals()), self._holds.find(bot.id)
        health = self._read_health(bot.id)
        should_run = bot.state in (State.RUNNING, State.PAUSED)
        if should_run and health.health is Health.OFF:
            health = NOT_THERE
        return BotView(
            id=bot.id,
            spec=bot.spec,
            state=bot.state,
            hold=HoldView(rule=held.rule, numbers=held.numbers, at=held.at) if held else None,
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
            mandate=self._bindings.view(bot),
        )


def view_trade(bot: Bot, row: TradeRow) -> TradeView:
    """A kept trade as it is shown; its mode is that of the bot when it was made."""
    return TradeView(bot_id=bot.id, bot_name=bot.spec.name, **row.model_dump(exclude={"bot_id", "pending"}))


def _view_check(last: Checked) -> LiveCheckView:
    return LiveCheckView(
        **last.check.model_dump(exclude={"balances"}),
        balances={name: BalanceView(**dict(one)) for name, one in last.check.balances.items()},
        age_s=round(last.age_s),
        max_skew_ms=MAX_SKEW_MS,
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
