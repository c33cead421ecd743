"""The application: every route, and every failure in Binance's shape."""

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from tools.exchange import errors
from tools.exchange.clock import Clock, wall_clock
from tools.exchange.market import Market
from tools.exchange.routes import demo, general, klines, tickers, trading

log = logging.getLogger(__name__)


def build_app(market: Market, clock: Clock = wall_clock) -> Starlette:
    """The demo exchange over a market, at the time that the clock tells."""
    app = Starlette(
        routes=[*general.ROUTES, *klines.ROUTES, *trading.ROUTES, *tickers.ROUTES, *demo.ROUTES],
        exception_handlers={errors.ApiError: _refuse, HTTPException: _no_such_path, Exception: _fail},
    )
    app.state.market = market
    app.state.clock = clock
    return app


async def _refuse(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, errors.ApiError)
    return JSONResponse(error.body(), error.status)


async def _no_such_path(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return await _refuse(request, errors.unsupported(error.status_code))


async def _fail(request: Request, error: Exception) -> JSONResponse:
    log.error("%s failed", request.url.path, exc_info=error)
    return await _refuse(request, errors.unknown_error())
