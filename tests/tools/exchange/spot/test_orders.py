"""Orders over HTTP: Binance's shapes, and its codes for what it refuses."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.tools.exchange.spot.trader import ORDER, Trader
from tools.exchange.spot.signing import sign

LIMIT = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.01",
    "price": "90000",
}
MARKET = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.01"}
STOP = {"symbol": "BTCUSDT", "side": "SELL", "type": "STOP_LOSS", "quantity": "0.01", "stopPrice": "90000"}
STOP_LIMIT = {**STOP, "type": "STOP_LOSS_LIMIT", "price": "89000", "timeInForce": "GTC"}
MAKER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT_MAKER", "quantity": "0.01", "price": "90000"}

ACK = {"symbol", "orderId", "orderListId", "clientOrderId", "transactTime"}
STATE = {"price", "origQty", "executedQty", "origQuoteOrderQty", "cummulativeQuoteQty", "status", "timeInForce", "type",
         "side", "selfTradePreventionMode"}  # fmt: skip
QUERY = (ACK - {"transactTime"}) | STATE | {"stopPrice", "icebergQty", "time", "updateTime", "isWorking", "workingTime"}
RESULT = ACK | STATE | {"workingTime"}


@pytest.mark.parametrize(
    ("order", "response", "fields"),
    [
        (LIMIT, None, RESULT | {"fills"}),
        (MARKET, None, RESULT | {"fills"}),
        (MAKER, None, ACK),
        (STOP, None, ACK),
        (STOP, "RESULT", RESULT | {"stopPrice"}),
        (LIMIT, "ACK", ACK),
        ({**MAKER, "strategyId": "1", "strategyType": "1000000"}, "RESULT", RESULT | {"strategyId", "strategyType"}),
    ],
)
def test_order_when_placed_then_answered_as_asked(
    trader: Trader, order: dict[str, str], response: str | None, fields: set[str]
) -> None:
    asked = order if response is None else {**order, "newOrderRespType": response}
    status, body = trader.call("POST", ORDER, **asked)
    assert (status, set(body)) == (200, fields)


def test_order_when_it_trades_then_its_fills_and_the_balances_agree(trader: Trader) -> None:
    body = trader.place("BUY", "MARKET", quantity="0.01")
    (fill,) = body["fills"]
    assert (body["status"], body["executedQty"], fill["qty"]) == ("FILLED", "0.01000000", "0.01000000")
    assert (fill["commission"], fill["commissionAsset"]) == ("0.00001000", "BTC")
    assert trader.balance("BTC") == ("2.00999000", "0.00000000")
    (trade,) = trader.read("/api/v3/myTrades", symbol="BTCUSDT")
    assert (trade["id"], trade["orderId"], trade["quoteQty"]) == (
        fill["tradeId"],
        body["orderId"],
        body["cummulativeQuoteQty"],
    )
    assert set(trade) == {
        "symbol", "id", "orderId", "orderListId", "price", "qty", "quoteQty", "commission", "commissionAsset", "time",
        "isBuyer", "isMaker", "isBestMatch",
    }  # fmt: skip


def test_order_when_it_rests_then_queried_listed_and_canceled(trader: Trader) -> None:
    placed = trader.place("BUY", "LIMIT", timeInForce="GTC", quantity="0.01", price="90000", newClientOrderId="mine")
    by_number = trader.read(ORDER, symbol="BTCUSDT", orderId=placed["orderId"])
    assert set(by_number) == QUERY
    assert trader.read(ORDER, symbol="BTCUSDT", origClientOrderId="mine") == by_number
    assert trader.read("/api/v3/openOrders") == trader.read("/api/v3/openOrders", symbol="BTCUSDT") == [by_number]
    assert trader.balance("USDT") == ("99100.00000000", "900.00000000")
    status, canceled = trader.call("DELETE", ORDER, symbol="BTCUSDT", origClientOrderId="mine", newClientOrderId="bye")
    assert (status, set(canceled)) == (200, ACK | STATE | {"origClientOrderId"})
    assert (canceled["origClientOrderId"], canceled["clientOrderId"], canceled["status"]) == ("mine", "bye", "CANCELED")
    assert trader.balance("USDT") == ("100000.00000000", "0.00000000")
    (kept,) = trader.read("/api/v3/allOrders", symbol="BTCUSDT")
    assert (kept["clientOrderId"], kept["status"]) == ("mine", "CANCELED")


def test_orders_when_read_from_a_number_or_within_a_day_then_those(trader: Trader, exchange: Any) -> None:
    numbers = [trader.place(**_without_symbol(LIMIT))["orderId"] for _ in range(3)]
    read = [order["orderId"] for order in trader.read("/api/v3/allOrders", symbol="BTCUSDT", limit=2)]
    assert read == numbers[1:]
    after = trader.read("/api/v3/allOrders", symbol="BTCUSDT", orderId=numbers[1], limit=1)
    assert [order["orderId"] for order in after] == numbers[1:2]
    now = exchange.now_ms
    assert len(trader.read("/api/v3/allOrders", symbol="BTCUSDT", startTime=now, endTime=now)) == 3
    far = {"symbol": "BTCUSDT", "startTime": now, "endTime": now + 86_400_001}
    assert trader.refused("GET", "/api/v3/allOrders", **far)[1] == -1127


def _without_symbol(order: dict[str, str]) -> dict[str, str]:
    renamed = {"type": "kind"}
    return {renamed.get(name, name): value for name, value in order.items() if name != "symbol"}


@pytest.mark.parametrize(
    ("order", "code", "says"),
    [
        ({**LIMIT, "symbol": "NOPE"}, -1121, "Invalid symbol."),
        ({**LIMIT, "side": "HOLD"}, -1117, "Invalid side."),
        ({**LIMIT, "type": "ICEBERG"}, -1116, "Invalid orderType."),
        ({**LIMIT, "timeInForce": "GTD"}, -1115, "Invalid timeInForce."),
        ({**LIMIT, "quantity": "1e-3"}, -1100, "parameter 'quantity'"),
        ({**LIMIT, "quantity": "-1"}, -1100, "parameter 'quantity'"),
        ({**LIMIT, "quantity": "NaN"}, -1100, "parameter 'quantity'"),
        ({**LIMIT, "price": "90000.123456789"}, -1111, "Parameter 'price' has too much precision."),
        ({**LIMIT, "quantity": "0"}, -1013, "Invalid quantity."),
        ({**LIMIT, "price": "0.00"}, -1013, "Invalid price."),
        ({**LIMIT, "price": "90000.001"}, -1013, "Filter failure: PRICE_FILTER"),
        ({**LIMIT, "price": "1000"}, -1013, "Filter failure: PERCENT_PRICE_BY_SIDE"),
        ({**LIMIT, "quantity": "0.000001"}, -1013, "Filter failure: LOT_SIZE"),
        ({**LIMIT, "quantity": "0.00005"}, -1013, "Filter failure: NOTIONAL"),
        ({**LIMIT, "quantity": "100"}, -2010, "Account has insufficient balance for requested action."),
        ({**LIMIT, "quantity": None}, -1102, "'quantity'"),
        ({**LIMIT, "price": None}, -1102, "'price'"),
        ({**LIMIT, "timeInForce": None}, -1102, "'timeInForce'"),
        ({**LIMIT, "side": None}, -1102, "'side'"),
        ({**LIMIT, "stopPrice": "1"}, -1106, "Parameter 'stopPrice' sent when not required."),
        ({**LIMIT, "quoteOrderQty": "10"}, -1106, "'quoteOrderQty'"),
        ({**MARKET, "price": "1"}, -1106, "'price'"),
        ({**MARKET, "timeInForce": "GTC"}, -1106, "'timeInForce'"),
        ({**MARKET, "quoteOrderQty": "10"}, -1106, "'quoteOrderQty'"),
        ({**MARKET, "quantity": None}, -1102, "Param 'quantity' or 'quoteOrderQty' must be sent"),
        ({**STOP, "stopPrice": None}, -1102, "'stopPrice'"),
        ({**STOP, "price": "90000"}, -1106, "'price'"),
        ({**STOP_LIMIT, "timeInForce": None}, -1102, "'timeInForce'"),
        ({**STOP, "stopPrice": "200000"}, -2010, "Stop price would trigger immediately."),
        ({**MAKER, "timeInForce": "GTC"}, -1106, "'timeInForce'"),
        ({**MAKER, "price": "120000"}, -2010, "Order would immediately match and take."),
        ({**LIMIT, "newClientOrderId": "a b"}, -1100, "'newClientOrderId'"),
        ({**LIMIT, "newClientOrderId": "x" * 37}, -1100, "'newClientOrderId'"),
        ({**LIMIT, "newOrderRespType": "ALL"}, -1130, "'newOrderRespType'"),
        ({**LIMIT, "selfTradePreventionMode": "DECREMENT"}, -1013, "self-trade prevention mode"),
        ({**LIMIT, "strategyType": "5"}, -1134, "strategyType"),
        ({**LIMIT, "icebergQty": "0.001"}, -2010, "Iceberg orders are not supported for this symbol."),
        ({**STOP, "trailingDelta": "10"}, -2010, "Trailing stop orders are not supported for this symbol."),
        ({**LIMIT, "color": "red"}, -1104, "read '9' parameter(s) but was sent '10'"),
        ({**LIMIT, "price": ""}, -1105, "Parameter 'price' was empty."),
    ],
)  # fmt: skip
def test_order_when_it_is_wrong_then_binances_code_and_words(
    trader: Trader, order: dict[str, str | None], code: int, says: str
) -> None:
    sent = {name: value for name, value in order.items() if value is not None}
    if code == -1104:
        sent["recvWindow"] = "5000"
    status, given, message = trader.refused("POST", ORDER, **sent)
    assert (status, given) == (400, code)
    assert says in message
    assert trader.read("/api/v3/openOrders") == []


def test_order_when_its_name_is_taken_then_a_duplicate(trader: Trader) -> None:
    trader.place(**_without_symbol(LIMIT), newClientOrderId="one")
    assert trader.refused("POST", ORDER, **LIMIT, newClientOrderId="one") == (400, -2010, "Duplicate order sent.")


def test_order_when_tested_then_checked_and_not_placed(trader: Trader) -> None:
    test = f"{ORDER}/test"
    assert trader.call("POST", test, **LIMIT) == (200, {})
    rates = trader.call("POST", test, **LIMIT, computeCommissionRates="true")[1]
    assert rates["standardCommissionForOrder"] == {"maker": "0.00100000", "taker": "0.00100000"}
    assert trader.refused("POST", test, **{**LIMIT, "price": "1000"})[1] == -1013
    assert trader.read("/api/v3/allOrders", symbol="BTCUSDT") == []


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("GET", {"orderId": "99"}, -2013),
        ("GET", {"origClientOrderId": "nobody"}, -2013),
        ("GET", {}, -1102),
        ("DELETE", {"orderId": "99"}, -2011),
        ("DELETE", {}, -1102),
        ("DELETE", {"orderId": "1", "origClientOrderId": "other"}, -2039),
        ("DELETE", {"orderId": "1", "cancelRestrictions": "ONLY_OLD"}, -1145),
        ("DELETE", {"orderId": "1", "cancelRestrictions": "ONLY_PARTIALLY_FILLED"}, -2011),
    ],
)
def test_order_when_it_is_not_there_then_binances_code(
    trader: Trader, method: str, params: dict[str, str], code: int
) -> None:
    trader.place(**_without_symbol(LIMIT))
    assert trader.refused(method, ORDER, symbol="BTCUSDT", **params)[:2] == (400, code)


def test_order_when_of_another_account_then_unknown(trader: Trader, open_trader: Callable[..., Trader]) -> None:
    number = trader.place(**_without_symbol(LIMIT))["orderId"]
    other = open_trader(USDT="1")
    assert other.refused("GET", ORDER, symbol="BTCUSDT", orderId=number)[1] == -2013
    assert other.refused("DELETE", ORDER, symbol="BTCUSDT", orderId=number)[1] == -2011
    assert other.refused("DELETE", "/api/v3/openOrders", symbol="BTCUSDT")[1] == -2011
    assert trader.read("/api/v3/openOrders") != []


def test_open_orders_when_all_are_canceled_then_lists_are_too(trader: Trader) -> None:
    trader.place(**_without_symbol(LIMIT))
    pair = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "0.1", "aboveType": "LIMIT_MAKER", "abovePrice": "120000",
            "belowType": "STOP_LOSS", "belowStopPrice": "90000"}  # fmt: skip
    status, placed = trader.call("POST", "/api/v3/orderList/oco", **pair)
    assert (status, placed["listOrderStatus"], len(placed["orderReports"])) == (200, "EXECUTING", 2)
    assert trader.read("/api/v3/openOrderList")[0]["orderListId"] == placed["orderListId"]
    single, both = trader.call("DELETE", "/api/v3/openOrders", symbol="BTCUSDT")[1]
    assert single["status"] == "CANCELED"
    assert (both["listOrderStatus"], [leg["status"] for leg in both["orderReports"]]) == ("ALL_DONE", ["CANCELED"] * 2)
    (kept,) = trader.read("/api/v3/allOrderList")
    assert kept == trader.read("/api/v3/orderList", orderListId=placed["orderListId"])
    assert trader.refused("GET", "/api/v3/orderList", orderListId="77")[1] == -2013


def test_list_when_canceled_over_http_then_both_legs(trader: Trader) -> None:
    old = {"symbol": "BTCUSDT", "side": "BUY", "quantity": "0.1", "price": "90000", "stopPrice": "120000",
           "listClientOrderId": "pair"}  # fmt: skip
    assert trader.call("POST", "/api/v3/order/oco", **old)[0] == 200
    assert trader.balance("USDT")[1] == "12000.00000000"
    status, done = trader.call("DELETE", "/api/v3/orderList", symbol="BTCUSDT", listClientOrderId="pair")
    assert (status, done["listStatusType"]) == (200, "ALL_DONE")
    assert trader.balance("USDT")[1] == "0.00000000"
    assert trader.refused("DELETE", "/api/v3/orderList", symbol="BTCUSDT", listClientOrderId="pair")[1] == -2011


@pytest.mark.parametrize(
    ("mode", "known", "quantity", "status", "code", "results"),
    [
        ("STOP_ON_FAILURE", True, "0.02", 200, None, ("SUCCESS", "SUCCESS")),
        ("STOP_ON_FAILURE", False, "0.02", 400, -2022, ("FAILURE", "NOT_ATTEMPTED")),
        ("STOP_ON_FAILURE", True, "50", 409, -2021, ("SUCCESS", "FAILURE")),
        ("ALLOW_FAILURE", False, "0.02", 409, -2021, ("FAILURE", "SUCCESS")),
        ("ALLOW_FAILURE", False, "50", 400, -2022, ("FAILURE", "FAILURE")),
    ],
)
def test_replace_when_either_half_fails_then_binances_status(
    trader: Trader, mode: str, known: bool, quantity: str, status: int, code: int | None, results: tuple[str, str]
) -> None:
    number = trader.place(**_without_symbol(LIMIT))["orderId"]
    wanted = {**LIMIT, "quantity": quantity, "cancelReplaceMode": mode, "cancelOrderId": number if known else 99}
    given, body = trader.call("POST", f"{ORDER}/cancelReplace", **wanted)
    report = body if code is None else body["data"]
    assert (given, body.get("code")) == (status, code)
    assert (report["cancelResult"], report["newOrderResult"]) == results
    assert (report["newOrderResponse"] is None) == (results[1] == "NOT_ATTEMPTED")


@pytest.mark.parametrize("split", [0, 3, 6])
def test_parameters_when_in_query_and_body_then_both_are_signed_and_read(
    trader: Trader, exchange: Any, split: int
) -> None:
    pairs = [f"{name}={value}" for name, value in {**LIMIT, "timestamp": exchange.now_ms}.items()]
    query, body = "&".join(pairs[:split]), "&".join(pairs[split:])
    signature = sign(trader.secret, (query + body).encode())
    assert trader.send("POST", f"{ORDER}?{query}", f"{body}&signature={signature.upper()}")[0] == 200


def test_parameters_when_sent_twice_then_the_query_counts_or_refused(trader: Trader, exchange: Any) -> None:
    query = "&".join(f"{name}={value}" for name, value in {**LIMIT, "timestamp": exchange.now_ms}.items())
    body = "price=80000"
    signature = sign(trader.secret, (query + body).encode())
    status, placed = trader.send("POST", f"{ORDER}?{query}&signature={signature}", body)
    assert (status, placed["price"]) == (200, "90000.00000000")
    twice = f"{query}&price=80000"
    signed = f"{ORDER}?{twice}&signature={sign(trader.secret, twice.encode())}"
    assert trader.send("POST", signed)[1]["code"] == -1101


def test_request_when_its_key_signature_or_time_is_wrong_then_refused(trader: Trader, exchange: Any) -> None:
    path, now = "/api/v3/account", exchange.now_ms
    assert exchange.refused(path) == (401, -2014)
    assert exchange.client.get(path, headers={"X-MBX-APIKEY": "x" * 64}).json()["code"] == -2015
    assert trader.send("GET", f"{path}?timestamp={now}")[1]["code"] == -1102
    assert trader.send("GET", f"{path}?timestamp={now}&signature={'0' * 64}")[1]["code"] == -1022
    assert trader.refused("GET", path, timestamp=now - 5_001)[:2] == (400, -1021)
    assert trader.refused("GET", path, timestamp=now + 1_000)[1] == -1021
    assert trader.refused("GET", path, recvWindow="60001")[1] == -1131
    assert trader.call("GET", path, timestamp=now - 5_001, recvWindow="5001.5")[0] == 200
