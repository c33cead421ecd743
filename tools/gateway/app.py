"""The application: the allow-list, the signed half where there is one, and the gateway's own health."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Match, Mount, Route
from starlette.types import Scope

from tools.gateway.door import Door, OnRefused, ignore
from tools.gateway.endpoints import ENDPOINTS
from tools.gateway.gateway import Gateway
from tools.gateway.orders.routes import METHODS, ROUTES, refuse
from tools.gateway.signed_half import SignedHalf


class WithKey(Route):
    """What is on no list and comes with a key: the signed half knows whose it is, and writes it down."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope.get("path") in ENDPOINTS or not any(name == b"x-mbx-apikey" for name, _ in scope.get("headers", ())):
            return Match.NONE, {}
        return super().matches(scope)


def build_app(gateway: Gateway, on_refused: OnRefused = ignore, signed: SignedHalf | None = None) -> Starlette:
    """The gateway over HTTP; without a signed half its paths are as unknown as any other."""

    async def read_health(_: Request) -> JSONResponse:
        return JSONResponse({**gateway.read_health(), "orders": signed.read_health() if signed else None})

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        running = [asyncio.create_task(half.run()) for half in (gateway, signed) if half is not None]
        yield
        for task in reversed(running):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    routes = [*ROUTES, WithKey("/{path:path}", refuse, methods=METHODS)] if signed else []
    health = Route("/gateway/health", read_health, methods=["GET"])
    door = Mount("/", app=Door(ENDPOINTS, gateway.answer, on_refused))
    app = Starlette(routes=[health, *routes, door], lifespan=lifespan)
    app.router.redirect_slashes = False
    app.state.find_service = lambda: signed.service if signed else None
    return app
