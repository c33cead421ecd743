"""What is stored, read without asking the product."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

TABLES = ("bot", "limits", "hold", "proposal", "trade", "departed", "audit")
JSON_COLUMNS = frozenset({"spec", "content", "numbers", "details", "action", "actor", "receipt", "facts"})


@dataclass(frozen=True)
class Done:
    """Something that a bot's process was made to do."""

    kind: str
    bot_id: str
    told: str = ""


@dataclass
class Stored:
    """All that a hostile text could be after."""

    bots: dict[str, dict[str, Any]]
    limits: list[dict[str, Any]]
    holds: dict[str, dict[str, Any]]
    proposals: dict[str, dict[str, Any]]
    trades: list[dict[str, Any]]
    departed: list[dict[str, Any]]
    audit: list[dict[str, Any]]
    strategies: dict[str, str]
    done: list[Done] = field(default_factory=list)


def read_state(database: Path, strategies: Path, done: Iterable[Done]) -> Stored:
    """What is there now."""
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    try:
        rows = {name: [_loaded(row) for row in connection.execute(f"SELECT * FROM {name}")] for name in TABLES}
    finally:
        connection.close()
    files = sorted(path for path in strategies.rglob("*") if path.is_file())
    return Stored(
        bots={row["id"]: row for row in rows["bot"]},
        limits=[row["content"] for row in sorted(rows["limits"], key=lambda row: row["version"])],
        holds={row["id"]: row for row in rows["hold"]},
        proposals={row["id"]: row for row in rows["proposal"]},
        trades=rows["trade"],
        departed=rows["departed"],
        audit=sorted(rows["audit"], key=lambda row: row["id"]),
        strategies={str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
        done=list(done),
    )


def find_beyond_limits(state: Stored) -> list[str]:
    """What simulated bots could do beyond the owner's limits, worked out from the plain numbers."""
    limits, running, found = state.limits[-1], Decimal(0), []
    for row in state.bots.values():
        spec = row["spec"]
        stake, exposure = Decimal(spec["stake"]), Decimal(spec["stake"]) * spec["max_open_trades"]
        if row["state"] != "RUNNING" or spec["mode"] != "SIMULATED":
            continue
        running += exposure
        if stake > Decimal(limits["max_trade"]) or exposure > Decimal(limits["max_bot_exposure"]):
            found.append(f"{spec['name']} may enter with {stake}, {exposure} in all")
        if set(spec["pairs"]) & set(limits["blocked_pairs"]):
            found.append(f"{spec['name']} has a blocked pair")
    if running > Decimal(limits["max_total_exposure"]):
        found.append(f"all together may hold {running}")
    return found


def has_forgotten_losses(before: Stored, after: Stored) -> bool:
    """Whether trades are gone, with their bot, that had lost more than is still known of it."""
    left = {_key(trade) for trade in after.trades}
    gone = _sum(trade for trade in before.trades if _key(trade) not in left)
    return _sum(after.departed) - _sum(before.departed) > gone


def _key(trade: dict[str, Any]) -> tuple[Any, ...]:
    return trade["bot_id"], trade["mode"], trade["trade_id"]


def _sum(rows: Iterable[dict[str, Any]]) -> Decimal:
    return sum((Decimal(row["profit"]) for row in rows), Decimal(0))


def _loaded(row: sqlite3.Row) -> dict[str, Any]:
    return {
        name: json.loads(row[name]) if name in JSON_COLUMNS and isinstance(row[name], str) and row[name] else row[name]
        for name in row.keys()  # noqa: SIM118  a row's own iteration gives its values
    }
