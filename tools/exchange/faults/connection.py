"""Connections that can be reset from inside: the server's protocol gives each request a way to end its connection."""

import asyncio
import socket
import struct
from collections.abc import Callable
from functools import partial

from starlette.types import Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

RESET = "reset_connection"
"""The name, in a scope's `state`, of a function that resets the connection."""


class ResettableHTTP(H11Protocol):
    """uvicorn's HTTP protocol, to be given as `http=` to its Config. WebSockets that it upgrades are resettable too."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Puts the way to reset this connection where the server keeps what all its requests are told."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, RESET: partial(_reset, transport)}


def find_reset(scope: Scope) -> Callable[[], None] | None:
    """The function that resets this request's connection, or None where the server has none."""
    found: Callable[[], None] | None = scope.get("state", {}).get(RESET)
    return found


async def reset_connection(scope: Scope, receive: Receive) -> None:
    """Resets the connection and returns when it is gone; raises ConnectionAbortedError where the server cannot."""
    reset = find_reset(scope)
    if reset is None:
        raise ConnectionAbortedError("This server cannot reset connections. Give uvicorn http=ResettableHTTP.")
    reset()
    await disconnected(receive)


async def disconnected(receive: Receive) -> None:
    """Returns when the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _reset(transport: asyncio.Transport) -> None:
    """Closes at once. A socket that lingers for no time sends RST, not FIN (socket(7), SO_LINGER)."""
    connected = transport.get_extra_info("socket")
    if connected is not None and not transport.is_closing():
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
