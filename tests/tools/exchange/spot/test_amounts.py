"""Amounts are whole numbers of 1e-8."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.exchange.errors import ApiError
from tools.exchange.spot.amounts import (
    LARGEST,
    UNIT,
    commission,
    cost,
    cost_ceiling,
    from_float,
    parse_amount,
    write_amount,
)

units = st.integers(0, LARGEST)


@given(units)
def test_amount_when_written_and_read_then_the_same(amount: int) -> None:
    assert parse_amount("quantity", write_amount(amount)) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [("1e-3", -1100), ("-1", -1100), ("NaN", -1100), ("+1", -1100), (" 1", -1100), ("1.", -1100), (".5", -1100),
     ("١", -1100), ("0.123456789", -1111), ("1.000000000", -1111), ("90000000000.00000001", -1108)],
)  # fmt: skip
def test_amount_when_malformed_then_refused(text: str, code: int) -> None:
    with pytest.raises(ApiError) as refused:
        parse_amount("quantity", text)
    assert refused.value.code == code


def test_amount_when_negative_then_written_with_a_sign() -> None:
    assert write_amount(-UNIT // 10) == "-0.10000000"


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8), st.integers(1, 10**13))
def test_cost_when_filled_in_parts_then_never_more_than_was_held(parts: list[int], price: int) -> None:
    held, left = cost_ceiling(price, sum(parts)), sum(parts)
    for part in parts:
        released = held - cost_ceiling(price, left - part)
        assert released >= cost(price, part) >= 0
        held, left = held - released, left - part
    assert held == 0


def test_commission_when_taken_then_a_thousandth_rounded_down() -> None:
    assert [commission(received) for received in (999, 1_000, 1_999, UNIT)] == [0, 1, 1, UNIT // 1_000]


@given(st.integers(1, 10**11), st.integers(0, 8))
def test_float_when_of_the_market_then_its_decimals(ticks: int, decimals: int) -> None:
    assert from_float(ticks / 10**decimals, decimals) == ticks * 10 ** (8 - decimals)
