"""One-cancels-the-other pairs."""

from typing import Any

import pytest
from starlette.datastructures import QueryParams

from tests.tools.exchange.spot.fakes import BTC, Script, amount, by_number, has, limit, oco, open_account
from tools.exchange.errors import ApiError
from tools.exchange.query import Query
from tools.exchange.spot.accounts import Account
from tools.exchange.spot.asked import Cancel
from tools.exchange.spot.desk import Desk
from tools.exchange.spot.oco import OLD_PARAMETERS, Oco, read_old_oco

SELL = {
    "quantity": "1",
    "aboveType": "LIMIT_MAKER",
    "abovePrice": "110",
    "belowType": "STOP_LOSS",
    "belowStopPrice": "90",
}
BUY = {"quantity": "1", "belowType": "LIMIT_MAKER", "belowPrice": "95", "aboveType": "STOP_LOSS_LIMIT",
       "aboveStopPrice": "105", "abovePrice": "106", "aboveTimeInForce": "GTC"}  # fmt: skip


def place(desk: Desk, side: str, **params: str) -> tuple[Account, list[Any]]:
    account = open_account(desk, USDT="1000", BTC="2")
    order_list, legs = desk.place_list(account.uid, BTC, oco(side, **params), 0)
    assert not order_list.done
    return account, legs


def states(desk: Desk, legs: list[Any]) -> list[str]:
    return [desk.orders.get(leg.number).status for leg in legs]


@pytest.mark.parametrize(
    ("side", "params", "asset", "locked"), [("SELL", SELL, "BTC", "1"), ("BUY", BUY, "USDT", "106")]
)
def test_oco_when_placed_then_what_the_dearer_leg_needs_is_locked_once(
    desk: Desk, side: str, params: dict[str, str], asset: str, locked: str
) -> None:
    account, legs = place(desk, side, **params)
    assert [leg.type.split("_")[0] for leg in legs] == ["STOP", "LIMIT"]
    assert has(desk, account, asset)[1] == amount(locked)
    desk.cancel(account.uid, BTC, by_number(legs[1]), 0)
    assert states(desk, legs) == ["CANCELED", "CANCELED"]
    assert has(desk, account, asset)[1] == 0
    assert desk.lists.get(legs[0].list_id).done


def test_oco_when_the_limit_leg_fills_a_little_then_the_stop_expires_and_the_rest_stays(
    desk: Desk, script: Script
) -> None:
    account, legs = place(desk, "BUY", **BUY)
    script.price, script.spread, script.tape = amount("95"), amount("50"), amount("0.25")
    desk.advance(1_000)
    assert states(desk, legs) == ["EXPIRED", "PARTIALLY_FILLED"]
    assert desk.orders.get(legs[0].number).expiry_reason == "OCO_TRIGGER"
    assert has(desk, account, "USDT")[1] == amount("71.25")
    assert not desk.lists.get(legs[0].list_id).done
    desk.advance(4_000)
    assert states(desk, legs) == ["EXPIRED", "FILLED"]
    assert desk.lists.get(legs[0].list_id).done


def test_oco_when_the_stop_leg_is_triggered_then_the_limit_expires(desk: Desk, script: Script) -> None:
    account, legs = place(desk, "SELL", **SELL)
    told: list[dict[str, Any]] = []
    desk.listeners.append(lambda _, event: told.append(event))
    script.price = amount("89")
    desk.advance(1_000)
    assert states(desk, legs) == ["FILLED", "EXPIRED"]
    assert has(desk, account, "BTC") == (amount("1"), 0)
    assert [(event["e"], event.get("x"), event.get("i")) for event in told] == [
        ("executionReport", "EXPIRED", legs[1].number),
        ("executionReport", "NEW", legs[0].number),
        ("executionReport", "TRADE", legs[0].number),
        ("listStatus", None, None),
        ("outboundAccountPosition", None, None),
    ]


def test_oco_when_its_own_order_would_meet_it_then_both_legs_end(desk: Desk) -> None:
    account, legs = place(desk, "SELL", **{**SELL, "abovePrice": "100.5"})
    desk.place(account.uid, BTC, limit("BUY", "1", "101"), 0)
    assert states(desk, legs) == ["EXPIRED", "EXPIRED_IN_MATCH"]
    assert desk.lists.get(legs[0].list_id).done
    assert has(desk, account, "BTC")[1] == 0


def test_list_when_canceled_then_both_legs_are_and_not_again(desk: Desk) -> None:
    account, legs = place(desk, "SELL", **SELL, listClientOrderId="pair")
    done, ended = desk.cancel_list(account.uid, BTC, Cancel(None, "pair", "c"), 0)
    assert done.done
    assert [leg.status for leg in ended] == ["CANCELED", "CANCELED"]
    with pytest.raises(ApiError) as refused:
        desk.cancel_list(account.uid, BTC, Cancel(legs[0].list_id, None, "c"), 0)
    assert refused.value.code == -2011


@pytest.mark.parametrize(
    ("side", "changed", "code"),
    [
        ("SELL", {"aboveType": "MARKET"}, -1106),
        ("SELL", {"aboveType": "LIMIT", "aboveTimeInForce": "GTC"}, -1158),
        ("SELL", {"belowType": "LIMIT_MAKER", "belowPrice": "90", "belowStopPrice": None}, -1168),
        ("SELL", {"aboveType": "STOP_LOSS", "aboveStopPrice": "110", "abovePrice": None}, -1014),
        ("SELL", {"aboveType": "STOP_LOSS", "aboveStopPrice": "110", "abovePrice": None, "belowType": "LIMIT_MAKER",
                  "belowPrice": "90", "belowStopPrice": None}, -1166),
        ("BUY", {}, -1165),
        ("SELL", {"abovePrice": "100"}, -2010),
        ("SELL", {"belowStopPrice": "100"}, -2010),
        ("SELL", {"quantity": "2.00001"}, -2010),
        ("SELL", {"aboveClientOrderId": "one", "belowClientOrderId": "one"}, -2010),
        ("SELL", {"aboveTrailingDelta": "10"}, -2010),
        ("SELL", {"belowStopPrice": None}, -1102),
    ],
)  # fmt: skip
def test_oco_when_its_legs_do_not_fit_then_refused(
    desk: Desk, side: str, changed: dict[str, str | None], code: int
) -> None:
    params = {name: value for name, value in {**SELL, **changed}.items() if value is not None}
    with pytest.raises(ApiError) as refused:
        place(desk, side, **params)
    assert refused.value.code == code


def test_old_oco_when_read_then_as_the_new_one() -> None:
    sent = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "1", "price": "110", "stopPrice": "90",
            "stopLimitPrice": "89", "stopLimitTimeInForce": "GTC", "limitClientOrderId": "up"}  # fmt: skip
    pair: Oco = read_old_oco(Query(QueryParams(sent), OLD_PARAMETERS))
    assert (pair.gain.type, pair.gain.price, pair.gain.client_id) == ("LIMIT_MAKER", amount("110"), "up")
    assert (pair.loss.type, pair.loss.stop_price, pair.loss.price) == ("STOP_LOSS_LIMIT", amount("90"), amount("89"))
