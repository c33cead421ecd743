"""Faults that break connections, over a real server and real sockets."""

import concurrent.futures
import errno
import socket
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import ClientConnection, connect

pytestmark = pytest.mark.integration
ORDER = "/api/v3/order"


def open_socket(served: Any) -> ClientConnection:
    connection = connect(served.url.replace("http", "ws") + "/ws/a", open_timeout=5)
    assert connection.recv(timeout=5) == "hello"
    return connection


def test_reset_when_it_strikes_then_no_answer_and_unhandled(served: Any) -> None:
    served.client.get("/api/v3/ping")
    served.plan("reset", count=1)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        served.client.post(ORDER, content="a")
    assert served.handled == ["GET /api/v3/ping"]
    assert served.client.post(ORDER, content="a").status_code == 200


def test_reset_when_seen_by_the_system_then_rst_and_not_the_end_of_the_stream(served: Any) -> None:
    served.plan("reset")
    with socket.create_connection(("127.0.0.1", httpx.URL(served.url).port), timeout=5) as raw:
        raw.sendall(b"GET /api/v3/ping HTTP/1.1\r\nHost: shop\r\n\r\n")
        with pytest.raises(ConnectionResetError) as ended:
            raw.recv(1)
    assert ended.value.errno == errno.ECONNRESET


def test_accepted_then_timeout_when_held_to_the_end_then_handled_and_reset(served: Any) -> None:
    served.plan("accepted_then_timeout", hold_ms=20)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        served.client.post(ORDER, content="a")
    assert served.handled == [f"POST {ORDER} a"]


def test_accepted_then_timeout_when_the_client_gives_up_first_then_handled_once(served: Any) -> None:
    served.plan("accepted_then_timeout", hold_ms=600_000)
    with pytest.raises(httpx.ReadTimeout):
        served.client.post(ORDER, content="a", timeout=0.1)
    assert served.handled == [f"POST {ORDER} a"]


def test_accepted_then_error_and_duplicated_when_over_the_wire_then_so_handled(served: Any) -> None:
    served.plan("accepted_then_error", count=1)
    served.plan("duplicated", count=1)
    assert served.client.post(ORDER, content="a").json()["code"] == -1007
    assert served.client.post(ORDER, content="b").json()["number"] == 3
    assert served.handled == [f"POST {ORDER} a", f"POST {ORDER} b", f"POST {ORDER} b"]


def test_latency_when_over_the_wire_then_it_takes_its_time_and_others_do_not(served: Any) -> None:
    served.plan("latency", delay_ms=300, path=ORDER)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        begun = time.monotonic()
        slow = pool.submit(served.client.post, ORDER)
        served.client.get("/api/v3/ping")
        assert not slow.done()
        assert slow.result(5).status_code == 200
        assert time.monotonic() - begun >= 0.3


def test_candle_gap_when_over_the_wire_then_the_length_fits(served: Any) -> None:
    served.plan("candle_gap", candles=4)
    assert len(served.client.get("/api/v3/klines").json()) == 6


def test_ws_drop_when_it_begins_then_open_sockets_are_reset_and_new_ones_refused(
    served: Any, eventually: Callable[[Callable[[], object]], None]
) -> None:
    first, second = open_socket(served), open_socket(served)
    eventually(lambda: served.open_sockets == 2)
    id_ = served.plan("ws_drop")
    for connection in (first, second):
        with pytest.raises(ConnectionClosedError) as ended:
            connection.recv(timeout=5)
        assert ended.value.rcvd is None
    eventually(lambda: served.open_sockets == 0)
    with pytest.raises(InvalidStatus) as refused:
        open_socket(served)
    assert refused.value.response.status_code == 503
    served.faults.remove(id_)
    open_socket(served).close()


def test_ws_drop_when_one_only_then_the_other_goes_on(served: Any) -> None:
    with open_socket(served) as first, open_socket(served) as second:
        served.plan("ws_drop", count=1)
        ended = set[ClientConnection]()
        while not ended:
            for connection in (first, second):
                try:
                    connection.send("still there?")
                    assert connection.recv(timeout=5) == "still there?"
                except ConnectionClosedError:
                    ended.add(connection)
        (other,) = {first, second} - ended
        other.send("and now?")
        assert other.recv(timeout=5) == "and now?"


def test_server_when_a_request_is_held_then_other_requests_are_answered(served: Any) -> None:
    served.plan("accepted_then_timeout", hold_ms=300, path=ORDER)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        held = pool.submit(served.client.post, ORDER)
        assert [served.client.get("/api/v3/ping").status_code for _ in range(5)] == [200] * 5
        with pytest.raises(httpx.TransportError):
            held.result(5)
