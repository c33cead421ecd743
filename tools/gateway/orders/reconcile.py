"""The ledger beside the exchange: what only one of them knows. Pure, but for the reader of both sides."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from tools.gateway.orders.entry import IN_DOUBT, Entry, Status, bot_of
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.paths import ACCOUNT, OPEN
from tools.gateway.orders.position import ZERO
from tools.gateway.orders.upstream import Exchange
from tools.gateway.orders.wire_order import plain

Kind = Literal["order_not_in_ledger", "foreign_order", "order_not_at_exchange", "fills_missing", "balance_short"]
LAG = Decimal("1e-8")


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be; `what_to_do` names the sentence that says how to mend it."""

    kind: Kind
    bot_id: str | None
    numbers: Mapping[str, str]
    what_to_do: str


@dataclass(frozen=True)
class Sides:
    """Both accounts, read at about the same time; orders that moved in between are found the next time."""

    entries: tuple[Entry, ...]
    """Orders of the ledger that are not settled, and those that the exchange has open."""
    inventory: Mapping[str, Decimal]
    """What all bots hold of each currency, by the ledger."""
    open_orders: tuple[Mapping[str, Any], ...]
    balances: Mapping[str, Decimal]
    """Free and locked together, by the exchange."""


def reconcile(sides: Sides) -> list[Finding]:
    """In no order that means anything."""
    return [*_of_exchange(sides), *_of_ledger(sides), *_of_balances(sides)]


async def read_sides(ledger: Ledger, exchange: Exchange) -> Sides:
    """Raises what `Exchange.signed` does."""
    account = (await exchange.signed("GET", ACCOUNT, {"omitZeroBalances": "true"})).content
    orders = (await exchange.signed("GET", OPEN, {})).content
    known = (ledger.find(str(order.get("clientOrderId", ""))) for order in orders)
    entries = {entry.id: entry for entry in (*ledger.read_unsettled(), *known) if entry is not None}
    inventory: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (_, pair), (position, _) in ledger.holdings.read_positions().items():
        inventory[pair.split("/")[0]] += position.quantity
    balances = {one["asset"]: Decimal(one["free"]) + Decimal(one["locked"]) for one in account["balances"]}
    return Sides(tuple(entries.values()), inventory, tuple(orders), balances)


def _of_exchange(sides: Sides) -> Iterable[Finding]:
    """Open orders that the ledger does not have open."""
    entries = {entry.id: entry for entry in sides.entries}
    for order in sides.open_orders:
        client_id = str(order["clientOrderId"])
        entry = entries.get(client_id)
        if entry is not None and entry.is_live:
            continue
        numbers = {"order": client_id, "symbol": str(order["symbol"]), "quantity": str(order["origQty"])}
        if (bot_id := bot_of(client_id)) is not None:
            yield Finding("order_not_in_ledger", bot_id, numbers, "cancel_order")
        else:
            yield Finding("foreign_order", None, numbers, "leave_to_owner")


def _of_ledger(sides: Sides) -> Iterable[Finding]:
    """Open orders of the ledger that the exchange does not have open, and fills that it lacks."""
    there = {str(order["clientOrderId"]) for order in sides.open_orders}
    for entry in sides.entries:
        numbers = {"order": entry.id, "pair": entry.pair, "quantity": plain(entry.quantity)}
        if entry.status is Status.OPEN and entry.id not in there:
            yield Finding("order_not_at_exchange", entry.bot_id, numbers, "ask_again")
        if entry.status not in IN_DOUBT and entry.executed > entry.filled:
            missing = {**numbers, "missing": plain(entry.executed - entry.filled)}
            yield Finding("fills_missing", entry.bot_id, missing, "ask_again")


def _of_balances(sides: Sides) -> Iterable[Finding]:
    """Currencies of which the account has less than the bots hold: somebody else took them out."""
    for asset, held in sides.inventory.items():
        there = sides.balances.get(asset, ZERO)
        if held > there + LAG:
            numbers = {"asset": asset, "ledger": plain(held), "account": plain(there)}
            yield Finding("balance_short", None, numbers, "stop_and_ask")
