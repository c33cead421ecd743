"""An order in the ledger, and how it moves on; pure. It never goes back, whatever comes in whichever order."""

import hashlib
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from tools.gateway.orders.position import ZERO, Fill

MONEY = Decimal("1e-8")


class Status(StrEnum):
    """What became of an order, as far as is known here."""

    RECORDED = "recorded"
    """Written down; certainly not sent."""
    SENT = "sent"
    """Perhaps sent; the exchange has not been heard of it."""
    UNKNOWN = "unknown"
    """The exchange did not say, and the bot has been told so."""
    OPEN = "open"
    FILLED = "filled"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REFUSED = "refused"


IN_DOUBT = (Status.RECORDED, Status.SENT, Status.UNKNOWN)
LIVE = (*IN_DOUBT, Status.OPEN)

STATUSES = {
    "NEW": Status.OPEN,
    "PENDING_NEW": Status.OPEN,
    "PARTIALLY_FILLED": Status.OPEN,
    "PENDING_CANCEL": Status.OPEN,
    "FILLED": Status.FILLED,
    "CANCELED": Status.CANCELED,
    "EXPIRED": Status.EXPIRED,
    "EXPIRED_IN_MATCH": Status.EXPIRED,
    "REJECTED": Status.REFUSED,
}
"""By the exchange's word."""


@dataclass(frozen=True)
class Told:
    """What the exchange says of an order."""

    exchange_id: int
    status: Status
    executed: Decimal
    quote_executed: Decimal
    quantity: Decimal
    price: Decimal
    """Zero for an order at market."""
    fills: tuple[Fill, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One order of a bot. `price` is the worst at which it can be filled, None for a sale at any price."""

    id: str
    """The client id that the exchange knows it by."""
    bot_id: str
    own_id: str
    """The client id that the bot gave it."""
    symbol: str
    pair: str
    side: str
    type: str
    quantity: Decimal
    price: Decimal | None
    stop_price: Decimal | None
    time_in_force: str | None
    dust: Decimal
    """The smallest order of the pair, in its quote."""
    created_ms: int
    status: Status = Status.RECORDED
    exchange_id: int | None = None
    executed: Decimal = ZERO
    quote_executed: Decimal = ZERO
    filled: Decimal = ZERO
    """How much of `executed` the recorded fills make up."""
    sent_ms: int | None = None
    seen_ms: int | None = None
    """When the exchange was last heard of it."""
    told: bool = False
    """Whether the bot was told that there is such an order."""

    @property
    def base(self) -> str:
        return self.pair.split("/")[0]

    @property
    def quote(self) -> str:
        return self.pair.split("/")[1]

    @property
    def name(self) -> dict[str, str]:
        """What a request to the exchange names it by: its number there, as soon as that is known."""
        if self.exchange_id is None:
            return {"symbol": self.symbol, "origClientOrderId": self.id}
        return {"symbol": self.symbol, "orderId": str(self.exchange_id)}

    @property
    def is_live(self) -> bool:
        """Whether it may still be filled."""
        return self.status in LIVE

    @property
    def due(self) -> Decimal:
        """How much of the base currency it may still move that no recorded fill shows."""
        return (self.quantity if self.is_live else self.executed) - self.filled

    @property
    def due_cost(self) -> Decimal:
        """The most that it may still take of the quote currency; nothing for a sale."""
        if self.side != "BUY" or self.price is None:
            return ZERO
        return (self.due * self.price).quantize(MONEY, ROUND_CEILING)

    @property
    def is_settled(self) -> bool:
        """Whether it can move nothing any more."""
        return not self.is_live and self.due <= 0

    def after(self, told: Told, now_ms: int) -> "Entry":
        """As the exchange says; what is over stays over, and what was executed stays executed.

        An order that is larger there than here, of which our own account was lost, counts as what it is.
        """
        executed = max(self.executed, told.executed)
        over = self.status in (Status.FILLED, Status.CANCELED, Status.EXPIRED)
        return replace(
            self,
            status=self.status if over else told.status,
            exchange_id=told.exchange_id,
            quantity=max(self.quantity, told.quantity),
            price=max(self.price, told.price) if self.price is not None and self.side == "BUY" else self.price,
            executed=executed,
            quote_executed=max(self.quote_executed, told.quote_executed),
            seen_ms=now_ms,
        )


def twin_id(client_id: str, exchange_id: int) -> str:
    """Of a second order under the same client id, which the exchange takes once the first is over."""
    return f"{client_id}.{exchange_id}"


def upstream_id(bot_id: str, own_id: str) -> str:
    """The same for the same order, always: the exchange refuses a second one, and tells whose each is."""
    return f"th-{bot_id}-{hashlib.sha256(own_id.encode()).hexdigest()[:16]}"


def bot_of(client_id: str) -> str | None:
    """Whose order this is, by the id that the exchange knows it by; None for one that is no bot's."""
    parts = client_id.split("-")
    return parts[1] if len(parts) == 3 and parts[0] == "th" and len(parts[1]) == 12 else None
