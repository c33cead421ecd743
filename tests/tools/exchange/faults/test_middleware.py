"""What a struck request meets, and how often it is handled, in this process and without waiting."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from tools.exchange.faults.clock import FaultyClock
from tools.exchange.faults.fault import read_fault
from tools.exchange.faults.middleware import FaultsMiddleware
from tools.exchange.faults.plan import Faults
from tools.exchange.market import Market
from tools.exchange.routes import general, tickers
from tools.exchange.weights.limits import Limits
from tools.exchange.weights.meter import Meter
from tools.exchange.weights.middleware import WeightsMiddleware

ORDER = "/api/v3/order"


def test_request_when_no_fault_then_as_ever(shop: Any) -> None:
    assert shop.client.post(ORDER, content="a").json()["number"] == 1
    assert (shop.handled, shop.waits) == ([f"POST {ORDER} a"], [])


def test_latency_when_it_strikes_then_handled_after_the_wait(shop: Any) -> None:
    shop.plan("latency", delay_ms=800)
    assert shop.client.post(ORDER).status_code == 200
    assert shop.waits == [(0.8, 0)]


def test_delayed_answer_when_it_strikes_then_handled_before_the_wait(shop: Any) -> None:
    shop.plan("delayed_answer", delay_ms=2_500)
    assert shop.client.post(ORDER).json()["number"] == 1
    assert shop.waits == [(2.5, 1)]


def test_server_error_when_it_strikes_then_unhandled(shop: Any) -> None:
    shop.plan("server_error", status=503, code=-1007, count=1)
    refused = shop.client.post(ORDER)
    assert (refused.status_code, refused.json()["code"]) == (503, -1007)
    assert refused.json()["msg"].endswith("Send status unknown; execution status unknown.")
    assert shop.handled == []
    assert shop.client.post(ORDER).status_code == 200


def test_accepted_then_error_when_it_strikes_then_handled_once(shop: Any) -> None:
    shop.plan("accepted_then_error", code=-1006)
    refused = shop.client.post(ORDER, content="a")
    assert (refused.status_code, refused.json()["code"]) == (503, -1006)
    assert shop.handled == [f"POST {ORDER} a"]


def test_duplicated_when_it_strikes_then_handled_twice_with_the_same_body(shop: Any) -> None:
    shop.plan("duplicated", method="POST")
    assert shop.client.post(ORDER, content="a").json()["number"] == 2
    assert shop.handled == [f"POST {ORDER} a"] * 2
    shop.client.get(ORDER)
    assert len(shop.handled) == 3


def test_rate_limit_when_it_strikes_then_the_answer_of_a_passed_limit(shop: Any) -> None:
    shop.plan("rate_limit", count=1, retry_after_s=20)
    shop.plan("rate_limit", count=1, status=418, retry_after_s=120)
    told, banned = (shop.client.get("/api/v3/depth") for _ in range(2))
    assert (told.status_code, told.json()["code"], told.headers["Retry-After"]) == (429, -1003, "20")
    assert (banned.status_code, banned.json()["code"], banned.headers["Retry-After"]) == (418, -1003, "120")
    assert f"IP banned until {shop.now_ms + 120_000}" in banned.json()["msg"]
    assert shop.handled == []


def test_stale_prices_when_time_goes_on_then_market_data_stands_still(shop: Any) -> None:
    begun = shop.now_ms
    shop.plan("stale_prices", duration_s=30)
    shop.now_ms += 10_000
    assert shop.client.get("/api/v3/ticker/price").json()["now"] == begun
    assert shop.client.get("/api/v3/time").json()["now"] == shop.now_ms
    order = shop.client.post(ORDER).json()
    assert (order["now"], order["account"]) == (shop.now_ms, shop.now_ms)
    shop.now_ms += 20_000
    assert shop.client.get("/api/v3/ticker/price").json()["now"] == shop.now_ms


def test_stale_prices_when_they_reach_streams_then_those_stand_still_too(shop: Any) -> None:
    begun = shop.now_ms
    for path in ("/api/", "/", "/ws"):
        shop.plan("stale_prices", path=path, start_in_s=1)
        shop.now_ms += 1_500
        assert shop.clock.streams() == (shop.now_ms if path == "/api/" else begun + 2_500)
    shop.faults.remove()
    assert shop.clock.streams() == shop.now_ms


def test_clock_skew_when_it_strikes_then_time_and_timestamps_are_off_and_prices_are_not(shop: Any) -> None:
    shop.plan("clock_skew", skew_ms=-7_000)
    told, order, price = (shop.client.get(f"/api/v3/{path}").json() for path in ("time", "order", "ticker/price"))
    assert (told["now"], told["account"]) == (shop.now_ms - 7_000, shop.now_ms - 7_000)
    assert (order["now"], order["account"]) == (shop.now_ms, shop.now_ms - 7_000)
    assert (price["now"], price["account"]) == (shop.now_ms, shop.now_ms)


@pytest.mark.parametrize(
    ("candles", "left"),
    [(1, [0, 1, 2, 3, 5, 6, 7, 8, 9]), (4, [0, 1, 2, 7, 8, 9]), (8, [0, 9]), (1_000, [0, 9])],
)
def test_candle_gap_when_it_strikes_then_the_middle_is_missing(shop: Any, candles: int, left: list[int]) -> None:
    shop.plan("candle_gap", candles=candles)
    answer = shop.client.get("/api/v3/klines")
    assert [kline[0] for kline in answer.json()] == left
    assert answer.json()[0] == [0, "1.00000000"]
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_faults_when_several_strike_then_all_are_felt(shop: Any) -> None:
    for kind in ("delayed_answer", "candle_gap", "duplicated", "latency"):
        shop.plan(kind)
    assert len(shop.client.get("/api/v3/klines").json()) == 7
    assert shop.waits == [(1.0, 0), (5.0, 2)]


def test_reset_when_the_server_cannot_then_it_says_so(shop: Any) -> None:
    shop.plan("reset")
    with pytest.raises(ConnectionAbortedError, match="http=ResettableHTTP"):
        shop.client.post(ORDER)
    assert shop.handled == []


def test_websocket_when_dropped_by_a_server_that_cannot_reset_then_closed_and_others_refused(shop: Any) -> None:
    told: list[str] = []
    shop.faults.on_ws_drop.append(lambda: told.append("dropped"))
    with shop.client.websocket_connect("/ws/a") as connected:
        assert connected.receive_text() == "hello"
        shop.plan("ws_drop", duration_s=5)
        with pytest.raises(WebSocketDisconnect) as ended:
            connected.receive_text()
        assert ended.value.code == 1012
        assert told == ["dropped"]
    with pytest.raises(WebSocketDenialResponse) as refused, shop.client.websocket_connect("/ws/a"):
        pass
    assert refused.value.status_code == 503
    assert [strike.kind for strike in shop.faults.log] == ["ws_drop", "ws_drop"]
    shop.now_ms += 5_000
    with shop.client.websocket_connect("/ws/a") as connected:
        assert connected.receive_text() == "hello"


def test_exchange_when_all_are_around_it_then_prices_stand_still_and_weights_are_told(synthetic: Any) -> None:
    now_ms = [1_795_333_625_400]
    faults = Faults(lambda: now_ms[0])
    app = Starlette(routes=[*general.ROUTES, *tickers.ROUTES])
    app.state.market = Market(synthetic)
    app.state.clock = FaultyClock(lambda: now_ms[0], faults)
    app.add_middleware(WeightsMiddleware, meter=Meter(Limits()), clock=lambda: now_ms[0])
    app.add_middleware(FaultsMiddleware, faults=faults)
    client = TestClient(app)
    faults.add([read_fault({"kind": "stale_prices"}), read_fault({"kind": "clock_skew", "skew_ms": 1_000})])
    before = client.get("/api/v3/ticker/price").json()
    now_ms[0] += 30_000
    after = client.get("/api/v3/ticker/price")
    assert after.json() == before
    assert after.headers["X-MBX-USED-WEIGHT-1M"] == "8"
    assert client.get("/api/v3/time").json() == {"serverTime": now_ms[0] + 1_000}
    faults.remove()
    assert client.get("/api/v3/ticker/price").json() != before
