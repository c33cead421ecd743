"""The ledger: balances, and the postings that made them. Every movement sums to zero for each asset.

Three books are the exchange's own: the house, which trades on behalf of the invented market; the fees; and the
deposits, which are what the accounts were funded with, below zero. All others are accounts.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tools.exchange.spot.store import FIRST_ACCOUNT, Store

HOUSE, FEES, DEPOSITS = 1, 2, 3
BOOKS = {HOUSE: "house", FEES: "fees", DEPOSITS: "deposits"}

Kind = Literal["trade", "funding"]


@dataclass(frozen=True)
class Balance:
    """What an account has of an asset, in units of 1e-8."""

    asset: str
    free: int
    locked: int


@dataclass(frozen=True)
class Posting:
    """A change of one balance."""

    uid: int
    asset: str
    amount: int


class Ledger:
    """Balances and postings. Every change belongs in a transaction of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.touched: dict[int, dict[str, None]] = {}
        """The assets that changed, by account, since this was last cleared."""

    def balance(self, uid: int, asset: str) -> Balance:
        """One balance; zero where the account never had the asset."""
        found = self._store.rows("SELECT free, locked FROM balances WHERE uid = ? AND asset = ?", uid, asset)
        return Balance(asset, *(found[0] if found else (0, 0)))

    def balances(self, uid: int) -> list[Balance]:
        """All balances that the account ever had, by asset."""
        return [
            Balance(*row)
            for row in self._store.rows("SELECT asset, free, locked FROM balances WHERE uid = ? ORDER BY asset", uid)
        ]

    def updated_ms(self, uid: int) -> int:
        """When a balance of the account last changed."""
        return int(self._store.value("SELECT COALESCE(MAX(updated_ms), 0) FROM balances WHERE uid = ?", uid))

    def lock(self, uid: int, asset: str, amount: int, now_ms: int) -> None:
        """Moves an amount from free to locked, or back where it is negative."""
        if amount:
            self._change(uid, asset, -amount, amount, now_ms)

    def move(self, kind: Kind, reference: int, now_ms: int, postings: Iterable[Posting]) -> None:
        """Changes free balances; raises ValueError where the postings do not sum to zero for each asset."""
        net: dict[tuple[int, str], int] = defaultdict(int)
        for posting in postings:
            net[posting.uid, posting.asset] += posting.amount
        _require_zero_sums(net)
        for (uid, asset), amount in net.items():
            entry = (kind, reference, uid, asset, amount, now_ms)
            self._store.write(
                "INSERT INTO postings (kind, reference, uid, asset, amount, time_ms) VALUES (?, ?, ?, ?, ?, ?)", *entry
            )
            self._change(uid, asset, amount, 0, now_ms)

    def _change(self, uid: int, asset: str, free: int, locked: int, now_ms: int) -> None:
        self._store.write("INSERT OR IGNORE INTO balances (uid, asset) VALUES (?, ?)", uid, asset)
        self._store.write(
            "UPDATE balances SET free = free + ?, locked = locked + ?, updated_ms = ? WHERE uid = ? AND asset = ?",
            *(free, locked, now_ms, uid, asset),
        )
        if uid >= FIRST_ACCOUNT:
            self.touched.setdefault(uid, {})[asset] = None


def _require_zero_sums(net: dict[tuple[int, str], int]) -> None:
    sums: dict[str, int] = defaultdict(int)
    for (_, asset), amount in net.items():
        sums[asset] += amount
    if any(sums.values()):
        raise ValueError(f"the postings do not sum to zero: {dict(sums)}")
