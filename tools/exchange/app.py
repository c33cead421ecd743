"""The application: routes and streams, limits and faults around them, and the clock that fills waiting orders."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Scope

from tools.exchange import errors
from tools.exchange.clock import Clock, wall_clock
from tools.exchange.faults import routes as faults
from tools.exchange.faults.clock import FaultyClock
from tools.exchange.faults.middleware import FaultsMiddleware
from tools.exchange.faults.plan import Faults
from tools.exchange.market import Market
from tools.exchange.routes import account, control, demo, general, klines, order_lists, orders, tickers, trading, wallet
from tools.exchange.spot.desk import Desk
from tools.exchange.spot.store import Store
from tools.exchange.streams import routes as streams
from tools.exchange.streams.publisher import Publisher
from tools.exchange.weights.fills import count_fills
from tools.exchange.weights.limits import Limits
from tools.exchange.weights.meter import Meter
from tools.exchange.weights.middleware import WeightsMiddleware

TICK_S = 1.0

log = logging.getLogger(__name__)


def build_app(
    market: Market,
    clock: Clock = wall_clock,
    desk: Desk | None = None,
    control_token: str | None = None,
    limits: Limits | None = None,
) -> Starlette:
    """The demo exchange over a market, at the time that the clock tells; without a desk, one that forgets."""
    public = [*general.ROUTES, *klines.ROUTES, *trading.ROUTES, *tickers.ROUTES, *streams.ROUTES]
    private = [*orders.ROUTES, *order_lists.ROUTES, *account.ROUTES, *wallet.ROUTES]
    ours = [*demo.ROUTES, *control.ROUTES, *faults.ROUTES]
    app = Starlette(
        routes=[*public, *private, *ours],
        exception_handlers={errors.ApiError: _refuse, HTTPException: _no_such_path, Exception: _fail},
        lifespan=_run,
    )
    app.state.market = market
    app.state.desk = desk or Desk(market, Store.in_memory(), clock())
    app.state.control_token = control_token
    _limit(app, clock, Meter(limits))
    _plan_faults(app, clock)
    app.state.publisher = Publisher(market, app.state.clock.streams)
    return app


def _limit(app: Starlette, clock: Clock, meter: Meter) -> None:
    desk: Desk = app.state.desk

    def account_of(scope: Scope) -> str:
        account = desk.find_account(Headers(scope=scope).get("x-mbx-apikey", ""))
        return str(account.uid) if account else "nobody"

    app.state.meter = meter
    desk.listeners.append(count_fills(meter, clock))
    app.add_middleware(WeightsMiddleware, meter=meter, clock=clock, account_of=account_of)


def _plan_faults(app: Starlette, clock: Clock) -> None:
    """Around everything else, as the network is."""
    app.state.faults = Faults(clock)
    app.state.clock = FaultyClock(clock, app.state.faults)
    app.add_middleware(FaultsMiddleware, faults=app.state.faults)


@asynccontextmanager
async def _run(app: Starlette) -> AsyncIterator[None]:
    ticking = asyncio.create_task(_tick(app))
    async with streams.publishing(app.state.publisher):
        yield
    ticking.cancel()
    with suppress(asyncio.CancelledError):
        await ticking


async def _tick(app: Starlette) -> None:
    """Once a second brings all orders up to now, so that fills happen and are told without anyone asking."""
    while True:
        await asyncio.sleep(TICK_S)
        try:
            app.state.desk.advance(app.state.clock())
        except Exception:
            log.exception("the orders could not be brought up to now")


async def _refuse(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, errors.ApiError)
    return JSONResponse(error.body(), error.status)


async def _no_such_path(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return await _refuse(request, errors.unsupported(error.status_code))


async def _fail(request: Request, error: Exception) -> JSONResponse:
    log.error("%s failed", request.url.path, exc_info=error)
    return await _refuse(request, errors.unknown_error())
