"""Both accounts, the ledger's and the exchange's, read at about the same time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tools.gateway.orders.entry import Entry, Status
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.paths import ACCOUNT, OPEN
from tools.gateway.orders.position import Position
from tools.gateway.orders.upstream import Exchange

Holding = tuple[Position, Decimal]
"""What is held, and the value below which it is dust."""


@dataclass(frozen=True)
class Sides:
    """Orders that moved in between are found the next time."""

    entries: tuple[Entry, ...]
    """Orders of the ledger that are not settled, and those that the exchange has open."""
    holdings: Mapping[tuple[str, str], Holding]
    """By bot and pair, by the ledger."""
    left_over: Mapping[tuple[str, str], tuple[Decimal, Decimal]]
    """By bot and pair: coins that its sales left and that could not be sold, and what was paid for them."""
    flows: Mapping[str, Decimal]
    """What all fills of bots have brought of each currency, commissions included; less than zero where they took."""
    open_orders: tuple[Mapping[str, Any], ...]
    balances: Mapping[str, Decimal]
    """Free and locked together, by the exchange."""
    is_still: bool
    """Whether nothing moved meanwhile: flows and balances are of the same moment."""
    left: tuple[Mapping[str, Any], ...] = ()
    """Orders of bots that could not be taken into the ledger, whatever became of them."""


async def read_sides(ledger: Ledger, exchange: Exchange, is_in_hand: Callable[[], bool] = lambda: False) -> Sides:
    """Raises what `Exchange.signed` does. `is_in_hand`: whether an order is being sent now."""
    begun, busy = ledger.holdings.read_flows(), is_in_hand()
    account = (await exchange.signed("GET", ACCOUNT, {"omitZeroBalances": "true"})).content
    orders = (await exchange.signed("GET", OPEN, {})).content
    known = (ledger.find_at_exchange(*key_of(order)) for order in orders)
    unsettled = ledger.read_unsettled()
    entries = {entry.id: entry for entry in (*unsettled, *known) if entry is not None}
    flows = ledger.holdings.read_flows()
    moved = busy or is_in_hand() or flows != begun
    return Sides(
        entries=tuple(entries.values()),
        holdings=ledger.holdings.read_positions(),
        left_over=ledger.holdings.read_released(),
        flows=flows,
        open_orders=tuple(orders),
        balances={one["asset"]: Decimal(one["free"]) + Decimal(one["locked"]) for one in account["balances"]},
        is_still=not moved and _is_whole(unsettled, orders),
    )


def _is_whole(unsettled: list[Entry], orders: list[Mapping[str, Any]]) -> bool:
    """Whether every fill of every order that can still move is in the ledger."""
    executed = {key_of(order): Decimal(order["executedQty"]) for order in orders}
    return all(
        entry.status is Status.OPEN
        and executed.get((entry.symbol, entry.exchange_id or 0)) == entry.executed == entry.filled
        for entry in unsettled
    )


def key_of(order: Mapping[str, Any]) -> tuple[str, int]:
    """The one name that no two orders of an exchange share: several may bear one client id, one after another."""
    return str(order["symbol"]), int(order["orderId"])
