"""The WebSocket API: envelope, what anybody may ask, and errors."""

import json
from typing import Any

import pytest

from tools.exchange.clock import MINUTE_MS
from tools.exchange.streams.answers import answer
from tools.exchange.weights.limits import Limit, Limits
from tools.exchange.weights.meter import Meter


@pytest.mark.parametrize("request_id", [7, "922bcc6e", "", None])
def test_ping_when_asked_then_the_id_and_an_empty_result(floor: Any, request_id: object) -> None:
    text = json.dumps({"id": request_id, "method": "ping"})
    assert answer(text, floor.session()) == {
        "id": request_id,
        "status": 200,
        "result": {},
        "rateLimits": [
            {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6_000, "count": 3}
        ],
    }


def test_weight_when_used_then_it_adds_up_within_the_minute(floor: Any, exchange: Any) -> None:
    session = floor.session()
    floor.ask_api(session, "exchangeInfo")
    assert floor.ask_api(session, "time")["rateLimits"][0]["count"] == 2 + 20 + 1
    exchange.now_ms += MINUTE_MS
    assert floor.ask_api(session, "time")["rateLimits"][0]["count"] == 1


def test_weight_when_it_is_too_much_then_the_request_is_not_done(floor: Any, exchange: Any) -> None:
    floor.meter = Meter(Limits(weight=Limit(25, 1, "MINUTE")))
    session = floor.session()
    floor.ask_api(session, "exchangeInfo")
    for _ in range(3):
        assert floor.ask_api(session, "time")["status"] == 200
    refused = floor.ask_api(session, "time")
    assert (refused["status"], refused["error"]["code"], refused["rateLimits"][0]["limit"]) == (429, -1003, 25)
    exchange.now_ms += MINUTE_MS
    assert floor.ask_api(session, "time")["status"] == 200


def test_orders_when_they_are_too_many_then_refused_and_one_that_is_not_accepted_does_not_count(floor: Any) -> None:
    floor.meter = Meter(Limits(orders=(Limit(1, 1, "DAY"),)))
    session, account = floor.session(), floor.open_account()
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.001"}

    def place(price: str) -> dict[str, Any]:
        return floor.ask_api(session, "order.place", **floor.sign(account, price=price, **order))

    assert place("1")["error"]["code"] == -1013
    assert place("20000")["status"] == 200
    assert place("20000")["error"]["code"] == -1015
    assert len(floor.desk.orders.open(account.uid, "BTCUSDT")) == 1


def test_rate_limits_when_not_wanted_then_left_out(floor: Any) -> None:
    session = floor.session()
    assert "rateLimits" not in floor.ask_api(session, "time", returnRateLimits=False)
    session.shows_limits = False
    assert "rateLimits" not in floor.ask_api(session, "time")
    assert "rateLimits" in floor.ask_api(session, "time", returnRateLimits=True)
    assert floor.ask_api(session, "time", returnRateLimits="no")["error"]["code"] == -1130


@pytest.mark.parametrize(
    ("method", "params", "path", "query"),
    [
        ("time", {}, "time", {}),
        ("v3/time", {}, "time", {}),
        ("exchangeInfo", {}, "exchangeInfo", {}),
        ("exchangeInfo", {"symbols": ["ETHUSDT", "BTCUSDT"]}, "exchangeInfo", {"symbols": '["ETHUSDT","BTCUSDT"]'}),
        ("exchangeInfo", {"symbol": "BTCUSDT", "showPermissionSets": False}, "exchangeInfo",
         {"symbol": "BTCUSDT", "showPermissionSets": "false"}),
        ("exchangeInfo", {"permissions": ["SPOT"]}, "exchangeInfo", {"permissions": '["SPOT"]'}),
        ("depth", {"symbol": "BTCUSDT", "limit": 5}, "depth", {"symbol": "BTCUSDT", "limit": 5}),
        ("klines", {"symbol": "BTCUSDT", "interval": "1h", "limit": 3}, "klines",
         {"symbol": "BTCUSDT", "interval": "1h", "limit": 3}),
        ("ticker.book", {"symbol": "BTCUSDT"}, "ticker/bookTicker", {"symbol": "BTCUSDT"}),
        ("ticker.24hr", {"symbol": "BTCUSDT"}, "ticker/24hr", {"symbol": "BTCUSDT"}),
        ("trades.aggregate", {"symbol": "BTCUSDT", "limit": 2}, "aggTrades", {"symbol": "BTCUSDT", "limit": 2}),
    ],
)  # fmt: skip
def test_method_when_rest_has_it_too_then_the_same_answer(
    floor: Any, exchange: Any, method: str, params: dict[str, Any], path: str, query: dict[str, Any]
) -> None:
    response = floor.ask_api(floor.session(), method, **params)
    assert (response["status"], response["result"]) == (200, exchange.read(f"/api/v3/{path}", **query))


