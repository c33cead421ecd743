"""The trading floor: what happens to orders, money and lists together, and what is to be told of it.

Every method changes the database and belongs in a transaction; who opened it tells the events after it committed.
"""

import itertools
from dataclasses import dataclass, replace

from tools.exchange.clock import wall_clock
from tools.exchange.spot import events
from tools.exchange.spot.amounts import commission, cost
from tools.exchange.spot.ledger import FEES, HOUSE, Ledger, Posting
from tools.exchange.spot.list_table import ListTable
from tools.exchange.spot.order_table import OrderTable
from tools.exchange.spot.orders import Order, Status
from tools.exchange.spot.store import Store
from tools.exchange.spot.trade_table import TradeSide, TradeTable
from tools.exchange.symbols import Symbol

EXECUTIONS: dict[str, events.Execution] = {
    "CANCELED": "CANCELED",
    "EXPIRED": "EXPIRED",
    "EXPIRED_IN_MATCH": "TRADE_PREVENTION",
}


@dataclass(frozen=True)
class Ending:
    """How an order ends other than by trading: an expiry has a reason, a cancel a name of its own."""

    status: Status
    reason: str | None = None
    cancel_id: str | None = None


BY_OTHER_LEG = Ending("EXPIRED", "OCO_TRIGGER")


@dataclass(frozen=True)
class Deal:
    """One trade: the maker's price, the quantity of base, and when."""

    symbol: Symbol
    price: int
    quantity: int
    now_ms: int

    @property
    def quote(self) -> int:
        """What is paid, in quote."""
        return cost(self.price, self.quantity)


