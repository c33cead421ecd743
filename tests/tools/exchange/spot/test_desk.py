"""Orders at the desk: what they lock, what they trade for, and what is told."""

from typing import Any

import pytest

from tests.tools.exchange.spot.fakes import BTC, Script, amount, by_number, has, limit, open_account, ticket
from tools.exchange.errors import ApiError
from tools.exchange.spot.asked import Cancel, Replacement
from tools.exchange.spot.desk import Desk


def refused(desk: Desk, uid: int, *args: Any) -> str:
    with pytest.raises(ApiError) as error:
        desk.place(uid, BTC, *args)
    return error.value.message


def test_limit_when_it_rests_then_its_cost_is_locked_until_it_is_canceled(desk: Desk) -> None:
    account = open_account(desk, USDT="1000")
    order = desk.place(account.uid, BTC, limit("BUY", "2", "99.5"), 0).order
    assert (order.status, has(desk, account, "USDT")) == ("NEW", (amount("801"), amount("199")))
    ended = desk.cancel(account.uid, BTC, by_number(order), 0)
    assert (ended.status, has(desk, account, "USDT")) == ("CANCELED", (amount("1000"), 0))


def test_limit_when_it_takes_at_a_better_price_then_the_difference_is_free_again(desk: Desk) -> None:
    account = open_account(desk, USDT="1000")
    placed = desk.place(account.uid, BTC, limit("BUY", "3", "101.5"), 0)
    assert (placed.order.status, placed.order.executed) == ("PARTIALLY_FILLED", amount("2"))
    assert [(trade.price, trade.commission, trade.commission_asset) for trade in placed.trades] == [
        (amount("101"), amount("0.002"), "BTC")
    ]
    assert has(desk, account, "USDT") == (amount("696.5"), amount("101.5"))
    assert has(desk, account, "BTC") == (amount("1.998"), 0)


def test_market_when_it_is_larger_than_the_book_then_the_rest_expires(desk: Desk) -> None:
    account = open_account(desk, BTC="10")
    placed = desk.place(account.uid, BTC, ticket("SELL", "MARKET", quantity="7"), 0)
    assert (placed.order.status, placed.order.expiry_reason) == ("EXPIRED", "INSUFFICIENT_LIQUIDITY")
    assert (placed.order.executed, placed.order.executed_quote) == (amount("5"), amount("497"))
    assert has(desk, account, "USDT") == (amount("497") - amount("0.497"), 0)
    assert has(desk, account, "BTC") == (amount("5"), 0)


def test_market_when_by_quote_then_the_quantity_that_it_buys(desk: Desk) -> None:
    account = open_account(desk, USDT="1000")
    order = desk.place(account.uid, BTC, ticket("BUY", "MARKET", quoteOrderQty="250"), 0).order
    assert (order.status, order.quantity, order.executed) == ("FILLED", amount("2.47058"), amount("2.47058"))
    assert order.executed_quote <= amount("250")


@pytest.mark.parametrize(
    ("tif", "quantity", "status", "executed", "reason"),
    [
        ("IOC", "3", "EXPIRED", "2", "UNFILLED_IOC_QUANTITY_EXPIRED"),
        ("IOC", "2", "FILLED", "2", None),
        ("FOK", "3", "EXPIRED", "0", "UNFILLED_FOK_ORDER_EXPIRED"),
        ("FOK", "2", "FILLED", "2", None),
    ],
)
def test_limit_when_it_may_not_rest_then_it_expires(
    desk: Desk, tif: str, quantity: str, status: str, executed: str, reason: str | None
) -> None:
    account = open_account(desk, USDT="1000")
    order = desk.place(account.uid, BTC, limit("BUY", quantity, "101", tif), 0).order
    assert (order.status, order.executed, order.expiry_reason) == (status, amount(executed), reason)
    assert has(desk, account, "USDT")[1] == 0


def test_house_when_a_price_was_taken_then_not_again_in_that_second(desk: Desk) -> None:
    account = open_account(desk, USDT="1000")
    first = desk.place(account.uid, BTC, limit("BUY", "1.5", "101", "IOC"), 100).order
    second = desk.place(account.uid, BTC, limit("BUY", "1.5", "101", "IOC"), 900).order
    third = desk.place(account.uid, BTC, limit("BUY", "1.5", "101", "IOC"), 1_000).order
    assert [order.executed for order in (first, second, third)] == [amount("1.5"), amount("0.5"), amount("1.5")]


