"""What the passing of a second does: resting orders are filled by the market, stop orders are triggered by it."""

from tools.exchange.clock import SECOND_MS
from tools.exchange.spot.engine import Engine
from tools.exchange.spot.floor import Deal, Floor
from tools.exchange.spot.orders import SIDES, Order, opposite
from tools.exchange.spot.prices import Prices
from tools.exchange.spot.taken import Taken
from tools.exchange.symbols import Symbol


class Passing:
    """Applies the market's seconds, one at a time, each within a transaction."""

    def __init__(self, floor: Floor, prices: Prices, taken: Taken, engine: Engine) -> None:
        self._floor = floor
        self._prices = prices
        self._taken = taken
        self._engine = engine

    def pass_second(self, second: int) -> None:
        """What the market does in this second to every symbol that has open orders and is listed."""
        for name in self._floor.orders.open_symbols():
            if symbol := self._prices.symbol(name):
                self._pass(symbol, second * SECOND_MS)

    def _pass(self, symbol: Symbol, now_ms: int) -> None:
        last, seller_took = self._prices.last(symbol, now_ms)
        for side in SIDES:
            near = [order for order in self._floor.orders.resting(symbol.name, side) if _within(order, last)]
            if near:
                self._fill_side(symbol, near, now_ms, traded=seller_took == (side == "BUY"))
        for order in self._floor.orders.waiting(symbol.name):
            # An order before this one may have ended it: they can be of one list.
            current = self._floor.orders.get(order.number)
            if current.is_open and current.triggered_by(last):
                self._engine.trigger(current, symbol, now_ms)

    def _fill_side(self, symbol: Symbol, near: list[Order], now_ms: int, traded: bool) -> None:
        """First what the house's offers of the other side reach, then what the tape's takers bring."""
        tape = self._prices.traded(symbol, now_ms) if traded else 0
        for order in near:
            after = self._fill_from_book(symbol, order, now_ms)
            quantity = min(tape, after.remaining) if after.is_open else 0
            if quantity:
                self._fill(after, symbol, quantity, now_ms)
                tape -= quantity

    def _fill_from_book(self, symbol: Symbol, order: Order, now_ms: int) -> Order:
        second, other = now_ms // SECOND_MS, opposite(order.side)
        offers = self._taken.left(symbol, other, self._prices.offers(symbol, other, now_ms), second)
        filled = 0
        for price, offered in list(offers):
            quantity = min(offered, order.remaining - filled)
            if quantity <= 0 or not _within(order, price):
                break
            self._taken.add(symbol, other, price, quantity, second)
            filled += quantity
        return self._fill(order, symbol, filled, now_ms) if filled else order

    def _fill(self, order: Order, symbol: Symbol, quantity: int, now_ms: int) -> Order:
        """A trade with the house at the order's own price, which waited."""
        _, after = self._floor.trade(None, order, Deal(symbol, order.price, quantity, now_ms))
        assert after is not None
        return after


def _within(order: Order, price: int) -> bool:
    """Whether a resting order would trade at a market price, or would have been met before it."""
    return price <= order.price if order.side == "BUY" else price >= order.price
