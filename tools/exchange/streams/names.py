"""The streams by their names, as `btcusdt@kline_1m` or `!miniTicker@arr`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tools.exchange.clock import HOUR_MS
from tools.exchange.intervals import INTERVALS
from tools.exchange.market import Market
from tools.exchange.streams import depth, klines, tickers, trades
from tools.exchange.streams.span import Span
from tools.exchange.symbols import Symbol

WELL_FORMED = re.compile(r"!?[^@\s]+(@[^@\s]+)+")
"""What a name looks like, whether or not there is such a stream."""

ZONES = {"": 0, "@+08:00": 8 * HOUR_MS}
RATES = ("", "@100ms")
DEPTHS = (5, 10, 20)

Reader = Callable[[Market, Span], list[Any]]
"""Makes the events of a span, oldest first, as what JSON can hold."""

_OF_SYMBOL: dict[str, Callable[[Market, Span, Symbol], list[Any]]] = {
    "miniTicker": tickers.read_mini_ticker,
    "ticker": tickers.read_ticker,
    "bookTicker": tickers.read_book_ticker,
    "avgPrice": tickers.read_average,
    "aggTrade": trades.read_aggregate_trade_events,
    "trade": trades.read_trade_events,
    **{f"depth{rate}": depth.read_changes for rate in RATES},
    **{f"depth{n}{rate}": partial(depth.read_best_levels, levels=n) for n in DEPTHS for rate in RATES},
    **{
        f"kline_{name}{zone}": partial(klines.read_kline_events, interval=interval.at_offset(offset_ms))
        for name, interval in INTERVALS.items()
        for zone, offset_ms in ZONES.items()
    },
}
_OF_ALL: dict[str, Reader] = {"!miniTicker@arr": tickers.read_all_mini_tickers}


@dataclass(frozen=True)
class Stream:
    """One stream in one unit of time: `per_ms` is 1 for milliseconds, 1000 for microseconds."""

    name: str
    per_ms: int
    read: Reader = field(compare=False)


def find_stream(name: str, listed: dict[str, Symbol], per_ms: int) -> Stream | None:
    """The stream with this name, or None where there is none. Symbols are written in small letters."""
    if name in _OF_ALL:
        return Stream(name, per_ms, _OF_ALL[name])
    symbol_name, _, kind = name.partition("@")
    symbol = listed.get(symbol_name.upper()) if symbol_name == symbol_name.lower() else None
    read = _OF_SYMBOL.get(kind)
    if symbol is None or read is None:
        return None
    return Stream(name, per_ms, lambda market, span: read(market, span, symbol))
