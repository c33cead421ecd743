"""The order book: its best levels, and what changed in it from one second to the next.

A book is invented anew each second, so nearly every level changes. The changes are true nevertheless: applied to the
book of REST's `lastUpdateId`, they give the book of the event's `u`, level by level.
"""

from functools import lru_cache
from typing import Any

from tools.exchange.market import Market
from tools.exchange.routes.trading import LARGEST_LEVELS, read_depth
from tools.exchange.streams.asking import ask
from tools.exchange.streams.span import Span
from tools.exchange.symbols import Symbol, money

GONE = money(0)
"""The quantity of a level that is no longer there."""

REMEMBERED = 32
"""How many books are remembered, over all symbols: about 10 MB."""

Levels = list[list[str]]
"""Price and quantity of each level, best first."""


def read_best_levels(market: Market, span: Span, symbol: Symbol, *, levels: int) -> list[dict[str, Any]]:
    """The best `levels` of each side."""
    return [ask(read_depth, market, span.now_ms, symbol=symbol.name, limit=levels)]


def read_changes(market: Market, span: Span, symbol: Symbol) -> list[dict[str, Any]]:
    """All levels whose quantity changed within the span; those that are gone have quantity zero."""
    old, new = (_whole_book(market, symbol.name, at_ms) for at_ms in (span.before_ms, span.now_ms))
    head = {"e": "depthUpdate", "E": span.stamp(span.now_ms), "s": symbol.name}
    ids = {"U": old["lastUpdateId"] + 1, "u": new["lastUpdateId"]}
    return [{**head, **ids, "b": _changes(old["bids"], new["bids"]), "a": _changes(old["asks"], new["asks"])}]


@lru_cache(maxsize=REMEMBERED)
def _whole_book(market: Market, name: str, at_ms: int) -> Any:
    """The whole book as REST writes it; a book is the later one of one step and the earlier one of the next."""
    return ask(read_depth, market, at_ms, symbol=name, limit=LARGEST_LEVELS)


def _changes(old: Levels, new: Levels) -> Levels:
    before: dict[str, str] = {level[0]: level[1] for level in old}
    still = {price for price, _ in new}
    gone = [[price, GONE] for price in before if price not in still]
    return gone + [level for level in new if before.get(level[0]) != level[1]]
