"""What the desk is asked to cancel and replace, and what it answers."""

from dataclasses import dataclass

from tools.exchange import errors
from tools.exchange.spot.orders import Order
from tools.exchange.spot.tickets import Ticket
from tools.exchange.spot.trade_table import TradeSide


@dataclass(frozen=True)
class Placed:
    """A new order after it was matched, and its trades so far."""

    order: Order
    trades: list[TradeSide]


@dataclass(frozen=True)
class Cancel:
    """Which order or list to cancel: by number, by the client's name, or both; and in which status alone, if any."""

    number: int | None
    client_id: str | None
    cancel_id: str
    only_status: str | None = None


@dataclass(frozen=True)
class Replacement:
    """Which order to cancel and what to place; and whether a cancel that fails leaves it at that."""

    cancel: Cancel
    ticket: Ticket
    stop_on_failure: bool


@dataclass(frozen=True)
class Replaced:
    """What came of both halves of a cancel-replace; `placed` is None where it was not tried."""

    canceled: Order | errors.ApiError
    placed: Placed | errors.ApiError | None
