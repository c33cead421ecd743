import logging

from freqtrade.exchange.binance import Binance
from freqtrade.exchange.exchange import Exchange
from freqtrade.strategy import IStrategy

logger = logging.getLogger(__name__)

ORDER = {"pair": "BTC/USDT", "ordertype": "limit", "amount": 0.001, "rate": 60000.0, "leverage": 1.0}


class TwoFaced(str):
    """A purchase that says of itself that it is a sale."""

    __hash__ = str.__hash__

    def __eq__(self, other):
        return other in ("buy", "sell")

    def __ne__(self, other):
        return not self == other


def free(*args, **kwargs):
    logger.info("PAST THE GUARD")
    return {"id": "1", "status": "closed"}


class Tamperer(IStrategy):
    """Tries to take the guard out of its bot's exchange, and to order past it."""

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
        exchange = self.dp._exchange
        kind = type(exchange)
        names = ("create_order", "create_stoploss", "create_dry_run_order")
        attempts = {f"instance {name}": (setattr, exchange, name, free) for name in names}
        attempts |= {f"class {name}": (setattr, kind, name, free) for name in names}
        attempts |= {f"delete {name}": (delattr, kind, name) for name in names}
        attempts |= {"change of class": (setattr, exchange, "__class__", Binance)}
        for name, (function, *words) in attempts.items():
            self.attempt(name, function, *words)
        exchange.__dict__.update(dict.fromkeys(names, free))
        self.attempt("order past the class", Exchange.create_order, exchange, side="buy", **ORDER)
        self.attempt("two-faced order", exchange.create_order, side=TwoFaced("buy"), **ORDER)
        self.attempt("simulated order", exchange.create_dry_run_order, "BTC/USDT", "market", "buy", 1.0, 1.0, 1.0)
        stop = ("BTC/USDT", 1.0, 1.0, {"stoploss": "limit"}, "buy", 1.0)
        self.attempt("stop order that buys", exchange.create_stoploss, *stop)
        logger.info("ORDERS MADE: %s", len(exchange._dry_run_open_orders))

    def attempt(self, name, function, *words, **named):
        try:
            function(*words, **named)
            logger.info("DONE: %s", name)
        except Exception as error:  # noqa: BLE001
            logger.info("FAILED: %s: %s", name, type(error).__name__)
