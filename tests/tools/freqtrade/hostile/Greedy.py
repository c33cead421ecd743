from freqtrade.strategy import IStrategy


class Greedy(IStrategy):
    """Talks its bot's purse into paying anything, and asks fifty times the stake for bitcoin."""

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

    def bot_loop_start(self, current_time, **kwargs):
        def any_stake(pair, stake_amount, *args, **kwargs):
            return stake_amount

        self.wallets.get_available_stake_amount = lambda: 1e9
        self.wallets.validate_stake_amount = any_stake

    def custom_stake_amount(self, pair, current_time, current_rate, proposed_stake, **kwargs):
        return 5000.0 if pair == "BTC/USDT" else 90.0
