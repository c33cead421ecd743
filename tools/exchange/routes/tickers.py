"""Tickers: the last price, the best prices, and the last 24 hours, for one symbol, some or all."""

from collections.abc import Callable
from typing import Any

from tools.exchange import errors, tape
from tools.exchange.book import read_book
from tools.exchange.call import Call, get
from tools.exchange.candles import Candles
from tools.exchange.clock import DAY_MS, MINUTES_A_DAY, SECOND_MS
from tools.exchange.symbols import Symbol, money

AVERAGE_MINUTES = 5


def read_average_price(call: Call) -> dict[str, Any]:
    """The mean price of the last five minutes, weighted by volume."""
    symbol = call.query.symbol(call.market.symbols)
    price = _mean_price(call.market.recent(symbol, AVERAGE_MINUTES, call.now_ms))
    return {"mins": AVERAGE_MINUTES, "price": money(price), "closeTime": _this_second(call)}


def read_price(call: Call) -> object:
    """The price of the last trade."""
    return _for_each(call, _price)


def read_best_prices(call: Call) -> object:
    """The best bid and ask, with their quantities."""
    return _for_each(call, lambda symbol, call: {"symbol": symbol.name, **_best(symbol, call)})


def read_day(call: Call) -> object:
    """The last 24 hours, the forming minute included: in full, or without changes and best prices as MINI."""
    kind = call.query.choice("type", ("FULL", "MINI"), "FULL", errors.bad_ticker_type())
    return _for_each(call, _full_day if kind == "FULL" else _mini_day)


def _for_each(call: Call, write: Callable[[Symbol, Call], dict[str, Any]]) -> object:
    """One object for `symbol`, a list for `symbols` or for all."""
    answers = [write(symbol, call) for symbol in call.query.symbols(call.market.symbols)]
    return answers[0] if call.query.has("symbol") else answers


def _price(symbol: Symbol, call: Call) -> dict[str, Any]:
    price, _ = tape.last_price(call.market, symbol, call.now_ms)
    return {"symbol": symbol.name, "price": money(price)}


def _best(symbol: Symbol, call: Call) -> dict[str, str]:
    book = read_book(call.market, symbol, call.now_ms)
    (bid, bid_quantity), (ask, ask_quantity) = book.bids[0].tolist(), book.asks[0].tolist()
    bids = {"bidPrice": money(bid), "bidQty": symbol.quantity(bid_quantity)}
    return {**bids, "askPrice": money(ask), "askQty": symbol.quantity(ask_quantity)}


def _full_day(symbol: Symbol, call: Call) -> dict[str, Any]:
    rows = call.market.recent(symbol, MINUTES_A_DAY, call.now_ms)
    first, last = rows["open"][0].item(), rows["close"][-1].item()
    last_trades = tape.backward(call.market, symbol, call.now_ms - DAY_MS, call.now_ms, 1)
    return {
        **_statistics(symbol, call, rows),
        "priceChange": money(last - first),
        "priceChangePercent": f"{(last / first - 1) * 100:.3f}",
        "weightedAvgPrice": money(_mean_price(rows)),
        "prevClosePrice": money(first),
        "lastQty": symbol.quantity(last_trades[0].quantity if last_trades else 0.0),
        **_best(symbol, call),
    }


def _mini_day(symbol: Symbol, call: Call) -> dict[str, Any]:
    return _statistics(symbol, call, call.market.recent(symbol, MINUTES_A_DAY, call.now_ms))


def _statistics(symbol: Symbol, call: Call, rows: Candles) -> dict[str, Any]:
    return {
        "symbol": symbol.name,
        "openPrice": money(rows["open"][0]),
        "highPrice": money(rows["high"].max()),
        "lowPrice": money(rows["low"].min()),
        "lastPrice": money(rows["close"][-1]),
        "volume": symbol.quantity(rows["volume"].sum()),
        "quoteVolume": money(rows["quote_volume"].sum()),
        "openTime": call.now_ms - DAY_MS,
        "closeTime": call.now_ms,
        "firstId": rows["open_ms"][0].item() // SECOND_MS,
        "lastId": call.now_ms // SECOND_MS,
        "count": rows["trades"].sum().item(),
    }


def _mean_price(rows: Candles) -> float:
    volume = float(rows["volume"].sum())
    return float(rows["quote_volume"].sum()) / volume if volume else float(rows["close"][-1])


def _this_second(call: Call) -> int:
    return call.now_ms // SECOND_MS * SECOND_MS


ROUTES = [
    get("/api/v3/avgPrice", read_average_price, "symbol"),
    get("/api/v3/ticker/24hr", read_day, "symbol", "symbols", "type"),
    get("/api/v3/ticker/price", read_price, "symbol", "symbols"),
    get("/api/v3/ticker/bookTicker", read_best_prices, "symbol", "symbols"),
]
