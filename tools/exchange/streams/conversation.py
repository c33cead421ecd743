"""Reads from and writes to one WebSocket until either side ends it, and leaves nothing behind."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from tools.exchange.streams.errors import FAILED, TOO_LONG
from tools.exchange.streams.outbox import Outbox

LONGEST_MESSAGE = 65_536
"""How many characters a client's message may have; a longer one closes the connection."""
CLOSING_TIMEOUT_S = 1.0
GONE = (WebSocketDisconnect, RuntimeError)
"""What sending raises to a client that has gone, or whose connection the server has begun to close."""

log = logging.getLogger(__name__)


async def converse(websocket: WebSocket, outbox: Outbox, hear: Callable[[str], None]) -> None:
    """Gives incoming texts to `hear` and sends what the outbox holds, until the client leaves or the outbox ends."""
    steps = (_read(websocket, outbox, hear), _write(websocket, outbox), outbox.ended.wait())
    tasks: list[asyncio.Task[object]] = [asyncio.ensure_future(step) for step in steps]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    await _close(websocket, outbox)


async def _read(websocket: WebSocket, outbox: Outbox, hear: Callable[[str], None]) -> None:
    while (message := await websocket.receive())["type"] == "websocket.receive":
        text = message.get("text")
        text = message["bytes"].decode(errors="replace") if text is None else text
        if len(text) > LONGEST_MESSAGE:
            outbox.end(TOO_LONG, "Message too long")
            return
        try:
            hear(text)
        except Exception:
            log.exception("a message failed")
            outbox.end(FAILED, "An unknown error occurred")
            return


async def _write(websocket: WebSocket, outbox: Outbox) -> None:
    with suppress(*GONE):
        while True:
            await websocket.send_text(await outbox.take())


async def _close(websocket: WebSocket, outbox: Outbox) -> None:
    """Says why, where this side ended it; a client that does not read does not hear it."""
    if outbox.closing is None:
        return
    with suppress(TimeoutError, *GONE):
        async with asyncio.timeout(CLOSING_TIMEOUT_S):
            await websocket.close(*outbox.closing)
