"""A whole stack whose bots trade with real money, as far as the demo exchange has any, and what is done with it."""

import json
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from tests.soak.photograph import Photograph, photograph
from tests.soak.sides import BotTrade, GatewaySide, Key, read_bot, read_gateway
from tests.soak.wire import get, send, tell_refusal
from tests.stack import Browserless, Stack, wait_until
from tools.credentials import bot_credentials, read_master

STRATEGIES = Path(__file__).parent / "strategies"
PATIENCE_S = 120.0
ORDER = "/api/v3/order"


class NotDone(Exception):
    """What was asked for was refused, or nobody was there to do it."""


@dataclass
class World:
    """Bots by id, each with its pairs; `api` is a signed-in client of the API that runs now."""

    stack: Stack
    api: Browserless
    bots: dict[str, tuple[str, ...]]

    @classmethod
    def open(cls, folder: Path, trade: Decimal, bot: Decimal, total: Decimal) -> "World":
        """With real money on, as an owner has left it; bounds are those of exposure alone."""
        stack = Stack(folder, EXCHANGE_SOURCE="synthetic", STRATEGIES_DIR=str(STRATEGIES))
        try:
            stack.start()
            stack.stop_api()
            stack.write_limits(_write_limits(trade, bot, total))
            stack.start_api()
            world = cls(stack, Browserless(stack), {})
            world.api.http.post("/api/live/check").raise_for_status()
        except BaseException:
            stack.stop()
            raise
        return world

    def close(self) -> None:
        self.api.close()
        self.stack.stop()

    @property
    def data(self) -> Path:
        return self.stack.folder

    def read_keys(self) -> list[Key]:
        """Each bot with each of its pairs."""
        return [(bot_id, pair) for bot_id, pairs in self.bots.items() for pair in pairs]

    def add_bot(self, **spec: Any) -> str:
        """Made and started, each step with a person's yes."""
        asked = self.api.http.post("/api/bots", json={"mode": "REAL_MARKET_SPOT", "max_open_trades": 1, **spec})
        bot_id: str = self.say_yes(asked)["bot"]["id"]
        self.bots[bot_id] = tuple(spec["pairs"])
        self.start_bot(bot_id)
        return bot_id

    def start_bot(self, bot_id: str) -> None:
        self.say_yes(self.api.http.post(f"/api/bots/{bot_id}/start"))

    def restart_bot(self, bot_id: str) -> None:
        self.api.http.post(f"/api/bots/{bot_id}/stop").raise_for_status()
        self.start_bot(bot_id)

    def ask(self, asked: httpx.Response) -> dict[str, Any]:
        """The proposal that waits for a person's word. Raises `NotDone`."""
        if asked.status_code != 202:
            raise NotDone(tell_refusal(asked))
        proposal: dict[str, Any] = asked.json()["proposal"]
        return proposal

    def confirm(self, proposal: dict[str, Any], api: Browserless | None = None) -> Any:
        """The receipt. Raises `NotDone`."""
        path = f"/api/proposals/{proposal['id']}/confirm"
        done = (api or self.api).http.post(path, json={"hash": proposal["hash"]})
        if done.status_code != 200:
            raise NotDone(tell_refusal(done))
        return done.json()

    def say_yes(self, asked: httpx.Response) -> Any:
        return self.confirm(self.ask(asked))

    def sign_in(self) -> None:
        """Anew, at an API that has come back."""
        self.api.close()
        self.api = Browserless(self.stack)

    def photograph(self) -> Photograph:
        return photograph(self.data / "exchange")

    def read_gateway(self) -> GatewaySide:
        return read_gateway(self.data)

    def read_bot(self, bot_id: str) -> list[BotTrade]:
        return read_bot(self.data, bot_id)

    def read_orders_health(self) -> dict[str, Any] | None:
        """What the gateway tells of its orders; None where it does not answer, or takes none."""
        with suppress(httpx.HTTPError):
            url = f"http://127.0.0.1:{self.stack.gateway_port}/gateway/health"
            told: dict[str, Any] | None = httpx.get(url, timeout=2, trust_env=False).json()["orders"]
            return told if told is not None and told["waits_for"] is None else None
        return None

    def read_health(self, bot_id: str) -> str | None:
        """As the API tells it; None where it does not."""
        with suppress(httpx.HTTPError):
            health: str = self.api.get(f"/bots/{bot_id}")["health"]
            return health
        return None

    def read_round(self, bot_id: str) -> str | None:
        """When the bot's Freqtrade last went through its pairs; None where it does not answer."""
        with suppress(httpx.HTTPError, OSError, ValueError):
            told: str | None = self.ask_bot(bot_id, "GET", "/health").json()["last_process"]
            return told
        return None

    def ask_bot(self, bot_id: str, method: str, path: str) -> httpx.Response:
        """Its own REST server, past the product."""
        access = json.loads((self.data / "bots" / bot_id / "rest.json").read_text())
        url = f"http://127.0.0.1:{access['port']}/api/v1{path}"
        words = (access["username"], access["password"])
        return httpx.request(method, url, auth=words, timeout=10, trust_env=False)

    def read_warnings(self, bot_id: str) -> list[str]:
        """What a bot's log warns of since its last start."""
        log = self.data / "bots" / bot_id / "bot.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return [line for line in lines if " - WARNING - " in line or " - ERROR - " in line]

    def read_price(self, pair: str) -> float:
        """The lowest ask, by the gateway."""
        url = f"http://127.0.0.1:{self.stack.gateway_port}/api/v3/ticker/bookTicker"
        told = wait_until(lambda: get(url, symbol=pair.replace("/", "")), PATIENCE_S, f"a price of {pair}")
        return float(told["askPrice"])

    def sign(self, bot_id: str, method: str, path: str, **params: str) -> httpx.Response:
        """At the gateway, with a bot's own credentials."""
        mine = bot_credentials(read_master(self.data), bot_id)
        return send(f"http://127.0.0.1:{self.stack.gateway_port}", mine, method, path, params)

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """As the owner of the demo exchange."""
        token = (self.data / "exchange" / "control-token").read_text().strip()
        url = f"http://127.0.0.1:{self.stack.exchange_port}/demo{path}"
        answer = httpx.request(method, url, json=body, headers={"X-Demo-Token": token}, timeout=10, trust_env=False)
        return answer.raise_for_status().json()

    def settle(self, finding: dict[str, Any]) -> str:
        """Has the product put a difference right, with a person's yes; tells what came of it."""
        try:
            self.say_yes(self.api.http.post(f"/api/reconciliation/{finding['id']}/settle"))
        except NotDone as refused:
            return str(refused)[:60]
        return "done"

    def reconcile(self) -> list[dict[str, Any]]:
        """What the product finds by itself, looked at now."""
        answer = self.api.http.post("/api/reconciliation")
        answer.raise_for_status()
        findings: list[dict[str, Any]] = answer.json()["findings"]
        return findings


def _write_limits(trade: Decimal, bot: Decimal, total: Decimal) -> dict[str, Any]:
    exposure = {"max_trade": f"{trade}", "max_bot_exposure": f"{bot}", "max_total_exposure": f"{total}"}
    losses = {"max_loss_streak": 1000, "max_daily_loss": "100000", "max_drawdown": "100000"}
    return {"live_enabled": True, **exposure, **losses, "max_entries_per_minute": 1000, "max_entries_per_hour": 100_000}
