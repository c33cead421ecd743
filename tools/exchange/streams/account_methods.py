"""The WebSocket API's methods for accounts, each signed. Each does and answers what a REST endpoint does and answers.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-api.md
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.datastructures import QueryParams

from tools.exchange.call import SIGNATURE, Right, SignedCall, SignedHandler, check_right
from tools.exchange.errors import ApiError
from tools.exchange.query import Query
from tools.exchange.routes import account, order_lists, orders
from tools.exchange.spot import oco, tickets
from tools.exchange.streams.method import Method, Params
from tools.exchange.streams.requests import write_params
from tools.exchange.streams.session import Session
from tools.exchange.streams.session_methods import desk_of, signer_of
from tools.exchange.weights.refusals import too_much

SIGNED = ("apiKey", *SIGNATURE)


def _as_rest(weight: int, handler: SignedHandler, *known: str, right: Right = "USER_DATA", orders: int = 0) -> Method:
    """`orders` is how many new ones it places: they are counted, and not done where they are too many."""

    def serve(session: Session, params: Params) -> Any:
        signer, desk = signer_of(session, params), desk_of(session)
        check_right(signer, right)
        query = Query(QueryParams(write_params(params)), (*known, *SIGNED))
        with _placing(session, str(signer.uid), orders):
            now_ms = desk.advance(session.clock())
            return handler(SignedCall(session.market, now_ms, query, desk, signer, session.meter))

    return Method(weight, serve)


@contextmanager
def _placing(session: Session, account: str, orders: int) -> Iterator[None]:
    exceeded = session.meter.place(account, orders, session.clock()) if orders else None
    if exceeded is not None:
        raise too_much(exceeded)
    try:
        yield
    except ApiError:
        session.meter.unplace(account, orders, session.clock())
        raise


METHODS = {
    "order.place": _as_rest(1, orders.place_order, *tickets.PARAMETERS, right="TRADE", orders=1),
    "order.test": _as_rest(1, orders.test_order, *tickets.PARAMETERS, "computeCommissionRates", right="TRADE"),
    "order.cancel": _as_rest(1, orders.cancel_order,
        "symbol", "orderId", "origClientOrderId", "newClientOrderId", "cancelRestrictions", right="TRADE"),
    "order.cancelReplace": _as_rest(1, orders.replace_order, *tickets.PARAMETERS, "cancelReplaceMode", "cancelOrderId",
        "cancelOrigClientOrderId", "cancelNewClientOrderId", "cancelRestrictions", "orderRateLimitExceededMode",
        right="TRADE", orders=1),
    "order.status": _as_rest(4, orders.read_order, "symbol", "orderId", "origClientOrderId"),
    "openOrders.status": _as_rest(6, orders.read_open_orders, "symbol"),
    "openOrders.cancelAll": _as_rest(1, orders.cancel_open_orders, "symbol", right="TRADE"),
    "allOrders": _as_rest(20, orders.read_all_orders, "symbol", "orderId", "startTime", "endTime", "limit"),
    "orderList.place.oco": _as_rest(1, order_lists.place_oco, *oco.PARAMETERS, right="TRADE", orders=2),
    "orderList.place": _as_rest(1, order_lists.place_old_oco, *oco.OLD_PARAMETERS, right="TRADE", orders=2),
    "orderList.cancel": _as_rest(1, order_lists.cancel_list,
        "symbol", "orderListId", "listClientOrderId", "newClientOrderId", right="TRADE"),
    "orderList.status": _as_rest(4, order_lists.read_list, "orderListId", "origClientOrderId"),
    "openOrderLists.status": _as_rest(6, order_lists.read_open_lists),
    "allOrderLists": _as_rest(20, order_lists.read_all_lists, "fromId", "startTime", "endTime", "limit"),
    "account.status": _as_rest(20, account.read_account, "omitZeroBalances"),
    "account.commission": _as_rest(20, account.read_commission, "symbol"),
    "account.rateLimits.orders": _as_rest(40, account.read_order_counts),
    "myTrades": _as_rest(20, account.read_trades,
        "symbol", "orderId", "startTime", "endTime", "fromId", "limit"),
}  # fmt: skip
