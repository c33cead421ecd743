"""The account at the demo exchange: made once, its key kept in a file that nobody else can read."""

import hashlib
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tools.gateway.orders.keys import ExchangeKeys
from tools.gateway.orders.schema import LedgerTaken, ledger_path, put_aside
from tools.gateway.waiting import NotYet

FUNDS = {"USDT": "10000"}
TIMEOUT_S = 3.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DemoAccount:
    """Of the data folder: `secrets/demo-key.json`, and the exchange's own state in `exchange/`."""

    data: Path
    url: str

    async def find_keys(self) -> ExchangeKeys:
        """Those of the file, or of a new account where the exchange does not know that one. Raises `NotYet`."""
        state = self._read_state()
        kept = self._read()
        if kept is None or kept["state"] != state or not await self._is_known(kept["uid"]):
            kept = await self._make(state)
        return ExchangeKeys(kept["apiKey"], kept["secretKey"])

    @property
    def _path(self) -> Path:
        return self.data / "secrets" / "demo-key.json"

    def _read_token(self) -> str:
        try:
            return (self.data / "exchange" / "control-token").read_text().strip()
        except OSError as error:
            raise NotYet(f"the demo exchange keeps no state in {self.data / 'exchange'}") from error

    def _read_state(self) -> str:
        """Tells one state folder of the exchange from another."""
        return hashlib.sha256(self._read_token().encode()).hexdigest()[:16]

    def _read(self) -> dict[str, Any] | None:
        try:
            kept = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return None
        return kept if isinstance(kept, dict) and kept.keys() >= {"uid", "apiKey", "secretKey", "state"} else None

    async def _is_known(self, uid: int) -> bool:
        return str(uid) in (await self._ask("GET", "/demo/ledger"))["balances"]

    async def _make(self, state: str) -> dict[str, Any]:
        """What was ordered with an account that is gone is put aside: nothing of it is true any more."""
        try:
            aside = put_aside(ledger_path(self.data, "demo"))
        except LedgerTaken as error:
            raise NotYet(str(error)) from error
        if aside:
            log.info("the orders of the account that is gone are in %s", aside)
        made = {**await self._ask("POST", "/demo/accounts", {"balances": FUNDS}), "state": state}
        self._write(made)
        log.info("account %s was made at the demo exchange", made["uid"])
        return made

    def _write(self, made: dict[str, Any]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump(made, file)
        fresh.replace(self._path)

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"X-Demo-Token": self._read_token()} if body else {}
        try:
            async with httpx.AsyncClient(base_url=self.url, timeout=TIMEOUT_S, trust_env=False) as client:
                answer = await client.request(method, path, json=body, headers=headers)
                answer.raise_for_status()
                told: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise NotYet(f"the demo exchange at {self.url} does not answer: {type(error).__name__}") from error
        return told
