"""Circuit breakers, pure: which running bots must not go on entering, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tools.bot import State
from tools.guard.snapshot import BotFacts, Snapshot
from tools.guard.verdict import Rule

RATE_REFUSALS = 3
"""So many entries beyond its own rate within a minute are a bot that has run wild, not a busy one."""


@dataclass(frozen=True)
class Trip:
    """A bot that the guard pauses, for which rule and with which numbers."""

    bot_id: str
    rule: Rule
    numbers: Mapping[str, str]


def find_trips(facts: Snapshot) -> list[Trip]:
    """One trip for each running bot that has one."""
    running = ((bot_id, bot) for bot_id, bot in facts.bots.items() if bot.state is State.RUNNING)
    found = (next(_trips(bot_id, bot, facts), None) for bot_id, bot in running)
    return [trip for trip in found if trip is not None]


def _trips(bot_id: str, bot: BotFacts, facts: Snapshot) -> Iterator[Trip]:
    own, everyone, mode = facts.limits.of(bot_id), facts.limits, facts.of_mode(bot.spec.mode)
    currency = facts.stake_currency
    for lost, most in ((bot.lost_today, own.max_daily_loss), (mode.lost_today, everyone.max_daily_loss)):
        if lost >= most:
            yield Trip(bot_id, Rule.DAILY_LOSS, {"lost": _money(lost), "max": f"{most:f}", "currency": currency})
    for fall, most in ((bot.drawdown, own.max_drawdown), (mode.drawdown, everyone.max_drawdown)):
        if fall >= most:
            yield Trip(bot_id, Rule.DRAWDOWN, {"drawdown": _money(fall), "max": f"{most:f}", "currency": currency})
    if bot.loss_streak >= own.max_loss_streak:
        yield Trip(bot_id, Rule.LOSS_STREAK, {"losses": str(bot.loss_streak), "max": str(own.max_loss_streak)})
    if bot.rate_refusals >= RATE_REFUSALS:
        numbers = {"count": str(bot.rate_refusals), "max": str(own.max_entries_per_minute), "window_s": "60"}
        yield Trip(bot_id, Rule.ORDER_RATE, numbers)


def _money(value: Decimal) -> str:
    return f"{value:.8f}".rstrip("0").rstrip(".")
