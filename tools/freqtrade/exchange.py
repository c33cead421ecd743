"""Freqtrade's Binance with the guard in its funnel; imported in a bot's process only.

Every order of a bot passes `create_order` or `create_stoploss`: signals, forced entries, position adjustments,
replacements and exits, simulated or real. A purchase needs the guard's leave; a sale is only made known to it. The
guard is also told where a purchase came to nothing: Freqtrade then forgets that there was one.

A strategy is code in the same process. It cannot replace these methods on the exchange or on its class, a call past
them meets the same question where orders are simulated, and leave is spent by one order that is no larger. A strategy
that means harm can still take the guard's words out of this process's memory, write to the bot's database, or in real
mode speak to the exchange by itself: that is left to the third ring, the gateway, which alone holds the keys.
"""

import logging
import threading
from collections.abc import Callable
from copy import deepcopy
from functools import cache, partial
from typing import Any

import freqtrade.exchange
import freqtrade.resolvers
from freqtrade.exceptions import DependencyException, InvalidOrderException
from freqtrade.exchange import Binance
from freqtrade.rpc.rpc import RPCException

from tools.freqtrade.permit_client import PermitClient, Refused, Wanted

logger = logging.getLogger(__name__)

Made = dict[str, Any]
"""An order as ccxt tells of it."""
ENDED = ("canceled", "cancelled", "expired", "rejected")
"""What Freqtrade counts as over, but for `closed`."""

REAL_ORDER: Callable[..., Made] = Binance.create_order
REAL_STOPLOSS: Callable[..., Made] = Binance.create_stoploss
REAL_DRY_RUN_ORDER: Callable[..., Made] = Binance.create_dry_run_order
REAL_CANCEL: Callable[..., Made] = Binance.cancel_order
REAL_FETCH: Callable[..., Made] = Binance.fetch_order
REAL_DRY_RUN_FETCH: Callable[..., Made] = Binance.fetch_dry_run_order
REAL_STRATEGY: Callable[..., Any] = freqtrade.resolvers.StrategyResolver.load_strategy


class EntryRefused(DependencyException, RPCException):  # type: ignore[misc]
    """The guard did not allow a purchase: Freqtrade goes on without it, and its REST server says why."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)
        self.message = message


class EntryNotMade(InvalidOrderException, RPCException):  # type: ignore[misc]
    """The gateway or the exchange did not take a purchase: it was not made, and the bot's REST server says why."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)
        self.message = message


class Sealed(type):
    """A class whose attributes stay as they were written."""

    def __setattr__(cls, name: str, value: object) -> None:
        raise AttributeError(f"{cls.__name__}.{name} cannot be changed")

    def __delattr__(cls, name: str) -> None:
        raise AttributeError(f"{cls.__name__}.{name} cannot be removed")


class Hand(threading.local):
    """The order that was let through in this thread and has not been made yet."""

    order: Wanted | None = None

    def take(self, wanted: Wanted) -> bool:
        """Whether this is the order that was let through, or less of it; that one is spent either way."""
        held, self.order = self.order, None
        if held is None or held[:2] != wanted[:2]:
            return False
        return held.side == "sell" or (wanted.amount <= held.amount and wanted.rate <= held.rate)


class Funnel(metaclass=Sealed):
    """Where a bot's orders wait for the guard. Each public method stands before the one of Freqtrade with its name."""

    __slots__ = ("_client", "_hand", "_permits")

    def __init__(self, client: PermitClient) -> None:
        self._client = client
        self._hand = Hand()
        self._permits: dict[str, str] = {}
        """Of the purchases that may still come to nothing, by the order's id."""

    def create_order(  # noqa: PLR0913
        self, exchange: Any, *, pair: str, ordertype: str, side: str, amount: float, rate: float, **more: Any
    ) -> Made:
        wanted = _read(pair, side, ordertype, amount, rate)
        if wanted.side == "buy":
            # Freqtrade cuts the amount to the exchange's lots: what is asked for is what would be bought.
            wanted = wanted._replace(amount=float(exchange.amount_to_precision(wanted.pair, wanted.amount)))
        words = {"pair": wanted.pair, "ordertype": ordertype, "side": wanted.side, "amount": wanted.amount}
        make = partial(REAL_ORDER, exchange, **words, rate=wanted.rate, **more)
        if wanted.side == "sell":
            return self._sell(wanted, make)
        # Freqtrade rounds the price to the exchange's ticks, upwards too.
        rounded = float(exchange.price_to_precision(wanted.pair, wanted.rate))
        return self._buy(wanted._replace(rate=max(wanted.rate, rounded)), make, exchange)

    def create_stoploss(  # noqa: PLR0913
        self, exchange: Any, pair: str, amount: float, stop_price: float, order_types: Any, side: str, leverage: float
    ) -> Made:
        """On spot it sells; a stop order that buys is nothing that a bot here has a use for."""
        wanted = _read(pair, side, order_types.get("stoploss", "market"), amount, stop_price)
        if wanted.side == "buy":
            raise _refusal(wanted, Refused("unreadable_order", {"reason": "a stop order that buys"}))
        make = partial(REAL_STOPLOSS, exchange, pair, amount, stop_price, order_types, "sell", leverage)
        return self._sell(wanted, make)

    def create_dry_run_order(  # noqa: PLR0913
        self,
        exchange: Any,
        pair: str,
        ordertype: str,
        side: str,
        amount: float,
        rate: float,
        *more: Any,
        **named: Any,
    ) -> Made:
        """Asks only for an order that did not come through one of the two above."""
        wanted = _read(pair, side, ordertype, amount, rate)
        words = (wanted.pair, ordertype, wanted.side, wanted.amount, wanted.rate)
        make = partial(REAL_DRY_RUN_ORDER, exchange, *words, *more, **named)
        if self._hand.take(wanted):
            return make()
        return self._sell(wanted, make) if wanted.side == "sell" else self._buy(wanted, make, exchange)

    def cancel_order(self, exchange: Any, order_id: str, *words: Any, **named: Any) -> Made:
        """Freqtrade calls a simulated order that was filled unfilled once it is cancelled: it is looked at before."""
        simulated = exchange._config["dry_run"]
        had_bought = simulated and order_id in self._permits and _may_have_bought(exchange, order_id)
        result = REAL_CANCEL(exchange, order_id, *words, **named)
        if not had_bought:
            self._note_end(order_id, result)
        return result

    def fetch_order(self, exchange: Any, order_id: str, *words: Any, **named: Any) -> Made:
        """A real exchange may cancel an order by itself; a simulated one, which a strategy could change, does not."""
        result = REAL_FETCH(exchange, order_id, *words, **named)
        if not exchange._config["dry_run"]:
            self._note_end(order_id, result)
        return result

    def _note_end(self, order_id: str, result: Made) -> None:
        if order_id in self._permits and _came_to_nothing(result):
            self._client.tell_cancelled(self._permits.pop(order_id), order_id)

    def _sell(self, wanted: Wanted, make: Callable[[], Made]) -> Made:
        self._client.note_exit(wanted)
        return self._let_through(wanted, make)

    def _buy(self, wanted: Wanted, make: Callable[[], Made], exchange: Any) -> Made:
        try:
            permit = self._client.ask_entry(wanted)
        except Refused as refused:
            raise _refusal(wanted, refused) from None
        try:
            made = self._let_through(wanted, make)
        except InvalidOrderException as error:
            self._client.tell_failed(permit)
            raise EntryNotMade(str(error)) from error
        except Exception:
            # Any other failure of a real exchange may hide an order that was made.
            if exchange._config["dry_run"]:
                self._client.tell_failed(permit)
            raise
        order_id = str(made["id"])
        self._client.tell_placed(permit, order_id)
        if made.get("status") != "closed":
            self._permits[order_id] = permit
            self._note_end(order_id, made)
        return made

    def _let_through(self, wanted: Wanted, make: Callable[[], Made]) -> Made:
        self._hand.order = wanted
        try:
            return make()
        finally:
            self._hand.order = None


