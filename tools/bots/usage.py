"""How much of the limits is used."""

from collections.abc import Mapping
from datetime import datetime

from tools.bot import Mode
from tools.bots.tally import ZERO, Totals
from tools.guard.reservations import HOUR, MINUTE, Reservations
from tools.guard.snapshot import Snapshot
from tools.views import BotUsage, LimitsView, ModeUsage, Usage


def view_limits(
    facts: Snapshot, totals: Mapping[str, Totals], reservations: Reservations, changed_at: datetime
) -> LimitsView:
    """The limits in force with what is used of each. Of the exposures the larger is told, never their sum."""
    usages = [_usage(facts, mode) for mode in Mode]
    return LimitsView(
        limits=facts.limits,
        stake_currency=facts.stake_currency,
        total_exposure=max(usages, key=lambda usage: (usage.committed, usage.used)),
        modes=tuple(_mode_usage(facts, mode, totals, reservations) for mode in _modes(facts)),
        bots=tuple(_bot_usage(facts, bot_id) for bot_id in facts.bots),
        changed_at=changed_at,
    )


def _usage(facts: Snapshot, mode: Mode) -> Usage:
    used = sum((bot.open_exposure for bot in facts.bots.values() if bot.spec.mode is mode), ZERO)
    return Usage(used=used, committed=facts.committed_by_others(None, mode), limit=facts.limits.max_total_exposure)


def _modes(facts: Snapshot) -> list[Mode]:
    """Simulated always, real money where a bot trades with it."""
    used = {bot.spec.mode for bot in facts.bots.values()} | {Mode.SIMULATED}
    return [mode for mode in Mode if mode in used]


def _mode_usage(facts: Snapshot, mode: Mode, totals: Mapping[str, Totals], reservations: Reservations) -> ModeUsage:
    mine = [totals[bot_id] for bot_id, bot in facts.bots.items() if bot.spec.mode is mode and bot_id in totals]
    return ModeUsage(
        mode=mode,
        open_trades=sum(part.open_trades for part in mine),
        lost_today=facts.of_mode(mode).lost_today,
        drawdown=facts.of_mode(mode).drawdown,
        entries_minute=reservations.count_entries(mode, MINUTE),
        entries_hour=reservations.count_entries(mode, HOUR),
    )


def _bot_usage(facts: Snapshot, bot_id: str) -> BotUsage:
    bot = facts.bots[bot_id]
    return BotUsage(
        bot_id=bot_id,
        bot_name=bot.spec.name,
        used=bot.open_exposure,
        committed=bot.committed,
        limit=facts.limits.of(bot_id).max_bot_exposure,
    )
