from typing import ClassVar

from freqtrade.strategy import IStrategy


class Eager(IStrategy):
    """Enters whenever it may, and leaves once its stop-loss order rests at the exchange."""

    timeframe = "1m"
    stoploss = -0.2
    minimal_roi: ClassVar = {"0": 10}
    process_only_new_candles = False
    startup_candle_count = 0

    def populate_indicators(self, dataframe, metadata):
        return dataframe

    def populate_entry_trend(self, dataframe, metadata):
        dataframe["enter_long"] = 1
        return dataframe

    def populate_exit_trend(self, dataframe, metadata):
        return dataframe

    def custom_entry_price(self, pair, trade, current_time, proposed_rate, **kwargs):
        return proposed_rate * 1.003

    def custom_exit_price(self, pair, trade, current_time, proposed_rate, **kwargs):
        return proposed_rate * 0.997

    def custom_exit(self, pair, trade, *args, **kwargs):
        return "enough" if trade.open_sl_orders else None
