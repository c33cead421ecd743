"""Buys a price that leaves its usual range upwards and sells when it falls back into it."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

import talib.abstract as ta
from freqtrade.persistence import Trade
from freqtrade.strategy import DecimalParameter, IntParameter, IStrategy, timeframe_to_minutes
from pandas import DataFrame


class BollingerBreakout(IStrategy):
    """Buys when the price closes above its upper Bollinger band, sells when it closes below the middle.

    The idea: a price that leaves its usual range often has a reason and goes on. A trade ends when the price is back
    below its average, when it has been held for its number of candles, at the take-profit or at the stop-loss,
    whichever comes first.

    It does badly where breakouts fail: in a market that goes sideways it buys near the top of the range, and pays the
    fees each time.
    """

    INTERFACE_VERSION = 3
    can_short = False
    timeframe = "1m"
    startup_candle_count = 100
    process_only_new_candles = True
    minimal_roi: ClassVar[dict[str, float]] = {"0": 0.015}
    stoploss = -0.03

    buy_period = IntParameter(5, 60, default=12, space="buy")
    """Candles over which the average and the range are taken."""
    buy_deviations = DecimalParameter(0.5, 3.5, default=1.0, decimals=1, space="buy")
    """Standard deviations from the average to the band; more wait for stronger breakouts."""
    buy_cooldown = IntParameter(0, 200, default=30, space="buy")
    """Candles to leave a pair alone after a trade in it; bounds what fees can eat."""
    sell_candles = IntParameter(2, 200, default=6, space="sell")
    """Candles after which a trade is closed in any case."""

    @property
    def protections(self) -> list[dict[str, Any]]:
        candles = self.buy_cooldown.value
        return [{"method": "CooldownPeriod", "stop_duration_candles": candles}] if candles else []

    def populate_indicators(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        width = float(self.buy_deviations.value)
        bands = ta.BBANDS(dataframe, timeperiod=self.buy_period.value, nbdevup=width, nbdevdn=width)
        dataframe["upper"], dataframe["middle"] = bands["upperband"], bands["middleband"]
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        above = (dataframe["close"] > dataframe["upper"]) & (dataframe["volume"] > 0)
        dataframe.loc[above, ["enter_long", "enter_tag"]] = (1, "breakout")
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        dataframe.loc[dataframe["close"] < dataframe["middle"], ["exit_long", "exit_tag"]] = (1, "back_in_range")
        return dataframe

    def custom_exit(
        self, pair: str, trade: Trade, current_time: datetime, current_rate: float, current_profit: float, **kwargs: Any
    ) -> str | None:
        held = timedelta(minutes=timeframe_to_minutes(self.timeframe) * self.sell_candles.value)
        return "held_long_enough" if current_time - trade.open_date_utc >= held else None
