"""Cards as text."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from agent.words import Language, name_values, say
from api.terminal.plain import plain
from tools.bot import Mode
from tools.cards import Card, ProblemCard, ReceiptCard, RefusalCard
from tools.views import AnalysisView, BotView, LimitsView, StrategyView, TradeView


def render(card: Card, language: Language) -> RenderableType:
    """A card as something to print."""
    return _RENDERERS[card.kind](card, language)


def money(amount: Decimal, *, signed: bool = False, places: int = 2) -> str:
    return f"{amount:+,.{places}f}" if signed else f"{amount:,.{places}f}"


def _bots(bots: Iterable[BotView], language: Language) -> RenderableType:
    table = _table(language, _text(), _text("state"), _text("pairs"), _numbers("open"), _numbers("profit", "closed"))
    table.show_lines = True
    logs: list[RenderableType] = []
    for bot in bots:
        profit = bot.realised_profit + bot.unrealised_profit
        table.add_row(
            plain(bot.spec.name, "bold") + plain(f"\n{_mode(bot, language)}", "dim"),
            plain(f"{say(language, f'state.{bot.state}')}\n{say(language, f'health.{bot.health}')}"),
            plain(f"{', '.join(bot.spec.pairs)}\n{bot.spec.strategy} {bot.spec.timeframe}"),
            plain(f"{bot.open_trades}\n{money(bot.open_exposure)} / {money(bot.max_exposure)}"),
            _gain(profit, bot.stake_currency) + plain(f"\n{bot.closed_trades}"),
        )
        logs += [plain(line, "red") for line in bot.log_tail[-8:]]
    return Group(table, *logs)


def _trades(trades: Iterable[TradeView], language: Language) -> RenderableType:
    numbers = (_numbers("stake"), _numbers("entry", "exit"), _numbers("profit"))
    table = _table(language, _text("pair"), _text("opened", "state"), *numbers)
    table.show_lines = True
    for trade in trades:
        rate = trade.current_rate if trade.is_open else trade.exit_rate
        reason = trade.enter_tag if trade.is_open else trade.exit_reason or trade.enter_tag
        state = say(language, "trade.open" if trade.is_open else "trade.closed")
        table.add_row(
            plain(f"{trade.pair}\n{trade.bot_name}"),
            plain(f"{trade.opened_at:%m-%d %H:%M:%S}\n{state}{f' ({reason})' if reason else ''}"),
            plain(money(trade.stake)),
            plain(f"{trade.entry_rate:,f}\n{_number(rate)}"),
            _gain(trade.profit, f"\n({trade.profit_pct:+.2f} %)"),
        )
    return table


def _analysis(analysis: AnalysisView, language: Language) -> RenderableType:
    table = Table(show_header=False, title=plain(f"{analysis.pair} {analysis.timeframe}"))
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
        table.add_row(plain(say(language, f"column.{name}")), plain(value))
    return table


def _limits(view: LimitsView, language: Language) -> RenderableType:
    table = _table(language, _text("limit"), *(_numbers(name) for name in ("allowed", "used", "committed")))

    def add(name: str, *cells: str) -> None:
        table.add_row(*(plain(cell) for cell in (name, *cells)))

    limits, total = view.limits, view.total_exposure
    add(say(language, "limit.max_trade"), money(limits.max_trade))
    add(say(language, "limit.max_total_exposure"), money(total.limit), money(total.used), money(total.committed))
    add(say(language, "limit.max_bot_exposure"), money(limits.max_bot_exposure))
    for bot in view.bots:
        add(f"  {bot.bot_name}", money(bot.limit), money(bot.used), money(bot.committed))
    add(say(language, "limit.blocked_pairs"), "\n".join(sorted(limits.blocked_pairs)) or "-")
    return table


def _strategies(strategies: Iterable[StrategyView]) -> RenderableType:
    table = Table(show_header=False)
    for strategy in strategies:
        table.add_row(plain(strategy.name, "bold"), plain(strategy.timeframe), plain(strategy.summary))
    return table


def _receipt(card: ReceiptCard, language: Language) -> RenderableType:
    if card.limits is not None:
        return _limits(card.limits, language)
    return _bots([card.bot], language) if card.bot and card.action != "delete_bot" else Text("")


def _refusal(card: RefusalCard, language: Language) -> RenderableType:
    numbers = name_values(language, card.numbers)
    sentences = [say(language, f"refusal.{card.rule}{part}", **numbers) for part in ("", ".hint")]
    return Panel(plain("\n".join(sentences)), title=plain(card.rule), style="red", expand=False)


@dataclass(frozen=True)
class _Column:
    """A heading, a line for each name; `whole` where the other columns are folded first."""

    names: tuple[str, ...]
    whole: bool


def _text(*names: str) -> _Column:
    return _Column(names, whole=False)


def _numbers(*names: str) -> _Column:
    return _Column(names, whole=True)


def _table(language: Language, *columns: _Column) -> Table:
    table = Table()
    for column in columns:
        heading = "\n".join(say(language, f"column.{name}") for name in column.names)
        table.add_column(plain(heading), no_wrap=column.whole)
    return table


def _mode(bot: BotView, language: Language) -> str:
    return say(language, "mode.simulated" if bot.spec.mode is Mode.SIMULATED else "mode.real")


def _gain(amount: Decimal, unit: str) -> Text:
    shape = "▲" if amount > 0 else "▼" if amount < 0 else " "
    style = "green" if amount > 0 else "red" if amount < 0 else ""
    return plain(f"{shape} {money(amount, signed=True)} {unit}", style)


def _number(value: Decimal | None) -> str:
    return "-" if value is None else f"{value:,f}"


def _problem(card: ProblemCard, language: Language) -> RenderableType:
    text = say(language, f"problem.{card.problem}", **name_values(language, card.numbers))
    return Panel(plain(text), style="yellow", expand=False)


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
