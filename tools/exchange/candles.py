"""Candles as structured arrays, and their aggregation."""

import numpy as np
import numpy.typing as npt

from tools.exchange.intervals import Interval
from tools.exchange.symbols import Symbol

TRADES_A_MINUTE = 60

CANDLE = np.dtype(
    [("open_ms", "i8")]
    + [(name, "f8") for name in ("open", "high", "low", "close", "volume", "quote_volume")]
    + [("trades", "i8"), ("taker_base", "f8"), ("taker_quote", "f8")]
)
"""One candle: open time in ms UTC, prices and `quote_volume` in quote, `volume` in base, and the takers' buying."""

Candles = npt.NDArray[np.void]
"""A one-dimensional array of CANDLE, oldest first."""

Floats = npt.NDArray[np.float64]


def complete(open_ms: npt.NDArray[np.int64], ohlcv: Floats, symbol: Symbol) -> Candles:
    """Makes minute candles from an (n, 5) array of open, high, low, close, volume.

    What a candle file does not hold is estimated from what it does: turnover at the mean of the four prices, takers'
    share from where the close lies within the range, one trade a second as long as the lots suffice.
    """
    rows = np.empty(len(ohlcv), CANDLE)
    rows["open_ms"] = open_ms
    for column, name in enumerate(("open", "high", "low", "close", "volume")):
        rows[name] = ohlcv[:, column]
    mean_price = ohlcv[:, :4].mean(axis=1)
    rows["quote_volume"] = rows["volume"] * mean_price
    rows["trades"] = np.minimum(TRADES_A_MINUTE, np.rint(rows["volume"] / symbol.lot))
    rows["taker_base"] = np.round(rows["volume"] * _taker_share(rows), symbol.quantity_decimals)
    rows["taker_quote"] = rows["taker_base"] * mean_price
    return rows


def _taker_share(rows: Candles) -> Floats:
    span = rows["high"] - rows["low"]
    body = rows["close"] - rows["open"]
    where_it_closed: Floats = np.divide(body, span, out=np.zeros(len(rows)), where=span > 0)
    return 0.5 + 0.3 * where_it_closed


def aggregate(rows: Candles, interval: Interval) -> Candles:
    """Merges candles of one or more finer intervals, in order and without gaps, into candles of `interval`."""
    if not len(rows):
        return rows
    numbers = interval.numbers(rows["open_ms"])
    first = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
    last = np.append(first[1:], len(rows)) - 1
    merged = np.empty(len(first), CANDLE)
    merged["open_ms"] = [interval.open_ms(int(number)) for number in numbers[first]]
    merged["open"] = rows["open"][first]
    merged["high"] = np.maximum.reduceat(rows["high"], first)
    merged["low"] = np.minimum.reduceat(rows["low"], first)
    merged["close"] = rows["close"][last]
    for name in ("volume", "quote_volume", "trades", "taker_base", "taker_quote"):
        merged[name] = np.add.reduceat(rows[name], first)
    return merged
