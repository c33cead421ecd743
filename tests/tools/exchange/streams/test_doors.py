"""Through WebSockets: paths, closing codes, and that nothing is left of a client that went."""

import asyncio
import json
from typing import Any

import pytest
from starlette.testclient import WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect


def wait_until_gone(door: Any) -> None:
    async def gone() -> None:
        async with asyncio.timeout(5):
            while door.connections() or len(asyncio.all_tasks()) > door.idle_tasks:
                await asyncio.sleep(0)

    door.call(gone)


@pytest.mark.parametrize(
    ("path", "streams"),
    [
        ("/ws", []),
        ("/ws/", []),
        ("/ws/0", []),
        ("/ws/btcusdt@trade", ["btcusdt@trade"]),
        ("/ws/btcusdt@trade/ethusdt@kline_1m@+08:00", ["btcusdt@trade", "ethusdt@kline_1m@+08:00"]),
        ("/stream", []),
        ("/stream?streams=btcusdt@trade/ethusdt@ticker", ["btcusdt@trade", "ethusdt@ticker"]),
        ("/stream?streams=ethusdt@kline_1m@+08:00&timeUnit=microsecond", ["ethusdt@kline_1m@+08:00"]),
        ("/stream?streams=ethusdt%40kline_1m%40%2B08%3A00", ["ethusdt@kline_1m@+08:00"]),
    ],
)
def test_address_when_it_names_streams_then_they_are_subscribed(door: Any, path: str, streams: list[str]) -> None:
    with door.client.websocket_connect(path) as socket:
        socket.send_text('{"method": "LIST_SUBSCRIPTIONS", "id": 1}')
        assert socket.receive_json() == {"result": streams, "id": 1}
        socket.send_bytes(b'{"method": "GET_PROPERTY", "params": ["combined"], "id": 2}')
        assert socket.receive_json() == {"result": path.startswith("/stream"), "id": 2}


def test_events_when_listened_to_then_they_arrive(door: Any) -> None:
    with door.client.websocket_connect("/stream?streams=btcusdt@trade&timeUnit=MICROSECOND") as socket:
        door.call(door.floor.step)
        event = socket.receive_json()
        assert (event["stream"], event["data"]["T"]) == ("btcusdt@trade", door.floor.clock() * 1_000)


@pytest.mark.parametrize("path", ["/ws?timeUnit=SECOND", "/stream?timeUnit="])
def test_address_when_the_unit_is_unknown_then_400(door: Any, path: str) -> None:
    with pytest.raises(WebSocketDenialResponse) as denied, door.client.websocket_connect(path):
        pass
    assert (denied.value.status_code, denied.value.json()["code"]) == (400, -1194)


def test_address_when_it_names_too_many_streams_then_closed(door: Any) -> None:
    names = "/".join(f"coin{n}@trade" for n in range(1_025))
    with door.client.websocket_connect(f"/stream?streams={names}") as socket:
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
        assert closed.value.code == 1008


def test_messages_when_more_than_five_a_second_then_closed(door: Any) -> None:
    with door.client.websocket_connect("/ws") as socket:
        for number in range(5):
            socket.send_json({"method": "LIST_SUBSCRIPTIONS", "id": number})
            assert socket.receive_json()["id"] == number
        socket.send_json({"method": "LIST_SUBSCRIPTIONS", "id": 6})
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
        assert (closed.value.code, closed.value.reason) == (1008, "Too many requests")
    wait_until_gone(door)


@pytest.mark.parametrize("path", ["/ws", "/ws-api/v3"])
def test_message_when_too_long_then_closed(door: Any, path: str) -> None:
    with door.client.websocket_connect(path) as socket:
        socket.send_text(json.dumps({"method": "x" * 70_000, "id": 1}))
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
        assert closed.value.code == 1009
    wait_until_gone(door)


@pytest.mark.parametrize("path", ["/ws/btcusdt@trade", "/stream?streams=btcusdt@trade", "/ws-api/v3"])
def test_client_when_it_vanishes_then_nothing_is_left(door: Any, path: str) -> None:
    with door.client.websocket_connect(path) as socket:
        socket.send_json({"method": "ping", "id": 1})
        socket.receive_json()
        assert door.connections() == 1
    wait_until_gone(door)


def test_connection_when_it_ends_here_then_the_client_hears_why(door: Any) -> None:
    with door.client.websocket_connect("/ws-api/v3") as socket:
        socket.send_json({"method": "ping", "id": 1})
        socket.receive_json()
        door.call(door.floor.step, 24 * 60 * 60)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
        assert closed.value.code == 1001
    wait_until_gone(door)


def test_api_when_subscribed_then_events_arrive_and_the_listener_goes_with_the_client(door: Any) -> None:
    account = door.floor.open_account()
    with door.client.websocket_connect("/ws-api/v3?returnRateLimits=false") as socket:
        params = door.floor.sign(account)
        socket.send_json({"method": "userDataStream.subscribe.signature", "id": "a", "params": params})
        assert socket.receive_json() == {"id": "a", "status": 200, "result": {"subscriptionId": 0}}
        door.call(door.floor.tell, account, {"e": "executionReport"})
        assert socket.receive_json() == {"subscriptionId": 0, "event": {"e": "executionReport"}}
        assert len(door.floor.desk.listeners) == 1
    wait_until_gone(door)
    assert door.floor.desk.listeners == []


def test_api_when_return_rate_limits_is_no_boolean_then_400(door: Any) -> None:
    with (
        pytest.raises(WebSocketDenialResponse) as denied,
        door.client.websocket_connect("/ws-api/v3?returnRateLimits=1"),
    ):
        pass
    assert (denied.value.status_code, denied.value.json()["code"]) == (400, -1130)


def test_api_when_a_method_fails_then_500_without_a_trace(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.floor.market, "candles", lambda *_: 1 / 0)
    with door.client.websocket_connect("/ws-api/v3?returnRateLimits=false") as socket:
        socket.send_json({"method": "depth", "id": 1, "params": {"symbol": "BTCUSDT"}})
        error = {"code": -1000, "msg": "An unknown error occurred while processing the request."}
        assert socket.receive_json() == {"id": 1, "status": 500, "error": error}


def test_stream_when_a_control_message_fails_then_closed(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with door.client.websocket_connect("/ws") as socket:
        monkeypatch.setattr(door.floor.market, "symbols", None)
        socket.send_json({"method": "SUBSCRIBE", "params": ["btcusdt@trade"], "id": 1})
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
        assert closed.value.code == 1011
    wait_until_gone(door)
