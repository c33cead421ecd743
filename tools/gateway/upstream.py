"""The one connection to the exchange: bounded, paced, and silent while the exchange demands it."""

import asyncio
import json
import logging
from collections import deque
from dataclasses import dataclass

import httpx

from tools.gateway import errors
from tools.gateway.budget import Budget
from tools.gateway.clock import Ticks, ticks
from tools.gateway.complaints import Complaints
from tools.gateway.meter import PAUSES_S, Meter
from tools.gateway.question import Question
from tools.gateway.turns import Turns

ANSWER_WITHIN_S = 8.0
"""For everything together: a client gives up after ten seconds."""
TIMEOUT = httpx.Timeout(6.0, connect=3.0, pool=3.0)
POOL = httpx.Limits(max_connections=16, max_keepalive_connections=8, keepalive_expiry=60)
BROKEN = (httpx.ConnectError, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)
"""Failures of the connection, after which a question is asked once more. Public questions change nothing."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reply:
    """What the exchange said: 200 with data, or 4xx with its refusal. The ticks are those of sending the question."""

    body: bytes
    sent_ms: int
    received_ms: int
    status: int = 200

    @property
    def is_data(self) -> bool:
        return self.status == 200


class Upstream:
    """Asks the exchange. What it cannot get is Unanswered; what the exchange refuses is a reply."""

    def __init__(
        self,
        url: str,
        *,
        budget: Budget | None = None,
        ticks: Ticks = ticks,
        transport: httpx.AsyncBaseTransport | None = None,
        trust_env: bool = False,
    ) -> None:
        self.budget = budget or Budget()
        self.meter = Meter(self.budget, ticks)
        self._ticks = ticks
        self._turns = Turns(self.budget, ticks)
        self._client = httpx.AsyncClient(
            base_url=url, timeout=TIMEOUT, limits=POOL, transport=transport, trust_env=trust_env,
            headers={"user-agent": "tradehelm-gateway"},
        )  # fmt: skip
        self._sent: deque[int] = deque()
        self._complaints = Complaints(log, ticks)
        self.answered_ms: int | None = None
        """The tick of the last answer of any kind."""
        self.failed_ms: int | None = None
        """The tick of the last question that brought neither data nor a refusal."""

    async def close(self) -> None:
        await self._client.aclose()

    @property
    def requests_last_minute(self) -> int:
        while self._sent and self._sent[0] <= self._ticks() - 60_000:
            self._sent.popleft()
        return len(self._sent)

    async def ask(self, question: Question) -> Reply:
        """Asks a checked question, at its turn; raises Unanswered."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await self._ask_twice(question)
        except (httpx.HTTPError, TimeoutError) as error:
            self.failed_ms = self._ticks()
            self._complaints.say("%s: %s", question.endpoint.path, type(error).__name__)
            raise errors.disconnected() from error

    async def _ask_twice(self, question: Question) -> Reply:
        try:
            return await self._ask_once(question)
        except BROKEN:
            return await self._ask_once(question)

    async def _ask_once(self, question: Question) -> Reply:
        weight = question.weight
        await self._turns.take(weight, question.endpoint.priority)
        sent_ms = self._ticks()
        self._sent.append(sent_ms)
        with self.meter.under_way(weight):
            response = await self._client.get(question.endpoint.path, params=dict(question.params))
        self.meter.learn(response.headers)
        return self._judge(question, response, sent_ms)

    def _judge(self, question: Question, response: httpx.Response, sent_ms: int) -> Reply:
        now_ms = self.answered_ms = self._ticks()
        if response.status_code in PAUSES_S:
            raise self._pause(response)
        if not (_is_data(response) or _is_refusal(response)):
            self.failed_ms = now_ms
            self._complaints.say("%s: status %d", question.endpoint.path, response.status_code)
            raise errors.disconnected()
        return Reply(response.content, sent_ms, now_ms, response.status_code)

    def _pause(self, response: httpx.Response) -> errors.Unanswered:
        self.failed_ms = self._ticks()
        pause_s = self.meter.pause(response.status_code, response.headers)
        self._complaints.say("status %d: nothing is asked for %d s", response.status_code, pause_s)
        return errors.too_many_requests(pause_s)


def _is_data(response: httpx.Response) -> bool:
    return response.status_code == 200 and response.content[:1] in (b"[", b"{")


def _is_refusal(response: httpx.Response) -> bool:
    """Whether the exchange says, in its own shape, that the question is wrong."""
    if response.status_code != 400:
        return False
    try:
        body = json.loads(response.content)
    except ValueError:
        return False
    return isinstance(body, dict) and isinstance(body.get("code"), int) and isinstance(body.get("msg"), str)
