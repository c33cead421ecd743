"""What is asked for with an OCO: a pair of orders of which the first to act ends the other.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md, "New Order list - OCO"
"""

from dataclasses import dataclass

from starlette.datastructures import QueryParams

from tools.exchange import errors
from tools.exchange.query import Query
from tools.exchange.spot.tickets import OWN, SHARED, Naming, Ticket, invent_client_id, read_client_id, read_ticket

LOSSES = frozenset({"STOP_LOSS", "STOP_LOSS_LIMIT"})
GAINS = frozenset({"LIMIT_MAKER", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"})
BAD_PRICES = "The relationship of the prices for the orders is not correct."

_SWAPPED = {
    ("BUY", "LIMIT_MAKER"): (-1165, "A limit order in a buy OCO must be below."),
    ("SELL", "LIMIT_MAKER"): (-1166, "A limit order in a sell OCO must be above."),
    ("BUY", "TAKE_PROFIT"): (-1198, "A take profit order in a buy OCO must be below."),
    ("SELL", "TAKE_PROFIT"): (-1199, "A take profit order in a sell OCO must be above."),
}


def _leg(prefix: str) -> Naming:
    """How a leg's parameters are called: `abovePrice`. Both legs share the side and the quantity."""

    def name(own: str) -> str:
        if own in {"quantity", "quoteOrderQty"}:
            return own
        short = own.removeprefix("new")
        return prefix + short[0].upper() + short[1:]

    return name


_ABOVE, _BELOW = _leg("above"), _leg("below")
_LEGS = tuple(naming(own) for naming in (_ABOVE, _BELOW) for own in OWN if own not in {"quantity", "quoteOrderQty"})
PARAMETERS = (*SHARED, "quantity", "listClientOrderId", *_LEGS)
OLD_PARAMETERS = (
    *SHARED, "quantity", "listClientOrderId", "limitClientOrderId", "price", "limitStrategyId", "limitStrategyType",
    "limitIcebergQty", "trailingDelta", "stopClientOrderId", "stopPrice", "stopStrategyId", "stopStrategyType",
    "stopLimitPrice", "stopIcebergQty", "stopLimitTimeInForce",
)  # fmt: skip


@dataclass(frozen=True)
class Oco:
    """Two tickets of one side and quantity: `loss` waits for the price to go wrong, `gain` for it to go right."""

    client_id: str
    loss: Ticket
    gain: Ticket

    def surrounds(self, last: int) -> bool:
        """Whether the last price lies between the two."""
        gain = self.gain.stop_price if self.gain.type == "TAKE_PROFIT" else self.gain.price
        if self.loss.side == "SELL":
            return gain > last > self.loss.stop_price
        return gain < last < self.loss.stop_price


def read_oco(query: Query) -> Oco:
    """Reads the pair; raises what Binance answers to legs that do not fit together."""
    above, below = (read_ticket(query, naming) for naming in (_ABOVE, _BELOW))
    _check_types(above, below)
    gain_above = above.side == "SELL"
    gain, loss = (above, below) if gain_above else (below, above)
    if loss.type in GAINS:
        raise errors.bad_list(*_SWAPPED[loss.side, loss.type.removesuffix("_LIMIT")])
    return Oco(read_client_id(query, "listClientOrderId") or invent_client_id(), loss, gain)


def _check_types(above: Ticket, below: Ticket) -> None:
    kinds = {above.type, below.type}
    if not kinds <= LOSSES | GAINS:
        raise errors.bad_list(-1158, "Order type not supported in OCO.")
    if kinds == {"LIMIT_MAKER"}:
        raise errors.bad_list(-1168, "At least one OCO order must be contingent.")
    if kinds <= LOSSES or kinds <= GAINS:
        raise errors.bad_list(-1014, "Unsupported order combination.")


def read_old_oco(query: Query) -> Oco:
    """Reads the pair as the deprecated endpoint names it: a LIMIT_MAKER and a stop loss."""
    gain, loss = (_ABOVE, _BELOW) if query.text("side") == "SELL" else (_BELOW, _ABOVE)
    stop = "STOP_LOSS_LIMIT" if query.has("stopLimitPrice") else "STOP_LOSS"
    renamed = {
        "price": gain("price"), "limitClientOrderId": gain("newClientOrderId"), "stopPrice": loss("stopPrice"),
        "limitStrategyId": gain("strategyId"), "limitStrategyType": gain("strategyType"),
        "limitIcebergQty": gain("icebergQty"), "stopClientOrderId": loss("newClientOrderId"),
        "stopStrategyId": loss("strategyId"), "stopStrategyType": loss("strategyType"),
        "stopLimitPrice": loss("price"), "stopIcebergQty": loss("icebergQty"),
        "stopLimitTimeInForce": loss("timeInForce"), "trailingDelta": loss("trailingDelta"),
    }  # fmt: skip
    sent = {renamed.get(name, name): value for name, value in query.sent().items()}
    sent |= {gain("type"): "LIMIT_MAKER", loss("type"): stop}
    return read_oco(Query(QueryParams(sent), tuple(sent)))
