from decimal import Decimal

import pytest

from tools.bots.requests import smallest_stake


@pytest.mark.parametrize(
    ("stoploss_pct", "expected"),
    [(None, "5.83"), (Decimal(0), "5.25"), (Decimal(3), "5.41"), (Decimal(10), "5.83"), (Decimal(99), "7.50")],
)
def test_smallest_stake_when_a_stoploss_is_set_then_an_exit_at_it_is_still_an_order(
    stoploss_pct: Decimal | None, expected: str
) -> None:
    assert smallest_stake(Decimal(5), stoploss_pct) == Decimal(expected)
