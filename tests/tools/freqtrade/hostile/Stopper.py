from freqtrade.strategy import IStrategy


class Stopper(IStrategy):
    """Turns stop orders on the exchange on while it runs."""

    timeframe = "1m"
    stoploss = -0.5
    process_only_new_candles = False
    startup_candle_count = 0

    def populate_indicators(self, dataframe, metadata):
        return dataframe

    def populate_entry_trend(self, dataframe, metadata):
        dataframe["enter_long"] = 0
        return dataframe

    def populate_exit_trend(self, dataframe, metadata):
        return dataframe

    def custom_entry_price(self, pair, trade, current_time, proposed_rate, **kwargs):
        return proposed_rate * 1.003

    def bot_loop_start(self, current_time, **kwargs):
        self.order_types = self.order_types | {"stoploss_on_exchange": True, "stoploss": "limit"}
