"""One call of an endpoint: what a handler needs to answer, and the Starlette route around it."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tools.exchange.clock import Clock
from tools.exchange.market import Market
from tools.exchange.query import Query


@dataclass(frozen=True)
class Call:
    """The market, the one moment that the whole answer is about (ms UTC), and the request's parameters."""

    market: Market
    now_ms: int
    query: Query


Handler = Callable[[Call], object]
"""Turns a call into what JSON can hold, or raises ApiError."""


def get(path: str, handler: Handler, *parameters: str) -> Route:
    """A GET route that accepts these parameters and no others.

    Handlers are short and never wait, so they run on the event loop, one after another.
    """

    async def endpoint(request: Request) -> JSONResponse:
        market: Market = request.app.state.market
        clock: Clock = request.app.state.clock
        return JSONResponse(handler(Call(market, clock(), Query(request.query_params, parameters))))

    return Route(path, endpoint, methods=["GET"])
