"""The desk: everything that an account can ask of the exchange. Each request is one transaction of the database."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from tools.exchange import errors
from tools.exchange.clock import SECOND_MS
from tools.exchange.market import Market
from tools.exchange.spot import events
from tools.exchange.spot.accounts import Account, Accounts, Permissions
from tools.exchange.spot.advance import Passing
from tools.exchange.spot.asked import Cancel, Placed, Replaced, Replacement
from tools.exchange.spot.engine import Engine
from tools.exchange.spot.filters import check_crowd, check_ticket, rules_of
from tools.exchange.spot.floor import Ending, Floor
from tools.exchange.spot.ledger import DEPOSITS, Posting
from tools.exchange.spot.list_table import OrderList
from tools.exchange.spot.lists import Lists
from tools.exchange.spot.oco import Oco
from tools.exchange.spot.orders import Order
from tools.exchange.spot.prices import Prices
from tools.exchange.spot.store import Store
from tools.exchange.spot.taken import Taken
from tools.exchange.spot.tickets import Ticket
from tools.exchange.symbols import Symbol

CATCH_UP_S = 300
"""How many seconds are made up for after a stall; what lies further back is passed over."""

Listener = Callable[[int, events.Event], None]
"""Is given the number of an account and a user-data event, after the change is in the database."""

Done = TypeVar("Done")

log = logging.getLogger(__name__)


class Desk:
    """Accounts, orders and balances over a market; the tables are there to be read, and changed by the methods only."""

    def __init__(self, market: Market, store: Store, started_ms: int, prices: Prices | None = None) -> None:
        self.listeners: list[Listener] = []
        self._store = store
        self._floor = Floor(store)
        self._prices = prices or Prices(market)
        taken = Taken(store)
        self._engine = Engine(self._floor, self._prices, taken)
        self._lists = Lists(self._floor, self._prices, self._engine)
        self._passing = Passing(self._floor, self._prices, taken, self._engine)
        self._second = started_ms // SECOND_MS
        self.accounts = Accounts(store)
        self.ledger, self.orders = self._floor.ledger, self._floor.orders
        self.trades, self.lists = self._floor.trades, self._floor.lists

    def advance(self, now_ms: int) -> int:
        """Brings all resting orders up to now, second by second; nothing where that has been done.

        Gives the moment that counts as now: the clock's, or where it went back the last second that has passed.
        """
        now = now_ms // SECOND_MS
        for second in range(max(self._second + 1, now - CATCH_UP_S + 1), now + 1):
            with self._transaction(second * SECOND_MS):
                self._passing.pass_second(second)
            self._second = second
        return max(now_ms, self._second * SECOND_MS)

    def find_account(self, api_key: str) -> Account | None:
        """The account of an API key."""
        return self.accounts.find_account(api_key)

    def open_account(self, permissions: Permissions, balances: dict[str, int], now_ms: int) -> Account:
        """A new account, funded with these units of 1e-8."""
        with self._transaction(now_ms):
            account = self.accounts.create(permissions, now_ms)
            for asset, amount in balances.items():
                self._fund(account.uid, asset, amount, now_ms)
        return account

    def permit(self, account: Account, permissions: Permissions, now_ms: int) -> Account:
        """Changes what an account may do."""
        with self._transaction(now_ms):
            return self.accounts.permit(account, permissions)

    def fund(self, uid: int, asset: str, amount: int, now_ms: int) -> None:
        """Deposits, or withdraws where the amount is negative; raises -2010 where less than that is free."""
        with self._transaction(now_ms):
            if self.ledger.balance(uid, asset).free + amount < 0:
                raise errors.rejected("Account has insufficient balance for requested action.")
            self._fund(uid, asset, amount, now_ms)

    def check(self, uid: int, symbol: Symbol, tickets: list[Ticket], now_ms: int) -> None:
        """Raises -1013 where an order breaks one of the symbol's rules."""
        average = self._prices.average(symbol, now_ms)
        for ticket in tickets:
            check_ticket(ticket, rules_of(symbol), average)
        check_crowd(tickets, self.orders.crowd(uid, symbol.name))

    def place(self, uid: int, symbol: Symbol, ticket: Ticket, now_ms: int) -> Placed:
        """Takes a new order and matches it; raises -1013 or -2010."""
        now_ms = self.advance(now_ms)
        with self._transaction(now_ms):
            self.check(uid, symbol, [ticket], now_ms)
            return self._place(uid, symbol, ticket, now_ms)

    def cancel(self, uid: int, symbol: Symbol, cancel: Cancel, now_ms: int) -> Order:
        """Cancels an open order, and the other one of its list; raises -2011."""
        now_ms = self.advance(now_ms)
        with self._transaction(now_ms):
            return self._cancel(uid, symbol, cancel, now_ms)

    def cancel_all(self, uid: int, symbol: Symbol, cancel_id: str, now_ms: int) -> list[Order]:
        """Cancels all open orders of an account on a symbol, lists included; raises -2011 where there are none."""
        now_ms = self.advance(now_ms)
        with self._transaction(now_ms):
            found = self.orders.open(uid, symbol.name)
            if not found:
                raise errors.cancel_rejected()
            for order in found:
                current = self.orders.get(order.number)
                if current.is_open:
                    self._floor.end(current, symbol, Ending("CANCELED", cancel_id=cancel_id), now_ms)
            return [self.orders.get(order.number) for order in found]

    def replace(self, uid: int, symbol: Symbol, wanted: Replacement, now_ms: int) -> Replaced:
        """Cancels one order and places another, which is checked against the symbol's rules before either; -1013."""
        now_ms = self.advance(now_ms)
        with self._transaction(now_ms):
            self.check(uid, symbol, [wanted.ticket], now_ms)
            canceled = _attempt(lambda: self._cancel(uid, symbol, wanted.cancel, now_ms))
            if wanted.stop_on_failure and isinstance(canceled, errors.ApiError):
                return Replaced(canceled, None)
            return Replaced(canceled, _attempt(lambda: self._place(uid, symbol, wanted.ticket, now_ms)))

    def place_list(self, uid: int, symbol: Symbol, oco: Oco, now_ms: int) -> tuple[OrderList, list[Order]]:
        """Takes an OCO; raises -1013 or -2010."""
        now_ms = self.advance(now_ms)
        with self._transaction(now_ms):
            self.check(uid, symbol, [oco.loss, oco.gain], now_ms)
            return self._lists.place(uid, oco, symbol, now_ms)

    def cancel_list(self, uid: int, symbol: Symbol, cancel: Cancel, now_ms: int) -> tuple[OrderList, list[Order]]:
        """Cancels both orders of a list; raises -2011."""
        now_ms = self.advance(now_ms)
        with self._transaction(now_ms):
            found = self.lists.find(uid, cancel.number, cancel.client_id)
            if found is None or found.symbol != symbol.name or cancel.client_id not in {None, found.client_id}:
                raise errors.cancel_rejected()
            legs = self._lists.cancel(found, symbol, cancel.cancel_id, now_ms)
            return self.lists.get(found.number), legs

    @contextmanager
    def _transaction(self, now_ms: int) -> Iterator[None]:
        """A transaction of the database, of which the listeners are told once it is committed."""
        told: list[tuple[int, events.Event]] = []
        with self._store.transaction():
            try:
                yield
                told = self._floor.drain(now_ms)
            finally:
                self._floor.forget()
        for uid, event in told:
            self._tell(uid, event)

    def _tell(self, uid: int, event: events.Event) -> None:
        for listener in tuple(self.listeners):
            try:
                listener(uid, event)
            except Exception:
                log.exception("a listener failed on %s", event["e"])

    def _place(self, uid: int, symbol: Symbol, ticket: Ticket, now_ms: int) -> Placed:
        order = self._engine.place(ticket.order(uid, symbol.name, now_ms), symbol)
        return Placed(order, self.trades.of_order(order.number))

    def _cancel(self, uid: int, symbol: Symbol, cancel: Cancel, now_ms: int) -> Order:
        order = self.orders.find(uid, symbol.name, cancel.number, cancel.client_id)
        if order is None or not order.is_open:
            raise errors.cancel_rejected()
        if cancel.client_id not in {None, order.client_id}:
            raise errors.client_id_mismatch()
        if cancel.only_status not in {None, order.status}:
            raise errors.cancel_rejected("Order was not canceled due to cancel restrictions.")
        return self._floor.end(order, symbol, Ending("CANCELED", cancel_id=cancel.cancel_id), now_ms)

    def _fund(self, uid: int, asset: str, amount: int, now_ms: int) -> None:
        postings = [Posting(DEPOSITS, asset, -amount), Posting(uid, asset, amount)]
        self.ledger.move("funding", uid, now_ms, postings)
        self._floor.tell(uid, events.balance_update(asset, amount, now_ms))


def _attempt(action: Callable[[], Done]) -> Done | errors.ApiError:
    try:
        return action()
    except errors.ApiError as error:
        return error
