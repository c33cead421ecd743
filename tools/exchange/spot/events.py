"""What an account is told of its orders and balances.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/user-data-stream.md
"""

from collections.abc import Sequence
from typing import Any, Literal

from tools.exchange.spot.amounts import write_amount
from tools.exchange.spot.ledger import Balance
from tools.exchange.spot.list_table import OrderList
from tools.exchange.spot.orders import Order
from tools.exchange.spot.trade_table import TradeSide

Execution = Literal["NEW", "CANCELED", "TRADE", "EXPIRED", "TRADE_PREVENTION"]
Event = dict[str, Any]


def execution_report(
    order: Order, execution: Execution, number: int, trade: TradeSide | None = None, cancel_id: str | None = None
) -> Event:
    """`executionReport`: what has just happened to an order. `number` counts executions."""
    named = {"c": order.client_id, "C": ""} if cancel_id is None else {"c": cancel_id, "C": order.client_id}
    return {
        "e": "executionReport",
        "E": order.updated_ms,
        "s": order.symbol,
        **named,
        **_asked(order),
        "x": execution,
        "X": order.status,
        "r": "NONE",
        "i": order.number,
        **_traded(trade),
        "z": write_amount(order.executed),
        "T": order.updated_ms,
        "I": number,
        "w": order.is_open and order.is_working,
        "M": trade is not None,
        "O": order.created_ms,
        "Z": write_amount(order.executed_quote),
        "V": order.prevention,
        **_conditional(order),
    }


def _asked(order: Order) -> Event:
    return {
        "S": order.side,
        "o": order.type,
        "f": order.tif,
        "q": write_amount(order.quantity),
        "p": write_amount(order.price),
        "P": write_amount(order.stop_price),
        "F": write_amount(0),
        "g": order.list_id,
        "Q": write_amount(order.quote_quantity),
    }


def _traded(trade: TradeSide | None) -> Event:
    if trade is None:
        zero = write_amount(0)
        return {"l": zero, "L": zero, "n": "0", "N": None, "t": -1, "m": False, "Y": zero}
    return {
        "l": write_amount(trade.quantity),
        "L": write_amount(trade.price),
        "n": write_amount(trade.commission),
        "N": trade.commission_asset,
        "t": trade.number,
        "m": trade.is_maker,
        "Y": write_amount(trade.quote),
    }


def _conditional(order: Order) -> Event:
    fields: Event = {}
    if order.is_working:
        fields["W"] = order.working_ms
    if order.strategy_id is not None:
        fields["j"] = order.strategy_id
    if order.strategy_type is not None:
        fields["J"] = order.strategy_type
    if order.expiry_reason is not None:
        fields["eR"] = order.expiry_reason
    if order.prevention_id is not None:
        prevented = write_amount(order.prevented)
        fields |= {"v": order.prevention_id, "A": prevented, "B": prevented}
    return fields


def account_position(balances: Sequence[Balance], now_ms: int) -> Event:
    """`outboundAccountPosition`: the balances that may have changed."""
    changed = [{"a": one.asset, "f": write_amount(one.free), "l": write_amount(one.locked)} for one in balances]
    return {"e": "outboundAccountPosition", "E": now_ms, "u": now_ms, "B": changed}


def balance_update(asset: str, delta: int, now_ms: int) -> Event:
    """`balanceUpdate`: a deposit, or a withdrawal where the delta is negative."""
    return {"e": "balanceUpdate", "E": now_ms, "a": asset, "d": write_amount(delta), "T": now_ms}


def list_status(order_list: OrderList, orders: Sequence[Order]) -> Event:
    """`listStatus`: that a list has begun or is done."""
    done = order_list.done
    return {
        "e": "listStatus",
        "E": order_list.updated_ms,
        "s": order_list.symbol,
        "g": order_list.number,
        "c": "OCO",
        "l": "ALL_DONE" if done else "EXEC_STARTED",
        "L": "ALL_DONE" if done else "EXECUTING",
        "r": "NONE",
        "C": order_list.client_id,
        "T": order_list.updated_ms,
        "O": [{"s": order.symbol, "i": order.number, "c": order.client_id} for order in orders],
    }
