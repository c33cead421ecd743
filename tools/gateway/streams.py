"""One WebSocket to the exchange, which tells what would otherwise have to be asked for again and again.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md
"""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidURI, WebSocketException

from tools.gateway.clock import Ticks, ticks
from tools.gateway.complaints import Complaints
from tools.gateway.interest import Interest

NAMED_AT_ONCE = 20
"""How many streams are named in the address; the rest is subscribed to afterwards."""
NAMES_A_MESSAGE = 200
UPDATE_S = 1.0
"""One message a second at most; the exchange allows five."""
SILENT_S = 60.0
"""A connection that says nothing for so long is given up."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 60.0
LASTING_MS = 60_000
"""A connection that lasted so long ends without being held against the next."""
CLOSING_EVENT = "serverShutdown"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Event:
    """What a stream said: the stream's name and its data."""

    name: str
    data: dict[str, Any]

    @property
    def symbol(self) -> str:
        """The symbol as REST writes it."""
        return self.name.partition("@")[0].upper()

    @property
    def kind(self) -> str:
        """The stream without symbol and interval: `kline`, `bookTicker`."""
        return self.name.partition("@")[2].partition("_")[0]


Handler = Callable[[Event], None]


class Streams:
    """Subscribes to what is wanted and hands on what is heard. Without an address it does neither."""

    def __init__(self, url: str | None, *, ticks: Ticks = ticks, trust_env: bool = False) -> None:
        self._url = url
        self._ticks = ticks
        self._proxy: Literal[True] | None = True if trust_env else None
        self._interest = Interest()
        self._handlers: dict[str, Handler] = {}
        self._heard: dict[str, int] = {}
        self._wanted = asyncio.Event()
        self._heard_any_ms = 0
        self._subscribed: set[str] = set()
        self._complaints = Complaints(log, ticks)
        self.is_connected = False

    def handle(self, kind: str, handler: Handler) -> None:
        """Sends events of this kind to the handler."""
        self._handlers[kind] = handler

    def want(self, name: str) -> None:
        """Says that what this stream tells was asked for just now."""
        if self._url is not None:
            self._interest.want(name, self._ticks())
            self._wanted.set()

    def silence_ms(self, name: str) -> int | None:
        """How long the connection has been silent; None where the stream said nothing yet on this connection."""
        return self._ticks() - self._heard_any_ms if name in self._heard else None

    @property
    def count(self) -> int:
        """How many streams are being heard."""
        return len(self._heard)

    async def run(self) -> None:
        """Keeps a connection while anything is wanted, until it is cancelled."""
        pause_s = FIRST_PAUSE_S
        while self._url is not None:
            await self._wanted.wait()
            names = self._interest.current(self._ticks())
            if not names:
                self._wanted.clear()
                continue
            began_ms = self._ticks()
            await self._connect(names)
            pause_s = FIRST_PAUSE_S if self._ticks() - began_ms >= LASTING_MS else min(pause_s * 2, LONGEST_PAUSE_S)
            await asyncio.sleep(pause_s)

    async def _connect(self, names: list[str]) -> None:
        first = names[-NAMED_AT_ONCE:]
        try:
            async with connect(f"{self._url}/stream?streams={'/'.join(first)}", proxy=self._proxy) as socket:
                self._subscribed = set(first)
                self.is_connected = True
                await self._follow(socket)
        except (OSError, WebSocketException, InvalidURI) as error:
            self._complaints.say("streams: %s", type(error).__name__)
        finally:
            self.is_connected = False
            self._heard.clear()

    async def _follow(self, socket: ClientConnection) -> None:
        """Listens until the exchange leaves or is silent for too long."""
        updating = asyncio.create_task(self._keep_subscribed(socket))
        try:
            while True:
                async with asyncio.timeout(SILENT_S):
                    text = await socket.recv()
                if not self._hear(text):
                    return
        finally:
            updating.cancel()
            await asyncio.wait([updating])

    def _hear(self, text: str | bytes) -> bool:
        """Hands on one message; False where the exchange says that it is leaving."""
        try:
            event = _read_event(text)
            self._heard_any_ms = self._ticks()
            if event is None:
                return True
            if handler := self._handlers.get(event.kind):
                handler(event)
            self._heard[event.name] = self._heard_any_ms
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._complaints.say("streams: %s in a message", type(error).__name__)
            return True
        return event.data.get("e") != CLOSING_EVENT

    async def _keep_subscribed(self, socket: ClientConnection) -> None:
        number = 0
        while True:
            await asyncio.sleep(UPDATE_S)
            wanted = set(self._interest.current(self._ticks()))
            method, names = "SUBSCRIBE", sorted(wanted - self._subscribed)
            if not names:
                method, names = "UNSUBSCRIBE", sorted(self._subscribed - wanted)
            if names:
                number += 1
                await self._send(socket, method, names[:NAMES_A_MESSAGE], number)

    async def _send(self, socket: ClientConnection, method: str, names: list[str], number: int) -> None:
        await socket.send(json.dumps({"method": method, "params": names, "id": number}))
        if method == "SUBSCRIBE":
            self._subscribed.update(names)
        else:
            self._subscribed.difference_update(names)
            for name in names:
                self._heard.pop(name, None)


def _read_event(text: str | bytes) -> Event | None:
    """The event in a message; None where it is the answer to one of ours. Raises ValueError for anything else."""
    message = json.loads(text)
    if "result" in message or "code" in message:
        return None
    name, data = message["stream"], message["data"]
    if not isinstance(name, str) or not isinstance(data, dict):
        raise TypeError("an event is a name and an object")
    return Event(name, data)
