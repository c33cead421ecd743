"""What a bot holds of a pair, at cost; pure. Each fill makes a new one of the one before."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

ZERO = Decimal(0)
STEP = Decimal("1e-12")
USUAL_FEE = Decimal("0.001")
"""Binance takes no more of a spot trade by default; less of one that is paid in BNB."""


@dataclass(frozen=True)
class Fill:
    """One trade of an order at the exchange."""

    trade_id: int
    price: Decimal
    quantity: Decimal
    commission: Decimal
    asset: str
    """What the commission was taken in."""
    at_ms: int

    @property
    def quote(self) -> Decimal:
        return self.price * self.quantity

    def fee_in(self, asset: str) -> Decimal:
        return self.commission if self.asset == asset else ZERO

    def fee_beside(self, base: str, quote: str) -> Decimal:
        """What a commission in a third currency cost, in quote; its price is not known here, the usual share is."""
        return self.quote * USUAL_FEE if self.commission > 0 and self.asset not in (base, quote) else ZERO


@dataclass(frozen=True)
class Position:
    """The base currency that is there, what was paid for it, and what sales have won since it was opened."""

    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    realised: Decimal = ZERO

    def bought(self, fill: Fill, base: str, quote: str) -> "Position":
        quantity = self.quantity + fill.quantity - fill.fee_in(base)
        cost = fill.quote + fill.fee_in(quote) + fill.fee_beside(base, quote)
        return Position(max(quantity, ZERO), self.cost + cost, self.realised)

    def sold(self, fill: Fill, base: str, quote: str) -> "tuple[Position, Decimal]":
        """What is left, and what this sale won: what it brought less what that part had cost."""
        left = self.without(fill.quantity + fill.fee_in(base))
        profit = fill.quote - fill.fee_in(quote) - fill.fee_beside(base, quote) - (self.cost - left.cost)
        return Position(left.quantity, left.cost, self.realised + profit), profit

    def without(self, quantity: Decimal) -> "Position":
        """Less by so much, at its average cost; never below zero."""
        if quantity >= self.quantity:
            return Position(realised=self.realised)
        share = (self.cost * quantity / self.quantity).quantize(STEP, ROUND_DOWN)
        return Position(self.quantity - quantity, self.cost - share, self.realised)

    def is_over(self, least: Decimal, price: Decimal) -> bool:
        """Whether nothing is left but dust: it cannot be sold, and cost no more than that.

        What cost more and has lost its worth is still held: its price may come back.
        """
        return self.quantity <= 0 or (self.quantity * price < least and self.cost < least)
