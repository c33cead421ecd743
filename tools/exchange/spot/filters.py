"""The trading rules of a symbol, checked on what is asked for. Pure.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/filters.md
"""

from dataclasses import dataclass
from functools import lru_cache

from tools.exchange import errors
from tools.exchange.spot.amounts import cost, from_float
from tools.exchange.spot.tickets import Ticket
from tools.exchange.symbols import (
    MAX_ALGO_ORDERS,
    MAX_LOT_STEPS,
    MAX_NOTIONAL,
    MAX_ORDER_LISTS,
    MAX_ORDERS,
    MAX_PRICE_STEPS,
    MIN_NOTIONAL,
    PRICE_BAND,
    Symbol,
)


@dataclass(frozen=True)
class Rules:
    """A symbol's steps and bounds in units of 1e-8."""

    tick: int
    lot: int
    most: int
    most_at_market: int
    highest_price: int


@dataclass(frozen=True)
class Crowd:
    """How many orders, stop orders and order lists an account has open on a symbol."""

    orders: int
    stops: int
    lists: int


@lru_cache(maxsize=1024)
def rules_of(symbol: Symbol) -> Rules:
    """The rules that exchangeInfo announces for the symbol."""
    tick, lot = from_float(symbol.tick, symbol.price_decimals), from_float(symbol.lot, symbol.quantity_decimals)
    return Rules(tick, lot, lot * MAX_LOT_STEPS, lot * MAX_LOT_STEPS // 100, tick * MAX_PRICE_STEPS)


def check_ticket(ticket: Ticket, rules: Rules, average: int) -> None:
    """Raises -1013 with the first filter that the order fails; `average` is the mean price of five minutes."""
    for price in (ticket.price, ticket.stop_price):
        if price and not (price % rules.tick == 0 and rules.tick <= price <= rules.highest_price):
            raise errors.filter_failure("PRICE_FILTER")
    if ticket.price and not average <= ticket.price * PRICE_BAND <= average * PRICE_BAND**2:
        raise errors.filter_failure("PERCENT_PRICE_BY_SIDE")
    if not ticket.quote_quantity:
        check_quantity(ticket.quantity, rules, at_market=ticket.at_market)
    _check_notional(ticket, average)


def check_quantity(quantity: int, rules: Rules, at_market: bool) -> None:
    """Raises -1013 where a quantity of base is too small, too large or between two steps."""
    if quantity % rules.lot or not rules.lot <= quantity <= rules.most:
        raise errors.filter_failure("LOT_SIZE")
    if at_market and quantity > rules.most_at_market:
        raise errors.filter_failure("MARKET_LOT_SIZE")


def _check_notional(ticket: Ticket, average: int) -> None:
    notional = ticket.quote_quantity or cost(ticket.price or average, ticket.quantity)
    if notional < MIN_NOTIONAL or (ticket.price and notional > MAX_NOTIONAL):
        raise errors.filter_failure("NOTIONAL")


def check_crowd(tickets: list[Ticket], crowd: Crowd) -> None:
    """Raises -1013 where the account would have too many orders, stop orders or lists open on the symbol."""
    if crowd.orders + len(tickets) > MAX_ORDERS:
        raise errors.filter_failure("MAX_NUM_ORDERS")
    stops = sum(ticket.is_stop for ticket in tickets)
    if stops and crowd.stops + stops > MAX_ALGO_ORDERS:
        raise errors.filter_failure("MAX_NUM_ALGO_ORDERS")
    if len(tickets) > 1 and crowd.lists >= MAX_ORDER_LISTS:
        raise errors.filter_failure("MAX_NUM_ORDER_LISTS")
