"""The connection to the exchange: what is sent, what is made of the answers, and when it is silent."""

import asyncio
from typing import Any

import httpx
import pytest

from tools.gateway import errors
from tools.gateway import upstream as module
from tools.gateway.endpoints import ENDPOINTS
from tools.gateway.question import Question
from tools.gateway.upstream import Upstream

PING = Question(ENDPOINTS["/api/v3/ping"], {})
DEPTH = Question(ENDPOINTS["/api/v3/depth"], {"symbol": "BTCUSDT"})


class Exchange:
    """Answers with what it is given, one after another, and notes what it was sent."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.now_ms = 100_000
        self.upstream = Upstream("http://x", ticks=lambda: self.now_ms, transport=httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        match self.answers.pop(0):
            case Exception() as error:
                raise error
            case response:
                return response

    async def failure(self, question: Question = PING) -> tuple[int, int, int | None]:
        with pytest.raises(errors.Unanswered) as failed:
            await self.upstream.ask(question)
        return failed.value.status, failed.value.code, failed.value.retry_after_s


def ok(**headers: str) -> httpx.Response:
    return httpx.Response(200, content=b"{}", headers=headers)


async def test_ask_when_sent_then_only_the_question_goes() -> None:
    exchange = Exchange(ok())
    await exchange.upstream.ask(DEPTH)
    (request,) = exchange.requests
    assert str(request.url) == "http://x/api/v3/depth?symbol=BTCUSDT"
    assert set(request.headers) == {"host", "accept", "accept-encoding", "connection", "user-agent"}


@pytest.mark.parametrize("error", [httpx.ConnectError(""), httpx.ReadError(""), httpx.RemoteProtocolError("")])
async def test_ask_when_the_connection_breaks_then_once_more(error: Exception) -> None:
    exchange = Exchange(error, ok())
    assert (await exchange.upstream.ask(PING)).is_data
    exchange = Exchange(error, error, ok())
    assert await exchange.failure() == (503, -1001, None)
    assert len(exchange.requests) == 2


async def test_ask_when_it_times_out_then_not_again() -> None:
    exchange = Exchange(httpx.ReadTimeout(""), ok())
    assert await exchange.failure() == (503, -1001, None)
    assert len(exchange.requests) == 1


async def test_ask_when_it_never_answers_then_a_bounded_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWER_WITHIN_S", 0.05)

    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    upstream = Upstream("http://x", transport=httpx.MockTransport(never))
    with pytest.raises(errors.Unanswered) as failed:
        await upstream.ask(PING)
    assert failed.value.code == -1001


@pytest.mark.parametrize("answer", [
    httpx.Response(500, json={"code": -1000, "msg": "x"}), httpx.Response(502, text="<html>"),
    httpx.Response(403, text="blocked"), httpx.Response(301, headers={"location": "http://y"}),
    httpx.Response(200, text="<html>"), httpx.Response(400, text="no"), httpx.Response(404, json={"code": 1}),
    httpx.Response(400, json=[1]), httpx.Response(204),
])  # fmt: skip
async def test_ask_when_the_answer_is_none_of_the_exchanges_then_disconnected(answer: httpx.Response) -> None:
    exchange = Exchange(answer)
    assert await exchange.failure() == (503, -1001, None)
    assert len(exchange.requests) == 1


async def test_ask_when_the_exchange_refuses_then_that_is_the_reply() -> None:
    reply = await Exchange(httpx.Response(400, json={"code": -1121, "msg": "Invalid symbol."})).upstream.ask(PING)
    assert (reply.status, reply.is_data) == (400, False)


@pytest.mark.parametrize(("status", "header", "pause_s"), [
    (429, "17", 17), (429, None, 60), (418, "120", 120), (418, None, 120), (429, "soon", 60), (429, "0", 1),
    (418, "999999999", 259_200),
])  # fmt: skip
async def test_ask_when_told_to_stop_then_nothing_is_sent_until_then(
    status: int, header: str | None, pause_s: int
) -> None:
    exchange = Exchange(httpx.Response(status, headers={"retry-after": header} if header else {}), ok())
    assert await exchange.failure() == (429, -1003, pause_s)
    exchange.now_ms += pause_s * 1_000 - 5_000 if pause_s > 5 else 0
    assert (await exchange.failure())[:2] == (429, -1003) if pause_s > 5 else True
    assert len(exchange.requests) == 1
    exchange.now_ms += 5_000
    assert (await exchange.upstream.ask(PING)).is_data


async def test_ask_when_the_exchange_counts_more_then_its_count_holds() -> None:
    exchange = Exchange(ok(**{"x-mbx-used-weight-1m": "3100"}), ok(**{"x-mbx-used-weight-1m": "many"}))
    await exchange.upstream.ask(PING)
    assert exchange.upstream.budget.used(exchange.now_ms) == 3_100
    await exchange.upstream.ask(PING)
    assert exchange.upstream.budget.used(exchange.now_ms) == 3_101


async def test_ask_when_counted_then_the_last_minute() -> None:
    exchange = Exchange(ok(), ok())
    await exchange.upstream.ask(PING)
    exchange.now_ms += 30_000
    await exchange.upstream.ask(PING)
    assert exchange.upstream.requests_last_minute == 2
    exchange.now_ms += 30_000
    assert exchange.upstream.requests_last_minute == 1


async def test_health_when_the_exchange_goes_and_comes_then_it_says_so(world: Any) -> None:
    assert world.gateway.read_health()["reachable"] is False
    await world.ask("ping")
    assert world.gateway.read_health()["reachable"] is True
    world.now_ms += 2_000
    world.fail(httpx.ConnectError("cut"))
    with pytest.raises(errors.Unanswered):
        await world.ask("ping")
    health = world.gateway.read_health()
    assert (health["reachable"], health["answered_ms_ago"]) == (False, 2_000)
