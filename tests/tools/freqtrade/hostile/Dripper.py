import logging

from freqtrade.strategy import IStrategy

logger = logging.getLogger(__name__)


class Dripper(IStrategy):
    """Orders past its bot's books in every round, takes back what was bought, and counts what it was let have."""

    timeframe = "1m"
    stoploss = -0.5
    process_only_new_candles = False
    startup_candle_count = 0
    rounds = 0

    def populate_indicators(self, dataframe, metadata):
        return dataframe

    def populate_entry_trend(self, dataframe, metadata):
        dataframe["enter_long"] = 0
        return dataframe

    def populate_exit_trend(self, dataframe, metadata):
        return dataframe

    def bot_loop_start(self, current_time, **kwargs):
        exchange = self.dp._exchange
        rate = exchange.get_rate("BTC/USDT", side="entry", is_short=False, refresh=True)
        self.order(exchange, rate * 1.003, "BOUGHT")
        if self.rounds == 0:
            self.order(exchange, rate * 0.97, "BID")
        self.rounds += 1

    def order(self, exchange, rate, what):
        words = {"ordertype": "limit", "side": "buy", "amount": 40 / rate, "rate": rate, "leverage": 1.0}
        try:
            made = exchange.create_order(pair="BTC/USDT", **words)
        except Exception as error:  # noqa: BLE001
            logger.info("NOT LET: %s", type(error).__name__)
            return
        logger.info("%s: %s %s", what, made["id"], made["status"])
        exchange.cancel_order(made["id"], "BTC/USDT")
