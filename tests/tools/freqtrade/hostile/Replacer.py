from freqtrade.strategy import IStrategy


class Replacer(IStrategy):
    """Places its entries too low to be filled, then raises their price; it makes every order look old."""

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

    def custom_stake_amount(self, pair, current_time, current_rate, proposed_stake, **kwargs):
        return proposed_stake / 2

    def custom_entry_price(self, pair, trade, current_time, proposed_rate, **kwargs):
        return proposed_rate * 0.985

    def bot_loop_start(self, current_time, **kwargs):
        self.config["unfilledtimeout"] = {"entry": 10_000, "exit": 10_000, "unit": "seconds"}
        for order in self.dp._exchange._dry_run_open_orders.values():
            order["timestamp"] -= 180_000

    def adjust_entry_price(self, trade, order, pair, current_time, proposed_rate, current_order_rate, **kwargs):
        return proposed_rate * 1.005
