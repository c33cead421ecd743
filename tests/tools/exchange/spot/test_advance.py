"""What the passing of seconds does to orders that wait."""

import pytest

from tests.tools.exchange.spot.fakes import BTC, Script, amount, has, limit, open_account, ticket
from tools.exchange.spot.desk import CATCH_UP_S, Desk
from tools.exchange.spot.orders import Order


def wait(desk: Desk, order: Order, seconds: int = 1) -> Order:
    """Lets seconds pass, and gives the order after them."""
    desk.advance(order.created_ms + seconds * 1_000)
    return desk.orders.get(order.number)


def far(script: Script) -> None:
    """Moves the house's asks out of reach."""
    script.spread = amount("50")


def test_buy_when_the_asks_come_down_to_it_then_filled_at_its_own_price_up_to_what_they_offer(
    desk: Desk, script: Script
) -> None:
    account = open_account(desk, USDT="1000")
    order = desk.place(account.uid, BTC, limit("BUY", "4", "100"), 0).order
    script.price = amount("98.5")
    after = wait(desk, order)
    assert (after.status, after.executed, after.executed_quote) == ("PARTIALLY_FILLED", amount("2"), amount("200"))
    assert [side.is_maker for side in desk.trades.of_order(order.number)] == [True]
    assert has(desk, account, "USDT") == (amount("600"), amount("200"))
    after = wait(desk, order, 2)
    assert (after.status, has(desk, account, "USDT")) == ("FILLED", (amount("600"), 0))
    assert has(desk, account, "BTC") == (amount("3.996"), 0)


def test_house_when_a_resting_order_took_from_it_then_it_is_not_there_for_others_in_that_second(
    desk: Desk, script: Script
) -> None:
    account = open_account(desk, USDT="1000")
    orders = [desk.place(account.uid, BTC, limit("BUY", "1.5", "100"), 0).order for _ in range(2)]
    script.price = amount("98.5")
    desk.advance(1_000)
    assert [desk.orders.get(order.number).executed for order in orders] == [amount("1.5"), amount("0.5")]
    taker = desk.place(account.uid, BTC, limit("BUY", "1", "99.5", "IOC"), 1_500).order
    assert taker.executed == 0


def test_sell_when_the_bids_come_up_to_it_then_filled(desk: Desk, script: Script) -> None:
    account = open_account(desk, BTC="4")
    order = desk.place(account.uid, BTC, limit("SELL", "4", "105"), 0).order
    script.price = amount("106")
    assert wait(desk, order).executed == amount("4")
    assert has(desk, account, "USDT") == (amount("420") - amount("0.42"), 0)


@pytest.mark.parametrize(
    ("price", "seller_took", "tape", "executed"),
    [
        ("100", True, "0.25", "0.25"),
        ("100", False, "0.25", "0"),
        ("100.01", True, "0.25", "0"),
        ("99.99", True, "0.25", "0.25"),
        ("100", True, "9", "1"),
    ],
)
def test_buy_when_the_tape_sells_at_its_price_then_filled_up_to_that_trade(
    desk: Desk, script: Script, price: str, seller_took: bool, tape: str, executed: str
) -> None:
    account = open_account(desk, USDT="1000")
    far(script)
    order = desk.place(account.uid, BTC, limit("BUY", "1", "100"), 0).order
    script.price, script.seller_took, script.tape = amount(price), seller_took, amount(tape)
    assert wait(desk, order).executed == amount(executed)


def test_tape_when_several_wait_then_the_best_price_first_and_then_the_earliest(desk: Desk, script: Script) -> None:
    account = open_account(desk, USDT="1000")
    far(script)
    wanted = [("1", "99.9"), ("1", "100"), ("1", "100"), ("1", "99.8")]
    orders = [desk.place(account.uid, BTC, limit("BUY", *one), 0).order for one in wanted]
    script.price, script.tape = amount("99.8"), amount("1.5")
    desk.advance(1_000)
    executed = [desk.orders.get(order.number).executed for order in orders]
    assert executed == [0, amount("1"), amount("0.5"), 0]


