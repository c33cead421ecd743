"""Actions that wait for a person: kept whole, confirmed once, and never taken up again by themselves after a crash."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import uuid4

from sqlalchemy import update
from sqlmodel import Session, col, select

from tools.actions import Action, UnknownAction, canonical, content_hash, read_action
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.verdict import Why
from tools.store.database import Store
from tools.store.tables import ProposalRow, now
from tools.views import EffectView, PreviewView, ProposalStatus, ProposalView

OPEN: tuple[ProposalStatus, ...] = ("pending", "waiting", "executing")
EXPIRES_IN = timedelta(minutes=10)
LOOSENS_IN = timedelta(minutes=10)
MADE_OF = (
    "id", "hash", "submission", "content", "action_kind", "bot_id", "actor", "why", "numbers", "facts", "effect",
    "preview", "conversation_id", "created_at", "expires_at",
)  # fmt: skip
"""What a proposal is from its beginning on; the rest is what becomes of it."""


@dataclass(frozen=True)
class Draft:
    """What a proposal is made of, beside its action and who asks."""

    submission: str
    why: Why
    numbers: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    effect: EffectView | None = None
    preview: PreviewView | None = None


class Proposals:
    """Every change of status is a compare-and-set on the row: of two who decide at once, one does."""

    def __init__(
        self,
        store: Store,
        name_of: Callable[[str], str | None],
        clock: Callable[[], datetime] = now,
        *,
        expires_in: timedelta = EXPIRES_IN,
    ) -> None:
        self._store = store
        self._name_of = name_of
        self._clock = clock
        self._expires_in = expires_in

    def make(
        self,
        action: Action,
        actor: Actor,
        draft: Draft,
        write_down: Callable[[Session, ProposalRow], None] | None = None,
    ) -> ProposalView:
        """Keeps an action until a person decides on it, or it expires; `write_down` adds to the same transaction."""
        at = self._clock()
        row = ProposalRow(
            id=uuid4().hex[:12],
            hash=content_hash(action),
            submission=draft.submission,
            content=canonical(action),
            action_kind=action.kind,
            bot_id=getattr(action, "bot_id", None),
            actor=actor.model_dump(mode="json"),
            why=draft.why,
            numbers=dict(draft.numbers),
            facts=dict(draft.facts),
            effect=draft.effect.model_dump(mode="json") if draft.effect else None,
            preview=draft.preview.model_dump(mode="json") if draft.preview else None,
            status="pending",
            conversation_id=actor.conversation_id,
            created_at=at,
            expires_at=at + self._expires_in,
        )
        with self._store.writing() as session:
            session.add(row)
            if write_down is not None:
                write_down(session, row)
        return self.view(row)

    def find_same(self, action: Action, actor: Actor, facts: Mapping[str, str]) -> ProposalView | None:
        """The same question by the same asker in the same world, if it still waits for its answer."""
        content, asker = canonical(action), actor.model_dump(mode="json", include={"door", "agent", "tainted"})
        for row in self._select(("pending",)):
            same = row.content == content and asker.items() <= row.actor.items() and row.facts == dict(facts)
            if same and row.expires_at > self._clock():
                return self.view(row)
        return None

    def find(self, proposal_id: str) -> ProposalRow:
        """Raises `Problem("unknown_proposal")`."""
        with self._store.session() as session:
            row = session.get(ProposalRow, proposal_id)
        if row is None:
            raise Problem("unknown_proposal", 404, proposal=proposal_id[:40])
        return row

    def read(self, proposal_id: str) -> ProposalView:
        """Raises `Problem("unknown_proposal")`."""
        return self.view(self.find(proposal_id))

    def read_open(self) -> list[ProposalView]:
        """All that still wait, newest first."""
        return [self.view(row) for row in self._select(OPEN)]

    def count_open(self, actor: Actor) -> int:
        """How many of the same asker still wait: of the same session or token, by itself or by a model."""
        asker = actor.model_dump(mode="json", include={"door", "agent", "caller"})
        return sum(asker.items() <= row.actor.items() for row in self._select(OPEN))

    def read_newest(self, limit: int) -> list[ProposalView]:
        """Open and decided ones, newest first."""
        return [self.view(row) for row in self._select(get_args(ProposalStatus), limit)]

    def find_by_status(self, *statuses: ProposalStatus) -> list[ProposalRow]:
        return self._select(statuses)

    def action_of(self, row: ProposalRow) -> Action:
        """The action, of which not a byte differs from what was hashed. Raises `Problem("wrong_hash")`."""
        try:
            action = read_action(json.loads(row.content))
        except (UnknownAction, Problem, ValueError) as error:
            raise Problem("wrong_hash", 409, proposal=row.id) from error
        if hashlib.sha256(row.content.encode()).hexdigest() != row.hash or content_hash(action) != row.hash:
            raise Problem("wrong_hash", 409, proposal=row.id)
        return action

    def move(
        self,
        row: ProposalRow,
        *,
        to: ProposalStatus,
        write_down: Callable[[Session], object] | None = None,
        **values: Any,
    ) -> ProposalRow | None:
        """The row in its new status; None where somebody else has moved it in the meantime.

        `write_down` adds to the same transaction.
        """
        change = (
            update(ProposalRow)
            .where(col(ProposalRow.id) == row.id, col(ProposalRow.status) == row.status)
            .values(status=to, **values)
        )
        with self._store.writing() as session:
            if session.connection().execute(change).rowcount != 1:
                return None
            if write_down is not None:
                write_down(session)
        return self.find(row.id)

    def view(self, row: ProposalRow) -> ProposalView:
        return ProposalView(
            **row.model_dump(
                include={
                    "id", "hash", "action_kind", "why", "numbers", "status", "conversation_id", "bot_id", "effect",
                    "preview", "created_at", "expires_at", "effective_at", "decided_at", "decided_by", "rule",
                    "rule_numbers",
                }
            ),
            action=_shown(row.content),
            door=row.actor["door"],
            by_agent=row.actor["agent"],
            tainted=row.actor["tainted"],
            bot_name=self._name_of(row.bot_id) if row.bot_id else None,
        )  # fmt: skip

    def _select(self, statuses: Iterable[str], limit: int = 1000) -> list[ProposalRow]:
        query = (
            select(ProposalRow)
            .where(col(ProposalRow.status).in_(tuple(statuses)))
            .order_by(col(ProposalRow.created_at).desc())
            .limit(limit)
        )
        with self._store.session() as session:
            return list(session.exec(query))


def receipt_of(row: ProposalRow) -> dict[str, str]:
    """What the audit holds of a proposal: its id, and a hash over all of it that nothing changes later."""
    told = {name: getattr(row, name) for name in MADE_OF}
    text = json.dumps(told, sort_keys=True, ensure_ascii=True, default=str)
    return {"proposal": row.id, "seal": hashlib.sha256(text.encode()).hexdigest()}


def _shown(content: str) -> dict[str, Any]:
    """What stands there; nothing where it cannot be read, and then it cannot be confirmed either."""
    try:
        loaded = json.loads(content)
    except ValueError:
        return {}
    return loaded if isinstance(loaded, dict) else {}
