"""An order against the levels of the other side."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.exchange.spot.fakes import amount, limit, ticket
from tools.exchange.spot.amounts import UNIT, cost
from tools.exchange.spot.matching import Fill, Level, Match, Prevention, match
from tools.exchange.spot.orders import Order

LOT = 1_000
TAKER, OTHER = 1, 2
levels = st.lists(st.tuples(st.integers(9_000, 11_000), st.integers(1, 500)), min_size=1, max_size=12)


def asks(*offers: tuple[str, str]) -> list[Level]:
    return [Level(amount(price), amount(size)) for price, size in offers]


def buy(quantity: str, price: str, **params: str) -> Order:
    return limit("BUY", quantity, price, **params).order(TAKER, "BTCUSDT", 0)


def resting(uid: int, quantity: str, price: str) -> Order:
    return replace(limit("SELL", quantity, price).order(uid, "BTCUSDT", 0), number=7)


def offered(order: Order) -> Level:
    return Level(order.price, order.remaining, order)


def test_match_when_several_levels_then_best_first_up_to_the_limit() -> None:
    found = match(buy("3", "101"), asks(("100", "1"), ("101", "1.5"), ("102", "9")), LOT)
    assert found.steps == (Fill(amount("100"), amount("1"), None), Fill(amount("101"), amount("1.5"), None))
    assert (found.quantity, found.quote) == (amount("2.5"), amount("251.5"))


def test_match_when_the_price_is_not_reached_then_nothing() -> None:
    assert match(buy("3", "99.99"), asks(("100", "1")), LOT) == Match(())


def test_match_when_another_account_rests_then_it_is_the_maker() -> None:
    maker = resting(OTHER, "1", "100")
    assert match(buy("2", "100"), [offered(maker)], LOT).steps == (Fill(amount("100"), amount("1"), maker),)


@pytest.mark.parametrize(
    ("mode", "steps", "taker_prevented"),
    [
        ("EXPIRE_MAKER", ["prevention", "fill"], False),
        ("EXPIRE_TAKER", [], True),
        ("EXPIRE_BOTH", ["prevention"], True),
        ("NONE", ["fill", "fill"], False),
    ],
)
def test_match_when_it_meets_its_own_account_then_as_its_mode_says(
    mode: str, steps: list[str], taker_prevented: bool
) -> None:
    own = resting(TAKER, "1", "100")
    found = match(buy("2", "101", selfTradePreventionMode=mode), [offered(own), *asks(("101", "1"))], LOT)
    assert [type(step).__name__.lower() for step in found.steps] == steps
    assert found.taker_prevented == taker_prevented
    assert all(step.maker is own for step in found.steps if isinstance(step, Prevention))


@given(levels, st.integers(1, 10**6))
def test_match_when_by_quote_then_whole_lots_and_never_more(offers: list[tuple[int, int]], spend: int) -> None:
    order = replace(ticket("BUY", "MARKET", quoteOrderQty="1").order(TAKER, "X", 0), quote_quantity=spend * UNIT)
    ladder = [Level(price * UNIT, lots * LOT) for price, lots in sorted(offers)]
    found = match(order, ladder, LOT)
    assert found.quote <= spend * UNIT
    assert all(isinstance(step, Fill) and step.quantity % LOT == 0 for step in found.steps)
    if found.quantity < sum(level.quantity for level in ladder) and len({level.price for level in ladder}) == len(
        ladder
    ):
        following = next(level for level in ladder if level.quantity > _taken(found, level))
        assert found.quote + cost(following.price, LOT) > spend * UNIT


def _taken(found: Match, level: Level) -> int:
    return sum(step.quantity for step in found.steps if isinstance(step, Fill) and step.price == level.price)


@given(levels, st.integers(1, 2_000), st.integers(9_000, 11_000))
def test_match_when_by_quantity_then_within_limit_and_quantity(
    offers: list[tuple[int, int]], lots: int, price: int
) -> None:
    order = replace(buy("1", "1"), price=price * UNIT, quantity=lots * LOT)
    ladder = [Level(p * UNIT, q * LOT) for p, q in sorted(offers)]
    found = match(order, ladder, LOT)
    reachable = sum(level.quantity for level in ladder if level.price <= order.price)
    assert found.quantity == min(order.quantity, reachable)