def put_in(client: PermitClient) -> None:
    """Freqtrade takes its exchange class by name from there."""
    freqtrade.exchange.Binance = guarded(client)
    freqtrade.resolvers.StrategyResolver.load_strategy = staticmethod(load_strategy)


def load_strategy(config: Any = None) -> Any:
    """With real money the kinds of orders are those of the configuration, with a stop-loss order at the exchange.

    A strategy's plain attribute gives way to the configuration anyway; a property of its class, and what it sets while
    it runs, would not.
    """
    wanted = deepcopy(config.get("order_types")) if config else None
    strategy = REAL_STRATEGY(config)
    if config and wanted and not config["dry_run"]:
        config["order_types"] = wanted
        type(strategy).order_types = property(lambda _: deepcopy(wanted), _keep_order_types)
    return strategy


def _keep_order_types(strategy: Any, _: Any) -> None:
    _tell_kept(type(strategy).__name__)


@cache
def _tell_kept(strategy: str) -> None:
    """Once, however often it tries."""
    logger.warning("The order types stay those of the configuration, whatever %s sets.", strategy)


def guarded(client: PermitClient) -> type:
    """The exchange class for a bot that asks through `client`."""
    funnel = Funnel(client)

    class Guarded(Binance, metaclass=Sealed):  # type: ignore[misc]
        """Binance; a property comes before what an instance holds, so none of these can be replaced there."""

        __class__ = property(type)
        create_order = _before(funnel.create_order)
        create_stoploss = _before(funnel.create_stoploss)
        create_dry_run_order = _before(funnel.create_dry_run_order)
        cancel_order = _before(funnel.cancel_order)
        fetch_order = _before(funnel.fetch_order)

    return Guarded


def _may_have_bought(exchange: Any, order_id: str) -> bool:
    try:
        order = REAL_DRY_RUN_FETCH(exchange, order_id)
        return order["status"] != "open" or float(order["filled"] or 0) != 0
    except Exception:  # noqa: BLE001  whatever it is, it does not say that nothing was bought
        return True


def _came_to_nothing(order: Made) -> bool:
    """Whether it is over and says that nothing was bought; what it does not say is not assumed."""
    try:
        return order["status"] in ENDED and float(order["filled"]) == 0
    except (KeyError, TypeError, ValueError):
        return False


def _before(method: Callable[..., Made]) -> property:
    return property(lambda exchange: partial(method, exchange))


def _read(pair: str, side: object, kind: str, amount: Any, rate: Any) -> Wanted:
    """`sell` is that very word; everything else is a purchase, whose numbers become plain ones.

    What is asked for and what is bought must not differ, whatever the strategy put there.
    """
    if isinstance(side, str) and str.__eq__(side, "sell"):
        return Wanted(str(pair), "sell", kind, amount, rate)
    wanted = Wanted(str(pair), "buy", kind, amount, rate)
    try:
        return wanted._replace(amount=float(amount), rate=float(rate))
    except (TypeError, ValueError, ArithmeticError) as error:
        raise _refusal(wanted, Refused("unreadable_order", {"reason": type(error).__name__})) from None


def _refusal(wanted: Wanted, refused: Refused) -> EntryRefused:
    pair, _, kind, amount, rate = wanted
    text = f"The guard refused to buy {amount} of {pair} at {rate} ({kind}): {refused}"
    logger.warning(text)
    return EntryRefused(text)
