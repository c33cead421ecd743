"""What each request costs: its weight, against whom it is counted, and how many orders it places.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md, each endpoint's Weight and
Unfilled Order Count, as of July 2026; for `/sapi` https://developers.binance.com/docs/wallet. What is not listed
weighs 1.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

CONTROL = "/demo/"
"""Paths of this exchange's own. They cost nothing and always answer."""

Params = Mapping[str, str]
Weight = int | Callable[[Params], int]


@dataclass(frozen=True)
class Cost:
    """A request's weight, whose count of which family it goes to, and the orders that it places."""

    weight: int
    by: Literal["ip", "sapi_ip", "sapi_uid"] = "ip"
    orders: int = 0
    always_counts: bool = False
    """Whether its order is counted even where the answer is a refusal."""


def cost(method: str, path: str, params: Params) -> Cost:
    """What a request costs. `params` are those of the query string."""
    verb = "GET" if method == "HEAD" else method
    if path.startswith("/sapi/"):
        return SAPI.get(path, Cost(1, "sapi_ip"))
    weight = WEIGHTS.get((verb, path), 1)
    orders = ORDERS.get(path, 0) if verb == "POST" else 0
    weighed = weight(params) if callable(weight) else weight
    return Cost(weighed, orders=orders, always_counts=path == CANCEL_REPLACE)


def _listed(params: Params) -> int:
    """How many symbols were asked for: 0 where neither `symbol` nor `symbols` was sent."""
    if "symbols" in params:
        return params["symbols"].count(",") + 1
    return int("symbol" in params)


def _by_depth(params: Params) -> int:
    text = params.get("limit", "100")
    limit = int(text) if text.isdecimal() and len(text) < 10 else 100
    return next((weight for most, weight in ((100, 5), (500, 25), (1_000, 50)) if limit <= most), 250)


def _day(params: Params) -> int:
    number = _listed(params)
    if number == 0 or number > 100:
        return 80
    return 2 if number <= 20 else 40


def _one_or_more(params: Params) -> int:
    return 2 if "symbol" in params else 4


def _window(params: Params) -> int:
    return min(4 * max(_listed(params), 1), 200)


def _rules(params: Params) -> int:
    return min(2 * _listed(params), 40) if _listed(params) else 40


def _test_order(params: Params) -> int:
    return 20 if params.get("computeCommissionRates", "false") != "false" else 1


def _one_symbol(one: int, every: int) -> Callable[[Params], int]:
    return lambda params: one if "symbol" in params else every


def _given(name: str, given: int, otherwise: int) -> Callable[[Params], int]:
    return lambda params: given if name in params else otherwise


WEIGHTS: dict[tuple[str, str], Weight] = {
    ("GET", "/api/v3/exchangeInfo"): 20,
    ("GET", "/api/v3/executionRules"): _rules,
    ("GET", "/api/v3/depth"): _by_depth,
    ("GET", "/api/v3/trades"): 25,
    ("GET", "/api/v3/historicalTrades"): 25,
    ("GET", "/api/v3/historicalBlockTrades"): 25,
    ("GET", "/api/v3/aggTrades"): 4,
    ("GET", "/api/v3/klines"): 2,
    ("GET", "/api/v3/uiKlines"): 2,
    ("GET", "/api/v3/avgPrice"): 2,
    ("GET", "/api/v3/ticker/24hr"): _day,
    ("GET", "/api/v3/ticker/tradingDay"): _window,
    ("GET", "/api/v3/ticker/price"): _one_or_more,
    ("GET", "/api/v3/ticker/bookTicker"): _one_or_more,
    ("GET", "/api/v3/ticker"): _window,
    ("GET", "/api/v3/referencePrice"): 2,
    ("GET", "/api/v3/referencePrice/calculation"): 2,
    ("POST", "/api/v3/order/test"): _test_order,
    ("POST", "/api/v3/sor/order/test"): _test_order,
    ("PUT", "/api/v3/order/amend/keepPriority"): 4,
    ("GET", "/api/v3/account"): 20,
    ("GET", "/api/v3/order"): 4,
    ("GET", "/api/v3/openOrders"): _one_symbol(6, 80),
    ("GET", "/api/v3/allOrders"): 20,
    ("GET", "/api/v3/orderList"): 4,
    ("GET", "/api/v3/allOrderList"): 20,
    ("GET", "/api/v3/openOrderList"): 6,
    ("GET", "/api/v3/myTrades"): _given("orderId", 5, 20),
    ("GET", "/api/v3/rateLimit/order"): 40,
    ("GET", "/api/v3/myPreventedMatches"): _given("orderId", 20, 2),
    ("GET", "/api/v3/myAllocations"): 20,
    ("GET", "/api/v3/account/commission"): 20,
    ("GET", "/api/v3/order/amendments"): 4,
    ("GET", "/api/v3/myFilters"): 40,
}

CANCEL_REPLACE = "/api/v3/order/cancelReplace"
ORDERS = {
    "/api/v3/order": 1,
    CANCEL_REPLACE: 1,
    "/api/v3/sor/order": 1,
    "/api/v3/order/oco": 2,
    "/api/v3/orderList/oco": 2,
    "/api/v3/orderList/oto": 2,
    "/api/v3/orderList/opo": 2,
    "/api/v3/orderList/otoco": 3,
    "/api/v3/orderList/opoco": 3,
}

SAPI = {
    "/sapi/v1/capital/config/getall": Cost(10, "sapi_ip"),
    "/sapi/v1/asset/assetDividend": Cost(10, "sapi_ip"),
    "/sapi/v3/asset/getUserAsset": Cost(5, "sapi_ip"),
    "/sapi/v1/asset/transfer": Cost(900, "sapi_uid"),
    "/sapi/v1/capital/withdraw/apply": Cost(900, "sapi_uid"),
}
"""Those of `/sapi` that weigh more than 1 and that a client of Spot asks."""
