"""The middleware: headers, refusals, and that a refused request is not handled."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket

from tools.exchange.weights.limits import Limit, Limits
from tools.exchange.weights.meter import Meter
from tools.exchange.weights.middleware import WeightsMiddleware

START_MS = 1_795_333_620_000
LIMITS = Limits(
    weight=Limit(100, 1, "MINUTE"),
    orders=(Limit(2, 10, "SECOND"), Limit(4, 1, "DAY")),
    sapi_ip=Limit(20, 1, "MINUTE"),
    connections=Limit(1, 5, "MINUTE"),
    warnings=Limit(1, 1, "MINUTE"),
)


class Counted:
    """An application behind the middleware that counts what it handles; orders with `bad` are refused."""

    def __init__(self) -> None:
        self.handled: list[str] = []
        self.now_ms = START_MS
        self.meter = Meter(LIMITS)
        methods = ["GET", "POST", "DELETE"]
        routes = [WebSocketRoute("/ws/{stream}", self.stream), Route("/{path:path}", self.handle, methods=methods)]
        app = Starlette(routes=routes)
        app.add_middleware(WeightsMiddleware, meter=self.meter, clock=lambda: self.now_ms)
        self.client = TestClient(app, headers={"X-MBX-APIKEY": "key"})

    async def handle(self, request: Request) -> JSONResponse:
        self.handled.append(request.url.path)
        return JSONResponse({"ok": True}, 400 if "bad" in request.query_params else 200)

    async def stream(self, socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()

    def order(self, path: str = "/api/v3/order", **params: Any) -> Any:
        return self.client.post(path, params=params)


@pytest.fixture
def counted() -> Counted:
    return Counted()


def test_request_when_it_may_pass_then_the_used_weight_is_told(counted: Counted) -> None:
    first = counted.client.get("/api/v3/klines")
    second = counted.client.get("/api/v3/depth", params={"limit": 500})
    assert (first.headers["X-MBX-USED-WEIGHT"], first.headers["X-MBX-USED-WEIGHT-1M"]) == ("2", "2")
    assert second.headers["x-mbx-used-weight-1m"] == "27"
    assert "x-mbx-order-count-10s" not in second.headers


def test_request_when_too_much_then_429_unhandled_and_then_418(counted: Counted) -> None:
    counted.client.get("/api/v3/openOrders")
    counted.now_ms += 15_500
    refused = counted.client.get("/api/v3/trades")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "45")
    assert refused.headers["X-MBX-USED-WEIGHT-1M"] == "105"
    assert refused.json()["code"] == -1003
    assert "current limit is 100 request weight per 1 MINUTE" in refused.json()["msg"]
    banned = counted.client.get("/api/v3/trades")
    assert (banned.status_code, banned.headers["Retry-After"]) == (418, "120")
    assert f"IP banned until {counted.now_ms + 120_000}" in banned.json()["msg"]
    assert counted.handled == ["/api/v3/openOrders"]
    counted.now_ms += 120_000
    assert counted.client.get("/api/v3/trades").status_code == 200


def test_request_when_of_the_demo_then_never_charged(counted: Counted) -> None:
    for _ in range(3):
        counted.client.get("/api/v3/openOrders")
    answer = counted.client.get("/demo/status")
    assert answer.status_code == 200
    assert "x-mbx-used-weight-1m" not in answer.headers


def test_order_when_accepted_then_counted_in_both_headers(counted: Counted) -> None:
    answer = counted.order()
    assert (answer.headers["X-MBX-ORDER-COUNT-10S"], answer.headers["X-MBX-ORDER-COUNT-1D"]) == ("1", "1")
    counted.now_ms += 10_000
    answer = counted.order()
    assert (answer.headers["X-MBX-ORDER-COUNT-10S"], answer.headers["X-MBX-ORDER-COUNT-1D"]) == ("1", "2")


def test_order_when_refused_then_not_counted_unless_it_replaces(counted: Counted) -> None:
    answer = counted.order(bad=1)
    assert "x-mbx-order-count-10s" not in answer.headers
    assert counted.meter.orders("key", START_MS) == (0, 0)
    counted.order("/api/v3/order/cancelReplace", bad=1)
    assert counted.meter.orders("key", START_MS) == (1, 1)


def test_order_when_too_many_then_429_unhandled_and_another_account_goes_on(counted: Counted) -> None:
    counted.order("/api/v3/orderList/oco")
    refused = counted.order()
    assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (429, -1015, "10")
    assert refused.json()["msg"] == "Too many new orders; current limit is 2 orders per 10 SECOND."
    assert refused.headers["X-MBX-USED-WEIGHT-1M"] == "2"
    counted.client.headers["X-MBX-APIKEY"] = "another"
    assert counted.order().status_code == 200
    assert counted.handled == ["/api/v3/orderList/oco", "/api/v3/order"]


def test_order_when_filled_then_more_may_be_placed(counted: Counted) -> None:
    counted.order("/api/v3/orderList/oco")
    counted.meter.first_fill("key", counted.now_ms, maker=False)
    assert counted.order().headers["X-MBX-ORDER-COUNT-10S"] == "2"


def test_sapi_when_asked_then_its_own_header_and_limit(counted: Counted) -> None:
    path = "/sapi/v1/capital/config/getall"
    answers = [counted.client.get(path) for _ in range(3)]
    assert [answer.headers["X-SAPI-USED-IP-WEIGHT-1M"] for answer in answers] == ["10", "20", "30"]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "x-mbx-used-weight-1m" not in answers[0].headers
    assert counted.client.post("/sapi/v1/asset/transfer").headers["X-SAPI-USED-UID-WEIGHT-1M"] == "900"


def test_connection_when_too_many_then_refused_in_the_handshake(counted: Counted) -> None:
    with counted.client.websocket_connect("/ws/a") as socket:
        assert socket.receive_text() == "hello"
    with pytest.raises(WebSocketDenialResponse) as refused, counted.client.websocket_connect("/ws/a"):
        pass
    assert (refused.value.status_code, refused.value.json()["code"]) == (429, -1034)
