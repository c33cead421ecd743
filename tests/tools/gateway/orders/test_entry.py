"""Orders and positions, pure: whatever comes in whichever order, nothing goes below zero and nothing goes back."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.gateway.orders.entry import Entry, Status, Told, bot_of, upstream_id
from tools.gateway.orders.position import Fill, Position

amounts = st.decimals("0.00000001", "1000", places=8)
fees = st.decimals("0", "0.01", places=8)
assets = st.sampled_from(["BTC", "USDT", "BNB"])
statuses = st.sampled_from(list(Status))
OVER = (Status.FILLED, Status.CANCELED, Status.EXPIRED)


def fill(quantity: object, price: object = 100, fee: object = 0, asset: str = "BTC", number: int = 1) -> Fill:
    return Fill(number, Decimal(str(price)), Decimal(str(quantity)), Decimal(str(fee)), asset, 0)


def entry(**changes: object) -> Entry:
    made = Entry(
        id="th", bot_id="a" * 12, own_id="o", symbol="BTCUSDT", pair="BTC/USDT", side="BUY", type="LIMIT",
        quantity=Decimal(1), price=Decimal(100), stop_price=None, time_in_force="GTC", dust=Decimal(5), created_ms=0,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def told(status: Status, executed: object = 0, quantity: object = 1, price: object = 100) -> Told:
    return Told(7, status, Decimal(str(executed)), Decimal(0), Decimal(str(quantity)), Decimal(str(price)))


@given(st.lists(st.tuples(st.booleans(), amounts, amounts, fees, assets), max_size=20))
def test_position_when_any_fills_come_then_neither_amount_nor_cost_is_below_zero(
    fills: list[tuple[bool, Decimal, Decimal, Decimal, str]],
) -> None:
    position, spent, brought = Position(), Decimal(0), Decimal(0)
    for buys, quantity, price, fee, asset in fills:
        one = fill(quantity, price, fee, asset)
        if buys:
            position = position.bought(one, "BTC", "USDT")
            spent += one.quote + one.fee_in("USDT") + one.fee_beside("BTC", "USDT")
        else:
            position, profit = position.sold(one, "BTC", "USDT")
            brought += profit
        assert position.quantity >= 0
        assert position.cost >= 0
        assert position.cost <= spent
        assert position.quantity > 0 or position.cost == 0 or buys


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=8), amounts)
def test_position_when_all_is_sold_then_what_was_won_is_what_came_less_what_went(
    buys: list[tuple[Decimal, Decimal]], price: Decimal
) -> None:
    position = Position()
    for quantity, paid in buys:
        position = position.bought(fill(quantity, paid), "BTC", "USDT")
    spent, half = position.cost, (position.quantity / 2).quantize(Decimal("1e-8"))
    for quantity in (half, position.quantity - half):
        position, _ = position.sold(fill(quantity, price), "BTC", "USDT") if quantity else (position, None)
    assert position.quantity == position.cost == 0
    assert position.realised == sum(quantity for quantity, _ in buys) * price - spent


def test_position_when_the_fee_is_in_the_base_then_it_is_not_there_to_be_sold() -> None:
    position = Position().bought(fill(1, fee="0.001"), "BTC", "USDT")
    assert (position.quantity, position.cost) == (Decimal("0.999"), 100)


@pytest.mark.parametrize(
    ("quantity", "cost", "price", "is_over"),
    [(0, 0, 100, True), (1, 100, 100, False), (1, 99, 99, True), (1, 100, 1, False), (1, 1, 1000, False)],
)
def test_position_when_what_is_left_is_worth_and_cost_less_than_an_order_then_it_is_over(
    quantity: int, cost: int, price: int, is_over: bool
) -> None:
    assert Position(Decimal(quantity), Decimal(cost)).is_over(Decimal(100), Decimal(price)) is is_over


def test_position_when_the_commission_is_in_a_third_currency_then_it_still_costs() -> None:
    paid = Fill(1, Decimal(100), Decimal(1), Decimal("0.0002"), "BNB", 0)
    position = Position().bought(paid, "BTC", "USDT")
    assert (position.quantity, position.cost) == (1, Decimal("100.1"))
    left, profit = position.sold(paid, "BTC", "USDT")
    assert (left.quantity, left.cost, profit) == (0, 0, Decimal("-0.2"))


@given(st.lists(st.tuples(statuses, st.decimals("0", "1", places=8)), max_size=12))
def test_entry_when_news_come_in_any_order_then_what_is_over_and_executed_stays(
    news: list[tuple[Status, Decimal]],
) -> None:
    before = entry()
    for status, executed in news:
        after = before.after(told(status, executed), 5)
        assert after.executed >= before.executed
        assert before.status not in OVER or after.status is before.status
        assert after.due_cost >= 0 or after.filled > after.quantity
        before = after


def test_entry_when_live_then_all_of_it_is_due_and_after_it_only_what_no_fill_shows() -> None:
    live = entry(status=Status.OPEN, filled=Decimal("0.25"), executed=Decimal("0.5"))
    assert (live.due, live.due_cost, live.is_settled) == (Decimal("0.75"), Decimal(75), False)
    over = replace(live, status=Status.CANCELED)
    assert (over.due, over.due_cost, over.is_settled) == (Decimal("0.25"), Decimal(25), False)
    assert replace(over, filled=Decimal("0.5")).is_settled
    assert entry(side="SELL", status=Status.OPEN).due_cost == 0
    assert entry(price=Decimal("0.000000013"), quantity=Decimal("0.1")).due_cost == Decimal("1e-8")


def test_entry_when_the_exchange_has_a_larger_one_then_it_counts_as_that() -> None:
    found = entry().after(told(Status.OPEN, quantity=3, price=120), 0)
    assert found.due_cost == Decimal(360)


@given(st.text(alphabet="ab.:/_-Z9", min_size=1, max_size=36))
def test_upstream_id_when_made_then_it_fits_the_exchange_and_tells_whose_it_is(own_id: str) -> None:
    made = upstream_id("a1b2c3d4e5f6", own_id)
    assert len(made) <= 36
    assert bot_of(made) == "a1b2c3d4e5f6"
    assert made == upstream_id("a1b2c3d4e5f6", own_id)
    assert made != upstream_id("a1b2c3d4e5f7", own_id)
    assert bot_of("x-TKT5PX2F") is bot_of("th-short-1") is None
