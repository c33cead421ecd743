"""The way to the exchange: signs with the real key, and says of each failure whether anything may have been done."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx

from tools.gateway.budget import Budget, Priority
from tools.gateway.clock import ticks
from tools.gateway.meter import PAUSES_S, Meter
from tools.gateway.orders.keys import ExchangeKeys, sign
from tools.gateway.orders.paths import address_weight

TIMEOUT_S = 3.0
RECV_WINDOW_MS = 5_000
TOO_MANY_ORDERS = -1015
ORDERS_AGAIN_S = 10
"""Orders are counted by ten seconds, for the account alone: it says nothing of what else may be asked."""
UNSAID = (-1000, -1001, -1006, -1007)
"""Codes that leave open what was done."""
NOT_DONE = (403, 404, 405)
"""What says so without a code."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What the exchange said to a request that it did."""

    status: int
    content: Any


class Refused(Exception):
    """The exchange says that it did not do it."""

    def __init__(self, code: int, message: str, status: int, retry_after_s: int | None = None) -> None:
        self.code = code
        self.message = message
        self.status = status
        self.retry_after_s = retry_after_s
        super().__init__(f"{status} {code}: {message}")


class Unknown(Exception):
    """It was sent, and nobody knows what came of it."""


class NotSent(Exception):
    """Nothing left."""


class Exchange(Protocol):
    """A venue that knows the account."""

    async def signed(
        self, method: str, path: str, params: Mapping[str, str], priority: Priority | None = None
    ) -> Answer:
        """Raises `Refused`, `Unknown` or `NotSent`. Without a priority it has that of a bot's request of its kind."""


class Forwarder:
    """Binance over HTTP. Goes past httpx's client, which writes every address, signatures and all, into the log.

    `clock_ms` is the exchange's clock. What is sent counts in the meter: while that is paused nothing is sent, and
    where weight is scarce questions are refused, so that sales still go, and after them the desk's requests alone.
    """

    def __init__(  # noqa: PLR0913  where, as whom, and how patiently
        self,
        url: str,
        keys: ExchangeKeys,
        clock_ms: Callable[[], int],
        *,
        timeout_s: float = TIMEOUT_S,
        recv_window_ms: int = RECV_WINDOW_MS,
        transport: httpx.AsyncBaseTransport | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._keys = keys
        self._clock_ms = clock_ms
        self._timeout = httpx.Timeout(timeout_s).as_dict()
        self._recv_window_ms = recv_window_ms
        self._transport = transport or httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=20))
        self._meter = meter or Meter(Budget(), ticks)

    async def close(self) -> None:
        await self._transport.aclose()

    async def signed(
        self, method: str, path: str, params: Mapping[str, str], priority: Priority | None = None
    ) -> Answer:
        """One request, sent once."""
        weight = address_weight(method, path, params)
        if wait_ms := self._meter.wait_ms(weight, usual_priority(method, params) if priority is None else priority):
            raise Refused(-1003, "Too many requests.", 429, -(-wait_ms // 1000))
        request = self._request(method, path, params, self._clock_ms())
        self._meter.spend(weight)
        with self._meter.under_way(weight):
            response = await self._send(request, method, path)
        self._meter.learn(response.headers)
        return self._read(response, method, path)

    def _request(self, method: str, path: str, params: Mapping[str, str], now_ms: int) -> httpx.Request:
        told = {**params, "recvWindow": str(self._recv_window_ms), "timestamp": str(now_ms)}
        payload = urlencode(told)
        payload = f"{payload}&signature={sign(self._keys.secret, payload.encode())}"
        headers = {"X-MBX-APIKEY": self._keys.key}
        extensions = {"timeout": self._timeout}
        if method != "POST":
            return httpx.Request(method, f"{self._url}{path}?{payload}", headers=headers, extensions=extensions)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return httpx.Request(
            method, f"{self._url}{path}", headers=headers, content=payload.encode(), extensions=extensions
        )

    async def _send(self, request: httpx.Request, method: str, path: str) -> httpx.Response:
        try:
            response = await self._transport.handle_async_request(request)
            await response.aread()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            log.warning("%s %s was not sent: %s", method, path, type(error).__name__)
            raise NotSent from None
        except httpx.HTTPError as error:
            log.warning("%s %s was not answered: %s", method, path, type(error).__name__)
            raise Unknown from None
        return response

    def _read(self, response: httpx.Response, method: str, path: str) -> Answer:
        content = _load(response.content)
        code, message = _error(content)
        if code == TOO_MANY_ORDERS:
            raise Refused(code, message, response.status_code, ORDERS_AGAIN_S)
        if response.status_code in PAUSES_S:
            wait_s = self._meter.pause(response.status_code, response.headers)
            log.warning("the exchange asks for silence of %s s", wait_s)
            raise Refused(code or -1003, message or "Too many requests.", response.status_code, wait_s)
        if _is_unsaid(response.status_code, code, content):
            log.warning("%s %s: the exchange answered %s %s", method, path, response.status_code, code)
            raise Unknown
        if not response.is_success:
            raise Refused(code or -1000, message, response.status_code)
        return Answer(response.status_code, content)


def usual_priority(method: str, params: Mapping[str, str]) -> Priority:
    """Of what a bot asks for: ways out go before ways in."""
    return Priority.READS if method == "GET" or params.get("side") == "BUY" else Priority.ORDERS


def _is_unsaid(status: int, code: int, content: Any) -> bool:
    """Whether an answer leaves open what was done: what stands between may answer in the exchange's place."""
    if status >= 500 or code in UNSAID:
        return True
    return content is None if status < 400 else not code and status not in NOT_DONE


def _load(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def _error(content: Any) -> tuple[int, str]:
    """Code and sentence; zero where there is none."""
    if not isinstance(content, dict) or not isinstance(content.get("code"), int):
        return 0, ""
    return content["code"], str(content.get("msg", ""))[:300]
