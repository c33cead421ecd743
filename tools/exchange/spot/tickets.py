"""A ticket: an order as it is asked for, read from a request's parameters and checked on its own.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md, "New order"
"""

import re
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from tools.exchange import errors
from tools.exchange.query import Query
from tools.exchange.spot.amounts import parse_amount
from tools.exchange.spot.orders import (
    AT_MARKET,
    DEFAULT_PREVENTION,
    NO_LIST,
    NOT_WORKING,
    PREVENTIONS,
    SIDES,
    STOPS,
    TIMES_IN_FORCE,
    TYPES,
    Order,
    Side,
)

CLIENT_ID = "^[a-zA-Z0-9-_]{1,36}$"
LEAST_STRATEGY_TYPE = 1_000_000
RESPONSES = ("ACK", "RESULT", "FULL")

MANDATORY = {
    "LIMIT": ("timeInForce", "quantity", "price"),
    "LIMIT_MAKER": ("quantity", "price"),
    "MARKET": (),
    "STOP_LOSS": ("quantity", "stopPrice"),
    "STOP_LOSS_LIMIT": ("timeInForce", "quantity", "price", "stopPrice"),
    "TAKE_PROFIT": ("quantity", "stopPrice"),
    "TAKE_PROFIT_LIMIT": ("timeInForce", "quantity", "price", "stopPrice"),
}
"""What each type needs; of these parameters it accepts no others. MARKET needs one of two quantities."""
CONDITIONAL = ("timeInForce", "quantity", "quoteOrderQty", "price", "stopPrice")
UNSUPPORTED = {
    "icebergQty": "Iceberg orders are not supported for this symbol.",
    "trailingDelta": "Trailing stop orders are not supported for this symbol.",
    "pegPriceType": "Pegged orders are not supported for this symbol.",
    "pegOffsetType": "Pegged orders are not supported for this symbol.",
    "pegOffsetValue": "Pegged orders are not supported for this symbol.",
}
SHARED = ("symbol", "side", "newOrderRespType", "selfTradePreventionMode")
OWN = ("type", *CONDITIONAL, "newClientOrderId", "strategyId", "strategyType", *UNSUPPORTED)
PARAMETERS = (*SHARED, *OWN)
"""The parameters of one new order."""

Naming = Callable[[str], str]
"""What a request calls the parameter of this name; the legs of an order list have names of their own."""


@dataclass(frozen=True)
class Ticket:
    """What is asked for; amounts in units of 1e-8, 0 where there is none."""

    side: Side
    type: str
    tif: str
    price: int
    quantity: int
    quote_quantity: int
    stop_price: int
    client_id: str
    prevention: str
    strategy_id: int | None
    strategy_type: int | None

    @property
    def is_stop(self) -> bool:
        """Whether it waits for a price."""
        return self.type in STOPS

    @property
    def at_market(self) -> bool:
        """Whether it takes what there is at any price, once it works."""
        return self.type in AT_MARKET

    def order(self, uid: int, symbol: str, now_ms: int, list_id: int = NO_LIST) -> Order:
        """The order that it becomes; its number is given by the database."""
        asked = (self.side, self.type, self.tif, self.price, self.quantity, self.quote_quantity, self.stop_price)
        labels = (self.prevention, self.strategy_id, self.strategy_type)
        working_ms = NOT_WORKING if self.is_stop else now_ms
        return Order(0, uid, symbol, self.client_id, list_id, *asked, *labels, now_ms, now_ms, working_ms)


def _same(name: str) -> str:
    return name


def read_ticket(query: Query, naming: Naming = _same) -> Ticket:
    """Reads one order; raises what Binance answers to parameters that are missing, too many or malformed."""
    side = query.choice("side", SIDES, None, errors.bad_side())
    kind = query.choice(naming("type"), TYPES, None, errors.bad_order_type())
    _check_presence(query, kind, naming)
    return Ticket(
        side=cast("Side", side),
        type=kind,
        tif=query.choice(naming("timeInForce"), TIMES_IN_FORCE, "GTC", errors.bad_time_in_force()),
        price=_positive(query, naming("price"), "Invalid price."),
        quantity=_positive(query, naming("quantity"), "Invalid quantity."),
        quote_quantity=_positive(query, naming("quoteOrderQty"), "Invalid quote order qty."),
        stop_price=_positive(query, naming("stopPrice"), "Invalid stopPrice."),
        client_id=read_client_id(query, naming("newClientOrderId")) or invent_client_id(),
        prevention=query.choice("selfTradePreventionMode", PREVENTIONS, DEFAULT_PREVENTION, errors.bad_prevention()),
        strategy_id=query.integer(naming("strategyId")),
        strategy_type=_strategy_type(query, naming("strategyType")),
    )


def read_response_type(query: Query, default: str) -> str:
    """ACK, RESULT or FULL."""
    return query.choice("newOrderRespType", RESPONSES, default, errors.invalid("newOrderRespType"))


def read_client_id(query: Query, name: str) -> str | None:
    """The client's own name for an order, or None where it was not sent."""
    if not query.has(name):
        return None
    text = query.text(name)
    if not re.fullmatch(CLIENT_ID, text, re.ASCII):
        raise errors.illegal_characters(name, CLIENT_ID)
    return text


def invent_client_id() -> str:
    """A name of 22 letters and digits."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(22))


def _check_presence(query: Query, kind: str, naming: Naming) -> None:
    for name, sentence in UNSUPPORTED.items():
        if query.has(naming(name)):
            raise errors.rejected(sentence)
    needed = _market_quantity(query) if kind == "MARKET" else MANDATORY[kind]
    for name in map(naming, needed):
        query.text(name)
    for name in map(naming, CONDITIONAL):
        if query.has(name) and name not in map(naming, needed):
            raise errors.not_required(name)


def _market_quantity(query: Query) -> tuple[str, ...]:
    if not query.has("quantity", "quoteOrderQty"):
        raise errors.neither_sent("quantity", "quoteOrderQty")
    return ("quantity",) if query.has("quantity") else ("quoteOrderQty",)


def _positive(query: Query, name: str, refusal: str) -> int:
    if not query.has(name):
        return 0
    amount = parse_amount(name, query.text(name))
    if amount == 0:
        raise errors.invalid_message(refusal)
    return amount


def _strategy_type(query: Query, name: str) -> int | None:
    number = query.integer(name)
    if number is not None and number < LEAST_STRATEGY_TYPE:
        raise errors.bad_strategy_type()
    return number
