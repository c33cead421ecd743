"""Accounts over the WebSocket API: their events, and their orders."""

from typing import Any

import pytest

from tools.exchange.streams.user_data import MOST_AT_A_TIME, MOST_EVER

EVENT = {"e": "balanceUpdate", "E": 1, "a": "BTC", "d": "1.00000000", "T": 1}


def test_events_when_subscribed_then_only_that_accounts(floor: Any) -> None:
    session, account, other = floor.session(), floor.open_account(), floor.open_account()
    assert floor.subscribe(session, account)["result"] == {"subscriptionId": 0}
    floor.tell(other, EVENT)
    floor.tell(account, EVENT)
    assert floor.received(session.connection) == [{"subscriptionId": 0, "event": EVENT}]


def test_events_when_two_accounts_then_each_has_its_number(floor: Any) -> None:
    session, first, second = floor.session(), floor.open_account(), floor.open_account()
    for account in (first, second):
        floor.subscribe(session, account)
    assert floor.ask_api(session, "session.subscriptions")["result"] == [{"subscriptionId": 0}, {"subscriptionId": 1}]
    floor.tell(second, EVENT)
    floor.tell(first, EVENT)
    assert [each["subscriptionId"] for each in floor.received(session.connection)] == [1, 0]


def test_events_when_the_desk_changes_an_account_then_told(floor: Any, exchange: Any) -> None:
    session, account = floor.session(), floor.open_account()
    floor.subscribe(session, account)
    floor.desk.fund(account.uid, "BTC", 5 * 10**7, exchange.now_ms)
    told = floor.received(session.connection)
    assert {"balanceUpdate"} <= {each["event"]["e"] for each in told}
    assert {each["subscriptionId"] for each in told} == {0}


def test_subscription_when_made_twice_then_refused(floor: Any) -> None:
    session, account = floor.session(), floor.open_account()
    floor.subscribe(session, account)
    assert floor.subscribe(session, account)["error"]["code"] == -2035
    assert len(floor.desk.listeners) == 1


def test_subscription_when_the_key_may_not_read_then_refused(floor: Any) -> None:
    session = floor.session()
    response = floor.subscribe(session, floor.open_account(enable_reading=False))
    assert (response["status"], response["error"]["code"]) == (401, -2015)
    assert floor.desk.listeners == []


@pytest.mark.parametrize(("params", "ended"), [({}, [0, 1]), ({"subscriptionId": 1}, [1])])
def test_subscription_when_ended_then_an_event_says_so_and_it_is_silent(
    floor: Any, exchange: Any, params: dict[str, int], ended: list[int]
) -> None:
    session, first, second = floor.session(), floor.open_account(), floor.open_account()
    for account in (first, second):
        floor.subscribe(session, account)
    assert floor.ask_api(session, "userDataStream.unsubscribe", **params)["result"] == {}
    terminated = {"e": "eventStreamTerminated", "E": exchange.now_ms}
    told = floor.received(session.connection)
    assert told == [{"subscriptionId": number, "event": terminated} for number in ended]
    floor.tell(second, EVENT)
    assert floor.received(session.connection) == []
    assert len(floor.desk.listeners) == (0 if params == {} else 1)
    assert floor.ask_api(session, "userDataStream.unsubscribe", subscriptionId=1)["error"]["code"] == -2036


def test_subscription_when_made_again_then_a_new_number(floor: Any) -> None:
    session, account = floor.session(), floor.open_account()
    for number in range(3):
        assert floor.subscribe(session, account)["result"] == {"subscriptionId": number}
        floor.ask_api(session, "userDataStream.unsubscribe")


