"""The order book and the trades."""

from typing import Any

from tools.exchange import errors, tape
from tools.exchange.book import read_book
from tools.exchange.call import Call, get
from tools.exchange.candles import Floats
from tools.exchange.clock import GENESIS_MS, SECOND_MS
from tools.exchange.symbols import Symbol, money
from tools.exchange.tape import Trade

DEFAULT_TRADES, LARGEST_TRADES = 500, 1_000
DEFAULT_LEVELS, LARGEST_LEVELS = 100, 5_000


def read_depth(call: Call) -> dict[str, Any]:
    """The order book, best prices first."""
    symbol = call.query.symbol(call.market.symbols)
    limit = call.query.limit(DEFAULT_LEVELS, LARGEST_LEVELS)
    book = read_book(call.market, symbol, call.now_ms)
    bids, asks = (_side(side[:limit], symbol) for side in (book.bids, book.asks))
    return {"lastUpdateId": book.update_id, "bids": bids, "asks": asks}


def _side(levels: Floats, symbol: Symbol) -> list[list[str]]:
    return [[money(price), symbol.quantity(quantity)] for price, quantity in levels.tolist()]


def read_trades(call: Call) -> list[dict[str, Any]]:
    """The most recent trades, oldest first."""
    symbol = call.query.symbol(call.market.symbols)
    limit = call.query.limit(DEFAULT_TRADES, LARGEST_TRADES)
    return [_trade(trade, symbol) for trade in tape.backward(call.market, symbol, GENESIS_MS, call.now_ms, limit)]


def read_aggregate_trades(call: Call) -> list[dict[str, Any]]:
    """Trades from a number or a moment on, or the most recent ones up to a moment; oldest first."""
    symbol = call.query.symbol(call.market.symbols)
    return [_aggregate_trade(trade, symbol) for trade in _chosen(call, symbol)]


def _chosen(call: Call, symbol: Symbol) -> list[Trade]:
    query, limit = call.query, call.query.limit(DEFAULT_TRADES, LARGEST_TRADES)
    if query.has("fromId") and query.has("startTime", "endTime"):
        raise errors.bad_combination()
    number, start_ms, end_ms = (query.integer(name) for name in ("fromId", "startTime", "endTime"))
    start_ms = number * SECOND_MS if number is not None else start_ms
    end_ms = call.now_ms if end_ms is None else min(end_ms, call.now_ms)
    if start_ms is None:
        return tape.backward(call.market, symbol, GENESIS_MS, end_ms, limit)
    return tape.forward(call.market, symbol, start_ms, end_ms, limit)


def _trade(trade: Trade, symbol: Symbol) -> dict[str, Any]:
    return {
        "id": trade.second,
        "price": money(trade.price),
        "qty": symbol.quantity(trade.quantity),
        "quoteQty": money(trade.price * trade.quantity),
        "time": trade.time_ms,
        "isBuyerMaker": trade.buyer_is_maker,
        "isBestMatch": True,
    }


def _aggregate_trade(trade: Trade, symbol: Symbol) -> dict[str, Any]:
    return {
        "a": trade.second,
        "p": money(trade.price),
        "q": symbol.quantity(trade.quantity),
        "f": trade.second,
        "l": trade.second,
        "T": trade.time_ms,
        "m": trade.buyer_is_maker,
        "M": True,
    }


ROUTES = [
    get("/api/v3/depth", read_depth, "symbol", "limit"),
    get("/api/v3/trades", read_trades, "symbol", "limit"),
    get("/api/v3/aggTrades", read_aggregate_trades, "symbol", "fromId", "startTime", "endTime", "limit"),
]
