"""The application: the allow-list, the signed half where there is one, and the gateway's own health."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tools.gateway.door import Door, OnRefused, ignore
from tools.gateway.endpoints import ENDPOINTS
from tools.gateway.gateway import Gateway
from tools.gateway.orders.routes import ROUTES, UNLISTED, Listed
from tools.gateway.reading import read_path
from tools.gateway.signed_half import SignedHalf

PUBLIC = frozenset(path.encode() for path in ENDPOINTS)


def build_app(gateway: Gateway, on_refused: OnRefused = ignore, signed: SignedHalf | None = None) -> Starlette:
    """The gateway over HTTP; without a signed half its paths are as unknown as any other."""
    door = Door(ENDPOINTS, gateway.answer, on_refused, signed.note_silence if signed else ignore)

    async def read_health(_: Request) -> JSONResponse:
        return JSONResponse({**gateway.read_health(), "orders": signed.read_health() if signed else None})

    async def answer_rest(scope: Scope, receive: Receive, send: Send) -> None:
        """All that is no route: what is on no list and comes with a key is the signed half's, which knows whose."""
        app = UNLISTED if signed and _bears_key(scope) and read_path(scope) not in PUBLIC else door
        await app(scope, receive, send)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        running = [asyncio.create_task(half.run()) for half in (gateway, signed) if half is not None]
        yield
        for task in reversed(running):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    health = Listed("/gateway/health", read_health, "GET")
    app = Starlette(routes=[health, *(ROUTES if signed else ())], lifespan=lifespan)
    app.router.redirect_slashes = False
    app.router.default = answer_rest
    app.state.find_service = lambda: signed.service if signed else None
    return app


def _bears_key(scope: Scope) -> bool:
    return scope["type"] == "http" and any(name == b"x-mbx-apikey" for name, _ in scope["headers"])
