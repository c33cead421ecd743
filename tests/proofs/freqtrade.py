"""The model of a bot's process: what Freqtrade would hold, make and forget, without Freqtrade."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.proofs.clock import Clock
from tools.bot import Mode
from tools.freqtrade.answers import Trade, TradeOrder
from tools.freqtrade.client import BotUnreachable
from tools.guard.order import Order

ZERO = Decimal(0)


@dataclass
class Flight:
    """An entry that was let in and does not stand in the bot's database yet."""

    permit: str
    order: Order
    cost: Decimal
    mode: Mode
    begun: float
    """By the clock that never jumps, in seconds."""
    order_id: str = ""
    """Where the exchange has it."""


@dataclass
class Made:
    """One entry order of a trade."""

    id: str
    permit: str
    amount: Decimal
    price: Decimal
    is_open: bool = True
    filled: Decimal = ZERO

    @property
    def holds(self) -> Decimal:
        """What it has taken, and while it is open may still take."""
        return (self.amount if self.is_open else self.filled) * self.price


@dataclass
class Deal:
    """A trade in the bot's database."""

    id: int
    pair: str
    planned: Decimal
    opened_at: datetime
    orders: list[Made] = field(default_factory=list)
    closed_at: datetime | None = None
    profit: Decimal = ZERO
    is_told: bool = False
    """Whether the product has been told that it closed."""

    @property
    def holds(self) -> Decimal:
        return ZERO if self.closed_at else sum((order.holds for order in self.orders), ZERO)

    @property
    def bought(self) -> Decimal:
        return sum((order.filled for order in self.orders), ZERO)

    @property
    def stake(self) -> Decimal:
        """As Freqtrade counts it: what was planned, until an entry order is no longer open."""
        done = [order for order in self.orders if not order.is_open and order.filled > 0]
        return sum((order.filled * order.price for order in done), ZERO) if done else self.planned


class BotProcess:
    """One bot: its process, its database for each mode, and the client that the product speaks to it through."""

    def __init__(self, bot_id: str, clock: Clock, tell_cancelled: Callable[["BotProcess", Made], None]) -> None:
        self.id = bot_id
        self.clock = clock
        self.tell_cancelled = tell_cancelled
        """That an order was taken back of which nothing was bought."""
        self.is_up = False
        self.enters = False
        """What it was told; a hostile strategy asks all the same."""
        self.hangs = False
        self.mode = Mode.SIMULATED
        self.deals: dict[Mode, list[Deal]] = {mode: [] for mode in Mode}
        self.flights: list[Flight] = []
        self.round_ended: datetime | None = None
        self.locked: set[str] = set()
        self.source: str | None = None
        """The strategy's source that it was started with."""
        self._numbers = 0

    def number(self) -> int:
        self._numbers += 1
        return self._numbers

    @property
    def book(self) -> list[Deal]:
        return self.deals[self.mode]

    def open_deals(self) -> list[Deal]:
        return [deal for deal in self.book if deal.closed_at is None]

    def held_by_pair(self) -> dict[str, Decimal]:
        """What it truly holds: positions, open entry orders, and what was let in and is on its way."""
        held: dict[str, Decimal] = {}
        for pair, cost in (
            *((deal.pair, deal.holds) for deal in self.open_deals()),
            *((flight.order.pair, flight.cost) for flight in self.flights if flight.mode is self.mode),
        ):
            held[pair] = held.get(pair, ZERO) + cost
        return held

    def held(self) -> Decimal:
        return sum(self.held_by_pair().values(), ZERO)

    def place(self, flight: Flight) -> str:
        """The exchange takes the order."""
        flight.order_id = f"{self.id[:2]}-{self.number()}"
        return flight.order_id

    def commit(self, flight: Flight) -> None:
        """The order stands in the bot's database, as a trade of its own or as an addition to one."""
        self.flights.remove(flight)
        order = flight.order
        made = Made(flight.order_id or self.place(flight), flight.permit, order.amount, flight.cost / order.amount)
        deal = next((one for one in self.open_deals() if one.pair == order.pair), None)
        if deal is None:
            deal = Deal(self.number(), order.pair, flight.cost, self.clock.now())
            self.book.append(deal)
        deal.orders.append(made)

    def fill(self, deal: Deal, share: Decimal) -> None:
        """The exchange fills a part of what is open of a trade's entries, or all of it."""
        for order in deal.orders:
            if order.is_open:
                order.filled = max(order.filled, order.amount * share)
                order.is_open = share < 1

    def cancel(self, deal: Deal) -> None:
        """Takes back what is open of its entries; a trade of which nothing was bought is forgotten."""
        for order in deal.orders:
            if order.is_open and order.filled == 0:
                self.tell_cancelled(self, order)
            order.is_open = False
        if deal.bought == 0:
            self.book.remove(deal)

    def close(self, deal: Deal, share: Decimal) -> None:
        """Sells all of it, with a profit or loss of a share of what was paid."""
        self.cancel(deal)
        if deal in self.book:
            deal.profit, deal.closed_at = deal.stake * share, self.clock.now()

    def end_round(self) -> None:
        """What was under way in it stands in the database when it ends."""
        for flight in list(self.flights):
            self.commit(flight)
        self.round_ended = self.clock.now()

    def crash(self) -> None:
        """What is not in its database is gone with the process."""
        self.is_up, self.hangs = False, False
        self.flights.clear()

    # What the product asks of it.

    async def last_round(self) -> datetime | None:
        self._answer()
        return self.round_ended

    async def trades(self, _count: int, _offset: int = 0) -> list[Trade]:
        self._answer()
        return self.tell()

    def tell(self) -> list[Trade]:
        """All open trades, and of the closed ones the newest and those that nobody was told of yet."""
        closed = [deal for deal in self.book if deal.closed_at is not None]
        untold = [deal for deal in closed[:-3] if not deal.is_told][-30:]
        for deal in untold:
            deal.is_told = True
        return [_view(deal) for deal in (*self.open_deals(), *untold, *closed[-3:])]

    def forget_telling(self) -> None:
        """Whoever was told has crashed, perhaps before it was written down."""
        for deal in self.book[-30:]:
            deal.is_told = False

    def _answer(self) -> None:
        if not self.is_up or self.hangs:
            raise BotUnreachable("the model does not answer")


def _view(deal: Deal) -> Trade:
    values: dict[str, Any] = {
        "trade_id": deal.id, "pair": deal.pair, "is_open": deal.closed_at is None, "strategy": "Model",
        "amount": deal.bought, "stake_amount": deal.stake, "open_rate": Decimal(100), "open_date": deal.opened_at,
        "close_date": deal.closed_at, "profit_abs": deal.profit, "profit_ratio": ZERO,
    }  # fmt: skip
    orders = [
        TradeOrder.model_construct(
            order_id=order.id, is_entry=True, is_open=order.is_open, amount=order.amount, filled=order.filled,
            remaining=order.amount - order.filled, price=order.price, at=None,
        )
        for order in deal.orders
    ]  # fmt: skip
    return Trade.model_construct(**values, orders=tuple(orders))
