"""A venue's market data, as the gateway tells it."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx

from tools.errors import Problem
from tools.market.venues import Venue
from tools.views import CandleView

RULES_TTL_S = 600


@dataclass(frozen=True)
class PairRules:
    """What the venue demands of an order on a pair."""

    symbol: str
    min_notional: Decimal
    """The smallest order, in the quote currency."""


@dataclass(frozen=True)
class Ticker:
    """A pair over the last 24 hours; volume in the quote currency."""

    price: Decimal
    change_pct: Decimal
    high: Decimal
    low: Decimal
    volume: Decimal


class MarketSource:
    """Reads candles, tickers and trading rules; answers that do not come are `Problem("venue_unreachable")`."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self._client = httpx.AsyncClient(base_url=venue.api_url, timeout=10)
        self._rules: dict[str, PairRules] = {}
        self._rules_at = float("-inf")
        self._rules_lock = asyncio.Lock()

    async def close(self) -> None:
        await self._client.aclose()

    async def read_rules(self) -> dict[str, PairRules]:
        """What can be traded, by pair; kept for ten minutes."""
        async with self._rules_lock:
            if time.monotonic() - self._rules_at > RULES_TTL_S:
                found = await self._get("/api/v3/exchangeInfo")
                self._rules = {
                    f"{symbol['baseAsset']}/{symbol['quoteAsset']}": _read_rules(symbol)
                    for symbol in found["symbols"]
                    if symbol["status"] == "TRADING"
                }
                self._rules_at = time.monotonic()
        return self._rules

    async def read_pair_rules(self, pair: str) -> PairRules:
        """Raises `Problem("unknown_pair")` for a pair that the venue does not trade."""
        rules = (await self.read_rules()).get(pair)
        if rules is None:
            raise Problem("unknown_pair", 422, pair=pair, venue=self.venue.name)
        return rules

    async def read_candles(self, pair: str, timeframe: str, limit: int) -> list[CandleView]:
        """The newest candles, oldest first; the last one is still forming."""
        rules = await self.read_pair_rules(pair)
        rows = await self._get("/api/v3/klines", symbol=rules.symbol, interval=timeframe, limit=limit)
        return [_read_candle(row) for row in rows]

    async def read_ticker(self, pair: str) -> Ticker:
        rules = await self.read_pair_rules(pair)
        found = await self._get("/api/v3/ticker/24hr", symbol=rules.symbol)
        names = ("lastPrice", "priceChangePercent", "highPrice", "lowPrice", "quoteVolume")
        return Ticker(*(_read_number(found[name]) for name in names))

    async def is_synthetic(self) -> bool:
        """Whether the prices are made up; only the demo exchange's can be."""
        if self.venue.name != "demo":
            return False
        return bool((await self._get(f"{self.venue.url}/demo/status"))["synthetic"])

    async def _get(self, path: str, **query: Any) -> Any:
        try:
            answer = await self._client.get(path, params=query)
            answer.raise_for_status()
            return answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Problem("venue_unreachable", 503, venue=self.venue.name) from error


def _read_rules(symbol: dict[str, Any]) -> PairRules:
    smallest = [
        Decimal(rule["minNotional"]) for rule in symbol["filters"] if rule["filterType"] in ("NOTIONAL", "MIN_NOTIONAL")
    ]
    return PairRules(symbol["symbol"], max(smallest, default=Decimal(0)))


def _read_number(text: str) -> Decimal:
    """Without the zeros that the exchange fills its eight places with."""
    return Decimal(text).normalize() + 0


def _read_candle(row: list[Any]) -> CandleView:
    at = datetime.fromtimestamp(row[0] / 1000, UTC)
    prices = (_read_number(value) for value in row[1:6])
    return CandleView(at=at, **dict(zip(("open", "high", "low", "close", "volume"), prices, strict=True)))
