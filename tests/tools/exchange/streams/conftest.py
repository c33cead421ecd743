"""The streams in this process, at moments that the test sets, without a socket or through one."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tools.exchange.clock import SECOND_MS
from tools.exchange.spot.accounts import Account, Permissions
from tools.exchange.spot.desk import Desk
from tools.exchange.spot.signing import sign
from tools.exchange.spot.store import Store
from tools.exchange.streams.answers import answer as answer_api
from tools.exchange.streams.connection import Connection
from tools.exchange.streams.control import answer, subscribe
from tools.exchange.streams.outbox import Outbox
from tools.exchange.streams.publisher import Publisher
from tools.exchange.streams.routes import ROUTES
from tools.exchange.streams.session import Session
from tools.exchange.streams.signing import payload
from tools.exchange.weights.meter import Meter


def drain(outbox: Outbox) -> list[str]:
    """What waits, taken out."""
    texts = []
    while len(outbox):
        with pytest.raises(StopIteration) as stop:
            outbox.take().send(None)
        texts.append(stop.value.value)
    return texts


class Floor:
    """The publisher over an exchange, and connections to it without a socket."""

    def __init__(self, exchange: Any) -> None:
        self.exchange = exchange
        self.market = exchange.market
        self.publisher = Publisher(exchange.market, self.clock)
        self.desk = Desk(exchange.market, Store.in_memory(), self.clock())
        self.meter = Meter()

    def clock(self) -> int:
        now_ms: int = self.exchange.now_ms
        return now_ms

    def connect(self, *names: str, per_ms: int = 1, combined: bool = False) -> Connection:
        connection = Connection(self.clock(), per_ms, combined)
        subscribe(list(names), connection, self.market.symbols)
        self.publisher.connections.add(connection)
        return connection

    def ask(self, connection: Connection, message: object) -> dict[str, Any]:
        text = message if isinstance(message, str) else json.dumps(message)
        return answer(text, connection, self.market.symbols)

    def step(self, seconds: int = 1) -> None:
        """Goes on by whole seconds, in one step of the publisher, and lets the exchange's clock say so."""
        self.exchange.now_ms = (self.clock() // SECOND_MS + seconds) * SECOND_MS
        self.publisher.step(self.clock())

    def step_to(self, now_ms: int) -> None:
        """Begins the second before `now_ms` and goes on to it."""
        self.exchange.now_ms = now_ms - SECOND_MS
        self.publisher = Publisher(self.market, self.clock)

    def received(self, connection: Connection) -> list[Any]:
        return [json.loads(text) for text in drain(connection.outbox)]

    def events(self, name: str, seconds: int = 1, *, per_ms: int = 1) -> list[Any]:
        """What one more step brings to somebody who listens to one stream."""
        connection = self.connect(name, per_ms=per_ms)
        self.step(seconds)
        self.publisher.connections.remove(connection)
        return self.received(connection)

    def session(self, *, accounts: bool = True) -> Session:
        desk = self.desk if accounts else None
        return Session(self.market, self.clock, Connection(self.clock()), desk, self.meter, "127.0.0.1")

    def open_account(self, **permissions: bool) -> Account:
        funds = {"USDT": 10**13, "BTC": 10**10}
        return self.desk.open_account(Permissions(**permissions), funds, self.clock())

    def sign(self, account: Account, **params: Any) -> dict[str, Any]:
        signed = {"apiKey": account.api_key, "timestamp": self.clock(), **params}
        return {**signed, "signature": sign(account.secret_key, payload(signed))}

    def subscribe(self, session: Session, account: Account) -> dict[str, Any]:
        return self.ask_api(session, "userDataStream.subscribe.signature", **self.sign(account))

    def tell(self, account: Account, event: dict[str, Any]) -> None:
        for listener in self.desk.listeners:
            listener(account.uid, event)

    def ask_api(self, session: Session, method: str, **params: Any) -> dict[str, Any]:
        message = {"id": 1, "method": method, "params": params}
        return answer_api(json.dumps(message), session)


@pytest.fixture
def floor(exchange: Any) -> Floor:
    return Floor(exchange)


@pytest.fixture
def open_floor() -> Callable[[Any], Floor]:
    return Floor


class Door:
    """The same through WebSockets; the publisher steps in the server's own thread."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        app = Starlette(routes=ROUTES)
        app.state.market, app.state.clock, app.state.publisher = floor.market, floor.clock, floor.publisher
        app.state.desk, app.state.meter = floor.desk, floor.meter
        self.client = TestClient(app)
        self.idle_tasks = 0

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        assert self.client.portal is not None
        return self.client.portal.call(function, *arguments)

    async def count_tasks(self) -> int:
        return len(asyncio.all_tasks())

    def connections(self) -> int:
        return len(self.floor.publisher.connections)


@pytest.fixture
def door(floor: Floor) -> Iterator[Door]:
    opened = Door(floor)
    with opened.client:
        opened.idle_tasks = opened.call(opened.count_tasks)
        yield opened
