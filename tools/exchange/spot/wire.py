"""Orders, lists and trades in the JSON shapes of Binance's REST API.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md
"""

from collections.abc import Sequence
from typing import Any

from tools.exchange.spot.amounts import COMMISSION_DIVISOR, UNIT, write_amount
from tools.exchange.spot.list_table import OrderList
from tools.exchange.spot.orders import Order
from tools.exchange.spot.trade_table import TradeSide

Json = dict[str, Any]

RATE = write_amount(UNIT // COMMISSION_DIVISOR)
"""The commission of makers and takers, "0.00100000"."""
NO_RATE = write_amount(0)
DISCOUNT = {"enabledForAccount": False, "enabledForSymbol": False, "discountAsset": "BNB", "discount": NO_RATE}


def placed(order: Order, response: str, trades: Sequence[TradeSide]) -> Json:
    """The answer to a new order as ACK, RESULT or FULL."""
    ack = {
        "symbol": order.symbol,
        "orderId": order.number,
        "orderListId": order.list_id,
        "clientOrderId": order.client_id,
        "transactTime": order.updated_ms,
    }
    if response == "ACK":
        return ack
    result = {**ack, **_state(order), "workingTime": order.working_ms, **_last(order)}
    return result if response == "RESULT" else {**result, "fills": [_fill(trade) for trade in trades]}


def canceled(order: Order, cancel_id: str) -> Json:
    """The answer to a cancel."""
    return {
        "symbol": order.symbol,
        "origClientOrderId": order.client_id,
        "orderId": order.number,
        "orderListId": order.list_id,
        "clientOrderId": cancel_id,
        "transactTime": order.updated_ms,
        **_state(order),
        **_last(order),
    }


def queried(order: Order) -> Json:
    """An order as a query shows it."""
    return {
        "symbol": order.symbol,
        "orderId": order.number,
        "orderListId": order.list_id,
        "clientOrderId": order.client_id,
        **_state(order),
        **_last(order),
        "stopPrice": write_amount(order.stop_price),
        "icebergQty": write_amount(0),
        "time": order.created_ms,
        "updateTime": order.updated_ms,
        "isWorking": order.is_working,
        "workingTime": order.working_ms,
    }


def listed(order_list: OrderList, orders: Sequence[Order], reports: Sequence[Json] | None = None) -> Json:
    """An order list, with the reports of its orders where it has just been placed or canceled."""
    names = [{"symbol": one.symbol, "orderId": one.number, "clientOrderId": one.client_id} for one in orders]
    shown = {
        "orderListId": order_list.number,
        "contingencyType": "OCO",
        "listStatusType": "ALL_DONE" if order_list.done else "EXEC_STARTED",
        "listOrderStatus": "ALL_DONE" if order_list.done else "EXECUTING",
        "listClientOrderId": order_list.client_id,
        "transactionTime": order_list.updated_ms,
        "symbol": order_list.symbol,
        "orders": names,
    }
    return shown if reports is None else {**shown, "orderReports": list(reports)}


def traded(trade: TradeSide) -> Json:
    """A trade in an account's list."""
    return {
        "symbol": trade.symbol,
        "id": trade.number,
        "orderId": trade.order_number,
        "orderListId": trade.list_id,
        "price": write_amount(trade.price),
        "qty": write_amount(trade.quantity),
        "quoteQty": write_amount(trade.quote),
        "commission": write_amount(trade.commission),
        "commissionAsset": trade.commission_asset,
        "time": trade.time_ms,
        "isBuyer": trade.is_buyer,
        "isMaker": trade.is_maker,
        "isBestMatch": True,
    }


def order_rates() -> Json:
    """The commission rates of an order."""
    none = {"maker": NO_RATE, "taker": NO_RATE}
    return {
        "standardCommissionForOrder": {"maker": RATE, "taker": RATE},
        "specialCommissionForOrder": none,
        "taxCommissionForOrder": none,
        "discount": DISCOUNT,
    }


def account_rates(symbol: str) -> Json:
    """The commission rates of an account on a symbol."""
    none = {"maker": NO_RATE, "taker": NO_RATE, "buyer": NO_RATE, "seller": NO_RATE}
    return {
        "symbol": symbol,
        "standardCommission": {**none, "maker": RATE, "taker": RATE},
        "specialCommission": none,
        "taxCommission": none,
        "discount": DISCOUNT,
    }


def _state(order: Order) -> Json:
    return {
        "price": write_amount(order.price),
        "origQty": write_amount(order.quantity),
        "executedQty": write_amount(order.executed),
        "origQuoteOrderQty": write_amount(order.quote_quantity),
        "cummulativeQuoteQty": write_amount(order.executed_quote),
        "status": order.status,
        "timeInForce": order.tif,
        "type": order.type,
        "side": order.side,
    }


def _last(order: Order) -> Json:
    """The mode of self-trade prevention, and the fields that only some orders have."""
    fields: Json = {"stopPrice": write_amount(order.stop_price)} if order.is_stop else {}
    labels = {"strategyId": order.strategy_id, "strategyType": order.strategy_type}
    fields |= {name: value for name, value in labels.items() if value is not None}
    if order.prevention_id is not None:
        fields |= {"preventedMatchId": order.prevention_id, "preventedQuantity": write_amount(order.prevented)}
    if order.expiry_reason is not None:
        fields["expiryReason"] = order.expiry_reason
    return {**fields, "selfTradePreventionMode": order.prevention}


def _fill(trade: TradeSide) -> Json:
    return {
        "price": write_amount(trade.price),
        "qty": write_amount(trade.quantity),
        "commission": write_amount(trade.commission),
        "commissionAsset": trade.commission_asset,
        "tradeId": trade.number,
    }
