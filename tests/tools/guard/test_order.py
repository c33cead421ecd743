from decimal import Decimal

import pytest

from tests.tools.guard.samples import order


@pytest.mark.parametrize(
    ("amount", "rate", "cost"),
    [
        ("0.5", "100", "50"),
        ("0.12224670", "81.8018", "10.00000011"),
        ("0.3", "33.33333333", "10"),
        ("0.1", "0.00000001", "0.00000001"),
        ("0.30000000000000004", "100", "30"),
        ("0.333333333333333259", "30", "10"),
    ],
)
def test_cost_when_it_has_more_places_than_money_then_upwards_but_for_the_noise_of_floats(
    amount: str, rate: str, cost: str
) -> None:
    assert order(amount=amount, rate=rate).cost_at(Decimal(1)) == Decimal(cost)


def test_cost_when_many_orders_are_added_up_then_they_take_no_more_than_is_counted() -> None:
    one = order(amount="0.12224671", rate="81.80175")
    assert 1000 * one.cost_at(Decimal(1)) >= 1000 * one.amount * one.rate


@pytest.mark.parametrize(("kind", "cost"), [("limit", "50"), ("market", "60")])
def test_cost_when_the_price_has_risen_then_a_market_order_takes_more(kind: str, cost: str) -> None:
    assert order(type=kind).cost_at(Decimal(120)) == Decimal(cost)
