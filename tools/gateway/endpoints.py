"""The allow-list: what exists on the wire, and nothing else does.

Weights are those that Binance documents in July 2026:
https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from tools.gateway import errors
from tools.gateway.budget import Priority
from tools.gateway.parameters import (
    Check,
    check_choice,
    check_integer,
    check_interval,
    check_permissions,
    check_symbol,
    check_symbols,
    check_time_zone,
    read_symbols,
)

Params = Mapping[str, str]
Weight = Callable[[Params], int]


class Memory(Enum):
    """How the answers of an endpoint are remembered."""

    CLOCK = "answered from the measured clock"
    LISTING = "all symbols in one answer, chosen from here"
    CANDLES = "closed candles for good, the forming one shortly"
    QUOTES = "by symbol, asked for together"
    BOOK = "by symbol, the deepest that was asked for"
    LATEST = "by symbol, the most that can be asked for"
    VERBATIM = "the answer as it came"


@dataclass(frozen=True)
class Endpoint:
    """One method and path, the parameters that it takes, what it weighs and how it is remembered for how long."""

    path: str
    memory: Memory
    weight: Weight
    params: Mapping[str, Check]
    mandatory: tuple[str, ...] = ()
    ttl_ms: int = 1_000
    stale_ms: int = 0
    """How old an answer may be that is served because the exchange does not answer."""
    priority: Priority = Priority.PRICES
    method: Literal["GET", "POST", "DELETE"] = "GET"
    security: Literal["public", "signed"] = "public"


def _always(weight: int) -> Weight:
    return lambda _: weight


def _depth(params: Params) -> int:
    limit = int(params.get("limit", 100))
    return next((weight for most, weight in ((100, 5), (500, 25), (1_000, 50)) if limit <= most), 250)


def _some_or_all(params: Params) -> int:
    return 2 if "symbol" in params else 4


def _day(params: Params) -> int:
    if "symbol" in params:
        return 2
    count = len(read_symbols(params["symbols"])) if "symbols" in params else 101
    return 2 if count <= 20 else 40 if count <= 100 else 80


_STATUS = {"symbolStatus": check_choice(errors.bad_symbol_status, "TRADING", "HALT", "BREAK")}
_ONE = {"symbol": check_symbol}
_SOME = {"symbol": check_symbol, "symbols": check_symbols}
_LIMIT = {"limit": check_integer}
_SPAN = {"startTime": check_integer, "endTime": check_integer}
_KLINES = {**_ONE, "interval": check_interval, **_SPAN, "timeZone": check_time_zone, **_LIMIT}
_LISTING = {
    **_SOME, **_STATUS, "permissions": check_permissions,
    "showPermissionSets": check_choice(lambda: errors.invalid("showPermissionSets"), "true", "false"),
}  # fmt: skip
_TYPE = {"type": check_choice(errors.bad_ticker_type, "FULL", "MINI")}
_BY_SYMBOL = ("symbol",)

PUBLIC = [
    Endpoint("/api/v3/ping", Memory.VERBATIM, _always(1), {}),
    Endpoint("/api/v3/time", Memory.CLOCK, _always(1), {}),
    Endpoint("/api/v3/exchangeInfo", Memory.LISTING, _always(20), _LISTING, (), 600_000, 3_600_000, Priority.SCANS),
    Endpoint("/api/v3/klines", Memory.CANDLES, _always(2), _KLINES, ("symbol", "interval"), 1_500, 60_000,
             Priority.CANDLES),
    Endpoint("/api/v3/uiKlines", Memory.CANDLES, _always(2), _KLINES, ("symbol", "interval"), 1_500, 60_000,
             Priority.CANDLES),
    Endpoint("/api/v3/avgPrice", Memory.VERBATIM, _always(2), _ONE, _BY_SYMBOL, 5_000, 10_000),
    Endpoint("/api/v3/depth", Memory.BOOK, _depth, {**_ONE, **_LIMIT, **_STATUS}, _BY_SYMBOL, 1_000, 2_000),
    Endpoint("/api/v3/trades", Memory.LATEST, _always(25), {**_ONE, **_LIMIT}, _BY_SYMBOL, 1_000, 5_000,
             Priority.SCANS),
    Endpoint("/api/v3/aggTrades", Memory.LATEST, _always(4), {**_ONE, "fromId": check_integer, **_SPAN, **_LIMIT},
             _BY_SYMBOL, 1_000, 5_000, Priority.SCANS),
    Endpoint("/api/v3/ticker/24hr", Memory.QUOTES, _day, {**_SOME, **_TYPE, **_STATUS}, (), 1_000, 5_000),
    Endpoint("/api/v3/ticker/price", Memory.QUOTES, _some_or_all, {**_SOME, **_STATUS}, (), 1_000, 5_000),
    Endpoint("/api/v3/ticker/bookTicker", Memory.QUOTES, _some_or_all, {**_SOME, **_STATUS}, (), 1_000, 5_000),
]  # fmt: skip

ENDPOINTS = {endpoint.path: endpoint for endpoint in PUBLIC}
"""Every endpoint by its path."""
