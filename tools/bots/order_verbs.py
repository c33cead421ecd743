"""What a model may say of a bot's trades and orders."""

from pydantic_ai import FunctionToolset, ToolReturn

from tools.errors import Problem
from tools.verbs import Context, Hands, pair_of, submit, submit_for, trouble
from tools.views import BotView, TradeView

toolset: FunctionToolset[Hands] = FunctionToolset(id="orders", require_parameter_descriptions=True)


@toolset.tool
async def force_entry(
    context: Context, bot: str, pair: str, stake: float | None = None, price: float | None = None
) -> ToolReturn:
    """Has a running bot buy now, whatever its strategy says.

    Args:
        bot: Its name or id.
        pair: Such as BTC/USDT; one of the bot's.
        stake: The bot's own if left out.
        price: For a limit order; at the market if left out.
    """
    wanted = {"stake": stake, "price": price}
    given = {name: value for name, value in wanted.items() if value is not None}
    return await submit_for(context, "force_entry", bot, pair=pair_of(context, pair), **given)


@toolset.tool
async def force_exit(
    context: Context, bot: str, pair: str | None = None, trade_id: int | None = None, amount: float | None = None
) -> ToolReturn:
    """Has a bot sell now at the market: one open trade, or all of them where neither pair nor trade_id is given.

    Args:
        bot: Its name or id.
        pair: Of the trade.
        trade_id: As bot_trades tells it.
        amount: Part of one trade, in the base currency.
    """
    try:
        view = context.deps.desk.find_bot(bot)
        if pair is not None and trade_id is None:
            trade_id = _open_trade(context, view, pair).trade_id
    except Problem as problem:
        return trouble("force_exit", problem)
    wanted = {"trade_id": trade_id, "amount": amount}
    given = {name: value for name, value in wanted.items() if value is not None}
    return await submit(context, "force_exit", bot_id=view.id, **given)


@toolset.tool
async def cancel_order(context: Context, bot: str, pair: str | None = None, trade_id: int | None = None) -> ToolReturn:
    """Takes back the open order of a bot's trade.

    Args:
        bot: Its name or id.
        pair: Of the trade; not needed where the bot has but one open.
        trade_id: As bot_trades tells it.
    """
    try:
        view = context.deps.desk.find_bot(bot)
        trade_id = _open_trade(context, view, pair).trade_id if trade_id is None else trade_id
    except Problem as problem:
        return trouble("cancel_order", problem)
    return await submit(context, "cancel_order", bot_id=view.id, trade_id=trade_id)


@toolset.tool
async def lock_pair(context: Context, bot: str, pair: str, minutes: int = 60) -> ToolReturn:
    """Keeps a bot out of a pair for some time.

    Args:
        bot: Its name or id.
        pair: Such as BTC/USDT.
        minutes: For how long.
    """
    return await submit_for(context, "lock_pair", bot, pair=pair_of(context, pair), minutes=minutes)


@toolset.tool
async def unlock_pair(context: Context, bot: str, pair: str) -> ToolReturn:
    """Lets a bot back into a pair that was locked.

    Args:
        bot: Its name or id.
        pair: Such as BTC/USDT.
    """
    return await submit_for(context, "unlock_pair", bot, pair=pair_of(context, pair))


def _open_trade(context: Context, bot: BotView, pair: str | None) -> TradeView:
    """The open trade in a pair, or the only one. Raises `Problem`: `no_open_trade`, `which_trade`."""
    trades = context.deps.desk.read_trades(bot.id, is_open=True)
    meant = [trade for trade in trades if pair is None or trade.pair == pair_of(context, pair)]
    if len(meant) == 1:
        return meant[0]
    opened = ", ".join(f"{trade.pair} ({trade.trade_id})" for trade in trades)
    if not meant:
        raise Problem("no_open_trade", 409, name=bot.spec.name, pair=pair or "-", open=opened or "-")
    raise Problem("which_trade", 422, name=bot.spec.name, open=opened)