def test_house_when_a_level_is_empty_then_the_next_one_is_met(desk: Desk) -> None:
    account = open_account(desk, USDT="1000")
    desk.place(account.uid, BTC, limit("BUY", "2", "101"), 100)
    trades = desk.place(account.uid, BTC, limit("BUY", "1", "102"), 200).trades
    assert [trade.price for trade in trades] == [amount("102")]


def test_accounts_when_they_meet_then_they_trade_at_the_makers_price_before_the_house(desk: Desk) -> None:
    maker, earlier, taker = (open_account(desk, USDT="1000", BTC="5") for _ in range(3))
    first = desk.place(earlier.uid, BTC, limit("SELL", "1", "100.5"), 0).order
    second = desk.place(maker.uid, BTC, limit("SELL", "1", "100.4"), 0).order
    placed = desk.place(taker.uid, BTC, limit("BUY", "3", "101"), 0)
    assert [trade.price for trade in placed.trades] == [amount("100.4"), amount("100.5"), amount("101")]
    assert desk.orders.get(first.number).status == desk.orders.get(second.number).status == "FILLED"
    assert has(desk, maker, "USDT") == (amount("1100.4") - amount("0.1004"), 0)
    assert [side.is_maker for side in desk.trades.of_order(second.number)] == [True]


def test_seller_when_accounts_and_the_house_bid_then_by_price_and_accounts_first_at_one_price(desk: Desk) -> None:
    maker, taker = open_account(desk, USDT="1000"), open_account(desk, BTC="5")
    bids = [desk.place(maker.uid, BTC, limit("BUY", "1", price), 0).order for price in ("99.5", "100", "100.5")]
    trades = desk.place(taker.uid, BTC, limit("SELL", "3.5", "99"), 0).trades
    assert [trade.price for trade in trades] == [amount("100.5"), amount("100"), amount("100")]
    executed = [desk.orders.get(bid.number).executed for bid in bids]
    assert executed == [0, amount("1"), amount("1")]
    more = desk.place(taker.uid, BTC, limit("SELL", "1.5", "99"), 0).trades
    assert [(trade.price, trade.quantity) for trade in more] == [
        (amount("100"), amount("0.5")),
        (amount("99.5"), amount("1")),
    ]


@pytest.mark.parametrize(
    ("mode", "own", "new", "prevented"),
    [
        ("EXPIRE_MAKER", "EXPIRED_IN_MATCH", "FILLED", 0),
        ("EXPIRE_TAKER", "NEW", "EXPIRED_IN_MATCH", 1),
        ("EXPIRE_BOTH", "EXPIRED_IN_MATCH", "EXPIRED_IN_MATCH", 1),
        ("NONE", "FILLED", "FILLED", 0),
    ],
)
def test_account_when_it_would_trade_with_itself_then_as_the_taker_chose(
    desk: Desk, mode: str, own: str, new: str, prevented: int
) -> None:
    account = open_account(desk, USDT="1000", BTC="5")
    resting = desk.place(account.uid, BTC, limit("SELL", "1", "100.5"), 0).order
    order = desk.place(account.uid, BTC, limit("BUY", "1", "101", selfTradePreventionMode=mode), 0).order
    assert (desk.orders.get(resting.number).status, order.status) == (own, new)
    assert order.prevented == prevented * amount("1")
    assert has(desk, account, "BTC")[1] == (amount("1") if own == "NEW" else 0)
    assert has(desk, account, "USDT")[1] == 0


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (limit("BUY", "11", "99"), "Account has insufficient balance for requested action."),
        (limit("SELL", "1.00001", "120"), "Account has insufficient balance for requested action."),
        (ticket("SELL", "MARKET", quantity="1.00001"), "Account has insufficient balance for requested action."),
        (ticket("BUY", "MARKET", quoteOrderQty="900"), "Filter failure: LOT_SIZE"),
        (ticket("BUY", "MARKET", quoteOrderQty="990.2"), "Account has insufficient balance for requested action."),
        (
            ticket("BUY", "STOP_LOSS", quantity="10", stopPrice="105"),
            "Account has insufficient balance for requested action.",
        ),
        (ticket("SELL", "STOP_LOSS", quantity="1", stopPrice="100"), "Stop price would trigger immediately."),
        (ticket("BUY", "TAKE_PROFIT", quantity="1", stopPrice="100"), "Stop price would trigger immediately."),
        (ticket("BUY", "LIMIT_MAKER", quantity="1", price="101"), "Order would immediately match and take."),
        (limit("BUY", "1", "99", newClientOrderId="taken"), "Duplicate order sent."),
    ],
)
def test_order_when_the_engine_refuses_it_then_nothing_changes(
    desk: Desk, script: Script, wanted: Any, sentence: str
) -> None:
    account = open_account(desk, USDT="1000", BTC="1")
    desk.place(account.uid, BTC, limit("BUY", "0.1", "99", newClientOrderId="taken"), 0)
    before = has(desk, account, "USDT"), has(desk, account, "BTC")
    if sentence.startswith("Filter"):
        script.depth = []
    assert refused(desk, account.uid, wanted, 0) == sentence
    assert (has(desk, account, "USDT"), has(desk, account, "BTC")) == before
    assert len(desk.orders.open(account.uid)) == 1


