"""Cards as text."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from agent.words import Language, say
from api.terminal.guard import draw_guard
from api.terminal.limits import draw_limits
from api.terminal.plain import plain
from api.terminal.proposal import draw_proposal
from api.terminal.tables import as_said, money, number, numbers, percent, table, text
from tools.bot import Mode
from tools.cards import Card, LogCard, ProblemCard, ReceiptCard, RefusalCard, SourceCard, TaintCard
from tools.views import AnalysisView, BotView, StrategyView, TradeView


def render(card: Card, language: Language) -> RenderableType:
    """A card as something to print."""
    return _RENDERERS[card.kind](card, language)


def _bots(bots: Iterable[BotView], language: Language) -> RenderableType:
    drawn = table(language, text(), text("state"), text("pairs"), numbers("open"), numbers("profit", "closed"))
    drawn.show_lines = True
    logs: list[RenderableType] = []
    for bot in bots:
        profit = bot.realised_profit + bot.unrealised_profit
        drawn.add_row(
            plain(bot.spec.name, "bold") + plain(f"\n{_mode(bot, language)}", "dim"),
            plain(f"{_state(bot, language)}\n{say(language, f'health.{bot.health}')}"),
            plain(f"{', '.join(bot.spec.pairs)}\n{bot.spec.strategy} {bot.spec.timeframe}"),
            plain(f"{bot.open_trades}\n{money(bot.open_exposure, language)} / {money(bot.max_exposure, language)}"),
            _gain(profit, bot.stake_currency, language) + plain(f"\n{bot.closed_trades}"),
        )
        logs += [plain(line, "red") for line in bot.log_tail[-8:]]
    return Group(drawn, *logs)


def _trades(trades: Iterable[TradeView], language: Language) -> RenderableType:
    amounts = (numbers("stake"), numbers("entry", "exit"), numbers("profit"))
    drawn = table(language, text("pair"), text("opened", "state"), *amounts)
    drawn.show_lines = True
    for trade in trades:
        rate = trade.current_rate if trade.is_open else trade.exit_rate
        reason = trade.enter_tag if trade.is_open else trade.exit_reason or trade.enter_tag
        state = say(language, "trade.open" if trade.is_open else "trade.closed")
        drawn.add_row(
            plain(f"{trade.pair}\n{trade.bot_name}"),
            plain(f"{trade.opened_at:%m-%d %H:%M:%S}\n{state}{f' ({reason})' if reason else ''}"),
            plain(money(trade.stake, language)),
            plain(f"{number(trade.entry_rate, language)}\n{number(rate, language)}"),
            _gain(trade.profit, f"\n({percent(trade.profit_pct, language)})", language),
        )
    return drawn


def _analysis(analysis: AnalysisView, language: Language) -> RenderableType:
    drawn = Table(show_header=False, title=plain(f"{analysis.pair} {analysis.timeframe}"))
    rows = {
        "price": f"{number(analysis.price, language)} ({percent(analysis.change_24h_pct, language)} 24 h)",
        "day": f"{number(analysis.low_24h, language)} - {number(analysis.high_24h, language)}",
        "volume": money(analysis.volume_24h, language),
        "rsi": number(analysis.rsi_14, language),
        "ema": " / ".join(number(value, language) for value in (analysis.ema_20, analysis.ema_50, analysis.ema_200)),
        "trend": say(language, f"trend.{analysis.trend}"),
        "venue": analysis.venue + (f" ({say(language, 'venue.synthetic')})" if analysis.synthetic else ""),
    }
    for name, value in rows.items():
        drawn.add_row(plain(say(language, f"column.{name}")), plain(value))
    return drawn


def _strategies(strategies: Iterable[StrategyView]) -> RenderableType:
    drawn = Table(show_header=False)
    for strategy in strategies:
        drawn.add_row(plain(strategy.name, "bold"), plain(strategy.timeframe), plain(strategy.summary))
    return drawn


def _receipt(card: ReceiptCard, language: Language) -> RenderableType:
    if card.limits is not None:
        return draw_limits(card.limits, language)
    if card.guard is not None:
        return draw_guard(card.guard, language)
    if card.strategy is not None:
        return _strategies([card.strategy])
    return _bots([card.bot], language) if card.bot and card.action != "delete_bot" else Text("")


def _refusal(card: RefusalCard, language: Language) -> RenderableType:
    named = as_said(card.numbers, language)
    sentences = [say(language, f"refusal.{card.rule}{part}", **named) for part in ("", ".hint")]
    return Panel(plain("\n".join(sentences)), title=plain(card.rule), style="red", expand=False)


def _taint(card: TaintCard, language: Language) -> RenderableType:
    lines = "\n".join(say(language, f"taint.{part}") for part in (card.source, "effect"))
    return Panel(plain(lines), title=plain(say(language, "taint.title")), style="yellow", expand=False)


def _log(card: LogCard) -> RenderableType:
    return Panel(plain("\n".join(card.lines) or "-"), title=plain(card.bot_name), expand=False)


def _source(card: SourceCard) -> RenderableType:
    return Panel(plain(card.source), title=plain(card.name), expand=False)


def _state(bot: BotView, language: Language) -> str:
    if bot.hold is None:
        return say(language, f"state.{bot.state}")
    return say(language, f"hold.{bot.hold.rule}", **as_said(bot.hold.numbers, language))


def _mode(bot: BotView, language: Language) -> str:
    return say(language, "mode.simulated" if bot.spec.mode is Mode.SIMULATED else "mode.real")


def _gain(amount: Decimal, unit: str, language: Language) -> Text:
    shape = "▲" if amount > 0 else "▼" if amount < 0 else " "
    style = "green" if amount > 0 else "red" if amount < 0 else ""
    return plain(f"{shape} {money(amount, language, signed=True)} {unit}", style)


def _problem(card: ProblemCard, language: Language) -> RenderableType:
    text = say(language, f"problem.{card.problem}", **as_said(card.numbers, language))
    return Panel(plain(text), style="yellow", expand=False)


_RENDERERS: dict[str, Callable[[Any, Language], RenderableType]] = {
    "bot": lambda card, language: _bots([card.bot], language),
    "health": lambda card, language: _bots([card.bot], language),
    "bots": lambda card, language: _bots(card.bots, language),
    "trades": lambda card, language: _trades(card.trades, language),
    "trade": lambda card, language: _trades([card.trade], language),
    "analysis": lambda card, language: _analysis(card.analysis, language),
    "limits": lambda card, language: draw_limits(card.limits, language),
    "strategies": lambda card, _: _strategies(card.strategies),
    "receipt": _receipt,
    "refusal": _refusal,
    "problem": _problem,
    "proposal": lambda card, language: draw_proposal(card.proposal, language),
    "taint": _taint,
    "log": lambda card, _: _log(card),
    "source": lambda card, _: _source(card),
    "guard": lambda card, language: draw_guard(card.guard, language),
}
"""One for each kind of card; a test compares them."""
