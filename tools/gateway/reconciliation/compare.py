"""The ledger beside the exchange, and beside what a bot believes: what only one of two knows. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tools.gateway.orders.entry import IN_DOUBT, Entry, Status, bot_of
from tools.gateway.orders.position import ZERO
from tools.gateway.orders.wire_order import plain
from tools.gateway.reconciliation.finding import Finding
from tools.gateway.reconciliation.sides import Holding, Sides, key_of

LAG = Decimal("1e-8")
"""Less than the smallest step of any balance."""
FLOAT = Decimal("1e-12")
"""The share of an amount that is lost where a bot counts in binary fractions."""


@dataclass(frozen=True)
class Statement:
    """What a bot's Freqtrade says of itself: base currency by pair, and its open orders by the exchange's number."""

    bot_id: str
    held: Mapping[str, Decimal]
    orders: Mapping[int, str]
    """The pair of each."""


def compare(sides: Sides) -> list[Finding]:
    """In no order that means anything."""
    return [*_of_exchange(sides), *_of_ledger(sides), *_of_balances(sides), *_of_left_over(sides)]


def compare_bot(
    statement: Statement, holdings: Mapping[tuple[str, str], Holding], live: Iterable[Entry]
) -> list[Finding]:
    """`holdings` and `live` orders by the ledger; those of other bots are left out here.

    Where a bot believes that it holds less, what is worth less than the smallest order is what commissions and lots
    break off. Where it believes that it holds more, every bit counts: its stop is for an amount that it does not have,
    and is refused. A bot counts an order that is filled in part when it is over: until then its pair is left out.
    """
    own = {pair: holding for (bot_id, pair), holding in holdings.items() if bot_id == statement.bot_id}
    orders = [entry for entry in live if entry.bot_id == statement.bot_id]
    moving = {entry.pair for entry in orders if entry.status is not Status.OPEN or entry.executed > 0}
    found = [_of_amount(statement, pair, own.get(pair)) for pair in {*own, *statement.held} - moving]
    return [*filter(None, found), *_of_orders(statement, orders)]


def _of_amount(statement: Statement, pair: str, holding: Holding | None) -> Finding | None:
    said = statement.held.get(pair, ZERO)
    held, cost, dust = (holding[0].quantity, holding[0].cost, holding[1]) if holding else (ZERO, ZERO, ZERO)
    if said > held and said - held <= LAG + held * FLOAT:
        return None
    if said <= held and (said == held or (held - said) * cost / held < dust):
        return None
    numbers = {"bot": plain(said), "ledger": plain(held)}
    return Finding("bot_holds_more" if said > held else "bot_holds_less", statement.bot_id, pair, numbers)


def _of_orders(statement: Statement, live: Iterable[Entry]) -> Iterable[Finding]:
    mine = {entry.exchange_id: entry for entry in live if entry.status is Status.OPEN and entry.exchange_id}
    for number, entry in mine.items():
        if number not in statement.orders:
            numbers = {"order": entry.id, "quantity": plain(entry.quantity)}
            yield Finding("order_not_in_bot", statement.bot_id, entry.pair, numbers)
    for number, pair in statement.orders.items():
        if number not in mine:
            yield Finding("order_only_in_bot", statement.bot_id, pair, {"order": str(number)})


def _of_exchange(sides: Sides) -> Iterable[Finding]:
    """Open orders that the ledger does not have open, and those of any time that it could not take in."""
    live = {(entry.symbol, entry.exchange_id) for entry in sides.entries if entry.is_live}
    coming = {entry.id for entry in sides.entries if entry.is_live and entry.exchange_id is None}
    for key, order in {key_of(order): order for order in (*sides.open_orders, *sides.left)}.items():
        client_id = str(order["clientOrderId"])
        if key in live or client_id in coming:
            continue
        bot_id = bot_of(client_id)
        numbers = {"order": client_id, "symbol": key[0], "quantity": str(order["origQty"]), "number": str(key[1])}
        yield Finding("foreign_order" if bot_id is None else "order_not_in_ledger", bot_id, None, numbers)


def _of_ledger(sides: Sides) -> Iterable[Finding]:
    """Open orders of the ledger that the exchange does not have open, and fills that it lacks."""
    there = {key_of(order) for order in sides.open_orders}
    for entry in sides.entries:
        numbers = {"order": entry.id, "quantity": plain(entry.quantity)}
        if entry.status is Status.OPEN and (entry.symbol, entry.exchange_id) not in there:
            yield Finding("order_not_at_exchange", entry.bot_id, entry.pair, numbers)
        if entry.status not in IN_DOUBT and entry.executed > entry.filled:
            missing = {**numbers, "missing": plain(entry.executed - entry.filled)}
            yield Finding("fills_missing", entry.bot_id, entry.pair, missing)


def _of_balances(sides: Sides) -> Iterable[Finding]:
    """Currencies of which the account has less than the bots hold: each bot that holds some may lack it."""
    if not sides.is_still:
        return
    inventory = sum_inventory(sides)
    for (bot_id, pair), (position, _) in sides.holdings.items():
        asset = _base_of(pair)
        there = sides.balances.get(asset, ZERO)
        if position.quantity > 0 and inventory[asset] > there + LAG:
            numbers = {"asset": asset, "ledger": plain(inventory[asset]), "account": plain(there)}
            yield Finding("balance_short", bot_id, pair, numbers)


def sum_inventory(sides: Sides) -> defaultdict[str, Decimal]:
    """What all bots together hold of each currency, by the ledger; zero of one that none holds."""
    inventory: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (_, pair), (position, _) in sides.holdings.items():
        inventory[_base_of(pair)] += position.quantity
    return inventory


def _base_of(pair: str) -> str:
    return pair.split("/", maxsplit=1)[0]


def _of_left_over(sides: Sides) -> Iterable[Finding]:
    """What the sales of a bot left that could not be sold, once all of it comes to an order: it counts as exposure."""
    costs: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (bot_id, _), (_, cost) in sides.left_over.items():
        costs[bot_id] += cost
    for (bot_id, pair), (quantity, cost) in sides.left_over.items():
        least = min((dust for (owner, _), (_, dust) in sides.holdings.items() if owner == bot_id), default=ZERO)
        if costs[bot_id] >= least:
            numbers = {"quantity": plain(quantity), "cost": plain(cost.quantize(LAG))}
            yield Finding("left_over", bot_id, pair, numbers)
