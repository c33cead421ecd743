"""Matching: what an order meets on its way through the levels of the other side. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from tools.exchange.spot.amounts import UNIT, cost
from tools.exchange.spot.orders import Order


@dataclass(frozen=True)
class Level:
    """What is offered at a price: by an account's resting order, or by the house where `maker` is None."""

    price: int
    quantity: int
    maker: Order | None = None


@dataclass(frozen=True)
class Fill:
    """A trade to be made."""

    price: int
    quantity: int
    maker: Order | None


@dataclass(frozen=True)
class Prevention:
    """A resting order that expires because it would have traded with its own account."""

    maker: Order


@dataclass(frozen=True)
class Match:
    """What happens to an order, step by step, and whether it then expires itself so as not to trade with itself."""

    steps: tuple[Fill | Prevention, ...]
    taker_prevented: bool = False

    @property
    def quantity(self) -> int:
        """How much is filled, in base."""
        return sum(step.quantity for step in self.steps if isinstance(step, Fill))

    @property
    def quote(self) -> int:
        """What the fills are worth, in quote."""
        return sum(cost(step.price, step.quantity) for step in self.steps if isinstance(step, Fill))


def match(taker: Order, levels: Iterable[Level], lot: int) -> Match:
    """Walks the levels, best first, as far as the order's price, quantity or quote amount reaches."""
    steps: list[Fill | Prevention] = []
    left = _Left(taker, lot)
    for level in levels:
        quantity = left.at(level)
        if quantity <= 0 or not _accepts(taker, level.price):
            break
        if level.maker is None or level.maker.uid != taker.uid or taker.prevention == "NONE":
            steps.append(Fill(level.price, quantity, level.maker))
            left.take(level.price, quantity)
            continue
        if taker.prevention in {"EXPIRE_MAKER", "EXPIRE_BOTH"}:
            steps.append(Prevention(level.maker))
        if taker.prevention in {"EXPIRE_TAKER", "EXPIRE_BOTH"}:
            return Match(tuple(steps), taker_prevented=True)
    return Match(tuple(steps))


def _accepts(taker: Order, price: int) -> bool:
    if taker.at_market:
        return True
    return price <= taker.price if taker.side == "BUY" else price >= taker.price


class _Left:
    """What the taker still wants: base, or what an amount of quote buys in whole lots."""

    def __init__(self, taker: Order, lot: int) -> None:
        self._by_quote = taker.quote_quantity > 0
        self._amount = taker.quote_quantity if self._by_quote else taker.remaining
        self._lot = lot

    def at(self, level: Level) -> int:
        if not self._by_quote:
            return min(level.quantity, self._amount)
        affordable = self._amount * UNIT // level.price
        return min(level.quantity, affordable - affordable % self._lot)

    def take(self, price: int, quantity: int) -> None:
        self._amount -= cost(price, quantity) if self._by_quote else quantity
