"""Buys a fall that has gone too far and sells the recovery."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

import talib.abstract as ta
from freqtrade.persistence import Trade
from freqtrade.strategy import IntParameter, IStrategy, timeframe_to_minutes
from pandas import DataFrame


class RsiMeanReversion(IStrategy):
    """Buys when the relative strength index (RSI) is low, sells when it is back in the middle.

    The idea: after a quick fall the price often comes part of the way back. A trade ends when the RSI has recovered,
    when it has been held for its number of candles, at the take-profit or at the stop-loss, whichever comes first.

    It does badly in a steady fall, where every low RSI is followed by a lower price, and on short timeframes in quiet
    markets, where the way back is smaller than the fees.
    """

    INTERFACE_VERSION = 3
    can_short = False
    timeframe = "1m"
    startup_candle_count = 200
    process_only_new_candles = True
    minimal_roi: ClassVar[dict[str, float]] = {"0": 0.015}
    stoploss = -0.03

    buy_period = IntParameter(2, 30, default=2, space="buy")
    """Candles over which the RSI looks; a longer period gives fewer and surer signals."""
    buy_rsi = IntParameter(5, 50, default=35, space="buy")
    """RSI below which a fall counts as gone too far; lower waits for deeper falls."""
    buy_cooldown = IntParameter(0, 200, default=30, space="buy")
    """Candles to leave a pair alone after a trade in it; bounds what fees can eat."""
    sell_rsi = IntParameter(45, 95, default=65, space="sell")
    """RSI above which the recovery counts as done."""
    sell_candles = IntParameter(2, 200, default=5, space="sell")
    """Candles after which a trade is closed in any case."""

    @property
    def protections(self) -> list[dict[str, Any]]:
        candles = self.buy_cooldown.value
        return [{"method": "CooldownPeriod", "stop_duration_candles": candles}] if candles else []

    def populate_indicators(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        dataframe["rsi"] = ta.RSI(dataframe, timeperiod=self.buy_period.value)
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        low = (dataframe["rsi"] < self.buy_rsi.value) & (dataframe["volume"] > 0)
        dataframe.loc[low, ["enter_long", "enter_tag"]] = (1, "rsi_low")
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:
        back = dataframe["rsi"] > self.sell_rsi.value
        dataframe.loc[back, ["exit_long", "exit_tag"]] = (1, "rsi_recovered")
        return dataframe

    def custom_exit(
        self, pair: str, trade: Trade, current_time: datetime, current_rate: float, current_profit: float, **kwargs: Any
    ) -> str | None:
        held = timedelta(minutes=timeframe_to_minutes(self.timeframe) * self.sell_candles.value)
        return "held_long_enough" if current_time - trade.open_date_utc >= held else None
