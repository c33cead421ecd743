"""A small application behind the faults that counts what it handles: in this process, or over a real server."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from tools.exchange.clock import Clock, wall_clock
from tools.exchange.faults.clock import FaultyClock
from tools.exchange.faults.connection import ResettableHTTP
from tools.exchange.faults.fault import read_fault
from tools.exchange.faults.middleware import FaultsMiddleware
from tools.exchange.faults.plan import Faults
from tools.exchange.faults.routes import ROUTES

NOW_MS = 1_795_333_625_400
"""2026-11-22T07:47:05.400Z."""
TIMEOUT_S = 5


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


class Shop:
    """The application: `POST /api/v3/order` takes orders, `klines` has ten candles, `/ws/` says hello and echoes."""

    def __init__(self, faults: Faults, base: Clock) -> None:
        self.handled: list[str] = []
        self.open_sockets = 0
        self.faults = faults
        self.clock = FaultyClock(base, faults)
        routes = [*ROUTES, WebSocketRoute("/ws/{stream}", self.stream)]
        routes += [Route("/{path:path}", self.handle, methods=["GET", "POST", "DELETE"])]
        self.app = Starlette(routes=routes)
        self.app.state.faults = faults
        self.app.add_middleware(FaultsMiddleware, faults=faults)

    async def handle(self, request: Request) -> JSONResponse:
        body = (await request.body()).decode()
        self.handled.append(f"{request.method} {request.url.path} {body}".strip())
        if request.url.path.endswith("lines"):
            return JSONResponse([[n, "1.00000000"] for n in range(10)])
        return JSONResponse({"number": len(self.handled), "now": self.clock(), "account": self.clock.account()})

    async def stream(self, connected: WebSocket) -> None:
        await connected.accept()
        await connected.send_text("hello")
        self.open_sockets += 1
        try:
            while True:
                await connected.send_text(await connected.receive_text())
        except WebSocketDisconnect:
            self.open_sockets -= 1

    def plan(self, kind: str, **fields: Any) -> str:
        (planned,) = self.faults.add([read_fault({"kind": kind, **fields})])
        return planned.id


class LocalShop(Shop):
    """The shop in this process, at a moment that the test sets; waits are noted and take no time."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS
        self.waits: list[tuple[float, int]] = []
        super().__init__(Faults(lambda: self.now_ms, self._sleep), lambda: self.now_ms)
        self.client = TestClient(self.app)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append((seconds, len(self.handled)))
        await asyncio.sleep(0)


class ServedShop(Shop):
    """The shop over a real server."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(Faults(), wall_clock)
        self.client = httpx.Client(base_url=url, timeout=TIMEOUT_S)


@pytest.fixture
def shop() -> LocalShop:
    return LocalShop()


@pytest.fixture
def served() -> Iterator[ServedShop]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        shop = ServedShop(f"http://127.0.0.1:{listener.getsockname()[1]}")
        server = uvicorn.Server(uvicorn.Config(shop.app, http=ResettableHTTP, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        wait_until(lambda: server.started)
        yield shop
        shop.client.close()
        server.should_exit = True
        thread.join(TIMEOUT_S)
        assert not thread.is_alive()


@pytest.fixture
def eventually() -> Callable[[Callable[[], object]], None]:
    return wait_until
