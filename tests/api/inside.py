"""The app as it is served, with a real database; without Freqtrade, and with an exchange that has prices only."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.services import Services
from api.settings import Settings
from tests.stack import free_port
from tests.tools.bots.fakes import FakeKey
from tools.freqtrade.host import Host
from tools.guard.actor import Scope
from tools.market.source import MarketSource
from tools.market.venues import Venue

PASSWORD = "a-password-for-tests"
SPEC = {"name": "ada", "pairs": ["BTC/USDT"], "stake": "50", "max_open_trades": 1}
LIVE = {**SPEC, "name": "real", "mode": "REAL_MARKET_SPOT"}
PRICE = "50000"


class _Cold(Host):
    """Imports no Freqtrade."""

    async def open(self, *, warm: bool = True) -> None:
        await super().open(warm=False)


class _Market(MarketSource):
    """Answers by itself."""

    def __init__(self, venue: Venue) -> None:
        super().__init__(venue)
        self._client = httpx.AsyncClient(base_url=venue.url, transport=httpx.MockTransport(_answer))


def _answer(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/api/v3/exchangeInfo":
        return httpx.Response(200, json={"symbols": [_symbol("BTC"), _symbol("ETH")]})
    if request.url.path.startswith("/api/v3/ticker"):
        content = {"symbol": "BTCUSDT", "price": PRICE, "lastPrice": PRICE, "priceChangePercent": "0"}
        return httpx.Response(200, json={**content, "highPrice": PRICE, "lowPrice": PRICE, "quoteVolume": "1"})
    return httpx.Response(404, json={})


def _symbol(base: str) -> dict[str, Any]:
    notional = {"filterType": "NOTIONAL", "minNotional": "10"}
    return {
        "symbol": f"{base}USDT", "baseAsset": base, "quoteAsset": "USDT", "status": "TRADING", "filters": [notional],
    }  # fmt: skip


@dataclass(frozen=True)
class Inside:
    """An app that is up, and its owner signed in."""

    app: FastAPI
    services: Services
    http: httpx.AsyncClient
    exits: AsyncExitStack
    key: FakeKey
    """The exchange key, as the gateway would tell of it."""

    async def with_token(self, *scopes: Scope) -> httpx.AsyncClient:
        """Another client: a program with some of the scopes."""
        secret, _ = self.services.sessions.issue("rest", "a program", frozenset(scopes), 1)
        return await self.stranger(authorization=f"Bearer {secret}")

    async def stranger(self, **headers: str) -> httpx.AsyncClient:
        return await self.exits.enter_async_context(_client(self.app, **headers))

    async def create_bot(self, **changes: Any) -> str:
        answer = await self.http.post("/api/bots", json={**SPEC, **changes})
        assert answer.status_code == 201, answer.text
        bot_id: str = answer.json()["bot"]["id"]
        return bot_id

    async def propose(self, **changes: Any) -> dict[str, Any]:
        """A proposal that waits for the owner: limits that are looser."""
        answer = await self.http.put("/api/limits", json=changes or {"max_trade": "150"})
        assert answer.status_code == 202, answer.text
        proposal: dict[str, Any] = answer.json()["proposal"]
        return proposal

    async def read_state(self) -> dict[str, Any]:
        """All that a write could change, but for the account of it."""
        paths = ("bots", "limits", "guard", "proposals", "strategies")
        return {path: (await self.http.get(f"/api/{path}")).json() for path in paths}

    async def read_audit(self, **query: Any) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = (await self.http.get("/api/audit", params=query)).json()
        return lines

    def change(self, statement: str, *values: Any) -> None:
        """Changes the database behind the app's back: time passes, or somebody tampers."""
        with closing(sqlite3.connect(self.services.settings.database, timeout=10)) as database, database:
            database.execute(statement, values)


@asynccontextmanager
async def open_inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Inside]:
    monkeypatch.setattr("api.services.Host", _Cold)
    monkeypatch.setattr("api.services.MarketSource", _Market)
    key = FakeKey()
    monkeypatch.setattr("api.services.GatewayCheck", lambda *_: key)
    settings = Settings(_env_file=None, data_dir=folder, venue="demo", owner_password=PASSWORD)
    app = create_app(settings)
    async with app.router.lifespan_context(app), AsyncExitStack() as exits:
        http = await exits.enter_async_context(_client(app))
        (await http.post("/api/session", json={"password": PASSWORD})).raise_for_status()
        yield Inside(app, app.state.services, http, exits, key)


@asynccontextmanager
async def served(inside: Inside) -> AsyncIterator[str]:
    """The address at which the app answers, for commands."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(inside.app, port=port, log_config=None, lifespan="off"))
    server.capture_signals = nullcontext  # type: ignore[method-assign,assignment]
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving


def _client(app: FastAPI, **headers: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inside", headers=headers)


def moment(at: datetime) -> str:
    """As the database keeps a time."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", timespec="microseconds")
