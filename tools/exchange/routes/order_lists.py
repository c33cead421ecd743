"""Order lists: one-cancels-the-other pairs."""

from typing import Any

from tools.exchange import errors
from tools.exchange.call import SignedCall, signed
from tools.exchange.routes.orders import read_span
from tools.exchange.spot import wire
from tools.exchange.spot.asked import Cancel
from tools.exchange.spot.list_table import OrderList
from tools.exchange.spot.oco import OLD_PARAMETERS, PARAMETERS, Oco, read_oco, read_old_oco
from tools.exchange.spot.tickets import invent_client_id, read_client_id, read_response_type


def place_oco(call: SignedCall) -> dict[str, Any]:
    """Places an OCO."""
    return _place(call, read_oco(call.query))


def place_old_oco(call: SignedCall) -> dict[str, Any]:
    """Places an OCO as the deprecated endpoint takes it."""
    return _place(call, read_old_oco(call.query))


def cancel_list(call: SignedCall) -> dict[str, Any]:
    """Cancels both orders of a list."""
    query, symbol = call.query, call.query.symbol(call.market.symbols)
    if not query.has("orderListId", "listClientOrderId"):
        raise errors.neither_sent("orderListId", "listClientOrderId")
    cancel_id = read_client_id(query, "newClientOrderId") or invent_client_id()
    cancel = Cancel(query.integer("orderListId"), read_client_id(query, "listClientOrderId"), cancel_id)
    order_list, legs = call.desk.cancel_list(call.account.uid, symbol, cancel, call.now_ms)
    return wire.listed(order_list, legs, [wire.canceled(leg, cancel_id) for leg in legs])


def read_list(call: SignedCall) -> dict[str, Any]:
    """One list."""
    query = call.query
    if not query.has("orderListId", "origClientOrderId"):
        raise errors.neither_sent("orderListId", "origClientOrderId")
    client_id = read_client_id(query, "origClientOrderId")
    found = call.desk.lists.find(call.account.uid, query.integer("orderListId"), client_id)
    if found is None:
        raise errors.no_such_list()
    return _listed(call, found)


def read_all_lists(call: SignedCall) -> list[dict[str, Any]]:
    """Lists from a number or a moment on, or the latest ones."""
    if call.query.has("fromId") and call.query.has("startTime", "endTime"):
        raise errors.bad_combination()
    found = call.desk.lists.history(call.account.uid, read_span(call.query, "fromId"))
    return [_listed(call, order_list) for order_list in found]


def read_open_lists(call: SignedCall) -> list[dict[str, Any]]:
    """The lists that are executing."""
    return [_listed(call, order_list) for order_list in call.desk.lists.open(call.account.uid)]


def _place(call: SignedCall, oco: Oco) -> dict[str, Any]:
    symbol = call.query.symbol(call.market.symbols)
    response = read_response_type(call.query, "RESULT")
    order_list, legs = call.desk.place_list(call.account.uid, symbol, oco, call.now_ms)
    return wire.listed(order_list, legs, [wire.placed(leg, response, []) for leg in legs])


def _listed(call: SignedCall, order_list: OrderList) -> dict[str, Any]:
    return wire.listed(order_list, call.desk.orders.of_list(order_list.number))


ROUTES = [
    signed("POST", "/api/v3/orderList/oco", place_oco, *PARAMETERS, right="TRADE"),
    signed("POST", "/api/v3/order/oco", place_old_oco, *OLD_PARAMETERS, right="TRADE"),
    signed("DELETE", "/api/v3/orderList", cancel_list,
           "symbol", "orderListId", "listClientOrderId", "newClientOrderId", right="TRADE"),
    signed("GET", "/api/v3/orderList", read_list, "orderListId", "origClientOrderId"),
    signed("GET", "/api/v3/allOrderList", read_all_lists, "fromId", "startTime", "endTime", "limit"),
    signed("GET", "/api/v3/openOrderList", read_open_lists),
]  # fmt: skip
