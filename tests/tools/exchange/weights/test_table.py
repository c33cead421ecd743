"""What requests cost, as Binance's page of endpoints has it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from tools.exchange.weights.table import cost


def symbols(number: int) -> str:
    return "symbols=[" + ",".join(f'"COIN{n}USDT"' for n in range(number)) + "]"


@pytest.mark.parametrize(
    ("method", "path", "query", "weight"),
    [
        ("GET", "ping", "", 1),
        ("GET", "time", "", 1),
        ("GET", "exchangeInfo", "symbol=BTCUSDT", 20),
        ("GET", "depth", "symbol=BTCUSDT", 5),
        ("GET", "depth", "limit=100", 5),
        ("GET", "depth", "limit=101", 25),
        ("GET", "depth", "limit=500", 25),
        ("GET", "depth", "limit=501", 50),
        ("GET", "depth", "limit=1000", 50),
        ("GET", "depth", "limit=1001", 250),
        ("GET", "depth", "limit=much", 5),
        ("GET", "trades", "", 25),
        ("GET", "aggTrades", "", 4),
        ("GET", "klines", "limit=1000", 2),
        ("HEAD", "klines", "", 2),
        ("GET", "avgPrice", "", 2),
        ("GET", "ticker/24hr", "symbol=BTCUSDT", 2),
        ("GET", "ticker/24hr", symbols(20), 2),
        ("GET", "ticker/24hr", symbols(21), 40),
        ("GET", "ticker/24hr", symbols(100), 40),
        ("GET", "ticker/24hr", symbols(101), 80),
        ("GET", "ticker/24hr", "", 80),
        ("GET", "ticker/price", "symbol=BTCUSDT", 2),
        ("GET", "ticker/price", symbols(2), 4),
        ("GET", "ticker/bookTicker", "", 4),
        ("GET", "ticker", symbols(3), 12),
        ("GET", "ticker/tradingDay", symbols(60), 200),
        ("GET", "executionRules", symbols(3), 6),
        ("GET", "executionRules", "", 40),
        ("POST", "order", "", 1),
        ("GET", "order", "", 4),
        ("DELETE", "order", "", 1),
        ("POST", "order/test", "", 1),
        ("POST", "order/test", "computeCommissionRates=true", 20),
        ("POST", "order/cancelReplace", "", 1),
        ("GET", "openOrders", "symbol=BTCUSDT", 6),
        ("GET", "openOrders", "", 80),
        ("DELETE", "openOrders", "symbol=BTCUSDT", 1),
        ("GET", "allOrders", "", 20),
        ("GET", "account", "", 20),
        ("GET", "myTrades", "symbol=BTCUSDT", 20),
        ("GET", "myTrades", "symbol=BTCUSDT&orderId=1", 5),
        ("GET", "rateLimit/order", "", 40),
        ("GET", "nothing/of/the/kind", "", 1),
    ],
)
def test_cost_when_of_an_endpoint_then_its_weight(method: str, path: str, query: str, weight: int) -> None:
    assert cost(method, f"/api/v3/{path}", QueryParams(query)).weight == weight


@pytest.mark.parametrize(
    ("method", "path", "orders"),
    [
        ("POST", "order", 1),
        ("POST", "order/cancelReplace", 1),
        ("POST", "orderList/oco", 2),
        ("POST", "orderList/otoco", 3),
        ("POST", "order/test", 0),
        ("GET", "order", 0),
        ("PUT", "order/amend/keepPriority", 0),
        ("DELETE", "order", 0),
    ],
)
def test_cost_when_it_places_orders_then_so_many(method: str, path: str, orders: int) -> None:
    assert cost(method, f"/api/v3/{path}", {}).orders == orders


def test_cost_when_of_sapi_then_by_address_or_account() -> None:
    coins = cost("GET", "/sapi/v1/capital/config/getall", {})
    transfer = cost("POST", "/sapi/v1/asset/transfer", {})
    assert (coins.by, coins.weight, transfer.by, transfer.weight) == ("sapi_ip", 10, "sapi_uid", 900)
    assert cost("GET", "/sapi/v1/account/apiRestrictions", {}).weight == 1


@settings(deadline=None)
@given(st.sampled_from(["GET", "POST", "PUT", "DELETE"]), st.text(), st.dictionaries(st.text(), st.text()))
def test_cost_when_of_anything_then_something(method: str, path: str, params: dict[str, str]) -> None:
    assert cost(method, path, params).weight >= 1
    assert cost("GET", "/api/v3/depth", {**params, "limit": path}).weight in {5, 25, 50, 250}
