"""Placing, testing, canceling, replacing and reading orders."""

from collections.abc import Sequence
from typing import Any

from tools.exchange import errors
from tools.exchange.call import SignedCall, signed
from tools.exchange.clock import DAY_MS
from tools.exchange.query import Query
from tools.exchange.spot import wire
from tools.exchange.spot.asked import Cancel, Placed, Replacement
from tools.exchange.spot.orders import Order
from tools.exchange.spot.span import Span
from tools.exchange.spot.tickets import PARAMETERS, invent_client_id, read_client_id, read_response_type, read_ticket
from tools.exchange.symbols import Symbol

DEFAULT_ROWS, MOST_ROWS = 500, 1_000
RESTRICTIONS = {"ONLY_NEW": "NEW", "ONLY_PARTIALLY_FILLED": "PARTIALLY_FILLED"}
FULL_BY_DEFAULT = frozenset({"LIMIT", "MARKET"})
MODES = ("STOP_ON_FAILURE", "ALLOW_FAILURE")
EXCEEDED_MODES = ("DO_NOTHING", "CANCEL_ONLY")


def place_order(call: SignedCall) -> dict[str, Any]:
    """Places an order."""
    symbol, ticket = _symbol(call), read_ticket(call.query)
    response = _response_type(call.query, ticket.type)
    return _written(call.desk.place(call.account.uid, symbol, ticket, call.now_ms), response)


def test_order(call: SignedCall) -> dict[str, Any]:
    """Checks an order against the symbol's rules, and goes no further."""
    symbol, ticket = _symbol(call), read_ticket(call.query)
    _response_type(call.query, ticket.type)
    rates = call.query.flag("computeCommissionRates")
    call.desk.check(call.account.uid, symbol, [ticket], call.now_ms)
    return wire.order_rates() if rates else {}


def cancel_order(call: SignedCall) -> dict[str, Any]:
    """Cancels an order."""
    symbol, cancel = _symbol(call), _read_cancel(call.query, "orderId", "origClientOrderId", "newClientOrderId")
    order = call.desk.cancel(call.account.uid, symbol, cancel, call.now_ms)
    return wire.canceled(order, cancel.cancel_id)


def cancel_open_orders(call: SignedCall) -> list[dict[str, Any]]:
    """Cancels all open orders on a symbol: the single ones first, then the lists."""
    cancel_id = invent_client_id()
    orders = call.desk.cancel_all(call.account.uid, _symbol(call), cancel_id, call.now_ms)
    single = [wire.canceled(order, cancel_id) for order in orders if order.list_id < 0]
    numbers = dict.fromkeys(order.list_id for order in orders if order.list_id >= 0)
    return single + [_canceled_list(call, number, cancel_id) for number in numbers]


def replace_order(call: SignedCall) -> dict[str, Any]:
    """Cancels an order and places another; raises -2021 or -2022 with what came of both where one failed."""
    query, symbol, ticket = call.query, _symbol(call), read_ticket(call.query)
    mode = query.choice("cancelReplaceMode", MODES, None, errors.invalid("cancelReplaceMode"))
    query.choice(
        "orderRateLimitExceededMode", EXCEEDED_MODES, "DO_NOTHING", errors.invalid("orderRateLimitExceededMode")
    )
    cancel = _read_cancel(query, "cancelOrderId", "cancelOrigClientOrderId", "cancelNewClientOrderId")
    response = _response_type(query, ticket.type)
    wanted = Replacement(cancel, ticket, stop_on_failure=mode == "STOP_ON_FAILURE")
    done = call.desk.replace(call.account.uid, symbol, wanted, call.now_ms)
    report = {
        "cancelResult": _result(done.canceled),
        "newOrderResult": _result(done.placed),
        "cancelResponse": _written_cancel(done.canceled, cancel.cancel_id),
        "newOrderResponse": _written(done.placed, response)
        if isinstance(done.placed, Placed)
        else _refused(done.placed),
    }
    return _or_failure(report)


def read_order(call: SignedCall) -> dict[str, Any]:
    """One order."""
    symbol, (number, client_id) = _symbol(call), _reference(call.query, "orderId", "origClientOrderId")
    order = call.desk.orders.find(call.account.uid, symbol.name, number, client_id)
    if order is None:
        raise errors.no_such_order()
    if client_id not in {None, order.client_id}:
        raise errors.client_id_mismatch()
    return wire.queried(order)


