"""Within a minute: how its candle comes to be, second by second.

Within a minute the price runs in straight lines from the open to one extreme, to the other, and to the close. There is
one trade a second, at that path's price, so that candle, tickers, trades and book always agree.
"""

import numpy as np

from tools.exchange.candles import TRADES_A_MINUTE, Candles, Floats, complete
from tools.exchange.clock import MINUTE_MS, SECOND_MS
from tools.exchange.symbols import Symbol

SECONDS = np.arange(60)

_SIZES = np.random.default_rng(0).lognormal(sigma=0.8, size=60)
"""The relative sizes of a minute's sixty trades; each minute takes them up at another place."""


def _scatter(open_ms: int, salt: int, width: int) -> int:
    """A number below `width` that differs from minute to minute (Knuth's multiplicative hash)."""
    return ((open_ms // MINUTE_MS + salt) * 2_654_435_761 % 2**32) * width >> 32


def path(row: np.void, symbol: Symbol) -> Floats:
    """The price at each second of a minute candle: first the open, last the close, both extremes between."""
    first, second = 6 + _scatter(row["open_ms"].item(), 0, 20), 30 + _scatter(row["open_ms"].item(), 1, 22)
    extremes = ("low", "high") if row["close"] >= row["open"] else ("high", "low")
    corners = [row[name] for name in ("open", *extremes, "close")]
    prices: Floats = np.interp(SECONDS, [0, first, second, 59], corners)
    return prices.round(symbol.price_decimals)


def quantities(row: np.void, symbol: Symbol) -> Floats:
    """The quantity traded in each second of a minute candle, in base; they sum to its volume."""
    lots = round(row["volume"].item() / symbol.lot)
    even = SECONDS + 1
    if lots < TRADES_A_MINUTE:
        total = lots * even // TRADES_A_MINUTE
    else:
        sizes = np.roll(_SIZES, _scatter(row["open_ms"].item(), 2, 60)).cumsum()
        total = even + np.rint((lots - TRADES_A_MINUTE) * sizes / sizes[-1]).astype(np.int64)
    traded: Floats = np.diff(total, prepend=0) * symbol.lot
    return traded.round(symbol.quantity_decimals)


def seconds(row: np.void, symbol: Symbol) -> Candles:
    """The sixty candles of a second each that make a minute candle; the price of each is that of its one trade."""
    prices, traded = path(row, symbol), quantities(row, symbol)
    ohlcv = np.column_stack([prices, prices, prices, prices, traded])
    candles = complete(row["open_ms"] + SECONDS * SECOND_MS, ohlcv, symbol)
    candles["trades"] = traded > 0
    return candles


def so_far(row: np.void, second: int, symbol: Symbol) -> Candles:
    """The candle as it stands at a second (0 to 59) of its minute; at 59 it is the whole candle. One row."""
    prices = path(row, symbol)[: second + 1]
    traded = quantities(row, symbol)[: second + 1]
    ohlcv = [[row["open"], prices.max(), prices.min(), prices[-1], traded.sum()]]
    partial = complete(np.array([row["open_ms"]]), np.round(ohlcv, 8), symbol)
    partial["trades"] = np.count_nonzero(traded)
    return partial
