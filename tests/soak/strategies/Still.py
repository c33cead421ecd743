from typing import ClassVar

from freqtrade.strategy import IStrategy


class Still(IStrategy):
    """Does nothing by itself: enters and leaves when it is told to."""

    timeframe = "1m"
    stoploss = -0.1
    minimal_roi: ClassVar = {"0": 10}
    process_only_new_candles = False
    startup_candle_count = 0

    def populate_indicators(self, dataframe, metadata):
        return dataframe

    def populate_entry_trend(self, dataframe, metadata):
        dataframe["enter_long"] = 0
        return dataframe

    def populate_exit_trend(self, dataframe, metadata):
        return dataframe
