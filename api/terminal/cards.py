"""Cards as text."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from agent.words import Language, name_values, say
from tools.bot import Mode
from tools.cards import Card, ProblemCard, ReceiptCard, RefusalCard
from tools.views import AnalysisView, BotView, LimitsView, StrategyView, TradeView


def render(card: Card, language: Language) -> RenderableType:
    """A card as something to print."""
    return _RENDERERS[card.kind](card, language)


def money(amount: Decimal, *, signed: bool = False, places: int = 2) -> str:
    return f"{amount:+,.{places}f}" if signed else f"{amount:,.{places}f}"


def _bots(bots: Iterable[BotView], language: Language) -> RenderableType:
    table = Table("", *(say(language, f"column.{name}") for name in ("state", "pairs", "open", "closed", "profit")))
    logs: list[RenderableType] = []
    for bot in bots:
        profit = bot.realised_profit + bot.unrealised_profit
        table.add_row(
            Text(bot.spec.name, style="bold") + Text(f"\n{_mode(bot, language)}", style="dim"),
            f"{say(language, f'state.{bot.state}')}\n{say(language, f'health.{bot.health}')}",
            f"{', '.join(bot.spec.pairs)}\n{bot.spec.strategy} {bot.spec.timeframe}",
            f"{bot.open_trades}\n{money(bot.open_exposure)} / {money(bot.max_exposure)}",
            str(bot.closed_trades),
            _gain(profit, bot.stake_currency),
        )
        logs += [Text(line, style="red") for line in bot.log_tail[-8:]]
    return Group(table, *logs)


def _trades(trades: Iterable[TradeView], language: Language) -> RenderableType:
    names = ("pair", "state", "opened", "stake", "entry", "exit", "profit", "reason")
    table = Table(*(say(language, f"column.{name}") for name in names))
    for trade in trades:
        rate = trade.current_rate if trade.is_open else trade.exit_rate
        table.add_row(
            f"{trade.pair}\n{trade.bot_name}",
            say(language, "trade.open" if trade.is_open else "trade.closed"),
            f"{trade.opened_at:%m-%d %H:%M:%S}",
            money(trade.stake),
            f"{trade.entry_rate:,f}",
            f"{rate:,f}" if rate is not None else "-",
            _gain(trade.profit, f"({trade.profit_pct:+.2f} %)"),
            (trade.exit_reason or trade.enter_tag or "") if not trade.is_open else (trade.enter_tag or ""),
        )
    return table


def _analysis(analysis: AnalysisView, language: Language) -> RenderableType:
    table = Table(show_header=False, title=f"{analysis.pair} {analysis.timeframe}")
    rows = {
        "price": f"{analysis.price:,f} ({analysis.change_24h_pct:+.2f} % 24 h)",
        "day": f"{analysis.low_24h:,f} - {analysis.high_24h:,f}",
        "volume": money(analysis.volume_24h),
        "rsi": _number(analysis.rsi_14),
        "ema": " / ".join(_number(value) for value in (analysis.ema_20, analysis.ema_50, analysis.ema_200)),
        "trend": say(language, f"trend.{analysis.trend}"),
        "venue": analysis.venue + (f" ({say(language, 'venue.synthetic')})" if analysis.synthetic else ""),
    }
    for name, value in rows.items():
        table.add_row(say(language, f"column.{name}"), value)
    return table


def _limits(view: LimitsView, language: Language) -> RenderableType:
    table = Table(*(say(language, f"column.{name}") for name in ("limit", "allowed", "used", "committed")))
    limits, total = view.limits, view.total_exposure
    table.add_row(say(language, "limit.max_trade"), money(limits.max_trade), "", "")
    table.add_row(
        say(language, "limit.max_total_exposure"), money(total.limit), money(total.used), money(total.committed)
    )
    table.add_row(say(language, "limit.max_bot_exposure"), money(limits.max_bot_exposure), "", "")
    for bot in view.bots:
        table.add_row(f"  {bot.bot_name}", money(bot.limit), money(bot.used), money(bot.committed))
    table.add_row(say(language, "limit.blocked_pairs"), ", ".join(sorted(limits.blocked_pairs)) or "-", "", "")
    return table


def _strategies(strategies: Iterable[StrategyView]) -> RenderableType:
    table = Table(show_header=False)
    for strategy in strategies:
        table.add_row(Text(strategy.name, style="bold"), strategy.timeframe, strategy.summary)
    return table


def _receipt(card: ReceiptCard, language: Language) -> RenderableType:
    if card.limits is not None:
        return _limits(card.limits, language)
    return _bots([card.bot], language) if card.bot and card.action != "delete_bot" else Text("")


def _refusal(card: RefusalCard, language: Language) -> RenderableType:
    numbers = name_values(language, card.numbers)
    sentences = [say(language, f"refusal.{card.rule}{part}", **numbers) for part in ("", ".hint")]
    return Panel("\n".join(sentences), title=card.rule, style="red", expand=False)


def _mode(bot: BotView, language: Language) -> str:
    return say(language, "mode.simulated" if bot.spec.mode is Mode.SIMULATED else "mode.real")


def _gain(amount: Decimal, unit: str) -> Text:
    shape = "▲" if amount > 0 else "▼" if amount < 0 else " "
    style = "green" if amount > 0 else "red" if amount < 0 else ""
    return Text(f"{shape} {money(amount, signed=True)} {unit}", style=style)


def _number(value: Decimal | None) -> str:
    return "-" if value is None else f"{value:,f}"


def _problem(card: ProblemCard, language: Language) -> RenderableType:
    text = say(language, f"problem.{card.problem}", **name_values(language, card.numbers))
    return Panel(text, style="yellow", expand=False)


_RENDERERS: dict[str, Callable[[Any, Language], RenderableType]] = {
    "bot": lambda card, language: _bots([card.bot], language),
    "health": lambda card, language: _bots([card.bot], language),
    "bots": lambda card, language: _bots(card.bots, language),
    "trades": lambda card, language: _trades(card.trades, language),
    "trade": lambda card, language: _trades([card.trade], language),
    "analysis": lambda card, language: _analysis(card.analysis, language),
    "limits": lambda card, language: _limits(card.limits, language),
    "strategies": lambda card, _: _strategies(card.strategies),
    "receipt": _receipt,
    "refusal": _refusal,
    "problem": _problem,
}
"""One for each kind of card; a test compares them."""
