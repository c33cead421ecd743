"""The order book: invented from the last price, the same whenever the same second is asked for."""

from dataclasses import dataclass

import numpy as np

from tools.exchange import tape
from tools.exchange.candles import Floats
from tools.exchange.clock import DAY_MS, MINUTES_A_DAY, SECOND_MS
from tools.exchange.intervals import INTERVALS
from tools.exchange.market import Market
from tools.exchange.symbols import Symbol

LEVELS = 1_000
"""Price levels on each side at most."""
SPREAD_SHARE = 0.0001
"""The spread aimed at, as a share of the price; never less than one tick."""
STEP_SHARE = 0.00005
"""The mean distance between levels, as a share of the price."""


@dataclass(frozen=True)
class Book:
    """One second's book: (n, 2) arrays of price in quote and quantity in base, best first."""

    update_id: int
    bids: Floats
    asks: Floats


def read_book(market: Market, symbol: Symbol, now_ms: int) -> Book:
    """The book at this moment. The last trade's price is the best bid if a seller took, else the best ask."""
    price, seller_took = tape.last_price(market, symbol, now_ms)
    second = now_ms // SECOND_MS
    rng = np.random.default_rng([symbol.key, second])
    spread = 1 + int(rng.poisson(max(0.0, SPREAD_SHARE * price / symbol.tick - 1)))
    last = round(price / symbol.tick)
    bid, ask = (last, last + spread) if seller_took or last <= spread else (last - spread, last)
    size = _usual_size(market, symbol, now_ms)
    return Book(second, _side(symbol, bid, -1, size, rng), _side(symbol, ask, 1, size, rng))


def _usual_size(market: Market, symbol: Symbol, now_ms: int) -> float:
    """A tenth of what a minute of yesterday traded, in base."""
    yesterday = now_ms // DAY_MS - 1
    rows = market.candles(symbol, INTERVALS["1d"], yesterday, yesterday, now_ms)
    return max(float(rows["volume"].sum()) / MINUTES_A_DAY / 10, symbol.lot)


def _side(symbol: Symbol, best: int, direction: int, size: float, rng: np.random.Generator) -> Floats:
    mean_step = max(1.0, STEP_SHARE * best)
    steps = 1 + rng.poisson(mean_step - 1, LEVELS)
    ticks = best + direction * (np.cumsum(steps) - steps[0])
    sizes = size * rng.lognormal(-0.5, 1.0, LEVELS) * (1 + np.arange(LEVELS) / 20)
    prices = (ticks * symbol.tick).round(symbol.price_decimals)
    quantities = np.maximum(sizes, symbol.lot).round(symbol.quantity_decimals)
    return np.column_stack([prices, quantities])[: np.count_nonzero(ticks > 0)]
