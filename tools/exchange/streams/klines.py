"""Klines as they form, every two seconds, and once as closed when their interval is over."""

from typing import Any

from tools.exchange.clock import HOUR_MS, SECOND_MS
from tools.exchange.intervals import Interval
from tools.exchange.market import Market
from tools.exchange.routes.klines import read_klines
from tools.exchange.streams.asking import ask
from tools.exchange.streams.span import Span
from tools.exchange.symbols import Symbol

UPDATE_SECONDS = 2


def read_kline_events(market: Market, span: Span, symbol: Symbol, *, interval: Interval) -> list[dict[str, Any]]:
    """Every kline that closed within the span, oldest first, and the forming one where an update is due."""
    first, last = interval.number(span.before_ms), interval.number(span.now_ms)
    events = [_event(market, span, symbol, interval, number) for number in range(first, last)]
    if span.holds_multiple_of(UPDATE_SECONDS):
        events.append(_event(market, span, symbol, interval, last))
    return events


def _event(market: Market, span: Span, symbol: Symbol, interval: Interval, number: int) -> dict[str, Any]:
    turn_ms = interval.open_ms(number + 1)
    event_ms = min(turn_ms, span.now_ms)
    kline = {**_kline(market, span, symbol, interval, number), "x": turn_ms <= span.now_ms}
    return {"e": "kline", "E": span.stamp(event_ms), "s": symbol.name, "k": kline}


def _kline(market: Market, span: Span, symbol: Symbol, interval: Interval, number: int) -> dict[str, Any]:
    counted = {"startTime": interval.open_ms(number), "timeZone": interval.offset_ms // HOUR_MS, "limit": 1}
    answer = ask(read_klines, market, span.now_ms, symbol=symbol.name, interval=interval.name, **counted)
    open_ms, *prices, volume, close_ms, quote_volume, trades, taker_base, taker_quote, unused = answer[0]
    ids = (open_ms // SECOND_MS, min(close_ms, span.now_ms) // SECOND_MS) if trades else (-1, -1)
    return {
        "t": span.stamp(open_ms),
        "T": span.stamp(close_ms + 1) - 1,
        "s": symbol.name,
        "i": interval.name,
        **dict(zip(("f", "L"), ids, strict=True)),
        **dict(zip(("o", "h", "l", "c"), prices, strict=True)),
        "v": volume,
        "n": trades,
        "q": quote_volume,
        "V": taker_base,
        "Q": taker_quote,
        "B": unused,
    }
