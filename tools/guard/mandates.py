"""What a person confirmed that a bot may do with real money: bound to its source, its settings and its limits.

A mandate is void when any of these is no longer what was confirmed, and stays void until a person confirms again. It
is compared at every entry, by the process that sends orders; nothing that changes a bot need remember it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from tools.bot import BotSpec
from tools.guard.limits import Limits
from tools.store.database import Store
from tools.store.tables import MandateRow, now

NOT_TRADING = frozenset({"name", "description"})
"""Settings of a bot that change nothing of what it does."""
SUPERSEDED = "superseded"
NONE, STOPPED, DELETED, TURNED, START_FAILED = "none", "stopped", "deleted", "mode", "start_failed"
UNREADABLE = "source_unreadable"
"""What cannot be read now may be what was confirmed: nothing enters, and the mandate stays."""


@dataclass(frozen=True)
class MandateFacts:
    """What a bot is: when a mandate was given, or now."""

    source: str | None
    """`source_hash` of its strategy; None where it cannot be read."""
    terms: Mapping[str, Any]
    """See `terms_of`."""
    limits: Limits
    """Those of all, and its own."""


@dataclass(frozen=True)
class Binding:
    """What a person's yes to an action binds of a bot that trades with real money."""

    bot_id: str | None
    """None for a bot that is not there yet."""
    spec: BotSpec
    """As it would be."""
    venue: str
    facts: MandateFacts
    enters: bool
    """Whether the action lets it enter from now on, so that a yes is its mandate."""

    @property
    def numbers(self) -> dict[str, str]:
        """What the person is shown of it."""
        return {
            "venue": self.venue,
            "strategy": self.spec.strategy,
            "source": self.facts.source or "-",
            "pairs": ", ".join(self.spec.pairs),
            "stake": f"{self.spec.stake:f}",
            "trades": str(self.spec.max_open_trades),
            "currency": self.spec.stake_currency,
        }


def terms_of(spec: BotSpec) -> dict[str, Any]:
    """All settings of a bot that shape what it does, as JSON has them; pairs in order of name."""
    terms = spec.model_dump(mode="json", exclude=set(NOT_TRADING))
    return {**terms, "pairs": sorted(terms["pairs"])}


def source_hash(source: bytes) -> str:
    """SHA-256 of a strategy's source, whatever ends its lines: a bot's copy may end them otherwise."""
    return hashlib.sha256(source.replace(b"\r\n", b"\n").replace(b"\r", b"\n")).hexdigest()


def limits_of(limits: Limits, bot_id: str) -> Limits:
    """What of the limits holds for a bot: those of all, and its own."""
    own = limits.bots.get(bot_id)
    return limits.model_copy(update={"bots": {} if own is None else {bot_id: own}})


def compare(mandate: MandateFacts, found: MandateFacts, bot_id: str) -> str | None:
    """Why a mandate does not hold for what is found; None where it does. Pure.

    The name of what differs: `source` (`source_unreadable` where there is none), a setting such as `pairs` or
    `stake`, or `limits.max_trade` where one is looser than it was; tighter is fine.
    """
    if found.source is None:
        return UNREADABLE
    if found.source != mandate.source:
        return "source"
    for name in sorted(mandate.terms.keys() | found.terms.keys()):
        if _text(mandate.terms, name) != _text(found.terms, name):
            return name
    before, after = (_effective(facts.limits, bot_id) for facts in (mandate, found))
    looser = after.loosened_from(before)
    return f"limits.{looser[0]}" if looser else None


class Mandates:
    """Gives, voids and reads them; a bot has at most one that holds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def grant(self, session: Session, bot_id: str, facts: MandateFacts, *, by: str, proposal_id: str) -> MandateRow:
        """Adds to the transaction in which a person's word is written down; ends the one before.

        Raises `ValueError` where the source could not be read.
        """
        if facts.source is None:
            raise ValueError(f"the source of bot {bot_id} cannot be read")
        _void(session, bot_id, SUPERSEDED)
        row = MandateRow(
            id=uuid4().hex,
            bot_id=bot_id,
            confirmed_by=by,
            proposal_id=proposal_id,
            source=facts.source,
            terms=dict(facts.terms),
            limits=limits_of(facts.limits, bot_id).model_dump(mode="json"),
        )
        session.add(row)
        return row

    def end(self, session: Session, proposal_id: str, reason: str) -> None:
        """In the transaction that writes down what became of a proposal: the mandate that it gave holds no more."""
        _end(session, col(MandateRow.proposal_id) == proposal_id, reason)

    def void(self, bot_id: str, reason: str) -> None:
        """Ends the bot's mandate, if there is one."""
        with self._store.writing() as session:
            _void(session, bot_id, reason)

    def read(self, bot_id: str) -> MandateRow | None:
        """The one that holds; where none does the newest, by the clock, which may have been set back."""
        newest = col(MandateRow.voided_at).is_not(None), col(MandateRow.at).desc()
        query = select(MandateRow).where(MandateRow.bot_id == bot_id).order_by(*newest).limit(1)
        with self._store.session() as session:
            return session.exec(query).first()

    def check(self, bot_id: str, found: MandateFacts) -> str | None:
        """Why the bot has none that holds; None where it has. What does not hold is voided, in writing."""
        row = self.read(bot_id)
        if row is None:
            return NONE
        if row.voided_at is not None:
            return row.void_reason or "void"
        reason = compare(facts_of(row), found, bot_id)
        if reason not in (None, UNREADABLE):
            with self._store.writing() as session:
                _end(session, col(MandateRow.id) == row.id, reason)
        return reason


def facts_of(row: MandateRow) -> MandateFacts:
    """What was confirmed."""
    return MandateFacts(row.source, row.terms, Limits.model_validate(row.limits))


def _text(terms: Mapping[str, Any], name: str) -> str | None:
    """A term as JSON, where a number, its like with a point and a yes are told apart; None where there is none."""
    return json.dumps(terms[name], sort_keys=True) if name in terms else None


def _effective(limits: Limits, bot_id: str) -> Limits:
    return limits.of(bot_id).model_copy(update={"bots": {}})


def _void(session: Session, bot_id: str, reason: str) -> None:
    _end(session, col(MandateRow.bot_id) == bot_id, reason)


def _end(session: Session, which: ColumnElement[bool], reason: str) -> None:
    valid = which & col(MandateRow.voided_at).is_(None)
    session.connection().execute(update(MandateRow).where(valid).values(voided_at=now(), void_reason=reason[:100]))
