"""The limits as text."""

from decimal import Decimal

from rich.table import Table

from agent.words import Language, say
from api.terminal.plain import plain
from api.terminal.tables import money, number, numbers, table, text
from tools.guard.limits import SENSES, BotLimits, Limits
from tools.views import LimitsView, ModeUsage, Usage


def draw_limits(view: LimitsView, language: Language) -> Table:
    """Every limit, how much of it is used, and below it what single bots have of it."""
    drawn = table(language, text("limit"), *(numbers(name) for name in ("allowed", "used", "committed")))

    def add(name: str, *cells: str) -> None:
        drawn.add_row(*(plain(cell) for cell in (name, *cells)))

    total = view.total_exposure
    for name in SENSES:
        allowed = show_limit(getattr(view.limits, name), language)
        if name == "max_total_exposure":
            add(_limit(language, name), *_amounts(total, language))
        else:
            add(_limit(language, name), allowed, *_used(view, name, language))
        if name == "max_bot_exposure":
            for bot in view.bots:
                add(f"  {bot.bot_name}", *_amounts(bot, language))
        for bot_name, own in _own(view, view.limits, name):
            add(f"  {bot_name}", show_limit(own, language))
    return drawn


def show_limit(value: object, language: Language) -> str:
    """A limit's value, of whatever kind it is."""
    if value is None:
        return say(language, "limit.as_all")
    if isinstance(value, bool):
        return say(language, "switch.on" if value else "switch.off")
    if isinstance(value, Decimal):
        return money(value, language)
    if isinstance(value, int | float):
        return number(Decimal(str(value)), language)
    if isinstance(value, frozenset | tuple | list):
        return "\n".join(sorted(str(each) for each in value)) or "-"
    return str(value)


def _amounts(usage: Usage, language: Language) -> tuple[str, ...]:
    return tuple(money(amount, language) for amount in (usage.limit, usage.used, usage.committed))


def _own(view: LimitsView, limits: Limits, name: str) -> list[tuple[str, object]]:
    """What single bots have of a limit; that of their exposure is told with its use."""
    if name not in BotLimits.model_fields or name == "max_bot_exposure":
        return []
    names = {bot.bot_id: bot.bot_name for bot in view.bots}
    found = ((names.get(bot_id, bot_id), getattr(own, name)) for bot_id, own in limits.bots.items())
    return [(bot_name, value) for bot_name, value in found if value is not None]


def _used(view: LimitsView, name: str, language: Language) -> list[str]:
    """How much of a limit of all bots is used: in the mode that uses most of it."""
    field = _USED.get(name)
    if field is None or not view.modes:
        return []
    most = max(Decimal(getattr(mode, field)) for mode in view.modes)
    is_amount = isinstance(getattr(view.modes[0], field), Decimal)
    return [money(most, language) if is_amount else number(most, language)]


_USED = {
    "max_open_trades": "open_trades",
    "max_daily_loss": "lost_today",
    "max_drawdown": "drawdown",
    "max_entries_per_minute": "entries_minute",
    "max_entries_per_hour": "entries_hour",
}
assert set(_USED.values()) < set(ModeUsage.model_fields)


def _limit(language: Language, name: str) -> str:
    return say(language, f"limit.{name}")
