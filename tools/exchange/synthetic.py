"""Synthetic prices: invented, seeded, and the same in every process that has the same seed.

Nothing here is market data. One driver stands for the market as a whole and one for each coin. A coin's log price is
its anchor plus its share of the market plus its own driver, so coins move together and never leave a sane band.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from tools.exchange.candles import TRADES_A_MINUTE, Floats
from tools.exchange.clock import GENESIS_MS, MINUTES_A_DAY
from tools.exchange.driver import SEASON, Driver, Path
from tools.exchange.symbols import Symbol

DEFAULT_SEED = 7
MARKET_SD = 0.00095
MARKET_BAND = 0.8
COIN_BAND = 0.5
WICK = 0.45
VOLUME_NOISE = 0.45


@dataclass(frozen=True)
class Coin:
    """How a coin behaves: anchor and turnover a minute in USDT, share of the market's moves, own noise a minute."""

    symbol: Symbol
    anchor: float
    market_share: float
    own_sd: float
    turnover_usdt: float

    @property
    def minute_sd(self) -> float:
        """The ordinary standard deviation of one minute's return."""
        return float(np.hypot(self.market_share * MARKET_SD, self.own_sd))


COINS = (
    Coin(Symbol("BTC", "USDT", 2, 5), 95_000, 1.00, 0.00040, 1_300_000),
    Coin(Symbol("ETH", "USDT", 2, 4), 3_300, 1.12, 0.00060, 900_000),
    Coin(Symbol("BNB", "USDT", 2, 3), 880, 0.90, 0.00065, 160_000),
    Coin(Symbol("SOL", "USDT", 2, 3), 170, 1.20, 0.00090, 350_000),
    Coin(Symbol("XRP", "USDT", 4, 1), 2.2, 1.05, 0.00095, 260_000),
    Coin(Symbol("ADA", "USDT", 4, 1), 0.62, 1.15, 0.00095, 70_000),
    Coin(Symbol("DOGE", "USDT", 5, 0), 0.19, 1.20, 0.00105, 150_000),
    Coin(Symbol("AVAX", "USDT", 2, 2), 24, 1.20, 0.00100, 45_000),
    Coin(Symbol("LINK", "USDT", 2, 2), 18, 1.15, 0.00095, 50_000),
    Coin(Symbol("DOT", "USDT", 3, 2), 4.2, 1.15, 0.00090, 25_000),
    Coin(Symbol("LTC", "USDT", 2, 3), 95, 0.95, 0.00085, 35_000),
    Coin(Symbol("TRX", "USDT", 4, 1), 0.29, 0.65, 0.00080, 40_000),
    Coin(Symbol("POL", "USDT", 4, 1), 0.24, 1.15, 0.00105, 15_000),
    Coin(Symbol("ATOM", "USDT", 3, 2), 4.4, 1.10, 0.00095, 15_000),
)


class Synthetic:
    """The synthetic source: a pure function of seed, symbol and day."""

    name: Literal["synthetic"] = "synthetic"

    def __init__(self, seed: int = DEFAULT_SEED) -> None:
        self.seed: int | None = seed
        self.symbols = tuple(coin.symbol for coin in COINS)
        self._coins = {coin.symbol: coin for coin in COINS}
        self._market = lru_cache(maxsize=64)(Driver((seed, 0), MARKET_SD, MARKET_BAND).day)
        self._own = {c.symbol: Driver((seed, c.symbol.key), c.own_sd, COIN_BAND) for c in COINS}

    def day(self, symbol: Symbol, day: int) -> Floats:
        """The (1440, 5) open, high, low, close, volume of one UTC day, counted in days since 1970-01-01."""
        coin = self._coins[symbol]
        path = _combine(coin, self._market(day), self._own[symbol].day(day))
        rng = np.random.default_rng([self.seed or 0, symbol.key, 4, day])
        prices = _prices(coin, path, rng)
        return np.column_stack([prices, _volumes(coin, prices, rng)])

    def data_range(self, now_ms: int) -> tuple[int, int]:
        """From the first day to the present."""
        return GENESIS_MS, now_ms

    def data_now(self, now_ms: int) -> int:
        """The present: synthetic data has no time but the wall's."""
        return now_ms


def _combine(coin: Coin, market: Path, own: Path) -> Path:
    levels = np.log(coin.anchor) + coin.market_share * market.levels + own.levels
    return Path(levels, np.hypot(coin.market_share * market.deviations, own.deviations))


def _prices(coin: Coin, path: Path, rng: np.random.Generator) -> Floats:
    """Open, high, low, close: each minute opens where the last one closed, with wicks beyond its body."""
    edges = np.exp(path.levels)
    opens, closes = edges[:-1], edges[1:]
    up, down = np.exp(path.deviations * WICK * rng.standard_exponential((2, MINUTES_A_DAY)))
    high, low = np.maximum(opens, closes) * up, np.minimum(opens, closes) / down
    return np.round(np.column_stack([opens, high, low, closes]), coin.symbol.price_decimals)


def _volumes(coin: Coin, prices: Floats, rng: np.random.Generator) -> Floats:
    """Volume in base: rises with the size of the return and the range, and with the hour; never zero."""
    opens, high, low, closes = prices.T
    activity = (np.abs(closes / opens - 1) + (high / low - 1)) / (3 * coin.minute_sd)
    noise = np.exp(VOLUME_NOISE * rng.standard_normal(MINUTES_A_DAY))
    turnover = coin.turnover_usdt * SEASON * (0.25 + activity) ** 1.3 * noise
    amount: Floats = np.maximum(turnover / closes, TRADES_A_MINUTE * coin.symbol.lot)
    return amount.round(coin.symbol.quantity_decimals)
