"""What a model may say of bots."""

from typing import Any

from pydantic_ai import FunctionToolset, ToolReturn

from tools.bots.desk import Desk
from tools.cards import BotCard, BotsCard, TradesCard
from tools.errors import Problem
from tools.verbs import OUTSIDE, Context, Hands, brief, pair_of, submit, submit_for, told, trouble, untrusted
from tools.views import TradeView

toolset: FunctionToolset[Hands] = FunctionToolset(id="bots", require_parameter_descriptions=True)

TRADES_TOLD = 20
FREQTRADES_TAGS = (
    *("roi", "stop_loss", "trailing_stop_loss", "stoploss_on_exchange", "liquidation", "emergency_exit"),
    *("exit_signal", "partial_exit", "force_entry", "force_exit"),
)
BUNDLED_TAGS = (
    *("rsi_low", "cross_up", "breakout"),
    *("rsi_recovered", "cross_down", "back_in_range", "held_long_enough"),
)
OUR_TAGS = frozenset((*FREQTRADES_TAGS, *BUNDLED_TAGS))
"""Tags and reasons of Freqtrade and of our own strategies; any other is text that somebody's strategy chose."""


@toolset.tool
async def list_bots(context: Context) -> ToolReturn:
    """Lists all bots with state, health, exposure and profit."""
    bots = context.deps.desk.read_bots()
    return told({"bots": [brief(bot) for bot in bots]}, BotsCard(bots=tuple(bots)))


@toolset.tool
async def create_bot(  # noqa: PLR0913  a bot has these settings
    context: Context,
    pairs: list[str],
    stake: float,
    name: str | None = None,
    strategy: str | None = None,
    timeframe: str | None = None,
    max_open_trades: int | None = None,
    mode: str | None = None,
    stoploss_pct: float | None = None,
    take_profit_pct: float | None = None,
    parameters: dict[str, int | float | bool | str] | None = None,
    description: str | None = None,
) -> ToolReturn:
    """Creates a bot, which is off until it is started.

    Args:
        pairs: Such as ["BTC/USDT", "ETH/USDT"].
        stake: Spent on each entry, in the quote currency.
        name: What to call it; made from the pairs if left out.
        strategy: One of list_strategies; RsiMeanReversion if left out.
        timeframe: 1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h or 1d.
        max_open_trades: As many as pairs if left out.
        mode: SIMULATED (default) or REAL_MARKET_SPOT (real money).
        stoploss_pct: Close a trade at this loss in percent, such as 3.
        take_profit_pct: Close a trade at this profit in percent.
        parameters: Values for the strategy's parameters.
        description: The owner's note.
    """
    settings = _given(locals(), "pairs")
    coins = [pair_of(context, pair) for pair in pairs]
    defaults = {"name": _free_name(coins, context.deps.desk), "max_open_trades": max(len(coins), 1)}
    return await submit(context, "create_bot", spec={**defaults, **settings, "pairs": coins})


@toolset.tool
async def edit_bot(  # noqa: PLR0913  a bot has these settings
    context: Context,
    bot: str,
    name: str | None = None,
    pairs: list[str] | None = None,
    stake: float | None = None,
    strategy: str | None = None,
    timeframe: str | None = None,
    max_open_trades: int | None = None,
    stoploss_pct: float | None = None,
    take_profit_pct: float | None = None,
    parameters: dict[str, int | float | bool | str] | None = None,
    description: str | None = None,
) -> ToolReturn:
    """Changes settings of a bot; what is left out stays. A running bot is started again with them.

    Args:
        bot: Its name or id.
        name: A new name.
        pairs: All pairs it shall trade from now on.
        stake: Spent on each entry.
        strategy: One of list_strategies.
        timeframe: As in create_bot.
        max_open_trades: The most trades open at once.
        stoploss_pct: In percent; 0 for the strategy's own.
        take_profit_pct: In percent; 0 for the strategy's own.
        parameters: Values for the strategy's parameters.
        description: The owner's note.
    """
    changes = _given(locals(), "bot", "pairs")
    if pairs is not None:
        changes["pairs"] = [pair_of(context, pair) for pair in pairs]
    return await submit_for(context, "edit_bot", bot, changes=changes)


