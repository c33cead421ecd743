"""Where an order was when it was hit, and how a bot stands, told from the books of all three sides."""

from collections.abc import Iterable

from tests.soak.moments import Operation
from tests.soak.photograph import Order, Photograph
from tests.soak.sides import LIVE, BotTrade, Entry, GatewaySide


def read_state(trades: Iterable[BotTrade]) -> str:
    """`flat`, `resting` (an entry waits), `held`, `leaving` (an exit waits), or `empty`: a trade of nothing."""
    opened = [trade for trade in trades if trade.is_open]
    if not opened:
        return "flat"
    if any(order.side == "sell" and order.is_open for trade in opened for order in trade.orders):
        return "leaving"
    if any(trade.amount > 0 for trade in opened):
        return "held"
    return "resting" if any(order.is_open for trade in opened for order in trade.orders) else "empty"


def tell_stage(
    operation: Operation,
    known: frozenset[str],
    bot_id: str,
    gateway: GatewaySide,
    shown: Photograph,
    trades: Iterable[BotTrade],
) -> str:
    """How far the newest order of an operation had come; `known` are the orders that there were before."""
    fresh = [entry for entry in gateway.of(bot_id) if entry.id not in known]
    if operation == "cancel" and not fresh:
        return f"cancel: {_tell_cancel([entry for entry in gateway.of(bot_id) if entry.id in known], shown, trades)}"
    if fresh:
        newest = fresh[-1]
        return f"{newest.what}: {_tell_order(newest, shown.by_client_id.get(newest.id), trades)}"
    if operation == "exit":
        stops = [entry for entry in gateway.of(bot_id) if entry.what == "stop"]
        if stops and (there := shown.by_client_id.get(stops[-1].id)) and not there.is_open:
            return "exit: stop taken back, sale not sent"
    return f"{'exit' if operation == 'exit' else 'entry'}: not at the gateway"


def _tell_order(entry: Entry, there: Order | None, trades: Iterable[BotTrade]) -> str:
    if entry.status == "recorded":
        return "written down"
    if entry.status in ("sent", "unknown"):
        return "sent, at the exchange" if there else "sent, not at the exchange"
    if not entry.told:
        return "noted, not told"
    mine = [order for trade in trades for order in trade.orders if order.number == str(entry.exchange_id)]
    if not mine:
        return "told, not in the bot"
    if mine[0].is_open and entry.status not in LIVE:
        return "over, open in the bot"
    return "done"


def _tell_cancel(known: list[Entry], shown: Photograph, trades: Iterable[BotTrade]) -> str:
    entries = [entry for entry in known if entry.what == "entry"]
    if not entries:
        return "no order"
    newest = entries[-1]
    there = shown.by_client_id.get(newest.id)
    if there is not None and there.is_open:
        return "not at the exchange"
    if newest.status in LIVE:
        return "done there, not noted"
    return "noted, open in the bot" if any(trade.moves for trade in trades) else "done"
