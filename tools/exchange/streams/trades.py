"""Every trade, once, in order."""

from typing import Any

from tools.exchange.clock import SECOND_MS
from tools.exchange.market import Market
from tools.exchange.routes.trading import LARGEST_TRADES, read_aggregate_trades
from tools.exchange.streams.asking import ask
from tools.exchange.streams.span import Span
from tools.exchange.symbols import Symbol


def read_aggregate_trade_events(market: Market, span: Span, symbol: Symbol) -> list[dict[str, Any]]:
    """The trades of each taker order within the span; here each order makes one trade."""
    return [_event("aggTrade", span, symbol, trade, trade) for trade in _trades(market, span, symbol)]


def read_trade_events(market: Market, span: Span, symbol: Symbol) -> list[dict[str, Any]]:
    """The single trades within the span."""
    shown = ("p", "q", "T", "m", "M")
    trades = _trades(market, span, symbol)
    return [_event("trade", span, symbol, trade, {"t": trade["a"], **{n: trade[n] for n in shown}}) for trade in trades]


def _trades(market: Market, span: Span, symbol: Symbol) -> list[dict[str, Any]]:
    bounds = {"startTime": span.first * SECOND_MS, "endTime": span.now_ms, "limit": LARGEST_TRADES}
    trades: list[dict[str, Any]] = ask(read_aggregate_trades, market, span.now_ms, symbol=symbol.name, **bounds)
    return trades


def _event(kind: str, span: Span, symbol: Symbol, trade: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
    time = span.stamp(trade["T"])
    return {"e": kind, "E": time, "s": symbol.name, **shown, "T": time}
