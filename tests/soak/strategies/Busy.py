from typing import ClassVar

from freqtrade.strategy import IStrategy


class Busy(IStrategy):
    """Enters whenever it may, and leaves half a minute after its stop-loss order was placed."""

    timeframe = "1m"
    stoploss = -0.05
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
        return proposed_rate * 1.001

    def custom_exit_price(self, pair, trade, current_time, proposed_rate, **kwargs):
        return proposed_rate * 0.999

    def custom_exit(self, pair, trade, current_time, *args, **kwargs):
        if trade.open_sl_orders and (current_time - trade.open_date_utc).total_seconds() > 30:
            return "enough"
        return None
