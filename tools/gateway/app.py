"""The application: the allow-list, and the gateway's own health."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route

from tools.gateway.door import Door, OnRefused, ignore
from tools.gateway.endpoints import ENDPOINTS
from tools.gateway.gateway import Gateway


def build_app(gateway: Gateway, on_refused: OnRefused = ignore, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The gateway over HTTP. `routes` come before the market data: what they match is theirs."""

    async def read_health(_: Request) -> JSONResponse:
        return JSONResponse(gateway.read_health())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        running = asyncio.create_task(gateway.run())
        yield
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    door = Door(ENDPOINTS, gateway.answer, on_refused)
    health = Route("/gateway/health", read_health, methods=["GET"])
    app = Starlette(routes=[health, *routes, Mount("/", app=door)], lifespan=lifespan)
    app.router.redirect_slashes = False
    return app
