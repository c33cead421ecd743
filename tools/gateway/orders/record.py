"""What is written down beside the ledger: lines of the audit for orders that went, were refused, or turned up."""

import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Protocol
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from tools.gateway.orders.bot_keys import Caller
from tools.gateway.orders.entry import Entry
from tools.gateway.orders.errors import Denied
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.wire_order import plain
from tools.guard.actor import Actor
from tools.guard.audit import Audit

AGAIN_MS = 60_000
"""The same refusal is made every time, and written down this often, with how often it was made."""
MOST_KEYS, MOST_LINES = 1_000, 30
"""Refusals that are told apart, and how many of one caller are written within that time."""
BOT = Actor(door="bot", scopes=frozenset())
WIRE = Actor(door="gateway", scopes=frozenset())

log = logging.getLogger(__name__)


class Difference(Protocol):
    """Something on which ledger, bot and exchange do not agree."""

    @property
    def kind(self) -> str: ...

    @property
    def bot_id(self) -> str | None: ...

    @property
    def pair(self) -> str | None: ...

    @property
    def numbers(self) -> Mapping[str, str]: ...


class Record:
    """Only `allow` raises: what cannot be written of a refusal does not undo it."""

    def __init__(self, audit: Audit, ledger: Ledger, clock_ms: Callable[[], int]) -> None:
        self._audit = audit
        self._ledger = ledger
        self._clock_ms = clock_ms
        self._refused: dict[tuple[str, ...], tuple[int, int]] = {}
        """When each refusal was last written, and how often it was made since."""
        self._strangers: Counter[str] = Counter()
        self._strangers_at = -AGAIN_MS

    def allow(self, entry: Entry) -> None:
        """Raises `SQLAlchemyError` where the line cannot be written."""
        self._audit.write(entry.id, "order", _content(entry), BOT, verdict="allow", risk="live")

    def refuse(self, caller: Caller, denied: Denied, told: Mapping[str, str]) -> None:
        """A request of somebody known, with the words of it that say what was wanted."""
        key = (caller.name, denied.rule, told.get("symbol", ""), told.get("side", ""))
        written_at, more = self._refused.get(key, (-AGAIN_MS, 0))
        now_ms = self._clock_ms()
        if now_ms - written_at < AGAIN_MS or not self._may_write(caller.name, now_ms):
            self._refused[key] = (written_at, more + 1)
            return
        self._refused[key] = (now_ms, 0)
        numbers = {**denied.numbers, "code": str(denied.code), **({"before": str(more)} if more else {})}
        self._write(caller.bot_id or None, "refused", denied.rule, numbers, told)

    def _may_write(self, caller: str, now_ms: int) -> bool:
        """Nobody fills the audit by being refused in ever new ways."""
        if len(self._refused) >= MOST_KEYS:
            self._refused.clear()
        lately = (at for (name, *_), (at, _) in self._refused.items() if name == caller and now_ms - at < AGAIN_MS)
        return sum(1 for _ in lately) < MOST_LINES

    def refuse_stranger(self, rule: str) -> None:
        """All that nobody known asked within a minute is one line."""
        self._strangers[rule] += 1
        self.flush()

    def flush(self) -> None:
        """Writes what has been counted, if it is time."""
        now_ms = self._clock_ms()
        if self._strangers and now_ms - self._strangers_at >= AGAIN_MS:
            numbers = {rule: str(count) for rule, count in self._strangers.items()}
            self._strangers.clear()
            self._strangers_at = now_ms
            self._write(None, "stranger", "unauthenticated", numbers, {})

    def find(self, entry: Entry, rule: str, numbers: Mapping[str, str] | None = None) -> None:
        """Something about an order that a person should know."""
        self._write(entry.bot_id, "finding", rule, {"order": entry.id, **(numbers or {})}, {"pair": entry.pair})

    def find_difference(self, finding: Difference, *, settled: bool = False) -> None:
        """That two sides do not agree, or that a person has had it put right."""
        told = {"pair": finding.pair} if finding.pair else {}
        self._write(finding.bot_id, "settled" if settled else "difference", finding.kind, finding.numbers, told)

    def _write(
        self, bot_id: str | None, what: str, rule: str, numbers: Mapping[str, str], told: Mapping[str, str]
    ) -> None:
        content = {"kind": f"wire_{what}", "bot_id": bot_id, **told}
        actor = BOT if bot_id else WIRE
        try:
            self._ledger.add_refusal(self._clock_ms(), bot_id, what, rule, {**told, **numbers})
            self._audit.write(
                uuid4().hex, "order", content, actor, verdict="refuse", risk="live", rule=rule, numbers=numbers
            )
        except (SQLAlchemyError, sqlite3.Error):
            log.exception("a refusal on the wire could not be written down: %s", rule)


def _content(entry: Entry) -> dict[str, str | None]:
    """As the guard's words for an order, with the id that the exchange knows it by."""
    return {
        "kind": "wire_order",
        "id": entry.id,
        "bot_id": entry.bot_id,
        "pair": entry.pair,
        "side": entry.side.lower(),
        "type": entry.type.lower(),
        "amount": plain(entry.quantity),
        "rate": plain(entry.price) if entry.price is not None else None,
        "stop": plain(entry.stop_price) if entry.stop_price is not None else None,
    }