@pytest.mark.parametrize(
    ("text", "code", "request_id"),
    [
        ("", -1135, None),
        ("[" * 60_000, -1135, None),
        ("[]", -1135, None),
        ('{"method": "ping"}', -1102, None),
        ('{"id": true, "method": "ping"}', -1102, None),
        ('{"id": 1.5, "method": "ping"}', -1102, None),
        ('{"id": 1}', -1102, 1),
        ('{"id": 1, "method": 7}', -1102, 1),
        ('{"id": 1, "method": "ping", "params": []}', -1135, 1),
        ('{"id": "a", "method": "order.fly"}', -1020, "a"),
        ('{"id": "a", "method": "userDataStream.start"}', -1020, "a"),
        ('{"id": 1, "method": "ping", "params": {"a": null}}', -1104, 1),
        ('{"id": 1, "method": "depth", "params": {"symbol": "NOPE"}}', -1121, 1),
        ('{"id": 1, "method": "depth", "params": {"symbol": {"a": [1.5]}}}', -1100, 1),
        ('{"id": 1, "method": "depth", "params": {"symbol": "BTCUSDT", "limit": 1.0}}', -1100, 1),
        ('{"id": 1, "method": "userDataStream.subscribe"}', -1002, 1),
        ('{"id": 1, "method": "userDataStream.unsubscribe"}', -2036, 1),
        ('{"id": 1, "method": "userDataStream.unsubscribe", "params": {"subscriptionId": "0"}}', -1130, 1),
        ('{"id": 1, "method": "userDataStream.subscribe.signature"}', -2014, 1),
        ('{"id": 1, "method": "session.logon"}', -2014, 1),
        ('{"id": 1, "method": "order.place", "params": {"symbol": "BTCUSDT"}}', -2014, 1),
    ],
)
def test_request_when_wrong_then_binances_code(floor: Any, text: str, code: int, request_id: object) -> None:
    response = answer(text, floor.session())
    assert (response["error"]["code"], response["id"]) == (code, request_id)
    assert response["status"] == (401 if code in {-1002, -2014} else 400)
    assert json.loads(json.dumps(response)) == response


def test_request_when_there_are_no_accounts_then_not_supported(floor: Any) -> None:
    session = floor.session(accounts=False)
    for method in ("userDataStream.subscribe.signature", "userDataStream.unsubscribe", "session.logon"):
        assert floor.ask_api(session, method)["error"]["code"] == -1020
    assert floor.ask_api(session, "session.status")["result"]["userDataStream"] is None


def test_session_when_described_then_nobody_is_logged_on(floor: Any, exchange: Any) -> None:
    session = floor.session()
    status = {
        "apiKey": None, "authorizedSince": None, "connectedSince": exchange.now_ms, "returnRateLimits": True,
        "serverTime": exchange.now_ms, "userDataStream": False,
    }  # fmt: skip
    assert floor.ask_api(session, "session.status")["result"] == status
    floor.subscribe(session, floor.open_account())
    assert floor.ask_api(session, "session.logout")["result"] == status | {"userDataStream": True}


def test_session_when_somebody_logs_on_then_only_ed25519(floor: Any) -> None:
    response = floor.ask_api(floor.session(), "session.logon", **floor.sign(floor.open_account()))
    assert (response["status"], response["error"]["code"]) == (400, -4056)
    response = floor.ask_api(floor.session(), "session.logon", **{**floor.sign(floor.open_account()), "signature": "0"})
    assert response["error"]["code"] == -1022
