"""The invented market in units of 1e-8: its last price, its average, its trades and its book."""

from collections import OrderedDict

import numpy as np

from tools.exchange import tape
from tools.exchange.book import read_book
from tools.exchange.candles import Floats
from tools.exchange.clock import SECOND_MS
from tools.exchange.market import Market
from tools.exchange.spot.amounts import DECIMALS, from_float
from tools.exchange.spot.orders import Side
from tools.exchange.symbols import Symbol

AVERAGE_MINUTES = 5
REMEMBERED_BOOKS = 64

Offers = list[tuple[int, int]]
"""Price and quantity of each level, best first."""


class Prices:
    """Reads a market. Levels are converted once for each symbol and second."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._books: OrderedDict[tuple[str, int], dict[Side, Offers]] = OrderedDict()

    def symbol(self, name: str) -> Symbol | None:
        """The listed symbol of this name."""
        return self._market.symbols.get(name)

    def last(self, symbol: Symbol, now_ms: int) -> tuple[int, bool]:
        """The last trade's price, and whether a seller took."""
        price, seller_took = tape.last_price(self._market, symbol, now_ms)
        return from_float(price, symbol.price_decimals), seller_took

    def average(self, symbol: Symbol, now_ms: int) -> int:
        """The mean price of the last five minutes, weighted by volume."""
        rows = self._market.recent(symbol, AVERAGE_MINUTES, now_ms)
        volume = float(rows["volume"].sum())
        mean = float(rows["quote_volume"].sum()) / volume if volume else float(rows["close"][-1])
        return from_float(mean, DECIMALS)

    def traded(self, symbol: Symbol, now_ms: int) -> int:
        """The quantity that the tape traded in the second of `now_ms`."""
        start_ms = now_ms // SECOND_MS * SECOND_MS
        trades = tape.forward(self._market, symbol, start_ms, start_ms, 1)
        return from_float(trades[0].quantity, symbol.quantity_decimals) if trades else 0

    def offers(self, symbol: Symbol, side: Side, now_ms: int) -> Offers:
        """What the house offers in this second: `BUY` gives its bids, `SELL` its asks."""
        key = (symbol.name, now_ms // SECOND_MS)
        if key not in self._books:
            book = read_book(self._market, symbol, now_ms)
            self._books[key] = {"BUY": _units(book.bids, symbol), "SELL": _units(book.asks, symbol)}
            if len(self._books) > REMEMBERED_BOOKS:
                self._books.popitem(last=False)
        return self._books[key][side]


def _units(side: Floats, symbol: Symbol) -> Offers:
    decimals = np.array([symbol.price_decimals, symbol.quantity_decimals])
    whole = np.rint(side * 10.0**decimals).astype(np.int64) * 10 ** (DECIMALS - decimals)
    return [(price, quantity) for price, quantity in whole.tolist()]
