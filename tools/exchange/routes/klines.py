"""Candles over HTTP."""

from typing import Any

from tools.exchange.call import Call, get
from tools.exchange.candles import Candles
from tools.exchange.clock import GENESIS_MS
from tools.exchange.intervals import Interval
from tools.exchange.symbols import Symbol, money

DEFAULT_LIMIT, LARGEST_LIMIT = 500, 1_000
PARAMETERS = ("symbol", "interval", "startTime", "endTime", "timeZone", "limit")


def read_klines(call: Call) -> list[list[Any]]:
    """Klines, oldest first: the first ones from startTime, or the last ones up to endTime or now."""
    symbol, interval = call.query.symbol(call.market.symbols), call.query.interval()
    first, last = _window(call, interval)
    return _write(call.market.candles(symbol, interval, first, last, call.now_ms), symbol, interval)


def _window(call: Call, interval: Interval) -> tuple[int, int]:
    """Numbers of the first and last interval asked for; both bounds are on the open time and inclusive."""
    limit = call.query.limit(DEFAULT_LIMIT, LARGEST_LIMIT)
    start_ms, end_ms = call.query.integer("startTime"), call.query.integer("endTime")
    last = interval.number(call.now_ms if end_ms is None else min(end_ms, call.now_ms))
    earliest = interval.number(GENESIS_MS)
    if start_ms is None:
        return max(last - limit + 1, earliest), last
    # Moments outside the history are moved to its edges, so that no number is too large for an interval.
    within_ms = min(max(start_ms, GENESIS_MS), call.now_ms + 1)
    first = max(interval.number(within_ms - 1) + 1, earliest)
    return first, min(last, first + limit - 1)


def _write(candles: Candles, symbol: Symbol, interval: Interval) -> list[list[Any]]:
    return [_kline(row, symbol, interval) for row in candles.tolist()]


def _kline(row: tuple[Any, ...], symbol: Symbol, interval: Interval) -> list[Any]:
    open_ms, *prices, volume, quote_volume, trades, taker_base, taker_quote = row
    close_ms = interval.open_ms(interval.number(open_ms) + 1) - 1
    taken = [symbol.quantity(taker_base), money(taker_quote)]
    head = [open_ms, *map(money, prices), symbol.quantity(volume), close_ms]
    return [*head, money(quote_volume), trades, *taken, "0"]


ROUTES = [get("/api/v3/klines", read_klines, *PARAMETERS), get("/api/v3/uiKlines", read_klines, *PARAMETERS)]
