"""What the entry orders of the last 30 days would have come to under other limits: pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from tools.guard.limits import Limits
from tools.guard.order import Order, OrderFacts
from tools.guard.order_checks import judge_order
from tools.guard.verdict import Allow, Refuse
from tools.store.tables import PermitRow
from tools.views import OrderRefusalView, PreviewView

DAYS = timedelta(days=30)
SHOWN = 20
ZERO = Decimal(0)


@dataclass
class _Side:
    """The orders that one set of limits lets pass."""

    count: int = 0
    stake: Decimal = ZERO
    largest: Decimal = ZERO

    def add(self, stake: Decimal) -> None:
        self.count += 1
        self.stake += stake
        self.largest = max(self.largest, stake)


@dataclass
class _Tally:
    orders: int = 0
    before: _Side = field(default_factory=_Side)
    after: _Side = field(default_factory=_Side)
    newly: list[OrderRefusalView] = field(default_factory=list)


def preview(asked: Iterable[PermitRow], before: Limits, after: Limits) -> PreviewView:
    """Judges each order again by the facts of its moment, under the limits as they are and as they would be.

    Each by itself: that a larger trade would have left less room for the next one is not followed up.
    """
    tally = _Tally()
    for row in asked:
        order, facts = Order.model_validate(row.order), OrderFacts.model_validate(row.facts)
        then, now = judge_order(order, facts, before), judge_order(order, facts, after)
        tally.orders += 1
        if isinstance(then, Allow):
            tally.before.add(row.stake)
        if isinstance(now, Allow):
            tally.after.add(row.stake)
            if isinstance(then, Refuse):
                tally.newly.append(view_refused(row, then))
    return PreviewView(
        days=DAYS.days,
        orders=tally.orders,
        allowed_before=tally.before.count,
        allowed_after=tally.after.count,
        stake_before=tally.before.stake,
        stake_after=tally.after.stake,
        largest_before=tally.before.largest,
        largest_after=tally.after.largest,
        newly_allowed=tuple(reversed(tally.newly[-SHOWN:])),
    )


def view_refused(row: PermitRow, refused: Refuse | None = None) -> OrderRefusalView:
    """An order that was refused, by the rule that was told then or by another."""
    return OrderRefusalView(
        id=row.id,
        bot_id=row.bot_id,
        bot_name=row.bot_name,
        mode=row.mode,
        pair=row.pair,
        order_type=row.order["type"],
        stake=row.stake,
        rate=Decimal(row.order["rate"]),
        rule=refused.rule if refused else row.rule or "",
        numbers=dict(refused.numbers) if refused else row.numbers,
        at=row.at,
    )
