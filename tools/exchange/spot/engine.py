"""The matching engine: what it refuses, and what happens to an order that it takes. Always within a transaction."""

import heapq
from collections.abc import Iterator
from dataclasses import replace

from tools.exchange import errors
from tools.exchange.clock import SECOND_MS
from tools.exchange.spot.filters import check_quantity, rules_of
from tools.exchange.spot.floor import Deal, Ending, Floor
from tools.exchange.spot.matching import Fill, Level, Match, match
from tools.exchange.spot.orders import Order, Side, opposite
from tools.exchange.spot.prices import Prices
from tools.exchange.spot.taken import Taken
from tools.exchange.symbols import Symbol

INSUFFICIENT = "Account has insufficient balance for requested action."
WOULD_TRIGGER = "Stop price would trigger immediately."
WOULD_MATCH = "Order would immediately match and take."
DUPLICATE = "Duplicate order sent."
NOTHING = Match(())


class Engine:
    """Judges and executes orders against the house's book and other accounts' resting orders."""

    def __init__(self, floor: Floor, prices: Prices, taken: Taken) -> None:
        self._floor = floor
        self._prices = prices
        self._taken = taken

    def place(self, order: Order, symbol: Symbol) -> Order:
        """Takes an order, or raises what the matching engine answers to it before anything has changed."""
        order = self.judge(order, symbol)
        self.require_funds(order, symbol)
        return self.start(self._floor.open(order, symbol, order.need), symbol, order.created_ms)

    def judge(self, order: Order, symbol: Symbol) -> Order:
        """Raises -2010 for what the book or the account's orders forbid; gives the order with its quantity of base."""
        now_ms = order.created_ms
        if self._floor.orders.is_named(order.uid, order.symbol, order.client_id):
            raise errors.rejected(DUPLICATE)
        if order.is_stop and order.triggered_by(self._prices.last(symbol, now_ms)[0]):
            raise errors.rejected(WOULD_TRIGGER)
        if order.type == "LIMIT_MAKER" and self._match(order, symbol, now_ms) != NOTHING:
            raise errors.rejected(WOULD_MATCH)
        return self._measured(order, symbol) if order.quote_quantity else order

    def require_funds(self, order: Order, symbol: Symbol) -> None:
        """Raises -2010 where the free balance does not cover what is locked, or what an order at the market takes."""
        at_once = order.at_market and order.is_working
        self.require_balance(order, symbol, self._price_of(order, symbol) if at_once else order.need)

    def require_balance(self, order: Order, symbol: Symbol, needed: int) -> None:
        """Raises -2010 where less than `needed` is free of what the order pays with."""
        asset = symbol.quote if order.side == "BUY" else symbol.base
        if self._floor.ledger.balance(order.uid, asset).free < needed:
            raise errors.rejected(INSUFFICIENT)

    def start(self, order: Order, symbol: Symbol, now_ms: int) -> Order:
        """Matches an order that has been put down, unless it waits for its price; the rest of it rests or expires."""
        if not order.is_working:
            return order
        found = self._match(order, symbol, now_ms)
        if order.tif == "FOK" and found.quantity < order.remaining:
            return self._floor.end(order, symbol, Ending("EXPIRED", "UNFILLED_FOK_ORDER_EXPIRED"), now_ms)
        for step in found.steps:
            if isinstance(step, Fill):
                order = self._fill(order, step, symbol, now_ms)
            else:
                self._floor.prevent(step.maker, symbol, now_ms)
        return self._rest(order, found, symbol, now_ms)

    def trigger(self, order: Order, symbol: Symbol, now_ms: int) -> Order:
        """Sets a stop order to work. One at the market that its owner can no longer pay for expires."""
        order = self._floor.awaken(order, symbol, now_ms)
        try:
            if order.at_market:
                self.require_funds(replace(order, created_ms=now_ms), symbol)
        except errors.ApiError:
            return self._floor.end(order, symbol, Ending("EXPIRED", "REJECTED"), now_ms)
        return self.start(order, symbol, now_ms)

    def _fill(self, order: Order, step: Fill, symbol: Symbol, now_ms: int) -> Order:
        if step.maker is None:
            self._taken.add(symbol, opposite(order.side), step.price, step.quantity, now_ms // SECOND_MS)
        after, _ = self._floor.trade(order, step.maker, Deal(symbol, step.price, step.quantity, now_ms))
        assert after is not None
        return after

    def _rest(self, order: Order, found: Match, symbol: Symbol, now_ms: int) -> Order:
        if not order.is_open:
            return order
        if found.taker_prevented:
            return self._floor.prevent(order, symbol, now_ms)
        if order.at_market:
            return self._floor.end(order, symbol, Ending("EXPIRED", "INSUFFICIENT_LIQUIDITY"), now_ms)
        if order.tif == "IOC":
            return self._floor.end(order, symbol, Ending("EXPIRED", "UNFILLED_IOC_QUANTITY_EXPIRED"), now_ms)
        return order

    def _price_of(self, order: Order, symbol: Symbol) -> int:
        """What an order at the market pays: its quantity of base, its amount of quote, or what the book asks for it."""
        if order.side == "SELL":
            return order.quantity
        return order.quote_quantity or self._match(order, symbol, order.created_ms).quote

    def _measured(self, order: Order, symbol: Symbol) -> Order:
        """An order by quote amount with the quantity of base that the amount buys or sells just now."""
        quantity = self._match(order, symbol, order.created_ms).quantity
        check_quantity(quantity, rules_of(symbol), at_market=True)
        return replace(order, quantity=quantity)

    def _match(self, order: Order, symbol: Symbol, now_ms: int) -> Match:
        return match(order, self._levels(symbol, opposite(order.side), now_ms), rules_of(symbol).lot)

    def _levels(self, symbol: Symbol, side: Side, now_ms: int) -> Iterator[Level]:
        """Everything on offer on a side, best price first; at one price accounts come before the house."""
        resting = self._floor.orders.resting(symbol.name, side)
        house = self._taken.left(symbol, side, self._prices.offers(symbol, side, now_ms), now_ms // SECOND_MS)
        accounts = [Level(order.price, order.remaining, order) for order in resting]
        sign = -1 if side == "BUY" else 1
        return heapq.merge(accounts, (Level(*offer) for offer in house), key=lambda level: sign * level.price)
