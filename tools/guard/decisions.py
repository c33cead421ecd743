"""What becomes of proposals: confirmed by a person and judged again, denied, expired, or cut off and read back."""

import hmac
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from tools.actions import Action, ResumeBot, StartBot
from tools.cards import ProposalCard, RefusalCard
from tools.errors import Problem
from tools.guard.account import Account, Case, Seen
from tools.guard.actor import GUARD, Actor
from tools.guard.audit import Audit
from tools.guard.execution import Execution, Executor
from tools.guard.judge import judge, risk_of
from tools.guard.live_check import KEY_RULES
from tools.guard.mandates import START_FAILED, UNREADABLE, Binding, Mandates
from tools.guard.proposals import LOOSENS_IN, Proposals, receipt_of
from tools.guard.snapshot import Snapshot
from tools.guard.submissions import Outcome
from tools.guard.verdict import Allow, NeedsConfirmation, Refuse, Rule, Verdict, Why
from tools.store.tables import ProposalRow
from tools.views import ProposalStatus, ProposalView

log = logging.getLogger(__name__)

Forgive = Callable[[str, str, str], None]
"""A bot, the rule that a person overrules for it, and the door through which."""


class Decisions:
    """Decides on proposals, one at a time for each bot."""

    def __init__(  # noqa: PLR0913  what stands on both sides of it
        self,
        look: Callable[[Action | None], Snapshot],
        executor: Executor,
        execution: Execution,
        account: Account,
        audit: Audit,
        proposals: Proposals,
        mandates: Mandates,
        facts_of: Callable[[Action, Snapshot], dict[str, str]],
        tell: Callable[[ProposalView], None],
        forgive: Forgive,
        clock: Callable[[], datetime],
        loosens_in: timedelta | None = None,
    ) -> None:
        self._look = look
        self._executor = executor
        self._execution = execution
        self._account = account
        self._audit = audit
        self._proposals = proposals
        self._mandates = mandates
        self._facts_of = facts_of
        self._tell = tell
        self._forgive = forgive
        self._clock = clock
        self._loosens_in = loosens_in

    async def confirm(self, proposal_id: str, shown_hash: str, actor: Actor) -> Outcome:
        """Has the action done, or for a loosening begins its wait; raises `Problem` where there is no saying yes."""
        action = self._proposals.action_of(self._decidable(proposal_id, shown_hash, actor, ("pending",)))
        async with self._executor.exclusively(action):
            row = self._decidable(proposal_id, shown_hash, actor, ("pending",))
            return await self._go_on(row, action, actor)

    def deny(self, proposal_id: str, shown_hash: str, actor: Actor) -> ProposalCard:
        """Ends a proposal, also one that was confirmed and waits for its time."""
        row = self._decidable(proposal_id, shown_hash, actor, ("pending", "waiting"))
        word = self._word(row, actor, "refuse")
        denied = self._move(row, "denied", word, decided_at=self._clock(), decided_by=actor.door)
        if denied is None:
            raise self._taken(row, actor)
        return ProposalCard(proposal=self._proposals.view(denied))

    async def tick(self) -> None:
        """Lets what has waited too long expire, and does the loosenings whose time has come."""
        at = self._clock()
        for row in self._proposals.find_by_status("pending", "waiting"):
            if row.status == "pending" and row.expires_at <= at:
                self._expire(row)
            elif row.status == "waiting" and row.effective_at is not None and row.effective_at <= at:
                await self._do_waited(row)

    def recover(self) -> None:
        """After a crash: what was cut off half-way is read back, and never done again by itself."""
        for row in self._proposals.find_by_status("executing"):
            seen, actor = self._read_back(row), _decider(row)
            if seen is None:
                word = self._word(row, actor, "confirm", phase="failed", rule="interrupted")
                self._move(row, "interrupted", self._ending(row, word))
            else:
                action = self._proposals.action_of(row)
                self._account.done(Case(row.submission, action, actor, action.risk), seen)
                self._move(row, "done")

    def _read_back(self, row: ProposalRow) -> Seen | None:
        try:
            return self._executor.read_back(self._proposals.action_of(row), row.executing_at or row.created_at)
        except Problem as problem:
            log.warning("proposal %s cannot be read back: %s", row.id, problem)
            return None

    def _decidable(
        self, proposal_id: str, shown_hash: str, actor: Actor, statuses: tuple[ProposalStatus, ...]
    ) -> ProposalRow:
        """The proposal, if this actor may decide on it with this hash now; every attempt that fails is written down."""
        try:
            row = self._proposals.find(proposal_id)
        except Problem as problem:
            self._account.invalid(proposal_id[:40], {"kind": "decide", "proposal": proposal_id}, actor, problem)
            raise
        objection = self._objection(row, shown_hash, actor, statuses)
        if objection is not None:
            self._note_attempt(row, actor, objection)
            raise objection
        return row

    def _objection(
        self, row: ProposalRow, shown_hash: str, actor: Actor, statuses: tuple[ProposalStatus, ...]
    ) -> Problem | None:
        if not actor.may_confirm:
            return Problem("forbidden_scope", 403, scope="confirm")
        if row.status == "pending" and row.expires_at <= self._clock():
            self._expire(row)
            return Problem("proposal_expired", 409, proposal=row.id)
        if row.status == "expired":
            return Problem("proposal_expired", 409, proposal=row.id)
        if row.status not in statuses:
            return Problem("already_decided", 409, proposal=row.id, status=row.status)
        if not hmac.compare_digest(row.hash.encode(), shown_hash.encode(errors="replace")):
            return Problem("wrong_hash", 409, proposal=row.id)
        return None if self._is_as_shown(row) else Problem("wrong_hash", 409, proposal=row.id)

    def _is_as_shown(self, row: ProposalRow) -> bool:
        """Whether nothing of it has changed since it was made, by what the audit holds, which cannot be changed.

        That the row says it is still open is not enough either: the last word on it must be the question, or for one
        that waits the yes that it waits by.
        """
        try:
            self._proposals.action_of(row)
        except Problem:
            return False
        asked = self._audit.read_newest(1, submission=row.submission, phase="proposed")
        if not asked or asked[0].receipt != receipt_of(row):
            return False
        last = self._audit.read_last_word(row.submission)
        if row.status == "waiting":
            return last is not None and last.verdict == "confirm" and last.receipt == _wait_of(row)
        return last is not None and last.id == asked[0].id

    def _expire(self, row: ProposalRow) -> None:
        """Once, whoever comes upon it first."""
        word = self._word(row, GUARD, "expire", rule="proposal_expired", numbers={"proposal": row.id})
        self._move(row, "expired", word, decided_at=self._clock())

    async def _go_on(self, row: ProposalRow, action: Action, actor: Actor) -> Outcome:
        """Judged again by what is so now, written down, and then done, or for a loosening left to wait."""
        try:
            await self._executor.prepare(action)
        except Problem as problem:
            self._fail(row, actor, problem)
            raise
        binding = self._executor.bind(action)
        if (refusal := self._refusal(row, action, binding)) is not None:
            return self._refuse(row, action, actor, refusal)
        if row.status == "pending" and row.why == Why.LOOSENING:
            return self._begin_wait(row, actor)
        return await self._do(row, action, actor, binding)

    def _begin_wait(self, row: ProposalRow, actor: Actor) -> ProposalCard:
        at = self._clock()
        until = at + (LOOSENS_IN if self._loosens_in is None else self._loosens_in)
        waiting = self._move(
            row, "waiting", self._word(row, actor, "confirm", receipt=_wait(row.id, until)), decided_at=at,
            decided_by=actor.door, decider=actor.model_dump(mode="json"), effective_at=until,
        )  # fmt: skip
        if waiting is None:
            raise self._taken(row, actor)
        return ProposalCard(proposal=self._proposals.view(waiting))

    async def _do(self, row: ProposalRow, action: Action, actor: Actor, binding: Binding | None) -> Outcome:
        """Taken by whoever is first: with a person's yes, or where that was said before, since its time has come."""
        at = self._clock()
        word = self._word(row, actor, "confirm" if row.status == "pending" else "allow")
        if binding is not None and binding.enters:
            word = self._granting(row, actor, binding)
        taken = self._move(
            row, "executing", word, executing_at=at, decided_at=row.decided_at or at,
            decided_by=actor.door, decider=actor.model_dump(mode="json"),
        )  # fmt: skip
        if taken is None:
            raise self._taken(row, actor)
        return await self._execute(taken, action, actor)

    async def _execute(self, row: ProposalRow, action: Action, actor: Actor) -> Outcome:
        if row.why == Why.BREAKER and isinstance(action, StartBot | ResumeBot):
            self._forgive(action.bot_id, row.numbers.get("rule", ""), actor.door)
        try:
            receipt = await self._execution.do(Case(row.submission, action, actor, risk_of(action, self._look(action))))
        except Problem as problem:
            self._move(row, "failed", self._ending(row), rule=problem.kind, rule_numbers=dict(problem.numbers))
            raise
        except Exception as error:
            self._move(row, "failed", self._ending(row), rule="internal", rule_numbers={"id": type(error).__name__})
            raise
        self._move(row, "done")
        return receipt

    async def _do_waited(self, row: ProposalRow) -> None:
        try:
            action, actor = self._confirmed(row)
            async with self._executor.exclusively(action):
                await self._go_on(row, action, actor)
        except Exception as error:  # noqa: BLE001  the others' time has come, too
            log.warning("proposal %s was not done: %s", row.id, error)

    def _confirmed(self, row: ProposalRow) -> tuple[Action, Actor]:
        """What was shown, and who said yes to it, by the audit. Raises `Problem("wrong_hash")`."""
        said = self._audit.read_last_word(row.submission)
        if said is not None and self._is_as_shown(row) and said.action.get("hash") == row.hash:
            return self._proposals.action_of(row), Actor.model_validate(said.actor)
        problem = Problem("wrong_hash", 409, proposal=row.id)
        self._fail(row, _decider(row), problem)
        raise problem

    def _fail(self, row: ProposalRow, actor: Actor, problem: Problem) -> None:
        """Ends a proposal that cannot be done as it stands."""
        why = {"rule": problem.kind, "numbers": dict(problem.numbers)}
        word = self._word(row, actor, "confirm", phase="failed", **why)
        self._move(
            row, "failed", word, decided_at=row.decided_at or self._clock(), rule=why["rule"],
            rule_numbers=why["numbers"],
        )  # fmt: skip

    def _refusal(self, row: ProposalRow, action: Action, binding: Binding | None) -> Refuse | None:
        """Why an action may not be done any more: the world moved, or it is not what was shown."""
        facts = self._look(action)
        if facts.panic and row.why == Why.LOOSENING:
            return Refuse(Rule.PANIC)
        changed = _find_changed(row.facts, self._facts_of(action, facts)) or _find_unbound(row, binding)
        if changed is not None and not changed.numbers.get("what", "").startswith("key."):
            return changed
        verdict = judge(action, Actor.model_validate(row.actor), facts)
        if isinstance(verdict, Refuse) and verdict.rule in KEY_RULES:
            return verdict
        return changed or _still_refused(verdict, row.why)

    def _refuse(self, row: ProposalRow, action: Action, actor: Actor, refusal: Refuse) -> RefusalCard:
        refused = self._move(
            row, "refused", decided_at=self._clock(), decided_by=actor.door, rule=refusal.rule,
            rule_numbers=dict(refusal.numbers),
        )  # fmt: skip
        if refused is None:
            raise self._taken(row, actor)
        return self._account.refused(Case(row.submission, action, actor), refusal)

    def _move(
        self, row: ProposalRow, to: ProposalStatus, word: Callable[[Session], object] | None = None, **values: Any
    ) -> ProposalRow | None:
        """The row in its new status, with the audit line that says so; neither where somebody else was first."""
        moved = self._proposals.move(row, to=to, write_down=word, **values)
        if moved is not None:
            self._tell(self._proposals.view(moved))
        return moved

    def _word(
        self, row: ProposalRow, actor: Actor, verdict: str, *, phase: str = "decided", **told: Any
    ) -> Callable[[Session], object]:
        """An audit line to be written in the transaction of what it says."""
        content = _content(row)
        return lambda session: self._audit.add(session, row.submission, phase, content, actor, verdict=verdict, **told)

    def _granting(self, row: ProposalRow, actor: Actor, binding: Binding) -> Callable[[Session], object]:
        """A person's yes and the mandate that it is: both, or neither."""
        assert binding.bot_id is not None

        def write(session: Session) -> None:
            mandate = self._mandates.grant(
                session, str(binding.bot_id), binding.facts, by=actor.door, proposal_id=row.id
            )
            self._word(row, actor, "confirm", receipt={"mandate": mandate.id, "source": mandate.source})(session)

        return write

    def _ending(self, row: ProposalRow, word: Callable[[Session], object] | None = None) -> Callable[[Session], object]:
        """The mandate that a proposal gave ends, in the transaction that says that nothing came of it."""

        def write(session: Session) -> None:
            if word is not None:
                word(session)
            self._mandates.end(session, row.id, START_FAILED)

        return write

    def _taken(self, row: ProposalRow, actor: Actor) -> Problem:
        problem = Problem("already_decided", 409, proposal=row.id, status=self._proposals.find(row.id).status)
        self._note_attempt(row, actor, problem)
        return problem

    def _note_attempt(self, row: ProposalRow, actor: Actor, problem: Problem) -> None:
        """A word that changes nothing is written down, too."""
        told = {"verdict": "invalid", "rule": problem.kind, "numbers": problem.numbers}
        self._audit.write(row.submission, "decided", _content(row), actor, **told)


