"""What clients are answered, with which headers, and what is told of refusals."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tools.gateway import errors
from tools.gateway.app import build_app
from tools.gateway.question import Answer, Question
from tools.gateway.reading import Refusal


class Stub:
    """A gateway that answers or fails as it is told."""

    def __init__(self) -> None:
        self.result: Answer | Exception = Answer(b"{}", 12)
        self.asked: list[Question] = []

    async def answer(self, question: Question) -> Answer:
        self.asked.append(question)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    def read_health(self) -> dict[str, Any]:
        return {"reachable": True}


class Half:
    """A signed half that takes no orders yet, and counts what it is told."""

    service = None

    def __init__(self) -> None:
        self.silences = 0
        self.fails = False

    def note_silence(self) -> None:
        self.silences += 1
        if self.fails:
            raise RuntimeError("no audit")

    def read_health(self) -> None:
        return None


class Client:
    def __init__(self) -> None:
        self.gateway = Stub()
        self.refusals: list[Refusal] = []
        self.half = Half()
        app = build_app(self.gateway, self.refused, self.half)  # type: ignore[arg-type]
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")
        self.fails = False

    def refused(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)
        if self.fails:
            raise RuntimeError("no audit")


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    opened = Client()
    yield opened
    await opened.http.aclose()


async def test_door_when_answered_then_only_our_headers(client: Client) -> None:
    answer = await client.http.get("/api/v3/ping", headers={"X-MBX-APIKEY": "k", "Cookie": "c"})
    assert answer.content == b"{}"
    assert dict(answer.headers) == {
        "content-type": "application/json;charset=UTF-8", "content-length": "2", "x-tradehelm-age-ms": "12",
    }  # fmt: skip
    assert client.gateway.asked[0].params == {}


async def test_door_when_stale_then_marked(client: Client) -> None:
    client.gateway.result = Answer(b"[]", 4_000, is_stale=True)
    answer = await client.http.get("/api/v3/ticker/price")
    assert (answer.headers["x-tradehelm-age-ms"], answer.headers["x-tradehelm-stale"]) == ("4000", "true")


@pytest.mark.parametrize(("error", "status", "code", "after"), [
    (errors.disconnected(), 503, -1001, None), (errors.too_many_requests(9), 429, -1003, "9"),
    (RuntimeError("bug"), 500, -1000, None),
])  # fmt: skip
async def test_door_when_there_is_no_answer_then_in_binances_shape(
    client: Client, error: Exception, status: int, code: int, after: str | None
) -> None:
    client.gateway.result = error
    client.half.fails = True
    answer = await client.http.get("/api/v3/ping")
    assert client.half.silences == (1 if status == 503 else 0)
    assert (answer.status_code, answer.json()["code"], answer.headers.get("retry-after")) == (status, code, after)
    assert client.refusals == []


async def test_door_when_refused_then_told_and_nothing_is_asked(client: Client) -> None:
    answer = await client.http.post("/api/v3/userDataStream", params={"symbol": "BTCUSDT"})
    assert (answer.status_code, answer.json()) == (404, {"code": -1020, "msg": "This operation is not supported."})
    assert client.refusals == [Refusal("POST", "/api/v3/userDataStream", -1020, "This operation is not supported.")]
    assert client.gateway.asked == []


@pytest.mark.parametrize("headers", [{}, {"X-MBX-APIKEY": "k"}])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v3/%70ing"), ("GET", "/api/v3%2fping"), ("GET", "/gateway/h%65alth"), ("GET", "/ping%0d%0aX:y"),
        ("GET", "/api/v3/%61ccount"), ("PATCH", "/gateway/health"), ("TRACE", "/"), ("FETCH", "/api/v3/none"),
    ],
)  # fmt: skip
async def test_door_when_it_is_not_on_the_list_to_the_letter_then_refused_in_binances_shape(
    client: Client, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = await client.http.request(method, path, headers=headers)
    refused = (503, -1001) if headers else (404, -1020)
    assert (answer.status_code, answer.json()["code"]) == refused
    assert [refusal.path for refusal in client.refusals] == ([] if headers else [path])
    assert client.gateway.asked == []


async def test_door_when_the_refusal_cannot_be_told_then_still_refused(client: Client) -> None:
    client.fails = True
    assert (await client.http.delete("/api/v3/ping")).status_code == 403


async def test_door_when_health_is_asked_for_then_told_and_nothing_else_is_there(client: Client) -> None:
    assert (await client.http.get("/gateway/health")).json() == {"reachable": True, "orders": None}
    assert (await client.http.post("/gateway/health")).status_code == 404
    assert (await client.http.get("/gateway/health/")).status_code == 404
