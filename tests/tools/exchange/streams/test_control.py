"""Control messages of the market streams."""

import json
from typing import Any

import pytest

from tools.exchange.streams.pace import Pace


def error_of(answer: dict[str, Any]) -> tuple[int, str]:
    assert (answer["code"], answer["msg"]) == (answer["error"]["code"], answer["error"]["msg"])
    return answer["code"], answer["msg"]


@pytest.mark.parametrize("request_id", [1, -(2**63), 2**63 - 1, "abc123", "922bcc6e-9de8-440d-9e84-7c80933a8d0d", None])
def test_subscribe_when_asked_then_the_id_comes_back_and_the_stream_runs(floor: Any, request_id: object) -> None:
    connection = floor.connect()
    message = {"method": "SUBSCRIBE", "params": ["btcusdt@trade", "ethusdt@bookTicker"], "id": request_id}
    assert floor.ask(connection, message) == {"result": None, "id": request_id}
    floor.step()
    assert [event["s"] for event in floor.received(connection)] == ["BTCUSDT", "ETHUSDT"]


def test_unsubscribe_when_asked_then_the_stream_stops(floor: Any) -> None:
    connection = floor.connect("btcusdt@trade", "ethusdt@trade")
    message = {"method": "UNSUBSCRIBE", "params": ["btcusdt@trade", "never@trade"], "id": 312}
    assert floor.ask(connection, message) == {"result": None, "id": 312}
    floor.step()
    assert [event["s"] for event in floor.received(connection)] == ["ETHUSDT"]


def test_list_when_asked_then_the_names_in_order(floor: Any) -> None:
    connection = floor.connect("ethusdt@trade", "btcusdt@trade")
    listed = floor.ask(connection, {"method": "LIST_SUBSCRIPTIONS", "id": 3})
    assert listed == {"result": ["ethusdt@trade", "btcusdt@trade"], "id": 3}


def test_property_when_set_then_events_are_wrapped(floor: Any) -> None:
    connection = floor.connect("btcusdt@trade")
    assert floor.ask(connection, {"method": "GET_PROPERTY", "params": ["combined"], "id": 2})["result"] is False
    assert floor.ask(connection, {"method": "SET_PROPERTY", "params": ["combined", True], "id": 5})["result"] is None
    assert floor.ask(connection, {"method": "GET_PROPERTY", "params": ["combined"], "id": 2})["result"] is True
    floor.step()
    assert floor.received(connection)[0]["stream"] == "btcusdt@trade"


@pytest.mark.parametrize("name", ["btcusdt@kline_2s", "BTCUSDT@trade", "btceur@trade", "btcusdt@depth7", "!all@arr"])
def test_subscribe_when_there_is_no_such_stream_then_accepted_and_silent(floor: Any, name: str) -> None:
    connection = floor.connect()
    assert floor.ask(connection, {"method": "SUBSCRIBE", "params": [name], "id": 1}) == {"result": None, "id": 1}
    floor.step()
    assert floor.received(connection) == []


def test_subscribe_when_more_than_1024_then_refused_whole(floor: Any) -> None:
    connection = floor.connect()
    names = [f"coin{n}@trade" for n in range(1_024)]
    assert floor.ask(connection, {"method": "SUBSCRIBE", "params": names, "id": 1})["result"] is None
    again = {"method": "SUBSCRIBE", "params": [names[0]], "id": 2}
    assert floor.ask(connection, again) == {"result": None, "id": 2}
    assert error_of(floor.ask(connection, again | {"params": ["btcusdt@trade"]}))[0] == 2
    assert list(connection.streams) == names


@pytest.mark.parametrize(
    ("message", "code", "says"),
    [
        ("", 3, "Invalid JSON: expected value at line 1 column 1"),
        ("{\n nope", 3, "Invalid JSON: expected value at line 2 column 2"),
        ("[" * 60_000, 3, "Invalid JSON"),
        ("1" * 60_000, 3, "Invalid JSON"),
        ([1], 2, "missing field `method`"),
        ({"params": ["btcusdt@trade"], "id": 1}, 2, "missing field `method` at line 1 column 38"),
        (
            {"method": "SUBSCRIPE", "id": 1},
            2,
            "unknown variant `SUBSCRIPE`, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`",
        ),
        ({"method": {}, "id": 1}, 2, "unknown variant"),
        ({"method": "SUBSCRIBE", "params": []}, 2, "request ID must be an unsigned integer"),
        ({"method": "SUBSCRIBE", "params": [], "id": 1.5}, 2, "request ID must be an unsigned integer"),
        ({"method": "SUBSCRIBE", "params": [], "id": True}, 2, "request ID must be an unsigned integer"),
        ({"method": "SUBSCRIBE", "params": [], "id": "x" * 37}, 2, "request ID must be an unsigned integer"),
        ({"method": "SUBSCRIBE", "params": [], "id": 2**63}, 2, "request ID must be an unsigned integer"),
        ({"method": "SUBSCRIBE", "params": ["no stream"], "id": 1}, 2, "invalid stream"),
        ({"method": "SUBSCRIBE", "params": "btcusdt@trade", "id": 1}, 2, "invalid stream"),
        ({"method": "UNSUBSCRIBE", "params": [7], "id": 1}, 2, "invalid stream"),
        ({"method": "LIST_SUBSCRIPTIONS", "params": ["combined"], "id": 1}, 2, "too many parameters"),
        ({"method": "GET_PROPERTY", "params": ["combined", True], "id": 1}, 2, "too many parameters"),
        ({"method": "SET_PROPERTY", "params": [7, True], "id": 1}, 2, "property name must be a string"),
        ({"method": "GET_PROPERTY", "id": 1}, 2, "property name must be a string"),
        ({"method": "GET_PROPERTY", "params": ["colour"], "id": 1}, 0, "Unknown property"),
        ({"method": "SET_PROPERTY", "params": ["combined", 1], "id": 1}, 1, "Invalid value type: expected Boolean"),
        ({"method": "SET_PROPERTY", "params": ["combined"], "id": 1}, 1, "Invalid value type: expected Boolean"),
    ],
)
def test_message_when_wrong_then_binances_code_and_nothing_changes(
    floor: Any, message: object, code: int, says: str
) -> None:
    connection = floor.connect("btcusdt@trade")
    answer = floor.ask(connection, message)
    assert error_of(answer)[0] == code
    assert says in answer["msg"]
    assert json.loads(json.dumps(answer)) == answer
    assert (list(connection.streams), connection.combined) == (["btcusdt@trade"], False)


def test_pace_when_five_a_second_then_allowed_and_a_sixth_is_not() -> None:
    pace = Pace()
    assert [pace.allows(now_ms) for now_ms in (0, 0, 0, 0, 999)] == [True] * 5
    assert pace.allows(999) is False
    pace = Pace()
    assert all(pace.allows(now_ms) for now_ms in range(0, 20_000, 200))