PRICE_MOVED = Decimal("0.02")
"""A price that moved by more than this share since it was shown is another price."""


def _find_changed(shown: dict[str, str], now: dict[str, str]) -> Refuse | None:
    for what, before in shown.items():
        after = now.get(what, "")
        if after != before and not (what == "price" and _is_near(before, after)):
            return Refuse(Rule.FACTS_CHANGED, {"what": what, "before": before[:80], "after": after[:80]})
    return None


def _find_unbound(row: ProposalRow, binding: Binding | None) -> Refuse | None:
    """Of what a yes would bind, the source must be there, and must be the one that was shown."""
    if binding is None or not binding.enters:
        return None
    if binding.facts.source is None:
        return Refuse(Rule.MANDATE_VOID, {"reason": UNREADABLE})
    shown = row.numbers.get("source", "")
    if shown == binding.facts.source:
        return None
    return Refuse(Rule.FACTS_CHANGED, {"what": "strategy", "before": shown, "after": binding.facts.source})


def _is_near(before: str, after: str) -> bool:
    try:
        return abs(Decimal(after) - Decimal(before)) <= PRICE_MOVED * Decimal(before)
    except ArithmeticError:
        return False


def _still_refused(verdict: Verdict, shown: str) -> Refuse | None:
    """A person said yes to what was shown, and to no other reason."""
    match verdict:
        case Refuse():
            return verdict
        case NeedsConfirmation(why=why) if why != shown:
            return Refuse(Rule.FACTS_CHANGED, {"what": "why", "before": shown, "after": why})
        case Allow() | NeedsConfirmation():
            return None


def _decider(row: ProposalRow) -> Actor:
    return Actor.model_validate(row.decider or row.actor)


def _content(row: ProposalRow) -> dict[str, str]:
    return {"kind": row.action_kind, "proposal": row.id, "hash": row.hash}


def _wait(proposal_id: str, until: datetime) -> dict[str, str]:
    """What a person's yes to a loosening comes to: until when it waits."""
    return {"proposal": proposal_id, "effective_at": until.isoformat()}


def _wait_of(row: ProposalRow) -> dict[str, str] | None:
    return _wait(row.id, row.effective_at) if row.effective_at else None
