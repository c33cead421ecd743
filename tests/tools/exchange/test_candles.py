"""Coarser candles are exactly what their minutes make them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.exchange.clock import DAY_MS, GENESIS_DAY, HOUR_MS, MINUTE_MS
from tools.exchange.intervals import INTERVALS
from tools.exchange.market import REMEMBERED, Market
from tools.exchange.synthetic import COINS, Synthetic

MARKET = Market(Synthetic(7))
ETH = COINS[1].symbol
FIRST_NOW_MS = (GENESIS_DAY + 60) * DAY_MS
moments = st.integers(FIRST_NOW_MS, FIRST_NOW_MS + 900 * DAY_MS)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(set(INTERVALS) - {"1s"})), moments, st.integers(0, 3), st.sampled_from([0, 330, -120, 345])
)
def test_candles_when_of_any_interval_then_their_minutes_make_them(
    name: str, now_ms: int, ago: int, zone_min: int
) -> None:
    interval = INTERVALS[name].at_offset(zone_min * MINUTE_MS)
    number = interval.number(now_ms) - (ago if name not in {"1w", "1M"} else min(ago, 1))
    (candle,) = MARKET.candles(ETH, interval, number, number, now_ms)
    minute = INTERVALS["1m"]
    start, end = minute.number(interval.open_ms(number)), minute.number(interval.open_ms(number + 1)) - 1
    rows = MARKET.candles(ETH, minute, start, end, now_ms)
    assert candle["open_ms"] == interval.open_ms(number) == rows["open_ms"][0]
    assert (candle["open"], candle["close"]) == (rows["open"][0], rows["close"][-1])
    assert (candle["high"], candle["low"]) == (rows["high"].max(), rows["low"].min())
    assert candle["trades"] == rows["trades"].sum()
    assert ETH.quantity(candle["volume"]) == ETH.quantity(rows["volume"].sum())
    assert candle["quote_volume"] == pytest.approx(rows["quote_volume"].sum())


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(["1m", "5m", "1h", "1d"]), moments)
def test_candles_when_many_then_without_gap_or_overlap(name: str, now_ms: int) -> None:
    interval = INTERVALS[name]
    last = interval.number(now_ms)
    candles = MARKET.candles(ETH, interval, last - 49, last, now_ms)
    assert [interval.number(ms) for ms in candles["open_ms"].tolist()] == list(range(last - 49, last + 1))
    assert np.array_equal(candles["open"][1:], candles["close"][:-1])


@settings(max_examples=30, deadline=None)
@given(moments)
def test_candles_when_of_a_second_then_they_make_their_minute(now_ms: int) -> None:
    second, whole = INTERVALS["1s"], INTERVALS["1m"]
    last = second.number(now_ms)
    forming = MARKET.candles(ETH, whole, whole.number(now_ms), whole.number(now_ms), now_ms)[0]
    rows = MARKET.candles(ETH, second, second.number(int(forming["open_ms"])), last, now_ms)
    assert [second.number(ms) for ms in rows["open_ms"].tolist()] == list(range(last - len(rows) + 1, last + 1))
    assert (rows["open"][0], rows["close"][-1]) == (forming["open"], forming["close"])
    assert (rows["high"].max(), rows["low"].min()) == (forming["high"], forming["low"])
    assert rows["trades"].sum() == forming["trades"]
    assert ETH.quantity(rows["volume"].sum()) == ETH.quantity(forming["volume"])


def test_candles_when_before_the_first_day_then_none() -> None:
    assert len(MARKET.candles(ETH, INTERVALS["1d"], 10, 20, FIRST_NOW_MS)) == 0


def test_interval_when_week_or_month_then_it_opens_as_binance_does() -> None:
    sunday = int(np.datetime64("2024-08-25T14:23", "ms").astype(np.int64))
    opens = {name: INTERVALS[name].open_ms(INTERVALS[name].number(sunday)) for name in ("1w", "1M")}
    texts = {name: str(np.datetime64(ms, "ms"))[:16] for name, ms in opens.items()}
    assert texts == {"1w": "2024-08-19T00:00", "1M": "2024-08-01T00:00"}


def test_market_when_asked_for_much_then_it_remembers_a_bounded_part() -> None:
    market = Market(Synthetic(7))
    day = INTERVALS["1d"]
    last = day.number(FIRST_NOW_MS + 400 * DAY_MS)
    market.candles(ETH, day, last - 300, last, FIRST_NOW_MS + 400 * DAY_MS)
    assert len(market._remembered[MINUTE_MS]) == REMEMBERED[MINUTE_MS]
    assert len(market._remembered[HOUR_MS]) <= REMEMBERED[HOUR_MS]
