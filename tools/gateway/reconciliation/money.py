"""Money that came or left past the bots: each balance, less what the bots' fills moved, stays as it was."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.position import ZERO
from tools.gateway.orders.wire_order import plain
from tools.gateway.reconciliation.finding import Finding
from tools.gateway.reconciliation.sides import Sides

LAG = Decimal("1e-7")
"""What rounding at the exchange may leave between a balance and the sum of its fills."""


class Money:
    """A change counts when two looks in a row see the same."""

    def __init__(self, ledger: Ledger, clock_ms: Callable[[], int]) -> None:
        self._ledger = ledger
        self._clock_ms = clock_ms
        self._seen: dict[str, Decimal] = {}

    def look(self, sides: Sides) -> set[str]:
        """The currencies of which something else was just seen than before, and that are to be looked at again."""
        if not sides.is_still:
            return set()
        now, before = outside_of(sides), self._ledger.outside.read()
        if self._ledger.outside.is_new():
            with self._ledger.writing():
                self._ledger.outside.write(now, self._clock_ms())
            return set()
        changed = {asset: amount for asset, amount in now.items() if abs(amount - before.get(asset, ZERO)) > LAG}
        sure = {asset: amount for asset, amount in changed.items() if self._seen.get(asset) == amount}
        self._seen = changed
        if sure:
            self._write(sides, before, sure)
        return changed.keys() - sure.keys()

    def forget(self) -> None:
        """What was seen once is to be seen twice anew."""
        self._seen = {}

    def find(self) -> list[Finding]:
        """Those that no person has said to have seen."""
        return [
            Finding(
                "balance_changed",
                None,
                None,
                {
                    "asset": change.asset,
                    "before": plain(change.before),
                    "now": plain(change.now),
                    "change": plain(change.now - change.before),
                    "at_ms": str(change.at_ms),
                },
            )
            for change in self._ledger.outside.read_changes()
        ]

    def settle(self, finding: Finding) -> None:
        """A person has seen it."""
        with self._ledger.writing():
            for change in self._ledger.outside.read_changes():
                if (change.asset, str(change.at_ms)) == (finding.numbers["asset"], finding.numbers["at_ms"]):
                    self._ledger.outside.mark_seen(change.id)

    def _write(self, sides: Sides, before: Mapping[str, Decimal], sure: Mapping[str, Decimal]) -> None:
        """In words of the whole balance, which is what a person sees at the exchange."""
        now_ms = self._clock_ms()
        with self._ledger.writing():
            for asset, amount in sure.items():
                balance = sides.balances.get(asset, ZERO)
                change = amount - before.get(asset, ZERO)
                self._ledger.outside.add_change(asset, balance - change, balance, now_ms)
            self._ledger.outside.write(sure, now_ms)


def outside_of(sides: Sides) -> dict[str, Decimal]:
    """By currency: what the account has beyond what the bots' fills brought, which may be less than nothing."""
    assets = {*sides.balances, *sides.flows}
    return {asset: sides.balances.get(asset, ZERO) - sides.flows.get(asset, ZERO) for asset in assets}
