"""Carries out the faults that strike a request, around the application."""

from starlette.types import ASGIApp, Receive, Scope, Send

from tools.exchange.faults.effects import wrap
from tools.exchange.faults.plan import Faults
from tools.exchange.faults.sockets import Sockets
from tools.exchange.weights.table import CONTROL


class FaultsMiddleware:
    """Pure ASGI. Meant to be the outermost, as the network is; control routes are never struck."""

    def __init__(self, app: ASGIApp, *, faults: Faults) -> None:
        self._app = app
        self._faults = faults
        self._sockets = Sockets(faults)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands a request on as the faults that strike it leave it."""
        if scope["type"] == "websocket":
            await self._sockets.serve(self._app, scope, receive, send)
        elif scope["type"] == "http" and not scope["path"].startswith(CONTROL):
            struck = self._faults.strike("http", scope["method"], scope["path"])
            await wrap(self._app, struck, self._faults)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
