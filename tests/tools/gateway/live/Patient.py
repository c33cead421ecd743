from typing import ClassVar

from freqtrade.strategy import IStrategy


class Patient(IStrategy):
    """Does nothing by itself, and would rather have no stop-loss order at the exchange."""

    timeframe = "1m"
    stoploss = -0.2
    minimal_roi: ClassVar = {"0": 10}
    process_only_new_candles = False
    startup_candle_count = 0

    @property
    def order_types(self):
        return dict.fromkeys(("entry", "exit", "stoploss"), "market") | {"stoploss_on_exchange": False}

    def bot_loop_start(self, current_time, **kwargs):
        self.order_types = {}

    def populate_indicators(self, dataframe, metadata):
        return dataframe

    def populate_entry_trend(self, dataframe, metadata):
        dataframe["enter_long"] = 0
        return dataframe

    def populate_exit_trend(self, dataframe, metadata):
        return dataframe

    def custom_entry_price(self, pair, trade, current_time, proposed_rate, **kwargs):
        return proposed_rate * 1.003
