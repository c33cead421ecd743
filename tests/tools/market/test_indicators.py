from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tools.market.indicators import Indicators, compute_indicators
from tools.views import CandleView


def candles(closes: list[float]) -> list[CandleView]:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        CandleView(
            at=start + timedelta(minutes=number),
            open=Decimal(str(close)),
            high=Decimal(str(close + 1)),
            low=Decimal(str(close - 1)),
            close=Decimal(str(close)),
            volume=Decimal(1),
        )
        for number, close in enumerate(closes)
    ]


def test_compute_when_the_price_only_rises_then_rsi_is_100_and_emas_lag_below() -> None:
    found = compute_indicators(candles([100 + number for number in range(300)]))
    assert found.rsi_14 == 100
    assert found.ema_20 is not None
    assert found.ema_50 is not None
    assert found.ema_200 is not None
    assert 399 > found.ema_20 > found.ema_50 > found.ema_200
    assert found.trend(Decimal(399)) == "up"


def test_compute_when_the_price_stands_then_emas_are_the_price_and_the_range_is_two() -> None:
    found = compute_indicators(candles([100.0] * 300))
    assert (found.ema_20, found.ema_50, found.ema_200) == (100, 100, 100)
    assert found.atr_14 == 2
    assert found.trend(Decimal(100)) == "flat"


@pytest.mark.parametrize("count", [1, 5, 14, 30])
def test_compute_when_there_are_too_few_candles_then_none_and_nothing_is_raised(count: int) -> None:
    found = compute_indicators(candles([100 + number % 3 for number in range(count)]))
    assert found.ema_200 is None
    assert found.ema_50 is None


def test_trend_when_the_price_is_below_both_emas_then_down() -> None:
    found = Indicators(rsi_14=None, ema_20=Decimal(90), ema_50=Decimal(100), ema_200=None, atr_14=None)
    assert found.trend(Decimal(80)) == "down"
    assert found.trend(Decimal(95)) == "flat"
