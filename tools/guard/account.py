"""What the gate writes down of a case, and the cards that tell it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.actions import Action
from tools.cards import ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.audit import Audit
from tools.guard.verdict import Refuse
from tools.store.tables import AuditRow
from tools.views import BotView, GuardView, LimitsView, ReconciliationView, StrategyView

Seen = BotView | LimitsView | GuardView | StrategyView | ReconciliationView
STORED_CHARACTERS = 2000


@dataclass(frozen=True)
class Case:
    """An action that was submitted, by whom, and what is known of it."""

    submission: str
    """One for all lines about it."""
    action: Action
    actor: Actor
    risk: str = ""
    because: Refuse | None = None
    """The rule for which the guard itself acts."""


class Account:
    """Each word is one line of the audit; where it cannot be written an exception stops what it is about."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit

    def allowed(self, case: Case) -> None:
        """Before it is done."""
        self._write(case, "judged", **_reason(case))

    def done(self, case: Case, seen: Seen) -> ReceiptCard:
        """After it was done, with what is there now."""
        row = self._write(case, "done", receipt=seen.model_dump(mode="json"), **_reason(case))
        return ReceiptCard(
            audit_id=_id(row),
            action=case.action.kind,
            at=row.at,
            bot=seen if isinstance(seen, BotView) else None,
            limits=seen if isinstance(seen, LimitsView) else None,
            guard=seen if isinstance(seen, GuardView) else None,
            strategy=seen if isinstance(seen, StrategyView) else None,
            reconciliation=seen if isinstance(seen, ReconciliationView) else None,
        )

    def failed(self, case: Case, problem: Problem) -> None:
        """It was begun and could not be carried out."""
        self._write(case, "failed", rule=problem.kind, numbers=problem.numbers)

    def refused(self, case: Case, refusal: Refuse) -> RefusalCard:
        return self._refused(case.submission, case.action, case.actor, refusal, case.risk)

    def unknown(self, submission: str, kind: str, actor: Actor, refusal: Refuse) -> RefusalCard:
        """An action of a kind that nobody declared was refused."""
        return self._refused(submission, {"kind": kind}, actor, refusal, "")

    def invalid(self, submission: str, asked: Action | Mapping[str, Any], actor: Actor, problem: Problem) -> None:
        """A request that made no sense."""
        told = {"verdict": "invalid", "rule": problem.kind, "numbers": problem.numbers}
        self._audit.write(submission, "invalid", _storable(asked), actor, **told)

    def _write(self, case: Case, phase: str, **told: Any) -> AuditRow:
        return self._audit.write(
            case.submission, phase, case.action, case.actor, verdict="allow", risk=case.risk, **told
        )

    def _refused(self, submission: str, action: Any, actor: Actor, refusal: Refuse, risk: str) -> RefusalCard:
        told = {"verdict": "refuse", "risk": risk, "rule": refusal.rule, "numbers": refusal.numbers}
        row = self._audit.write(submission, "judged", action, actor, **told)
        return RefusalCard(
            audit_id=_id(row), action=row.action_kind, at=row.at, rule=refusal.rule, numbers=dict(refusal.numbers)
        )


def _reason(case: Case) -> dict[str, Any]:
    return {"rule": case.because.rule, "numbers": case.because.numbers} if case.because else {}


def _storable(asked: Action | Mapping[str, Any]) -> Any:
    """What could not be read as an action, as JSON that can be kept: no NaN, nothing of a size that hurts."""
    if not isinstance(asked, dict):
        return asked
    text = json.dumps(asked, default=str, allow_nan=True)[:STORED_CHARACTERS]
    return {"kind": str(asked.get("kind", "?"))[:60], "asked": text.encode(errors="replace").decode()}


def _id(row: AuditRow) -> int:
    if row.id is None:
        raise RuntimeError("an audit line has no number: it was not written")
    return row.id
