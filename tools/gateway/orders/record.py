"""What is written down beside the ledger: lines of the audit for orders that went, were refused, or turned up."""

import logging
import sqlite3
from collections.abc import Callable, Mapping
from typing import Protocol
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from tools.gateway.orders.bot_keys import Caller
from tools.gateway.orders.entry import Entry
from tools.gateway.orders.errors import Denied
from tools.gateway.orders.ledger import Ledger
from tools.gateway.orders.refusals import Note, Refusals
from tools.gateway.orders.wire_order import plain
from tools.guard.actor import Actor
from tools.guard.audit import Audit

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
        self._refusals = Refusals(self._write, clock_ms)

    def allow(self, entry: Entry) -> None:
        """Raises `SQLAlchemyError` where the line cannot be written."""
        self._audit.write(entry.id, "order", _content(entry), BOT, verdict="allow", risk="live")

    def refuse(self, caller: Caller, denied: Denied, told: Mapping[str, str]) -> None:
        """A request of somebody known, with the words of it that say what was wanted."""
        self._refusals.add(caller, denied, told)

    def refuse_stranger(self, rule: str) -> None:
        """A request of nobody known."""
        self._refusals.add_stranger(rule)

    def note_silence(self) -> None:
        """A question for which the exchange had no answer."""
        self._refusals.add_silence()

    def flush(self, *, whole: bool = False) -> None:
        """Writes what has been counted, if it is time; `whole` is for the end, where there is no later."""
        self._refusals.flush(whole=whole)

    def find(self, entry: Entry, rule: str, numbers: Mapping[str, str] | None = None) -> None:
        """Something about an order that a person should know."""
        told = {"order": entry.id, **(numbers or {})}
        self._write(Note(entry.bot_id, "finding", rule, told, {"pair": entry.pair}))

    def find_difference(self, finding: Difference, *, settled: bool = False) -> None:
        """That two sides do not agree, or that a person has had it put right."""
        told = {"pair": finding.pair} if finding.pair else {}
        what = "settled" if settled else "difference"
        self._write(Note(finding.bot_id, what, finding.kind, finding.numbers, told))

    def _write(self, note: Note) -> bool:
        """Whether it stands in the audit now."""
        content = {"kind": f"wire_{note.what}", "bot_id": note.bot_id, **note.told}
        told = {"rule": note.rule, "numbers": note.numbers}
        actor = BOT if note.bot_id else WIRE
        try:
            self._audit.write(uuid4().hex, "order", content, actor, verdict="refuse", risk="live", **told)
        except (SQLAlchemyError, sqlite3.Error):
            log.exception("a refusal on the wire could not be written down: %s", note.rule)
            return False
        self._keep(note)
        return True

    def _keep(self, note: Note) -> None:
        """The same beside the orders, for whoever reads the ledger alone."""
        try:
            numbers = {**note.told, **note.numbers}
            self._ledger.add_refusal(self._clock_ms(), note.bot_id, note.what, note.rule, numbers)
        except sqlite3.Error:
            log.exception("a refusal could not be kept in the ledger: %s", note.rule)


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
