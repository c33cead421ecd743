"""Intervals, against those of the demo exchange."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.exchange.intervals import INTERVALS as EXCHANGES
from tools.gateway.intervals import INTERVALS


@pytest.mark.parametrize("name", list(EXCHANGES))
@settings(max_examples=60, deadline=None)
@given(time_ms=st.integers(0, 4_000_000_000_000))
def test_intervals_when_counted_then_as_the_exchange_counts(name: str, time_ms: int) -> None:
    ours, theirs = INTERVALS[name], EXCHANGES[name]
    number = theirs.number(time_ms)
    assert (ours.number(time_ms), ours.open_ms(number)) == (number, theirs.open_ms(number))
    assert ours.close_ms(number) == theirs.open_ms(number + 1) - 1
    assert ours.open_ms(number) <= time_ms <= ours.close_ms(number)