def test_subscription_when_too_many_then_refused(floor: Any) -> None:
    user_data = floor.session().user_data
    for uid in range(MOST_AT_A_TIME):
        user_data.subscribe(uid)
    with pytest.raises(Exception, match=r"-1191: .*'1000'"):
        user_data.subscribe(MOST_AT_A_TIME)
    user_data.unsubscribe(None)
    for _ in range(MOST_EVER - MOST_AT_A_TIME):
        user_data.unsubscribe(user_data.subscribe(1))
    with pytest.raises(Exception, match="-2042"):
        user_data.subscribe(1)
    assert floor.desk.listeners == []


def test_session_when_closed_then_it_hears_nothing_more(floor: Any) -> None:
    session = floor.session()
    floor.subscribe(session, floor.open_account())
    session.close()
    session.close()
    assert floor.desk.listeners == []


def test_order_when_placed_read_and_canceled_then_answered_and_told(floor: Any) -> None:
    session, account = floor.session(), floor.open_account()
    floor.subscribe(session, account)
    limit = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}
    price = f"{floor.market.current(floor.market.symbols['BTCUSDT'], floor.clock())['close'][0] * 0.9:.2f}"
    asked = floor.sign(account, **limit, price=price, quantity="0.001", newClientOrderId="mine")
    placed = floor.ask_api(session, "order.place", **asked)
    assert (placed["status"], placed["result"]["status"]) == (200, "NEW"), placed
    found = floor.ask_api(session, "order.status", **floor.sign(account, symbol="BTCUSDT", origClientOrderId="mine"))
    assert found["result"]["orderId"] == placed["result"]["orderId"]
    opened = floor.ask_api(session, "openOrders.status", **floor.sign(account))
    assert len(opened["result"]) == 1
    canceled = floor.ask_api(
        session, "order.cancel", **floor.sign(account, symbol="BTCUSDT", orderId=placed["result"]["orderId"])
    )
    assert canceled["result"]["status"] == "CANCELED"
    told = [each["event"] for each in floor.received(session.connection)]
    assert [event["x"] for event in told if event["e"] == "executionReport"] == ["NEW", "CANCELED"]


def test_order_when_refused_then_binances_code_and_what_came_of_both_halves(floor: Any) -> None:
    session, account = floor.session(), floor.open_account()
    market = {"symbol": "BTCUSDT", "side": "SELL", "type": "MARKET"}
    response = floor.ask_api(session, "order.place", **floor.sign(account, **market, quantity="5000"))
    assert response["error"]["code"] in {-1013, -2010}
    replace = {**market, "quantity": "0.001", "cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": 999}
    response = floor.ask_api(session, "order.cancelReplace", **floor.sign(account, **replace))
    assert response["error"]["code"] == -2022
    assert response["error"]["data"]["newOrderResult"] == "NOT_ATTEMPTED"
    response = floor.ask_api(session, "order.place", **floor.sign(account, colour="red"))
    assert response["error"]["code"] == -1104


@pytest.mark.parametrize("method", ["order.place", "order.cancel", "openOrders.cancelAll", "orderList.place.oco"])
def test_order_when_the_key_may_not_trade_then_refused(floor: Any, method: str) -> None:
    account = floor.open_account(can_trade=False)
    response = floor.ask_api(floor.session(), method, **floor.sign(account, symbol="BTCUSDT"))
    assert (response["status"], response["error"]["code"]) == (401, -2015)


def test_account_when_read_then_its_balances(floor: Any) -> None:
    session, account = floor.session(), floor.open_account()
    status = floor.ask_api(session, "account.status", **floor.sign(account, omitZeroBalances=True))
    assert {balance["asset"] for balance in status["result"]["balances"]} == {"USDT", "BTC"}
    trades = floor.ask_api(session, "myTrades", **floor.sign(account, symbol="BTCUSDT", limit=5))
    assert trades["result"] == []
    assert floor.ask_api(session, "account.rateLimits.orders", **floor.sign(account))["status"] == 200
    assert floor.ask_api(session, "account.commission", **floor.sign(account, symbol="BTCUSDT"))["status"] == 200
    assert floor.ask_api(session, "allOrderLists", **floor.sign(account))["result"] == []
