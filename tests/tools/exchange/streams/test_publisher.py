"""What is published when, to whom, and who is disconnected."""

from typing import Any

import pytest

from tools.exchange.clock import DAY_MS
from tools.exchange.streams.outbox import Outbox
from tools.exchange.streams.publisher import LONGEST_GAP_S


def test_step_when_the_second_is_the_same_then_nothing(floor: Any, exchange: Any) -> None:
    connection = floor.connect("btcusdt@aggTrade")
    floor.publisher.step(exchange.now_ms + 100)
    assert floor.received(connection) == []


def test_step_when_many_listen_to_one_stream_then_it_is_computed_once(
    floor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections = [floor.connect("btcusdt@bookTicker") for _ in range(20)]
    asked = []
    whole_minute = floor.market.whole_minute
    monkeypatch.setattr(floor.market, "whole_minute", lambda *at: asked.append(at) or whole_minute(*at))
    floor.events("btcusdt@bookTicker")
    for_twenty = len(asked)
    assert all(len(floor.received(connection)) == 1 for connection in connections)
    floor.publisher.connections.clear()
    asked.clear()
    floor.events("btcusdt@bookTicker")
    assert len(asked) == for_twenty


def test_step_when_combined_then_wrapped_and_others_raw(floor: Any) -> None:
    raw, combined = floor.connect("btcusdt@trade"), floor.connect("btcusdt@trade", combined=True)
    floor.step()
    (event,) = floor.received(raw)
    assert floor.received(combined) == [{"stream": "btcusdt@trade", "data": event}]


def test_step_when_units_differ_then_each_gets_its_own(floor: Any) -> None:
    milli, micro = floor.connect("btcusdt@trade"), floor.connect("btcusdt@trade", per_ms=1_000)
    floor.step()
    assert floor.received(micro)[0]["T"] == floor.received(milli)[0]["T"] * 1_000


def test_step_when_a_connection_is_a_day_old_then_it_ends(floor: Any, exchange: Any) -> None:
    old = floor.connect()
    floor.step_to(old.connected_ms + DAY_MS)
    young = floor.connect()
    floor.publisher.connections.add(old)
    floor.publisher.step(old.connected_ms + DAY_MS - 1)
    assert old.outbox.closing is None
    floor.publisher.step(old.connected_ms + DAY_MS)
    assert old.outbox.closing == (1001, "Connected for 24 hours")
    assert young.outbox.closing is None


@pytest.mark.parametrize("seconds", [LONGEST_GAP_S + 2, -LONGEST_GAP_S - 2])
def test_step_when_the_clock_jumps_then_all_end_and_it_goes_on(floor: Any, seconds: int) -> None:
    connection = floor.connect("btcusdt@trade")
    floor.step(seconds)
    assert connection.outbox.closing == (1001, "The clock jumped")
    assert floor.received(connection) == []
    floor.publisher.connections.clear()
    assert len(floor.events("btcusdt@trade")) == 1


def test_step_when_the_clock_goes_back_a_little_then_nothing_twice(floor: Any) -> None:
    connection = floor.connect("btcusdt@aggTrade")
    for seconds in (1, 1, -2, 1, 1, 1):
        floor.step(seconds)
    ids = [event["a"] for event in floor.received(connection)]
    assert ids == list(range(ids[0], ids[0] + 3))


def test_step_when_a_stream_fails_then_its_listeners_end_and_others_go_on(
    floor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing, fine = floor.connect("btcusdt@bookTicker"), floor.connect("btcusdt@trade")
    monkeypatch.setattr(floor.market, "candles", lambda *_: 1 / 0)
    floor.step()
    assert failing.outbox.closing == (1011, "An unknown error occurred")
    assert len(floor.received(fine)) == 1


def test_outbox_when_too_much_waits_then_it_ends_and_keeps_nothing() -> None:
    outbox = Outbox(most_waiting=100)
    for _ in range(10):
        outbox.put("x" * 10)
    assert (len(outbox), outbox.closing) == (10, None)
    outbox.put("x")
    assert (len(outbox), outbox.closing) == (0, (1008, "Too slow: too much is waiting to be read"))
    outbox.put("x")
    outbox.end(1001, "another reason")
    assert (len(outbox), outbox.closing) == (0, (1008, "Too slow: too much is waiting to be read"))


async def test_outbox_when_taken_from_then_in_order_and_room_again() -> None:
    outbox = Outbox(most_waiting=10)
    for text in ("12345", "67890"):
        outbox.put(text)
    assert [await outbox.take(), await outbox.take()] == ["12345", "67890"]
    outbox.put("1234567890")
    assert outbox.closing is None
