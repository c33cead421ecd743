"""The third ring's own judgement, pure: a sale by what the bot holds, an entry by every rule of the guard."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tools.gateway.orders.market import Symbol
from tools.gateway.orders.wire_order import WireOrder, plain
from tools.guard.limits import Limits
from tools.guard.order import Order, OrderFacts
from tools.guard.order_checks import judge_order
from tools.guard.verdict import Allow, Refuse, Rule

MARKET_SLACK = Decimal("0.01")
"""How far above the last price an order to buy at market may be filled: it leaves with that price as its limit."""


class WireRule(StrEnum):
    """Rules that there are on the wire alone."""

    BEYOND_INVENTORY = "beyond_inventory"
    """A sale of more than the bot itself holds."""
    ORDER_IN_DOUBT = "order_in_doubt"
    """The exchange has not said what became of another order of the bot."""
    UNRECONCILED = "unreconciled"
    """What is written down here, what the bot believes and what the exchange says are not the same."""
    OTHER_VENUE = "other_venue"
    """A bot that was made on another exchange than this one."""
    BOT_GONE = "bot_gone"
    """The credentials of a bot that there is no more: it sells what it holds, and enters nothing."""


@dataclass(frozen=True)
class Refusal:
    rule: str
    numbers: Mapping[str, str]


def judge_sale(quantity: Decimal, free: Decimal, pair: str) -> Refusal | None:
    """None where it may go. Panic, holds and limits never stop a sale."""
    if quantity <= free:
        return None
    return Refusal(WireRule.BEYOND_INVENTORY, {"pair": pair, "asked": plain(quantity), "free": plain(free)})


def judge_entry(order: Order, facts: OrderFacts, limits: Limits, void: str | None, doubts: int) -> Refusal | None:
    """None where it may go; `void` is why there is no mandate, `doubts` how many orders nobody knows the end of."""
    if void is not None:
        return Refusal(Rule.MANDATE_VOID, {"reason": void})
    if doubts:
        return Refusal(WireRule.ORDER_IN_DOUBT, {"orders": str(doubts)})
    match judge_order(order, facts, limits):
        case Allow():
            return None
        case Refuse(rule, numbers):
            return Refusal(rule, numbers)
        case _:
            return Refusal(Rule.UNRECORDABLE, {"pair": order.pair})


def worst_price(wanted: WireOrder, symbol: Symbol, price: tuple[Decimal, float] | None) -> Decimal | None:
    """The most that one of the base can cost; None for a purchase at market where there is no price, and for a sale
    at market, which takes what it gets."""
    if wanted.price is not None or wanted.side == "SELL":
        return wanted.price
    return symbol.on_tick(price[0] * (1 + MARKET_SLACK)) if price else None


def as_order(bot_id: str, wanted: WireOrder, symbol: Symbol, worst: Decimal | None) -> Order:
    """In the guard's words. A purchase at market is judged as the limit order at the worst price that it leaves as."""
    return Order(
        bot_id=bot_id,
        pair=symbol.pair,
        side="buy" if wanted.side == "BUY" else "sell",
        type="limit",
        amount=wanted.quantity,
        rate=worst or Decimal(0),
    )
