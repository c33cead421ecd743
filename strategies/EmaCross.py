"""Buys when the short trend turns up and sells when it turns down."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

import talib.abstract as ta
from freqtrade.persistence import Trade
from freqtrade.strategy import IntParameter, IStrategy, timeframe_to_minutes
from pandas import DataFrame


class EmaCross(IStrategy):
    """Buys when a fast moving average (EMA) rises above a slow one, sells when it falls below.

    The idea: a trend that has begun often goes on for a while. Only a fresh cross counts, so that a trend is not joined
    when it is old. A trade ends at the opposite cross, when it has been held for its number of candles, at the
    take-profit or at the stop-loss, whichever comes first.

    It does badly in a market that goes sideways, where the averages cross often and each cross costs the fees. The fast
    average must look at fewer candles than the slow one: otherwise it never trades.
    """

    INTERFACE_VERSION = 3
    can_short = False
    timeframe = "1m"
    startup_candle_count = 400
    process_only_new_candles = True
    minimal_roi: ClassVar[dict[str, float]] = {"0": 0.015}
    stoploss = -0.03

    buy_fast = IntParameter(2, 50, default=3, space="buy")
    """Candles of the fast average; fewer follow the price more closely."""
    buy_slow = IntParameter(4, 100, default=9, space="buy")
    """Candles of the slow average; more give fewer and surer signals."""
    buy_fresh = IntParameter(1, 20, default=10, space="buy")
    """Candles after a cross in which it may still be bought."""
    buy_cooldown = IntParameter(0, 200, default=30, space="buy")
    """Candles to leave a pair alone after a trade in it; bounds what fees can eat."""
    sell_candles = IntParameter(2, 200, default=6, space="sell")
    """Candles after which a trade is closed in any case."""

    @property
    def protections(self) -> list[dict[str, Any]]:
        candles = self.buy_cooldown.value
        return [{"method": "CooldownPeriod", "stop_duration_candles": candles}] if candles else []

    def populate_indicators(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        dataframe["fast"] = ta.EMA(dataframe, timeperiod=self.buy_fast.value)
        dataframe["slow"] = ta.EMA(dataframe, timeperiod=self.buy_slow.value)
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        above = (dataframe["fast"] > dataframe["slow"]) & (self.buy_fast.value < self.buy_slow.value)
        was_below = (dataframe["fast"] <= dataframe["slow"]).astype(int)
        fresh = was_below.rolling(self.buy_fresh.value, min_periods=1).max().shift(1) > 0
        dataframe.loc[above & fresh & (dataframe["volume"] > 0), ["enter_long", "enter_tag"]] = (1, "cross_up")
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        dataframe.loc[dataframe["fast"] < dataframe["slow"], ["exit_long", "exit_tag"]] = (1, "cross_down")
        return dataframe

    def custom_exit(
        self, pair: str, trade: Trade, current_time: datetime, current_rate: float, current_profit: float, **kwargs: Any
    ) -> str | None:
        held = timedelta(minutes=timeframe_to_minutes(self.timeframe) * self.sell_candles.value)
        return "held_long_enough" if current_time - trade.open_date_utc >= held else None
