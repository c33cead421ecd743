"""What the account has beyond what the bots' fills brought: it changes by other hands alone."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

LOOKED = ""
"""In the place of a currency, once somebody has looked: an account may be empty."""


@dataclass(frozen=True)
class Change:
    """Money that came or left past the bots."""

    id: int
    asset: str
    before: Decimal
    now: Decimal
    at_ms: int


class Outside:
    """Stands on the ledger's connection, and writes within its transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def is_new(self) -> bool:
        """Whether nobody has looked since the ledger was made."""
        return self._connection.execute("SELECT 1 FROM outside LIMIT 1").fetchone() is None

    def read(self) -> dict[str, Decimal]:
        """By currency, as it was last seen."""
        rows = self._connection.execute("SELECT asset, amount FROM outside WHERE asset != ?", (LOOKED,))
        return {row["asset"]: Decimal(row["amount"]) for row in rows}

    def write(self, amounts: Mapping[str, Decimal], at_ms: int) -> None:
        """From now on this is what was last seen."""
        rows = [(LOOKED, "0", at_ms), *((asset, format(amount, "f"), at_ms) for asset, amount in amounts.items())]
        self._connection.executemany("INSERT OR REPLACE INTO outside VALUES (?, ?, ?)", rows)

    def add_change(self, asset: str, before: Decimal, now: Decimal, at_ms: int) -> None:
        values = (asset, format(before, "f"), format(now, "f"), at_ms)
        self._connection.execute("INSERT INTO changes (asset, before, now, at_ms, seen) VALUES (?, ?, ?, ?, 0)", values)

    def read_changes(self) -> list[Change]:
        """Those that no person has said to have seen, oldest first."""
        rows = self._connection.execute("SELECT * FROM changes WHERE seen = 0 ORDER BY id")
        return [
            Change(row["id"], row["asset"], Decimal(row["before"]), Decimal(row["now"]), row["at_ms"]) for row in rows
        ]

    def mark_seen(self, change_id: int) -> None:
        self._connection.execute("UPDATE changes SET seen = 1 WHERE id = ?", (change_id,))