def test_client_id_when_its_order_is_done_then_free_again(desk: Desk) -> None:
    account = open_account(desk, USDT="1000")
    named = limit("BUY", "1", "99", newClientOrderId="mine")
    first = desk.place(account.uid, BTC, named, 0).order
    desk.cancel(account.uid, BTC, Cancel(None, "mine", "c"), 0)
    second = desk.place(account.uid, BTC, named, 0).order
    found = desk.orders.find(account.uid, "BTCUSDT", None, "mine")
    assert found is not None
    assert found.number == second.number != first.number


def test_replace_when_the_new_one_fails_then_the_cancel_stands(desk: Desk) -> None:
    account = open_account(desk, USDT="1000")
    order = desk.place(account.uid, BTC, limit("BUY", "1", "99"), 0).order
    done = desk.replace(account.uid, BTC, Replacement(by_number(order), limit("BUY", "20", "99"), True), 0)
    assert isinstance(done.placed, ApiError)
    assert done.placed.code == -2010
    assert desk.orders.get(order.number).status == "CANCELED"


def test_replace_when_a_filter_fails_then_nothing_is_canceled(desk: Desk) -> None:
    account = open_account(desk, USDT="1000")
    order = desk.place(account.uid, BTC, limit("BUY", "1", "99"), 0).order
    with pytest.raises(ApiError, match="LOT_SIZE"):
        desk.replace(account.uid, BTC, Replacement(by_number(order), limit("BUY", "0.000001", "99"), True), 0)
    assert desk.orders.get(order.number).is_open


def test_listener_when_an_order_trades_then_told_in_order_after_it_is_kept(desk: Desk) -> None:
    account = open_account(desk, USDT="1000")
    told: list[tuple[int, dict[str, Any]]] = []

    def listen(uid: int, event: dict[str, Any]) -> None:
        assert desk.orders.find(account.uid, "BTCUSDT", 1, None) is not None
        told.append((uid, event))

    desk.listeners.append(listen)
    desk.place(account.uid, BTC, limit("BUY", "3", "101"), 0)
    assert [(event["e"], event.get("x"), event.get("X")) for _, event in told] == [
        ("executionReport", "NEW", "NEW"),
        ("executionReport", "TRADE", "PARTIALLY_FILLED"),
        ("outboundAccountPosition", None, None),
    ]
    assert {uid for uid, _ in told} == {account.uid}
    assert told[1][1]["l"] == "2.00000000"
    assert told[2][1]["B"] == [
        {"a": "USDT", "f": "697.00000000", "l": "101.00000000"},
        {"a": "BTC", "f": "1.99800000", "l": "0.00000000"},
    ]


def test_listener_when_an_order_is_refused_then_not_told_and_when_it_fails_then_the_order_stands(desk: Desk) -> None:
    account = open_account(desk, USDT="1000")
    told: list[str] = []
    desk.listeners += [lambda *_: 1 / 0, lambda _, event: told.append(event["e"])]
    refused(desk, account.uid, limit("BUY", "20", "99"), 0)
    assert told == []
    assert desk.place(account.uid, BTC, limit("BUY", "1", "99"), 0).order.status == "NEW"
    assert told == ["executionReport", "outboundAccountPosition"]
