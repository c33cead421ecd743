"""Tickers, best prices and the average price, once a second."""

from typing import Any

from tools.exchange.market import Market
from tools.exchange.routes.tickers import read_average_price, read_best_prices, read_day
from tools.exchange.routes.trading import read_depth
from tools.exchange.streams.asking import ask
from tools.exchange.streams.span import Span
from tools.exchange.symbols import Symbol

_MINI = {"c": "lastPrice", "o": "openPrice", "h": "highPrice", "l": "lowPrice", "v": "volume", "q": "quoteVolume"}
_FULL = _MINI | {
    "p": "priceChange", "P": "priceChangePercent", "w": "weightedAvgPrice", "x": "prevClosePrice", "Q": "lastQty",
    "b": "bidPrice", "B": "bidQty", "a": "askPrice", "A": "askQty", "F": "firstId", "L": "lastId", "n": "count",
}  # fmt: skip
_BEST = {"b": "bidPrice", "B": "bidQty", "a": "askPrice", "A": "askQty"}
"""The streams' short names, and REST's long ones."""


def read_mini_ticker(market: Market, span: Span, symbol: Symbol) -> list[dict[str, Any]]:
    """The last 24 hours in short."""
    day = ask(read_day, market, span.now_ms, symbol=symbol.name, type="MINI")
    return [{"e": "24hrMiniTicker", **_head(span, symbol), **_shorten(day, _MINI)}]


def read_all_mini_tickers(market: Market, span: Span) -> list[list[dict[str, Any]]]:
    """The last 24 hours in short for every listed symbol, in one event."""
    return [[ticker for symbol in market.symbols.values() for ticker in read_mini_ticker(market, span, symbol)]]


def read_ticker(market: Market, span: Span, symbol: Symbol) -> list[dict[str, Any]]:
    """The last 24 hours in full."""
    day = ask(read_day, market, span.now_ms, symbol=symbol.name, type="FULL")
    bounds = {"O": span.stamp(day["openTime"]), "C": span.stamp(day["closeTime"])}
    return [{"e": "24hrTicker", **_head(span, symbol), **_shorten(day, _FULL), **bounds}]


def read_book_ticker(market: Market, span: Span, symbol: Symbol) -> list[dict[str, Any]]:
    """The best bid and ask."""
    best = ask(read_best_prices, market, span.now_ms, symbol=symbol.name)
    update_id = ask(read_depth, market, span.now_ms, symbol=symbol.name, limit=1)["lastUpdateId"]
    return [{"u": update_id, "s": symbol.name, **_shorten(best, _BEST)}]


def read_average(market: Market, span: Span, symbol: Symbol) -> list[dict[str, Any]]:
    """The mean price of the last minutes."""
    average = ask(read_average_price, market, span.now_ms, symbol=symbol.name)
    price = {"i": f"{average['mins']}m", "w": average["price"], "T": span.stamp(average["closeTime"])}
    return [{"e": "avgPrice", **_head(span, symbol), **price}]


def _head(span: Span, symbol: Symbol) -> dict[str, Any]:
    return {"E": span.stamp(span.now_ms), "s": symbol.name}


def _shorten(answer: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {short: answer[long] for short, long in names.items()}
