"""An order: what was asked for, and what has become of it.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/enums.md
"""

from dataclasses import dataclass, replace
from typing import Literal

from tools.exchange.spot.amounts import cost_ceiling

Side = Literal["BUY", "SELL"]
Status = Literal["NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED", "EXPIRED", "EXPIRED_IN_MATCH"]

SIDES: tuple[Side, ...] = ("BUY", "SELL")
TYPES = ("LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT")
TIMES_IN_FORCE = ("GTC", "IOC", "FOK")
PREVENTIONS = ("NONE", "EXPIRE_MAKER", "EXPIRE_TAKER", "EXPIRE_BOTH")
DEFAULT_PREVENTION = "EXPIRE_MAKER"

STOPS = frozenset({"STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"})
AT_MARKET = frozenset({"MARKET", "STOP_LOSS", "TAKE_PROFIT"})
OPEN = frozenset({"NEW", "PARTIALLY_FILLED"})
NO_LIST = -1
NOT_WORKING = -1


def opposite(side: str) -> Side:
    """The side that an order of `side` trades against."""
    return "SELL" if side == "BUY" else "BUY"


@dataclass(frozen=True)
class Order:
    """One order as a row of the database keeps it: amounts in units of 1e-8, moments in ms UTC.

    `locked` is what of its owner's balance is set aside for it: quote for a BUY, base for a SELL. `working_ms` is when
    it began to look for a counterparty, NOT_WORKING while its stop waits for its price.
    """

    number: int
    uid: int
    symbol: str
    client_id: str
    list_id: int
    side: Side
    type: str
    tif: str
    price: int
    quantity: int
    quote_quantity: int
    stop_price: int
    prevention: str
    strategy_id: int | None
    strategy_type: int | None
    created_ms: int
    updated_ms: int
    working_ms: int
    status: Status = "NEW"
    executed: int = 0
    executed_quote: int = 0
    locked: int = 0
    prevented: int = 0
    prevention_id: int | None = None
    expiry_reason: str | None = None

    @property
    def remaining(self) -> int:
        """What is still to be executed, in base."""
        return self.quantity - self.executed - self.prevented

    @property
    def is_open(self) -> bool:
        """Whether it may still trade."""
        return self.status in OPEN

    @property
    def is_working(self) -> bool:
        """Whether it has been on the book, or has gone past it; False while a stop waits."""
        return self.working_ms != NOT_WORKING

    @property
    def is_stop(self) -> bool:
        """Whether it is, or was, triggered by a price: Binance's "algo" orders."""
        return self.type in STOPS

    @property
    def at_market(self) -> bool:
        """Whether it takes what there is at any price, once it works."""
        return self.type in AT_MARKET

    @property
    def need(self) -> int:
        """What must be locked for it as it stands: base for a SELL; for a BUY quote at its limit, or at its stop.

        An order at the market is matched at once when it works, so nothing is set aside for it then.
        """
        if not self.is_open or (self.at_market and self.is_working):
            return 0
        price = self.stop_price if self.at_market else self.price
        return self.remaining if self.side == "SELL" else cost_ceiling(price, self.remaining)

    def triggered_by(self, last: int) -> bool:
        """Whether its stop price is reached when the last trade was at `last`."""
        upwards = (self.side == "BUY") == self.type.startswith("STOP_LOSS")
        return last >= self.stop_price if upwards else last <= self.stop_price

    def filled(self, quantity: int, quote: int, now_ms: int) -> "Order":
        """The order after a trade of `quantity` for `quote`, with only what the rest needs locked."""
        done = quantity >= self.remaining
        after = replace(
            self,
            executed=self.executed + quantity,
            executed_quote=self.executed_quote + quote,
            status="FILLED" if done else "PARTIALLY_FILLED",
            updated_ms=now_ms,
        )
        return replace(after, locked=after.need)
