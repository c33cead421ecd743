"""Real money, as far as the demo exchange has any: exchange and gateway as processes on one data folder."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.tools.gateway.processes import free_port, wait_until_it_answers
from tools.bot import BotSpec, State
from tools.credentials import Credentials, desk_credentials, read_master
from tools.gateway.orders.keys import sign
from tools.guard.limits import Limits
from tools.guard.mandates import MandateFacts, Mandates, source_hash, terms_of
from tools.store.database import Store
from tools.store.tables import BotRow, LimitsRow

ROOT = Path(__file__).resolve().parents[3]
CANARY = {"BINANCE_API_KEY": "canaryKeyOfTheExchange", "BINANCE_API_SECRET": "canarySecretOfTheExchange"}
LIMITS = Limits(
    max_trade=Decimal(3000), max_bot_exposure=Decimal(5000), max_total_exposure=Decimal(6000), live_enabled=True,
    max_entries_per_minute=100,
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """`gateway` is where bots trade; `pid` is that of its process."""

    data: Path
    exchange: str
    gateway: str
    pid: int

    def read_health(self) -> dict[str, Any]:
        told: dict[str, Any] = httpx.get(f"{self.gateway}/gateway/health").json()
        return told

    def takes_orders(self) -> bool:
        orders = self.read_health()["orders"]
        return orders is not None and orders["waits_for"] is None

    def ask(self, path: str, **params: str) -> Any:
        """As the API does: about the whole account."""
        answer = send(self.gateway, desk_credentials(read_master(self.data)), "GET", path, params)
        return answer.raise_for_status().json()

    def control(self, method: str, path: str, body: dict[str, Any]) -> None:
        """As the owner of the demo exchange."""
        account = json.loads((self.data / "secrets" / "demo-key.json").read_text())["uid"]
        token = (self.data / "exchange" / "control-token").read_text().strip()
        url = f"{self.exchange}/demo/accounts/{account}{path}"
        httpx.request(method, url, json=body, headers={"X-Demo-Token": token}).raise_for_status()

    def deposit(self, asset: str, amount: str) -> None:
        self.control("POST", "/funding", {"asset": asset, "amount": amount})

    def read_balance(self, asset: str) -> Decimal:
        """By the exchange's own books."""
        books: dict[str, Any] = httpx.get(f"{self.exchange}/demo/ledger").json()["balances"]
        (mine,) = (balances for name, balances in books.items() if name.isdigit())
        return sum((Decimal(mine.get(asset, {}).get(kind, "0")) for kind in ("free", "locked")), Decimal(0))


def send(url: str, mine: Credentials, method: str, path: str, params: Mapping[str, str]) -> httpx.Response:
    payload = urlencode({**params, "timestamp": str(time.time_ns() // 1_000_000)})
    payload += "&signature=" + sign(mine.secret, payload.encode())
    return httpx.request(method, f"{url}{path}?{payload}", headers={"X-MBX-APIKEY": mine.key}, timeout=15)


@contextmanager
def process(
    module: str, log: Path, *words: str, port: int, ready: str, **environment: str
) -> Iterator[tuple[str, int]]:
    """A process of ours: its address and its pid."""
    url = f"http://127.0.0.1:{port}"
    with log.open("ab") as written:
        command = [sys.executable, "-m", module, "--port", str(port), *words]
        running = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=written, stderr=written)
    try:
        wait_until_it_answers(running, f"{url}{ready}")
        yield url, running.pid
    finally:
        running.terminate()
        running.wait(20)


@contextmanager
def exchange_at(data: Path, port: int) -> Iterator[str]:
    words = ("--state", str(data / "exchange"))
    with process("tools.exchange", data / "exchange.log", *words, port=port, ready="/api/v3/ping") as (url, _):
        yield url


@contextmanager
def gateway_at(data: Path, exchange: str) -> Iterator[World]:
    words = ("--upstream", exchange, "--data", str(data), "--venue", "demo")
    ready = "/gateway/health"
    with process("tools.gateway", data / "gateway.log", *words, port=free_port(), ready=ready, **CANARY) as (url, pid):
        yield World(data, exchange, url, pid)


@contextmanager
def open_world(data: Path) -> Iterator[World]:
    with exchange_at(data, free_port()) as exchange, gateway_at(data, exchange) as world:
        yield world


def write_limits(store: Store, limits: Limits = LIMITS) -> None:
    with store.session() as session:
        session.add(LimitsRow(content=limits.model_dump(mode="json")))
        session.commit()


def write_bot(store: Store, bot_id: str, spec: BotSpec, strategy: Path) -> None:
    """A bot that its owner lets enter, with a mandate for what it is."""
    with store.session() as session:
        content = spec.model_dump(mode="json")
        session.merge(BotRow(id=bot_id, name_key=bot_id, spec=content, state=State.RUNNING, venue="demo"))
        session.commit()
    facts = MandateFacts(source_hash(strategy.read_bytes()), terms_of(spec), LIMITS)
    with store.writing() as session:
        Mandates(store).grant(session, bot_id, facts, by="web", proposal_id="p")
