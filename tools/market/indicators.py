"""Indicators of a pair's candles, by pandas-ta."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Literal

from tools.views import CandleView

Trend = Literal["up", "down", "flat"]


@dataclass(frozen=True)
class Indicators:
    """Values at the last candle; None where there are too few candles for one."""

    rsi_14: Decimal | None
    ema_20: Decimal | None
    ema_50: Decimal | None
    ema_200: Decimal | None
    atr_14: Decimal | None

    def trend(self, price: Decimal) -> Trend:
        """Up where price > EMA 20 > EMA 50, down where price < EMA 20 < EMA 50."""
        if self.ema_20 is None or self.ema_50 is None:
            return "flat"
        if price > self.ema_20 > self.ema_50:
            return "up"
        return "down" if price < self.ema_20 < self.ema_50 else "flat"


def compute_indicators(candles: Sequence[CandleView]) -> Indicators:
    """Computes from closed candles, oldest first.

    Importing pandas and pandas-ta takes seconds, so it is done at the first use; call this in a thread.
    """
    import pandas as pd
    import pandas_ta as ta

    prices: dict[str, Any] = {
        name: pd.Series([float(getattr(candle, name)) for candle in candles]) for name in ("high", "low", "close")
    }
    close = prices["close"]
    last = partial(_last, digits=max(2, -_exponent(candles[-1].close)))
    return Indicators(
        rsi_14=_last(ta.rsi(close, length=14), digits=2),
        ema_20=last(ta.ema(close, length=20)),
        ema_50=last(ta.ema(close, length=50)),
        ema_200=last(ta.ema(close, length=200)),
        atr_14=_last(ta.atr(prices["high"], prices["low"], close, length=14), digits=8),
    )


def _exponent(price: Decimal) -> int:
    return int(price.normalize().as_tuple().exponent)


def _last(series: Any, digits: int) -> Decimal | None:
    value = None if series is None or series.empty else series.iloc[-1]
    return None if value is None or value != value else round(Decimal(str(value)), digits)  # noqa: PLR0124  NaN
