"""Whether the exchange is there, what time it has, and what it lists."""

from typing import Any

from tools.exchange import errors
from tools.exchange.call import Call, get
from tools.exchange.symbols import Symbol
from tools.exchange.weights.limits import Limits

STATUSES = ("TRADING", "HALT", "BREAK")
RATE_LIMITS = Limits().announce()
"""What Binance announces and enforces, and so does this exchange."""


def read_ping(_: Call) -> dict[str, Any]:
    """Nothing, to show that the exchange answers."""
    return {}


def read_time(call: Call) -> dict[str, int]:
    """The exchange's clock, in ms UTC."""
    return {"serverTime": call.now_ms}


def read_exchange_info(call: Call) -> dict[str, Any]:
    """The listed symbols and their rules, narrowed by symbol, symbols, permissions or status."""
    described = [_describe(symbol, call) for symbol in _chosen(call)]
    return {
        "timezone": "UTC",
        "serverTime": call.now_ms,
        "rateLimits": RATE_LIMITS,
        "exchangeFilters": [],
        "symbols": described,
    }


def _chosen(call: Call) -> list[Symbol]:
    query = call.query
    if query.has("symbol", "symbols") and query.has("permissions", "symbolStatus"):
        raise errors.bad_combination()
    symbols = query.symbols(call.market.symbols)
    status = query.choice("symbolStatus", STATUSES, "TRADING", errors.bad_symbol_status())
    spot = "SPOT" in (query.words("permissions") if query.has("permissions") else ["SPOT"])
    return symbols if spot and status == "TRADING" else []


def _describe(symbol: Symbol, call: Call) -> dict[str, Any]:
    shown = call.query.choice("showPermissionSets", ("true", "false"), "true", errors.invalid("showPermissionSets"))
    description = symbol.describe()
    return description if shown == "true" else {**description, "permissionSets": []}


ROUTES = [
    get("/api/v3/ping", read_ping),
    get("/api/v3/time", read_time),
    get("/api/v3/exchangeInfo", read_exchange_info,
        "symbol", "symbols", "permissions", "showPermissionSets", "symbolStatus"),
]  # fmt: skip
