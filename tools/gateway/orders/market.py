"""What the gateway must know of the market to judge an order; who knows it is told when it is put together."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Protocol


@dataclass(frozen=True)
class Symbol:
    """A pair as the exchange lists it."""

    name: str
    """As the exchange writes it: BTCUSDT."""
    pair: str
    """As Freqtrade writes it: BTC/USDT."""
    tick: Decimal
    """Prices are multiples of it."""
    min_notional: Decimal
    """The smallest order, in the quote currency; what is worth less than it cannot be sold."""
    is_traded: bool = True
    """Whether orders are taken now; of one that is halted there may still be some."""

    @property
    def base(self) -> str:
        return self.pair.split("/")[0]

    @property
    def quote(self) -> str:
        return self.pair.split("/")[1]

    def on_tick(self, price: Decimal) -> Decimal:
        """The nearest price that can be asked, not above."""
        return (price / self.tick).quantize(Decimal(1), ROUND_DOWN) * self.tick


class Symbols(Protocol):
    async def find(self, name: str) -> Symbol | None:
        """None for a symbol that the exchange does not list; raises anything where that cannot be known."""


class Prices(Protocol):
    """As `tools.market.prices.Prices`."""

    async def refresh(self, pair: str) -> None:
        """Sees to it that the price is young, if it can be had; never raises."""

    def read(self, pair: str) -> tuple[Decimal, float] | None:
        """The last price above zero, and its age in seconds."""
