"""An order as it comes over the wire, read strictly: what can be taken for something else is not an order.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#new-order-trade
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

from tools.gateway.orders import errors

Side = Literal["BUY", "SELL"]

NEEDED: Mapping[str, tuple[str, ...]] = {
    "LIMIT": ("timeInForce", "quantity", "price"),
    "LIMIT_MAKER": ("quantity", "price"),
    "MARKET": ("quantity",),
    "STOP_LOSS": ("quantity", "stopPrice"),
    "STOP_LOSS_LIMIT": ("timeInForce", "quantity", "price", "stopPrice"),
    "TAKE_PROFIT": ("quantity", "stopPrice"),
    "TAKE_PROFIT_LIMIT": ("timeInForce", "quantity", "price", "stopPrice"),
}
"""By type; a parameter that another type needs is refused."""
STOPS = frozenset({"STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"})
ALWAYS = frozenset({"symbol", "side", "type"})
MAYBE = frozenset({"newClientOrderId", "newOrderRespType"})
BARRED = frozenset(
    {"quoteOrderQty", "icebergQty", "trailingDelta", "strategyId", "strategyType", "selfTradePreventionMode",
     "pegPriceType", "pegOffsetValue", "pegOffsetType"}
)  # fmt: skip
"""Binance has them; how much an order costs would be harder to say."""
NUMBER = re.compile(r"[0-9]{1,15}(?:\.([0-9]{1,40}))?")
DECIMALS = 8
OWN_ID = re.compile(r"[.A-Z:/a-z0-9_-]{1,36}")
SYMBOL = re.compile(r"[A-Z0-9]{2,30}")
TIMES = ("GTC", "IOC", "FOK")
ANSWERS = ("ACK", "RESULT", "FULL")


@dataclass(frozen=True)
class WireOrder:
    """What a bot wants, in the exchange's words."""

    own_id: str
    """The bot's own client id."""
    symbol: str
    side: Side
    type: str
    quantity: Decimal
    price: Decimal | None = None
    stop_price: Decimal | None = None
    time_in_force: str | None = None
    answer: str = "FULL"


def read_order(params: Mapping[str, str], fallback_id: str) -> WireOrder:
    """Raises `Denied`; `fallback_id` is the client id of an order that names none."""
    kind = _word(params, "type", tuple(NEEDED), -1116, "orderType")
    side = cast("Side", _word(params, "side", ("BUY", "SELL"), -1117, "side"))
    if kind in STOPS and side == "BUY":
        raise errors.bad_value(-1116, "orderType")
    _check_names(params, NEEDED[kind])
    in_force = "timeInForce" in NEEDED[kind]
    return WireOrder(
        own_id=read_own_id(params, "newClientOrderId") or fallback_id,
        symbol=read_symbol(params),
        side=side,
        type=kind,
        quantity=_number(params, "quantity"),
        price=_number(params, "price") if "price" in NEEDED[kind] else None,
        stop_price=_number(params, "stopPrice") if "stopPrice" in NEEDED[kind] else None,
        time_in_force=_word(params, "timeInForce", TIMES, -1115, "timeInForce") if in_force else None,
        answer=_word({"newOrderRespType": "FULL", **params}, "newOrderRespType", ANSWERS, -1130, "newOrderRespType"),
    )


def read_symbol(params: Mapping[str, str]) -> str:
    """Raises `Denied`."""
    text = params.get("symbol")
    if not text:
        raise errors.missing("symbol")
    if not SYMBOL.fullmatch(text):
        raise errors.illegal("symbol")
    return text


def read_own_id(params: Mapping[str, str], name: str) -> str | None:
    """A client's id of an order; None where none is named. Raises `Denied`."""
    text = params.get(name)
    if text is not None and not OWN_ID.fullmatch(text):
        raise errors.illegal(name)
    return text


def read_whole(params: Mapping[str, str], name: str) -> int | None:
    """A number of an order, a time or a count; None where it is not sent. Raises `Denied`."""
    text = params.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise errors.illegal(name)
    return int(text)


def check_known(params: Mapping[str, str], known: frozenset[str]) -> None:
    """Raises `Denied` for a parameter that does not belong there."""
    for name in params:
        if name not in known:
            raise errors.unknown_parameter(name)


def plain(value: Decimal) -> str:
    """As the exchange wants a number: digits and a point, without zeros that say nothing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _check_names(params: Mapping[str, str], needed: tuple[str, ...]) -> None:
    elsewhere = frozenset().union(*NEEDED.values()) | BARRED
    for name in params:
        if name in elsewhere and name not in needed:
            raise errors.not_required(name)
    check_known(params, ALWAYS | MAYBE | elsewhere)


def _word(params: Mapping[str, str], name: str, words: tuple[str, ...], code: int, what: str) -> str:
    text = params.get(name)
    if not text:
        raise errors.missing(name)
    if text not in words:
        raise errors.bad_value(code, what)
    return text


def _number(params: Mapping[str, str], name: str) -> Decimal:
    text = params.get(name)
    if not text:
        raise errors.missing(name)
    found = NUMBER.fullmatch(text)
    if found is None or not text.isascii():
        raise errors.illegal(name)
    if len(found[1] or "") > DECIMALS:
        raise errors.too_precise(name)
    value = Decimal(text)
    if value == 0:
        raise errors.Denied(errors.BAD_VALUE, f"Invalid {name}.")
    return value
