"""What must hold between the exchange, the gateway and the bots, told from their own books alone; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tests.soak.photograph import Fill, Order, Photograph
from tests.soak.sides import LIVE, BotTrade, GatewaySide, Key

ZERO = Decimal(0)
SLACK = Decimal("1e-6")
UNTOLD = Decimal("1e-7")
"""Freqtrade counts in floats."""
SMALLEST = 5
"""What is worth less is dust and no trade."""
QUOTE = "USDT"
STRAYS = ("bot_holds_less", "bot_holds_more", "order_not_in_bot", "order_only_in_bot", "empty_trade")
"""Differences between a Freqtrade and the ledger: allowed to be, where the product finds them."""
UNTOLD_OF = ("empty_trade",)
"""Those that it does not look for: nothing is held, and nothing waits."""


@dataclass(frozen=True)
class Broken:
    """Something that does not hold: its kind, whose it is, and what was seen."""

    kind: str
    bot_id: str | None
    what: str
    pair: str | None = None

    def __str__(self) -> str:
        return f"{self.kind} [{self.bot_id or '-'}] {self.what}"


@dataclass(frozen=True)
class Bounds:
    """What the owner set, in the quote currency."""

    trade: Decimal
    bot: Mapping[str, Decimal]
    total: Decimal
    trades: Mapping[str, int]


def pair_of(symbol: str) -> str:
    return f"{symbol.removesuffix(QUOTE)}/{QUOTE}"


def find_duplicates(shown: Photograph) -> Iterator[Broken]:
    """Orders that are at the exchange twice."""
    for client_id, count in Counter(order.client_id for order in shown.orders if order.bot_id).items():
        if count > 1:
            yield Broken("duplicate", None, f"{client_id} is at the exchange {count} times")


def find_unauthorised(shown: Photograph, gateway: GatewaySide, allowed: set[str]) -> Iterator[Broken]:
    """Orders at the exchange that the gateway did not write down before, or that nobody allowed."""
    for order in shown.orders:
        if order.bot_id is None:
            yield Broken("unmarked", None, f"{order.client_id} bears no bot's mark")
        elif order.client_id not in gateway.entries:
            yield Broken("order_not_in_ledger", order.bot_id, f"{order.client_id} {order.status}")
        elif order.client_id not in allowed:
            yield Broken("not_allowed", order.bot_id, f"{order.client_id} has no line of the audit that allowed it")


def find_lost(shown: Photograph, gateway: GatewaySide) -> Iterator[Broken]:
    """What exchange and ledger tell differently, once all is quiet."""
    for order in shown.orders:
        entry = gateway.find(order.number)
        if entry is None:
            if order.client_id in gateway.entries:
                yield Broken("twin_not_in_ledger", order.bot_id, f"{order.client_id}, number {order.number}")
            continue
        fills = {one.number: (one.price, one.quantity, one.commission, one.asset) for one in _fills(shown, order)}
        if (entry.executed, entry.fills) != (order.executed, fills):
            yield Broken("fills_missing", entry.bot_id, f"{entry.id}: {entry.executed} here, {order.executed} there")
        if (entry.status in LIVE) != order.is_open:
            yield Broken("status", entry.bot_id, f"{entry.id} is {entry.status} here and {order.status} there")
    for entry in gateway.entries.values():
        if entry.status in LIVE and entry.id not in shown.by_client_id:
            yield Broken("order_not_at_exchange", entry.bot_id, f"{entry.id} is {entry.status} in the ledger")
    held = read_held(shown)
    for key in {*held, *gateway.positions}:
        told_of = gateway.positions.get(key, ZERO) + gateway.released.get(key, ZERO)
        if held.get(key, (ZERO, ZERO))[0] != told_of and key not in gateway.settled:
            told = f"{key[1]}: {gateway.positions.get(key)} in the ledger, {held.get(key)} by the exchange's fills"
            yield Broken("position", key[0], told)


def find_money(shown: Photograph) -> Iterator[Broken]:
    """Money that was made or lost."""
    for asset, units in shown.sums.items():
        if units:
            yield Broken("conservation", None, f"the books of {asset} sum to {units}")
    expected: defaultdict[str, Decimal] = defaultdict(Decimal, shown.funded)
    for fill in shown.fills:
        base, sign = fill.symbol.removesuffix(QUOTE), 1 if fill.buys else -1
        expected[base] += sign * fill.quantity
        expected[QUOTE] -= sign * fill.quote
        expected[fill.asset] -= fill.commission
    for asset in {*expected, *shown.balances}:
        if expected[asset] != shown.balances.get(asset, ZERO):
            told = f"{asset}: {shown.balances.get(asset)} there, {expected[asset]} by what was given and all fills"
            yield Broken("balance", None, told)


def find_beyond(shown: Photograph, bounds: Bounds) -> Iterator[Broken]:
    """Exposure above what the owner set: positions at cost, and all that open entries may still take.

    What the exchange made twice of one request nobody else can keep from being there: it must be found.
    """
    costs = {key: cost for key, (_, cost) in read_held(shown, without=shown.twins).items()}
    trades = {key for key, cost in costs.items() if cost >= SMALLEST}
    for order in shown.orders:
        if order.is_open and order.side == "BUY" and order.bot_id:
            key = (order.bot_id, pair_of(order.symbol))
            costs[key] = costs.get(key, ZERO) + (order.quantity - order.executed) * order.price
            trades.add(key)
    by_bot: defaultdict[str, Decimal] = defaultdict(Decimal)
    for key, cost in costs.items():
        by_bot[key[0]] += cost
        if cost > bounds.trade + SLACK:
            yield Broken("trade_above", key[0], f"{key[1]}: {cost} > {bounds.trade}")
    for bot_id, cost in by_bot.items():
        if cost > bounds.bot[bot_id] + SLACK:
            yield Broken("bot_above", bot_id, f"{cost} > {bounds.bot[bot_id]}")
    for bot_id, count in Counter(key[0] for key in trades).items():
        if count > bounds.trades[bot_id]:
            yield Broken("trades_above", bot_id, f"{count} > {bounds.trades[bot_id]}")
    if (total := sum(by_bot.values(), ZERO)) > bounds.total + SLACK:
        yield Broken("total_above", None, f"{total} > {bounds.total}")


def find_strays(
    bot_id: str, trades: Iterable[BotTrade], shown: Photograph, gateway: GatewaySide, dust: Mapping[Key, Decimal]
) -> Iterator[Broken]:
    """What a Freqtrade believes otherwise than the ledger; `dust` is what its closed trades may have left of a pair."""
    opened = [trade for trade in trades if trade.is_open]
    believed: defaultdict[str, Decimal] = defaultdict(Decimal)
    for trade in opened:
        believed[trade.pair] += trade.amount
    held = {pair: quantity for (owner, pair), quantity in gateway.positions.items() if owner == bot_id}
    for pair in {*believed, *held}:
        more = held.get(pair, ZERO) - believed[pair]
        if not -UNTOLD <= more <= dust.get((bot_id, pair), ZERO):
            kind = "bot_holds_less" if more > 0 else "bot_holds_more"
            told = f"{pair}: {believed[pair]} by the bot, {held.get(pair, ZERO)} by the ledger"
            yield Broken(kind, bot_id, told, pair)
    for trade in opened:
        if not trade.amount and not any(order.is_open for order in trade.orders):
            yield Broken("empty_trade", bot_id, f"trade {trade.id} of {trade.pair} holds nothing and waits for nothing")
    mine = {str(order.number) for order in shown.orders if order.is_open and order.bot_id == bot_id}
    theirs = {order.number for trade in opened for order in trade.orders if order.is_open}
    for number in sorted(mine - theirs):
        order = shown.by_number[int(number)]
        yield Broken("order_not_in_bot", bot_id, f"{order.client_id} {order.side} {order.type} of {order.symbol}")
    for number in sorted(theirs - mine):
        yield Broken("order_only_in_bot", bot_id, f"the bot has the order {number} open")


def find_unprotected(bot_id: str, trades: Iterable[BotTrade], shown: Photograph) -> Iterator[Broken]:
    """Trades that hold what can be sold and leave nothing at the exchange to sell it at a loss, once all is quiet."""
    prices = {pair_of(fill.symbol): fill.price for fill in shown.fills}
    there = {pair_of(one.symbol) for one in shown.orders if one.is_open and one.bot_id == bot_id and one.side == "SELL"}
    for trade in trades:
        if trade.is_open and trade.amount * prices.get(trade.pair, ZERO) >= SMALLEST and trade.pair not in there:
            yield Broken(
                "no_stop", bot_id, f"trade {trade.id} of {trade.pair} holds {trade.amount} with no order to sell it"
            )


def read_held(shown: Photograph, without: frozenset[int] = frozenset()) -> dict[Key, tuple[Decimal, Decimal]]:
    """Quantity and average cost of what each bot bought and did not sell, by the exchange's fills."""
    held: dict[Key, tuple[Decimal, Decimal]] = {}
    for fill in shown.fills:
        order = shown.by_number[fill.order_number]
        if order.bot_id is None or order.number in without:
            continue
        key = (order.bot_id, pair_of(fill.symbol))
        quantity, cost = held.get(key, (ZERO, ZERO))
        if fill.buys:
            got = fill.quantity - (fill.commission if fill.asset != QUOTE else ZERO)
            held[key] = (quantity + got, cost + fill.quote)
        else:
            # With what is left out here a bot may sell more than it has: the coins of an order that there was twice.
            left = max(quantity - fill.quantity, ZERO)
            held[key] = (left, cost * left / quantity if left else ZERO)
    return held


def _fills(shown: Photograph, order: Order) -> Iterable[Fill]:
    return shown.fills_of.get(order.number, [])
