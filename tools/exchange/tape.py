"""The tape: one trade for each second that has volume. A trade's number is its second since 1970."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from tools.exchange import minute
from tools.exchange.candles import Floats
from tools.exchange.clock import GENESIS_MS, MINUTE_MS, SECOND_MS
from tools.exchange.market import Market
from tools.exchange.symbols import Symbol


@dataclass(frozen=True)
class Trade:
    """One trade: price in quote, quantity in base, and whether the buyer was the one who waited."""

    second: int
    price: float
    quantity: float
    buyer_is_maker: bool

    @property
    def time_ms(self) -> int:
        """When it happened, in ms UTC."""
        return self.second * SECOND_MS


def last_price(market: Market, symbol: Symbol, now_ms: int) -> tuple[float, bool]:
    """The price now, and whether it was reached by selling into a waiting buyer."""
    prices = minute.path(market.whole_minute(symbol, now_ms), symbol)
    second = now_ms % MINUTE_MS // SECOND_MS
    return prices[second].item(), bool(_sellers(prices)[second])


def forward(market: Market, symbol: Symbol, start_ms: int, end_ms: int, limit: int) -> list[Trade]:
    """The first `limit` trades from `start_ms` to `end_ms`, oldest first."""
    if start_ms > end_ms:
        return []
    rows = market.minutes_from(symbol, max(start_ms, GENESIS_MS))
    return list(islice(_within(rows, symbol, start_ms, end_ms, 1), limit))


def backward(market: Market, symbol: Symbol, start_ms: int, end_ms: int, limit: int) -> list[Trade]:
    """The last `limit` trades from `start_ms` to `end_ms`, oldest first."""
    rows = market.minutes_from(symbol, end_ms, -1)
    return list(islice(_within(rows, symbol, start_ms, end_ms, -1), limit))[::-1]


def _within(rows: Iterator[np.void], symbol: Symbol, start_ms: int, end_ms: int, step: int) -> Iterator[Trade]:
    for row in rows:
        if not start_ms - MINUTE_MS < row["open_ms"] <= end_ms:
            return
        yield from (trade for trade in _trades(row, symbol)[::step] if start_ms <= trade.time_ms <= end_ms)


def _trades(row: np.void, symbol: Symbol) -> list[Trade]:
    prices, traded = minute.path(row, symbol), minute.quantities(row, symbol)
    first = row["open_ms"].item() // SECOND_MS
    columns = zip(prices.tolist(), traded.tolist(), _sellers(prices).tolist(), strict=True)
    return [Trade(first + second, *trade) for second, trade in enumerate(columns) if trade[1]]


def _sellers(prices: Floats) -> npt.NDArray[np.bool_]:
    """For each second, whether the seller took: where the price fell, and at every other second where it stood."""
    change: Floats = np.diff(prices, prepend=prices[0])
    sold: npt.NDArray[np.bool_] = (change < 0) | ((change == 0) & (minute.SECONDS % 2 == 1))
    return sold
