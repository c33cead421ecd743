"""The signed paths, at the exchange and here, and what they weigh there.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md
"""

from collections.abc import Mapping

ACCOUNT, ORDER, OPEN, ALL, TRADES = (
    f"/api/v3/{name}" for name in ("account", "order", "openOrders", "allOrders", "myTrades")
)
COINS, FEES = "/sapi/v1/capital/config/getall", "/sapi/v1/asset/tradeFee"
RESTRICTIONS = "/sapi/v1/account/apiRestrictions"
"""Asked by the gateway itself; there is no such path here."""
CHECK = "/gateway/check"
"""Only here: whether the key works, and what it may do."""
DIFFERENCES, STATEMENT, SETTLE = "/gateway/differences", "/gateway/statement", "/gateway/settle"
"""Only here: on what ledger, bots and exchange do not agree, what a bot says of itself, and a person's word on it."""

READS: Mapping[str, int] = {
    ACCOUNT: 20, ORDER: 4, OPEN: 6, ALL: 20, TRADES: 20, COINS: 10, FEES: 1, RESTRICTIONS: 1, CHECK: 21,
    DIFFERENCES: 0,
}  # fmt: skip
ALL_SYMBOLS = 80
"""Of open orders where no symbol is named."""
CHANGE = 1
"""Of an order that is placed or taken back."""


def weight_of(method: str, path: str, params: Mapping[str, str]) -> int:
    """What a request weighs for whoever sends it."""
    if method != "GET":
        return CHANGE
    return ALL_SYMBOLS if path == OPEN and "symbol" not in params else READS[path]


def address_weight(method: str, path: str, params: Mapping[str, str]) -> int:
    """What it takes of the weight that market data is asked for with: `/sapi` has a count of its own."""
    return 0 if path.startswith("/sapi/") else weight_of(method, path, params)