@pytest.mark.parametrize(
    ("side", "kind", "stop", "before", "after"),
    [
        ("SELL", "STOP_LOSS", "95", "95.01", "95"),
        ("BUY", "STOP_LOSS", "105", "104.99", "105"),
        ("SELL", "TAKE_PROFIT", "105", "104.99", "105"),
        ("BUY", "TAKE_PROFIT", "95", "95.01", "95"),
    ],
)
def test_stop_when_the_last_price_reaches_it_then_it_takes(
    desk: Desk, script: Script, side: str, kind: str, stop: str, before: str, after: str
) -> None:
    account = open_account(desk, USDT="1000", BTC="1")
    order = desk.place(account.uid, BTC, ticket(side, kind, quantity="1", stopPrice=stop), 0).order
    assert not order.is_working
    script.price = amount(before)
    assert wait(desk, order).status == "NEW"
    script.price = amount(after)
    done = wait(desk, order, 2)
    assert (done.status, done.working_ms) == ("FILLED", 2_000)
    assert [side.is_maker for side in desk.trades.of_order(order.number)] == [False]
    assert has(desk, account, "USDT")[1] == has(desk, account, "BTC")[1] == 0


def test_stop_limit_when_triggered_then_what_is_not_taken_rests(desk: Desk, script: Script) -> None:
    account = open_account(desk, BTC="3")
    wanted = ticket("SELL", "STOP_LOSS_LIMIT", quantity="3", price="95", stopPrice="96", timeInForce="GTC")
    order = desk.place(account.uid, BTC, wanted, 0).order
    script.price = amount("95")
    after = wait(desk, order)
    assert (after.status, after.executed) == ("PARTIALLY_FILLED", amount("2"))
    assert has(desk, account, "BTC") == (0, amount("1"))
    assert [found.number for found in desk.orders.resting("BTCUSDT", "SELL")] == [order.number]


def test_stop_buy_when_it_can_no_longer_be_paid_then_it_expires(desk: Desk, script: Script) -> None:
    account = open_account(desk, USDT="106")
    order = desk.place(account.uid, BTC, ticket("BUY", "STOP_LOSS", quantity="1", stopPrice="105"), 0).order
    assert has(desk, account, "USDT") == (amount("1"), amount("105"))
    script.price = amount("120")
    after = wait(desk, order)
    assert (after.status, after.expiry_reason) == ("EXPIRED", "REJECTED")
    assert has(desk, account, "USDT") == (amount("106"), 0)


def test_advance_when_asked_again_or_for_the_past_then_nothing_more(desk: Desk, script: Script) -> None:
    account = open_account(desk, USDT="1000")
    far(script)
    order = desk.place(account.uid, BTC, limit("BUY", "5", "100"), 0).order
    script.tape = amount("1")
    assert wait(desk, order, 2).executed == amount("2")
    assert wait(desk, order, 2).executed == amount("2")
    assert desk.advance(1_500) == 2_000
    assert desk.orders.get(order.number).executed == amount("2")
    assert desk.place(account.uid, BTC, limit("BUY", "1", "90"), 500).order.created_ms == 2_000


def test_advance_when_it_stalled_then_every_second_is_made_up_for_within_bounds(desk: Desk, script: Script) -> None:
    account = open_account(desk, USDT="100000")
    far(script)
    order = desk.place(account.uid, BTC, limit("BUY", "900", "100"), 0).order
    script.tape = amount("0.5")
    assert wait(desk, order, 60).executed == amount("30")
    assert wait(desk, order, 10_000).executed == amount("30") + CATCH_UP_S * amount("0.5")


def test_advance_when_a_symbol_is_not_listed_any_more_then_its_orders_wait(desk: Desk, script: Script) -> None:
    account = open_account(desk, USDT="1000")
    order = desk.place(account.uid, BTC, limit("BUY", "1", "100"), 0).order
    script.price, script.listed = amount("50"), {}
    assert wait(desk, order).status == "NEW"
