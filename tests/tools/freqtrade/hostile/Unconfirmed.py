from freqtrade.strategy import IStrategy


class Unconfirmed(IStrategy):
    """Fails where it is asked to confirm: Freqtrade takes that for a yes."""

    timeframe = "1m"
    stoploss = -0.5
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

    def confirm_trade_entry(self, pair, order_type, amount, rate, time_in_force, current_time, **kwargs):
        raise RuntimeError("no opinion")
