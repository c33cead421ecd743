"""The open WebSockets: known here, so that a fault can reset them without the streams' help."""

import asyncio

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tools.exchange.faults.connection import find_reset
from tools.exchange.faults.plan import Faults
from tools.exchange.weights.refusals import refuse_socket

LOOKS_EVERY_S = 0.1
"""How long after its beginning a fault resets open WebSockets at most."""
RESTART = 1012
"""The close code where the server cannot reset connections (RFC 6455's registry: Service Restart)."""


class OpenSocket:
    """One open WebSocket, and the faults that it has already met."""

    def __init__(self, scope: Scope, send: Send, met: set[str]) -> None:
        self.path: str = scope["path"]
        self.met = met
        self._reset = find_reset(scope)
        self._send = send
        self._closing: asyncio.Future[None] | None = None

    async def send(self, message: Message) -> None:
        """Takes the place of `send`: what comes after the end is lost."""
        if self._closing is None:
            await self._send(message)

    def end(self) -> None:
        """Resets the connection; where the server cannot, closes it with code 1012."""
        if self._reset is not None:
            self._reset()
        elif self._closing is None:
            closing = self._send({"type": "websocket.close", "code": RESTART})
            self._closing = asyncio.ensure_future(closing)


class Sockets:
    """All open WebSockets. While there are any, the faults are looked at again and again."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._open: set[OpenSocket] = set()
        self._watching: asyncio.Task[None] | None = None

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands a new connection to the application, or refuses it."""
        if self._faults.strike("websocket", "GET", scope["path"]):
            await refuse_socket(scope, receive, send, JSONResponse({"code": -1001, "msg": "Disconnected."}, 503))
            return
        opened = OpenSocket(scope, send, self._faults.active("websocket"))
        self._open.add(opened)
        self._watch()
        try:
            await app(scope, receive, opened.send)
        finally:
            self._open.discard(opened)

    def reset_struck(self) -> None:
        """Resets the open WebSockets that a fault strikes now; each meets each fault once."""
        active = self._faults.active("websocket")
        ended = [opened for opened in self._open if active - opened.met and self._is_struck(opened, active)]
        for opened in ended:
            opened.end()
        for tell in self._faults.on_ws_drop if ended else ():
            tell()

    def _is_struck(self, opened: OpenSocket, active: set[str]) -> bool:
        struck = self._faults.strike("websocket", "GET", opened.path, opened.met)
        opened.met |= active
        return bool(struck)

    def _watch(self) -> None:
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._look_again_and_again())

    async def _look_again_and_again(self) -> None:
        while self._open:
            self.reset_struck()
            await self._faults.sleep(LOOKS_EVERY_S)