@toolset.tool
async def start_bot(context: Context, bot: str) -> ToolReturn:
    """Starts a bot, or lets a paused one enter trades again.

    Args:
        bot: Its name or id.
    """
    return await submit_for(context, "start_bot", bot)


@toolset.tool
async def resume_bot(context: Context, bot: str) -> ToolReturn:
    """Lets a paused bot enter trades again; one that is off stays off.

    Args:
        bot: Its name or id.
    """
    return await submit_for(context, "resume_bot", bot)


@toolset.tool
async def pause_bot(context: Context, bot: str) -> ToolReturn:
    """Lets a bot enter no new trades; it still manages its open ones.

    Args:
        bot: Its name or id.
    """
    return await submit_for(context, "pause_bot", bot)


@toolset.tool
async def stop_bot(context: Context, bot: str) -> ToolReturn:
    """Ends a bot's process; its open trades stay open and unwatched until it is started again.

    Args:
        bot: Its name or id.
    """
    return await submit_for(context, "stop_bot", bot)


@toolset.tool
async def delete_bot(context: Context, bot: str) -> ToolReturn:
    """Deletes a bot that is off, with the record of its trades.

    Args:
        bot: Its name or id.
    """
    return await submit_for(context, "delete_bot", bot)


@toolset.tool
async def change_mode(context: Context, bot: str, mode: str) -> ToolReturn:
    """Turns a bot that is off and holds nothing to real money, or back to simulation.

    Args:
        bot: Its name or id.
        mode: SIMULATED or REAL_MARKET_SPOT.
    """
    return await submit_for(context, "change_mode", bot, mode=mode)


@toolset.tool
async def bot_status(context: Context, bot: str) -> ToolReturn:
    """Tells a bot's settings, state, health, open trades and profit.

    Args:
        bot: Its name or id.
    """
    try:
        view = context.deps.desk.find_bot(bot)
    except Problem as problem:
        return trouble("bot_status", problem)
    return told({"bot": brief(view)}, BotCard(bot=view))


@toolset.tool
async def bot_trades(context: Context, bot: str, limit: int = 10) -> ToolReturn:
    """Lists a bot's trades, the newest first.

    Args:
        bot: Its name or id.
        limit: How many.
    """
    try:
        view = context.deps.desk.find_bot(bot)
    except Problem as problem:
        return trouble("bot_trades", problem)
    trades = context.deps.desk.read_trades(view.id, limit=min(max(limit, 1), 100))
    seen = trades[:TRADES_TOLD]
    value = {
        "bot": view.spec.name,
        "stake_currency": view.stake_currency,
        "trades": [_brief_trade(trade) for trade in seen],
    }
    card = TradesCard(bot_id=view.id, bot_name=view.spec.name, stake_currency=view.stake_currency, trades=tuple(trades))
    if not any(_foreign(trade) for trade in seen):
        return told(value, card)
    return told({**value, "note": OUTSIDE}, card, *context.deps.taint.mark("tags"))


def _brief_trade(trade: TradeView) -> dict[str, Any]:
    """A trade for the model, with a stranger's words marked as such."""
    value = trade.model_dump(mode="json", exclude={"bot_id", "bot_name", "mode"})
    return value | {name: untrusted(value[name]) for name in _foreign(trade)}


def _foreign(trade: TradeView) -> list[str]:
    tags = {"enter_tag": trade.enter_tag, "exit_reason": trade.exit_reason}
    return [name for name, tag in tags.items() if tag and tag not in OUR_TAGS]


def _given(arguments: dict[str, Any], *but: str) -> dict[str, Any]:
    return {key: value for key, value in arguments.items() if value is not None and key not in ("context", *but)}


def _free_name(pairs: list[str], desk: Desk) -> str:
    bases = "-".join(pair.split("/")[0].lower() for pair in pairs[:2]) or "bot"
    names = [bases[:40], *(f"{bases[:40]}-{count}" for count in range(2, 1000))]
    return next(name for name in names if not desk.registry.has_name(name))