class Floor:
    """Opens, trades and ends orders; keeps the ledger; collects events."""

    def __init__(self, store: Store) -> None:
        self.ledger = Ledger(store)
        self.orders = OrderTable(store)
        self.trades = TradeTable(store)
        self.lists = ListTable(store)
        self._events: list[tuple[int, events.Event]] = []
        self._executions = itertools.count(wall_clock() * 1_000)

    def open(self, order: Order, symbol: Symbol, locked: int) -> Order:
        """Puts a new order down, with this much of its owner's balance locked."""
        opened = self.orders.insert(replace(order, locked=locked))
        self.ledger.lock(order.uid, _paid_in(opened, symbol), locked, order.created_ms)
        self._report(opened, "NEW")
        return opened

    def awaken(self, order: Order, symbol: Symbol, now_ms: int) -> Order:
        """Sets a stop order to work: its sibling ends, and one at the market gives back what was locked for it."""
        order = self._alone(order, symbol, now_ms)
        working = replace(order, working_ms=now_ms, updated_ms=now_ms)
        working = self._relock(working, symbol, working.need, now_ms)
        self._report(working, "NEW")
        return self.orders.save(working)

    def trade(self, taker: Order | None, maker: Order | None, deal: Deal) -> tuple[Order | None, Order | None]:
        """Makes a trade between two orders; None is the house, which pays no commission. Gives both as they are now."""
        number = self.trades.next_number()
        parties = [(order, order is maker) for order in (taker, maker) if order is not None]
        settled = [self._settle(order, deal, number, is_maker) for order, is_maker in parties]
        self.ledger.move("trade", number, deal.now_ms, _postings([side for _, side in settled], deal))
        for order, side in settled:
            self._report(order, "TRADE", side)
            self._close_list(order, deal.now_ms)
        after = {side.is_maker: order for order, side in settled}
        return after.get(False), after.get(True)

    def end(self, order: Order, symbol: Symbol, ending: Ending, now_ms: int) -> Order:
        """Cancels or expires an order and its sibling, and unlocks what was locked for them."""
        beside = ending if ending.status == "CANCELED" else BY_OTHER_LEG
        ended = self._end_one(self._alone(order, symbol, now_ms, beside), symbol, ending, now_ms)
        self._close_list(ended, now_ms)
        return ended

    def prevent(self, order: Order, symbol: Symbol, now_ms: int) -> Order:
        """Expires an order that would have traded with its own account."""
        order = self._alone(order, symbol, now_ms)
        stopped = replace(order, prevented=order.remaining, prevention_id=self.orders.next_prevention())
        ended = self._end_one(stopped, symbol, Ending("EXPIRED_IN_MATCH"), now_ms)
        self._close_list(ended, now_ms)
        return ended

    def tell(self, uid: int, event: events.Event) -> None:
        """Collects an event for an account."""
        self._events.append((uid, event))

    def drain(self, now_ms: int) -> list[tuple[int, events.Event]]:
        """The events so far, then the balances that changed; the floor forgets them."""
        for uid, assets in self.ledger.touched.items():
            changed = [self.ledger.balance(uid, asset) for asset in assets]
            self.tell(uid, events.account_position(changed, now_ms))
        told = self._events
        self.forget()
        return told

    def forget(self) -> None:
        """Drops what was collected."""
        self._events = []
        self.ledger.touched.clear()

    def _settle(self, order: Order, deal: Deal, number: int, is_maker: bool) -> tuple[Order, TradeSide]:
        """Fills one order, unlocks what the trade and a better price set free, and keeps its side of the trade."""
        order = self._alone(order, deal.symbol, deal.now_ms)
        after = order.filled(deal.quantity, deal.quote, deal.now_ms)
        self.ledger.lock(order.uid, _paid_in(order, deal.symbol), after.locked - order.locked, deal.now_ms)
        side = _side(after, deal, number, is_maker)
        self.trades.insert(side)
        return self.orders.save(after), side

    def _alone(self, order: Order, symbol: Symbol, now_ms: int, ending: Ending = BY_OTHER_LEG) -> Order:
        """The order once its sibling has ended, with what was locked for both; who asks locks what it still needs."""
        sibling = self.orders.open_sibling(order) if order.list_id >= 0 else None
        if sibling is None:
            return order
        self._end_one(replace(sibling, locked=0), symbol, ending, now_ms)
        return replace(order, locked=order.locked + sibling.locked)

    def _end_one(self, order: Order, symbol: Symbol, ending: Ending, now_ms: int) -> Order:
        ended = replace(order, status=ending.status, expiry_reason=ending.reason, updated_ms=now_ms)
        ended = self.orders.save(self._relock(ended, symbol, 0, now_ms))
        self._report(ended, EXECUTIONS[ending.status], cancel_id=ending.cancel_id)
        return ended

    def _relock(self, order: Order, symbol: Symbol, amount: int, now_ms: int) -> Order:
        self.ledger.lock(order.uid, _paid_in(order, symbol), amount - order.locked, now_ms)
        return replace(order, locked=amount)

    def _close_list(self, order: Order, now_ms: int) -> None:
        if order.list_id < 0 or order.is_open:
            return
        legs = self.orders.of_list(order.list_id)
        done = self.lists.finish(self.lists.get(order.list_id), now_ms)
        self.tell(order.uid, events.list_status(done, legs))

    def _report(
        self, order: Order, execution: events.Execution, side: TradeSide | None = None, cancel_id: str | None = None
    ) -> None:
        self.tell(order.uid, events.execution_report(order, execution, next(self._executions), side, cancel_id))


def _paid_in(order: Order, symbol: Symbol) -> str:
    return symbol.quote if order.side == "BUY" else symbol.base


def _side(order: Order, deal: Deal, number: int, is_maker: bool) -> TradeSide:
    buys = order.side == "BUY"
    fee = commission(deal.quantity if buys else deal.quote)
    asset = deal.symbol.base if buys else deal.symbol.quote
    amounts = (deal.price, deal.quantity, deal.quote, fee, asset, deal.now_ms)
    return TradeSide(number, order.number, order.list_id, order.uid, order.symbol, *amounts, buys, is_maker)


def _postings(sides: list[TradeSide], deal: Deal) -> list[Posting]:
    """Base to the buyer, quote to the seller, their fees to the exchange."""
    buyer = next((side.uid for side in sides if side.is_buyer), HOUSE)
    seller = next((side.uid for side in sides if not side.is_buyer), HOUSE)
    base, quote = deal.symbol.base, deal.symbol.quote
    postings = [Posting(seller, base, -deal.quantity), Posting(buyer, base, deal.quantity)]
    postings += [Posting(buyer, quote, -deal.quote), Posting(seller, quote, deal.quote)]
    for side in sides:
        postings += [Posting(side.uid, side.commission_asset, -side.commission)]
        postings += [Posting(FEES, side.commission_asset, side.commission)]
    return postings
