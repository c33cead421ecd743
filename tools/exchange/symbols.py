"""A listed symbol: its assets, its steps, how its numbers are written and what exchangeInfo says of it.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/filters.md
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zlib import crc32

MAX_LOT_STEPS = 900_000_000
MAX_PRICE_STEPS = 100_000_000
PRICE_BAND = 5
"""A limit price may be this many times the average price, or the average this many times the limit price."""
MIN_NOTIONAL, MAX_NOTIONAL = 5 * 10**8, 9_000_000 * 10**8
"""In units of 1e-8 of quote."""
MAX_ORDERS, MAX_ALGO_ORDERS, MAX_ORDER_LISTS = 200, 5, 20
"""How many an account may have open on a symbol."""

_ABILITIES: dict[str, Any] = {
    "orderTypes": [
        "LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT",
    ],
    "icebergAllowed": False,
    "ocoAllowed": True,
    "otoAllowed": False,
    "opoAllowed": False,
    "quoteOrderQtyMarketAllowed": True,
    "allowTrailingStop": False,
    "cancelReplaceAllowed": True,
    "amendAllowed": False,
    "pegInstructionsAllowed": False,
    "isSpotTradingAllowed": True,
    "isMarginTradingAllowed": False,
    "permissions": [],
    "permissionSets": [["SPOT"]],
    "defaultSelfTradePreventionMode": "EXPIRE_MAKER",
    "allowedSelfTradePreventionModes": ["NONE", "EXPIRE_MAKER", "EXPIRE_TAKER", "EXPIRE_BOTH"],
}  # fmt: skip


@dataclass(frozen=True)
class Symbol:
    """One spot pair. Tick size and lot step are powers of ten, kept as numbers of decimals."""

    base: str
    quote: str
    price_decimals: int
    quantity_decimals: int

    @cached_property
    def name(self) -> str:
        """As the exchange writes it: BTCUSDT."""
        return self.base + self.quote

    @property
    def pair(self) -> str:
        """As traders write it: BTC/USDT."""
        return f"{self.base}/{self.quote}"

    @cached_property
    def key(self) -> int:
        """A stable number for this symbol, to seed with; Python's own hash differs between processes."""
        return crc32(self.name.encode())

    @property
    def tick(self) -> float:
        """The smallest step of the price, in quote."""
        return round(0.1**self.price_decimals, 8)

    @property
    def lot(self) -> float:
        """The smallest step of the quantity, in base."""
        return round(0.1**self.quantity_decimals, 8)

    @cached_property
    def filters(self) -> list[dict[str, Any]]:
        """The trading rules, in Binance's shape."""
        return [*_price_filters(self.tick), *_quantity_filters(self.lot), *_ORDER_FILTERS]

    def quantity(self, amount: float) -> str:
        """An amount of base with eight decimals, rounded to the lot step, so that sums carry no floating noise."""
        return money(round(amount, self.quantity_decimals))

    def describe(self) -> dict[str, Any]:
        """The symbol's entry in exchangeInfo."""
        names = {"symbol": self.name, "status": "TRADING", "baseAsset": self.base, "quoteAsset": self.quote}
        return {**names, **_PRECISIONS, **_ABILITIES, "filters": self.filters}


def money(amount: float) -> str:
    """A price or an amount as the exchange writes it: a string with eight decimals."""
    return f"{amount:.8f}"


_PRECISIONS = {
    "baseAssetPrecision": 8,
    "quotePrecision": 8,
    "quoteAssetPrecision": 8,
    "baseCommissionPrecision": 8,
    "quoteCommissionPrecision": 8,
}


def _price_filters(tick: float) -> list[dict[str, Any]]:
    price = {"minPrice": money(tick), "maxPrice": money(tick * MAX_PRICE_STEPS), "tickSize": money(tick)}
    up, down = str(PRICE_BAND), str(1 / PRICE_BAND)
    bid = {"bidMultiplierUp": up, "bidMultiplierDown": down}
    ask = {"askMultiplierUp": up, "askMultiplierDown": down}
    return [
        {"filterType": "PRICE_FILTER", **price},
        {"filterType": "PERCENT_PRICE_BY_SIDE", **bid, **ask, "avgPriceMins": 5},
    ]


def _quantity_filters(lot: float) -> list[dict[str, Any]]:
    most = lot * MAX_LOT_STEPS
    return [
        {"filterType": "LOT_SIZE", "minQty": money(lot), "maxQty": money(most), "stepSize": money(lot)},
        {"filterType": "MARKET_LOT_SIZE", "minQty": money(0), "maxQty": money(most / 100), "stepSize": money(0)},
    ]


_ORDER_FILTERS: list[dict[str, Any]] = [
    {"filterType": "NOTIONAL", "minNotional": money(MIN_NOTIONAL / 10**8), "applyMinToMarket": True,
     "maxNotional": money(MAX_NOTIONAL / 10**8), "applyMaxToMarket": False, "avgPriceMins": 5},
    {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": MAX_ORDERS},
    {"filterType": "MAX_NUM_ORDER_LISTS", "maxNumOrderLists": MAX_ORDER_LISTS},
    {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": MAX_ALGO_ORDERS},
]  # fmt: skip
