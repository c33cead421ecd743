"""Placing and ending order lists (OCO). Always within a transaction."""

from dataclasses import replace

from tools.exchange import errors
from tools.exchange.spot import events
from tools.exchange.spot.engine import DUPLICATE, Engine
from tools.exchange.spot.floor import Ending, Floor
from tools.exchange.spot.list_table import OrderList
from tools.exchange.spot.oco import BAD_PRICES, Oco
from tools.exchange.spot.orders import Order
from tools.exchange.spot.prices import Prices
from tools.exchange.symbols import Symbol


class Lists:
    """Puts both legs down with what the dearer one needs locked once."""

    def __init__(self, floor: Floor, prices: Prices, engine: Engine) -> None:
        self._floor = floor
        self._prices = prices
        self._engine = engine

    def place(self, uid: int, oco: Oco, symbol: Symbol, now_ms: int) -> tuple[OrderList, list[Order]]:
        """Takes a pair, or raises -2010 before anything has changed. Gives the stop loss first."""
        legs = [ticket.order(uid, symbol.name, now_ms) for ticket in (oco.loss, oco.gain)]
        self._judge(oco, legs, symbol, now_ms)
        needed = max(leg.need for leg in legs)
        self._engine.require_balance(legs[0], symbol, needed)
        order_list = self._floor.lists.insert(uid, symbol.name, oco.client_id, now_ms)
        dearer = max(legs, key=lambda leg: leg.need)
        opened = [
            self._floor.open(replace(leg, list_id=order_list.number), symbol, needed if leg is dearer else 0)
            for leg in legs
        ]
        self._floor.tell(uid, events.list_status(order_list, opened))
        return order_list, opened

    def _judge(self, oco: Oco, legs: list[Order], symbol: Symbol, now_ms: int) -> None:
        duplicate = self._floor.lists.is_named(legs[0].uid, oco.client_id)
        if duplicate or oco.loss.client_id == oco.gain.client_id:
            raise errors.rejected(DUPLICATE)
        if not oco.surrounds(self._prices.last(symbol, now_ms)[0]):
            raise errors.rejected(BAD_PRICES)
        for leg in legs:
            self._engine.judge(leg, symbol)

    def cancel(self, order_list: OrderList, symbol: Symbol, cancel_id: str, now_ms: int) -> list[Order]:
        """Ends both legs; raises -2011 where the list is done."""
        leg = next((leg for leg in self._floor.orders.of_list(order_list.number) if leg.is_open), None)
        if leg is None:
            raise errors.cancel_rejected()
        self._floor.end(leg, symbol, Ending("CANCELED", cancel_id=cancel_id), now_ms)
        return self._floor.orders.of_list(order_list.number)
