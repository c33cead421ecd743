"""Orders and fills as the exchange writes them: read strictly, and written back as the bot knows them."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tools.gateway.orders.entry import STATUSES, Entry, Told
from tools.gateway.orders.position import Fill

AMOUNT = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
ACK = ("symbol", "orderId", "orderListId", "clientOrderId", "transactTime")


class Unreadable(Exception):
    """The exchange says something that cannot be understood."""


def read_told(content: Any) -> Told:
    """An order as any of the order endpoints tells it. Raises `Unreadable`."""
    try:
        at_ms = int(content.get("transactTime") or content.get("updateTime") or 0)
        return Told(
            exchange_id=int(content["orderId"]),
            status=STATUSES[content["status"]],
            executed=_number(content["executedQty"]),
            quote_executed=max(_number(content["cummulativeQuoteQty"]), Decimal(0)),
            quantity=_number(content["origQty"]),
            price=_number(content["price"]),
            fills=tuple(read_fill(fill, at_ms) for fill in content.get("fills") or ()),
        )
    except (AttributeError, KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise Unreadable(f"an order: {type(error).__name__}") from error


def read_fill(content: Mapping[str, Any], at_ms: int = 0) -> Fill:
    """Of an order's answer or of the list of trades. Raises `Unreadable`."""
    try:
        return Fill(
            trade_id=int(content["tradeId"] if "tradeId" in content else content["id"]),
            price=_number(content["price"]),
            quantity=_number(content["qty"]),
            commission=_number(content["commission"]),
            asset=str(content["commissionAsset"]),
            at_ms=int(content.get("time", at_ms)),
        )
    except (AttributeError, KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise Unreadable(f"a fill: {type(error).__name__}") from error


def as_bot_knows(content: Mapping[str, Any], entry: Entry) -> dict[str, Any]:
    """An order of the exchange with the bot's own client id, and as the kind of order that the bot made."""
    told = {**content, "clientOrderId": entry.own_id, "type": entry.type}
    if "origClientOrderId" in content:
        told |= {"origClientOrderId": entry.own_id}
    if entry.type == "MARKET" and entry.side == "BUY":
        told |= {"price": "0.00000000", "timeInForce": "GTC"}
    return told


def as_new(content: Mapping[str, Any], entry: Entry, fills: Iterable[Fill], answer: str) -> dict[str, Any]:
    """The answer to a new order, in the form that the bot asked for."""
    told = as_bot_knows(content, entry)
    told.setdefault("transactTime", content.get("updateTime") or content.get("time") or entry.created_ms)
    if answer == "ACK":
        return {name: told[name] for name in ACK if name in told}
    if answer == "RESULT":
        return {name: value for name, value in told.items() if name != "fills"}
    return {**told, "fills": [_fill(fill) for fill in fills]}


def _fill(fill: Fill) -> dict[str, Any]:
    amounts = {"price": fill.price, "qty": fill.quantity, "commission": fill.commission}
    texts = {name: format(value, ".8f") for name, value in amounts.items()}
    return {**texts, "commissionAsset": fill.asset, "tradeId": fill.trade_id}


def _number(text: Any) -> Decimal:
    """As the exchange writes amounts: of an exponent a few characters make a number that nobody can write down."""
    if not isinstance(text, str):
        raise TypeError(text)
    if not AMOUNT.fullmatch(text):
        raise ValueError(text[:40])
    return Decimal(text)
