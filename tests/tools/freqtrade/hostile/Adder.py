from freqtrade.strategy import IStrategy


class Adder(IStrategy):
    """Turns position adjustment on while it runs, without bound, and adds to each trade in every round."""

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

    def custom_stake_amount(self, pair, current_time, current_rate, proposed_stake, **kwargs):
        return proposed_stake / 2

    def bot_loop_start(self, current_time, **kwargs):
        self.position_adjustment_enable = True
        self.max_entry_position_adjustment = -1

    def adjust_trade_position(self, trade, current_time, current_rate, current_profit, **kwargs):
        return 20.0
