"""The WebSocket API's methods that anybody may use. Each answers what a REST endpoint answers.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-api.md
"""

from typing import Any

from tools.exchange.call import Handler
from tools.exchange.routes import general, klines, tickers, trading
from tools.exchange.streams.asking import ask_strictly
from tools.exchange.streams.method import Method, Params
from tools.exchange.streams.requests import write_params
from tools.exchange.streams.session import Session


def _as_rest(weight: int, handler: Handler, *known: str) -> Method:
    def serve(session: Session, params: Params) -> Any:
        return ask_strictly(handler, session.market, session.clock(), write_params(params), known)

    return Method(weight, serve)


METHODS = {
    "ping": _as_rest(1, general.read_ping),
    "time": _as_rest(1, general.read_time),
    "exchangeInfo": _as_rest(20, general.read_exchange_info,
        "symbol", "symbols", "permissions", "showPermissionSets", "symbolStatus"),
    "depth": _as_rest(5, trading.read_depth, "symbol", "limit"),
    "trades.recent": _as_rest(25, trading.read_trades, "symbol", "limit"),
    "trades.aggregate": _as_rest(4, trading.read_aggregate_trades,
        "symbol", "fromId", "startTime", "endTime", "limit"),
    "klines": _as_rest(2, klines.read_klines, *klines.PARAMETERS),
    "uiKlines": _as_rest(2, klines.read_klines, *klines.PARAMETERS),
    "avgPrice": _as_rest(2, tickers.read_average_price, "symbol"),
    "ticker.24hr": _as_rest(2, tickers.read_day, "symbol", "symbols", "type"),
    "ticker.price": _as_rest(2, tickers.read_price, "symbol", "symbols"),
    "ticker.book": _as_rest(2, tickers.read_best_prices, "symbol", "symbols"),
}  # fmt: skip
