"""Asks the gateway, which holds the exchange key, what that key can do; keeps the last answer."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from tools.bots.wire import TIMEOUT_S, Wire
from tools.guard.live_check import Balance, Checked, LiveCheck, LiveCheckSource
from tools.store.tables import now

PATH = "/gateway/check"
AGAIN_S = 0.5
NO_KEY = (401, 404)
NO_WORD = frozenset({-1000, -1001, -1003, -1006, -1007, -1008, -1015, -1016})
"""Codes by which the exchange was not heard of, or says that it is busy: nothing is said of the key."""

log = logging.getLogger(__name__)


class _Error(BaseModel):
    code: int


class _Answer(BaseModel):
    """What the gateway says, as far as it is used, and to the letter."""

    model_config = ConfigDict(strict=True)

    key_works: bool
    can_trade: bool
    can_withdraw: bool | None
    ip_restricted: bool
    clock_skew_ms: int
    balances: dict[str, Balance]
    venue: str
    error: _Error | None = None


class GatewayCheck:
    """One question, on which the gateway asks the exchange two."""

    def __init__(self, wire: Wire, clock: Callable[[], datetime] = now, timeout_s: float = TIMEOUT_S) -> None:
        self._wire = wire
        self._clock = clock
        self._timeout_s = timeout_s

    async def ask(self) -> LiveCheck:
        """See `LiveCheckSource`."""
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._ask()
        except Exception as error:  # noqa: BLE001  that it cannot be told is an answer
            log.warning("the exchange key could not be checked: %s", type(error).__name__)
            return LiveCheck(at=self._clock(), answered=False)

    async def _ask(self) -> LiveCheck:
        answer = await self._wire.ask("GET", PATH, timeout_s=self._timeout_s)
        if answer.status_code in NO_KEY:
            return LiveCheck(at=self._clock(), configured=False)
        answer.raise_for_status()
        told = _Answer.model_validate(answer.json())
        if told.error is not None and told.error.code in NO_WORD:
            return LiveCheck(at=self._clock(), answered=False)
        content: dict[str, Any] = dict(told) | {"error_code": told.error.code if told.error else None}
        del content["error"]
        return LiveCheck(at=self._clock(), **content)


class Checks:
    """The last look at the key."""

    def __init__(self, source: LiveCheckSource, clock: Callable[[], datetime] = now) -> None:
        self._source = source
        self._clock = clock
        self._last: LiveCheck | None = None
        self._asking: asyncio.Task[LiveCheck] | None = None

    def read(self) -> Checked | None:
        """None where nobody has looked since this process began."""
        if self._last is None:
            return None
        return Checked(self._last, (self._clock() - self._last.at).total_seconds())

    async def refresh(self, patience_s: float = 0) -> None:
        """Looks now, and where nobody answers again and again for so long; who asks meanwhile gets the same answer."""
        until = time.monotonic() + patience_s
        while True:
            if self._asking is None:
                self._asking = asyncio.create_task(self._source.ask())
                self._asking.add_done_callback(self._keep)
            found = await asyncio.shield(self._asking)
            if found.answered or time.monotonic() >= until:
                return
            await asyncio.sleep(AGAIN_S)

    def _keep(self, asked: asyncio.Task[LiveCheck]) -> None:
        self._asking = None
        if not asked.cancelled() and asked.exception() is None:
            self._last = asked.result()