def read_open_orders(call: SignedCall) -> list[dict[str, Any]]:
    """The open orders of one symbol or of all."""
    name = _symbol(call).name if call.query.has("symbol") else None
    return _queried(call.desk.orders.open(call.account.uid, name))


def read_all_orders(call: SignedCall) -> list[dict[str, Any]]:
    """The orders of a symbol, whatever became of them."""
    span = read_span(call.query, "orderId")
    return _queried(call.desk.orders.history(call.account.uid, _symbol(call).name, span))


def read_span(query: Query, first: str) -> Span:
    """The part of a history that is asked for; raises -1127 where startTime and endTime are more than a day apart."""
    start_ms, end_ms = query.integer("startTime"), query.integer("endTime")
    if start_ms is not None and end_ms is not None and end_ms - start_ms > DAY_MS:
        raise errors.too_long_between()
    return Span(query.limit(DEFAULT_ROWS, MOST_ROWS), query.integer(first), start_ms, end_ms)


def _symbol(call: SignedCall) -> Symbol:
    return call.query.symbol(call.market.symbols)


def _response_type(query: Query, kind: str) -> str:
    return read_response_type(query, "FULL" if kind in FULL_BY_DEFAULT else "ACK")


def _reference(query: Query, number: str, client_id: str) -> tuple[int | None, str | None]:
    if not query.has(number, client_id):
        raise errors.neither_sent(client_id, number)
    return query.integer(number), read_client_id(query, client_id)


def _read_cancel(query: Query, number: str, client_id: str, cancel_id: str) -> Cancel:
    reference = _reference(query, number, client_id)
    named = read_client_id(query, cancel_id) or invent_client_id()
    if not query.has("cancelRestrictions"):
        return Cancel(*reference, named)
    chosen = query.choice("cancelRestrictions", RESTRICTIONS, None, errors.bad_restrictions())
    return Cancel(*reference, named, RESTRICTIONS[chosen])


def _queried(orders: Sequence[Order]) -> list[dict[str, Any]]:
    return [wire.queried(order) for order in orders]


def _written(placed: Placed, response: str) -> dict[str, Any]:
    return wire.placed(placed.order, response, placed.trades)


def _written_cancel(done: Order | errors.ApiError, cancel_id: str) -> dict[str, Any] | None:
    return wire.canceled(done, cancel_id) if isinstance(done, Order) else _refused(done)


def _refused(error: Placed | errors.ApiError | None) -> dict[str, Any] | None:
    return error.body() if isinstance(error, errors.ApiError) else None


def _result(done: object) -> str:
    if done is None:
        return "NOT_ATTEMPTED"
    return "FAILURE" if isinstance(done, errors.ApiError) else "SUCCESS"


def _or_failure(report: dict[str, Any]) -> dict[str, Any]:
    successes = [report["cancelResult"], report["newOrderResult"]].count("SUCCESS")
    if successes == 2:
        return report
    if successes == 1:
        raise errors.ApiError(-2021, "Order cancel-replace partially failed.", 409, report)
    raise errors.ApiError(-2022, "Order cancel-replace failed.", 400, report)


def _canceled_list(call: SignedCall, number: int, cancel_id: str) -> dict[str, Any]:
    legs = call.desk.orders.of_list(number)
    return wire.listed(call.desk.lists.get(number), legs, [wire.canceled(leg, cancel_id) for leg in legs])


ROUTES = [
    signed("POST", "/api/v3/order", place_order, *PARAMETERS, right="TRADE"),
    signed("POST", "/api/v3/order/test", test_order, *PARAMETERS, "computeCommissionRates", right="TRADE"),
    signed("DELETE", "/api/v3/order", cancel_order,
           "symbol", "orderId", "origClientOrderId", "newClientOrderId", "cancelRestrictions", right="TRADE"),
    signed("DELETE", "/api/v3/openOrders", cancel_open_orders, "symbol", right="TRADE"),
    signed("POST", "/api/v3/order/cancelReplace", replace_order, *PARAMETERS, "cancelReplaceMode", "cancelOrderId",
           "cancelOrigClientOrderId", "cancelNewClientOrderId", "cancelRestrictions", "orderRateLimitExceededMode",
           right="TRADE"),
    signed("GET", "/api/v3/order", read_order, "symbol", "orderId", "origClientOrderId"),
    signed("GET", "/api/v3/openOrders", read_open_orders, "symbol"),
    signed("GET", "/api/v3/allOrders", read_all_orders, "symbol", "orderId", "startTime", "endTime", "limit"),
]  # fmt: skip
