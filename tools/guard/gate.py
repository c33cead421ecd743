"""The gate: the one way from an action to its effect."""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from sqlmodel import Session

from tools.actions import (
    Action,
    BlockPair,
    Panic,
    PauseBot,
    ReleasePanic,
    SetBotLimits,
    SetLimits,
    UnblockPair,
    UnknownAction,
    read_action,
)
from tools.cards import ProposalCard, ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.guard.actor import PERSONAL, Actor
from tools.guard.audit import Audit
from tools.guard.decisions import Decisions, Forgive
from tools.guard.effect import find_effect
from tools.guard.judge import LOWERING, apply_limits, find_beyond_limits, judge, risk_of
from tools.guard.limits import Limits, LimitsChange
from tools.guard.preview import DAYS, preview
from tools.guard.proposals import Draft, Proposals, receipt_of
from tools.guard.reservations import Reservations
from tools.guard.snapshot import Snapshot
from tools.guard.submissions import Outcome, Submissions, digest_of, reused
from tools.guard.verdict import Allow, NeedsConfirmation, Refuse, Rule, Why
from tools.store.tables import AuditRow, ProposalRow, now
from tools.views import BotView, GuardView, LimitsView, PreviewView, ProposalView, StrategyView

T = TypeVar("T")
Seen = BotView | LimitsView | GuardView | StrategyView
GUARD = Actor(door="guard", scopes=frozenset({"operate"}))
LOOSENING = (SetLimits, SetBotLimits, UnblockPair)
OPEN_PROPOSALS = 50
"""Of each session or token, and of the models that speak for it: none can crowd out another."""
PREVIEWED = 20_000
"""The newest orders that a preview judges again."""
STORED_CHARACTERS = 2000

log = logging.getLogger(__name__)


class Executor(Protocol):
    """Does what was allowed. Nobody but the gate calls it."""

    def exclusively(self, action: Action) -> AbstractAsyncContextManager[Any]:
        """Holds off other actions on the same bot, from before the judgement until the effect."""

    async def prepare(self, action: Action) -> None:
        """Raises `Problem` where the action cannot be done as it stands; changes nothing."""

    async def execute(self, action: Action, actor: Actor) -> Seen:
        """Does it, and reads back what is there now; what it takes of the limits is written before its first wait."""

    def fingerprint(self, action: Action) -> dict[str, str]:
        """What must still be so, by name, when a person confirms what was shown."""

    def read_back(self, action: Action, since: datetime) -> Seen | None:
        """What is there, if an action that was cut off has visibly taken effect since then."""


class Gate:
    """Judges every action, writes it down, and has it done, or has a person asked."""

    def __init__(  # noqa: PLR0913  what stands on both sides of it
        self,
        look: Callable[[Action | None], Snapshot],
        executor: Executor,
        audit: Audit,
        proposals: Proposals,
        submissions: Submissions,
        reservations: Reservations,
        tell: Callable[[ProposalView], None],
        forgive: Forgive = lambda *_: None,
        clock: Callable[[], datetime] = now,
        loosens_in: timedelta | None = None,
    ) -> None:
        self._look = look
        self._executor = executor
        self._audit = audit
        self._proposals = proposals
        self._submissions = submissions
        self._reservations = reservations
        self._tell = tell
        self._decisions = Decisions(self, look, executor, audit, proposals, tell, forgive, clock, loosens_in)
        self._under_way: set[asyncio.Task[Any]] = set()
        self._keyed: dict[str, tuple[str, asyncio.Task[Any]]] = {}
        self._limits_changed = False

    async def submit(self, action: Action | dict[str, Any], actor: Actor, key: str | None = None) -> Outcome:
        """A receipt for what was done, the refusal, or the proposal that waits for a person.

        A repeated `key` answers with what the first submission came to. Raises `Problem` where the request makes no
        sense as it stands, or could not be carried out: nothing is left half-done then. An audit line is written in
        every case, and before anything is done. What has begun is finished even if the caller stops waiting.
        """
        if key is None:
            return await self.finish(self._submit(action, actor))
        digest = digest_of(action)
        asked, running = self._keyed.get(key, (digest, None))
        if asked != digest:
            raise reused(key)
        if running is not None:
            outcome: Outcome = await asyncio.shield(running)
            return outcome
        return await self.finish(self._submit_once(action, actor, key), (key, digest))

    async def confirm(self, proposal_id: str, shown_hash: str, actor: Actor) -> Outcome:
        """A person's yes to exactly what was shown: a receipt, a refusal by what is so now, or a wait that begins.

        Raises `Problem`: `unknown_proposal`, `forbidden_scope`, `already_decided`, `proposal_expired`, `wrong_hash`.
        """
        return await self.finish(self._decisions.confirm(proposal_id, shown_hash, actor))

    async def deny(self, proposal_id: str, shown_hash: str, actor: Actor) -> ProposalCard:
        """A person's no, also to what was confirmed and still waits. Raises as `confirm` does."""
        return self._decisions.deny(proposal_id, shown_hash, actor)

    async def tick(self) -> None:
        """Does what the clock demands of proposals; to be called every second or so."""
        await self.finish(self._decisions.tick())

    def recover(self) -> None:
        """Once, before anything else is submitted: ends what a crash cut off, and does none of it again."""
        self._decisions.recover()

    async def finish(self, work: Coroutine[Any, Any, T], keyed: tuple[str, str] | None = None) -> T:
        """Sees work through even if the caller stops waiting."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        if keyed is not None:
            key, digest = keyed
            self._keyed[key] = digest, task
            task.add_done_callback(lambda _: self._keyed.pop(key, None))
        return await asyncio.shield(task)

    async def settle(self) -> None:
        """Waits until everything under way is finished."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def preview(self, changes: LimitsChange) -> PreviewView:
        """The entry orders of the last 30 days under other limits. Raises `pydantic.ValidationError`."""
        limits = self._look(None).limits
        return await self._preview(limits, changes.applied_to(limits))

    async def _submit_once(self, action: Action | dict[str, Any], actor: Actor, key: str) -> Outcome:
        try:
            known = self._submissions.find(key, action)
        except Problem as problem:
            self.write_invalid(uuid4().hex, action, actor, problem)
            raise
        if known is not None:
            return known
        try:
            outcome = await self._submit(action, actor)
        except Problem:
            self._submissions.forget(key)
            raise
        self._submissions.keep(key, outcome)
        return outcome

    async def _submit(self, action: Action | dict[str, Any], actor: Actor) -> Outcome:
        submission = uuid4().hex
        try:
            action = read_action(action) if isinstance(action, dict) else action
        except UnknownAction as unknown:
            refusal = Refuse(Rule.UNKNOWN_ACTION, {"kind": str(unknown)[:60]})
            return self.refuse(submission, {"kind": str(unknown)[:60]}, actor, refusal)
        except Problem as problem:
            self.write_invalid(submission, action, actor, problem)
            raise
        if "operate" not in actor.scopes:
            missing = Problem("forbidden_scope", 403, scope="operate")
            self.write_invalid(submission, action, actor, missing)
            raise missing
        async with self._executor.exclusively(action):
            outcome = await self._judge_and_do(submission, action, actor)
        await self.hold_bots_to_limits()
        return outcome

    async def _judge_and_do(self, submission: str, action: Action, actor: Actor) -> Outcome:
        try:
            await self._executor.prepare(action)
        except Problem as problem:
            self.write_invalid(submission, action, actor, problem)
            raise
        try:
            facts = self._look(action)
        except Exception:
            log.exception("the facts cannot be read")
            return await self._do_blindly(submission, action, actor)
        risk = risk_of(action, facts)
        match judge(action, actor, facts):
            case Refuse() as refusal:
                return self.refuse(submission, action, actor, refusal, risk)
            case NeedsConfirmation() as needed:
                return await self._propose(submission, action, actor, needed, facts)
            case Allow():
                self._audit.write(submission, "judged", action, actor, verdict="allow", risk=risk)
                return await self.do(submission, action, actor, risk)

    async def _do_blindly(self, submission: str, action: Action, actor: Actor) -> Outcome:
        """Without facts nothing is done but what lowers risk whatever they are."""
        if not isinstance(action, LOWERING) or actor.tainted:
            refusal = Refuse(Rule.STALE_SNAPSHOT, {"age_s": "-", "max_s": "0"})
            return self.refuse(submission, action, actor, refusal, action.risk)
        self._audit.write(submission, "judged", action, actor, verdict="allow", risk=action.risk)
        return await self.do(submission, action, actor, action.risk)

    async def _propose(
        self, submission: str, action: Action, actor: Actor, needed: NeedsConfirmation, facts: Snapshot
    ) -> Outcome:
        """Asks a person; what only tightens is done at once."""
        risk = risk_of(action, facts)
        if actor.door not in PERSONAL and actor.door != "mcp":
            return self.refuse(submission, action, actor, _without_a_person(needed), risk)
        if isinstance(action, SetLimits) and needed.why is Why.LOOSENING:
            action, facts = await self._tighten_first(submission, action, actor, facts)
        if isinstance(action, Panic):
            await self._stop_first(submission, actor, risk)
        draft = Draft(
            submission=submission,
            why=needed.why,
            numbers=needed.numbers,
            facts=self.facts_of(action, facts),
            effect=find_effect(action, facts),
            preview=await self._preview_of(action, facts) if needed.why is Why.LOOSENING else None,
        )
        return ProposalCard(proposal=self._ask(action, actor, draft, risk))

    def _ask(self, action: Action, actor: Actor, draft: Draft, risk: str) -> ProposalView:
        """The same question is asked once; the audit line is there before anyone can answer."""
        waiting = self._proposals.find_same(action, actor, draft.facts)
        opened = 0 if isinstance(action, ReleasePanic) else self._proposals.count_open(actor)
        if waiting is None and opened >= OPEN_PROPOSALS:
            problem = Problem("too_many_proposals", 429, count=opened, max=OPEN_PROPOSALS)
            self.write_invalid(draft.submission, action, actor, problem)
            raise problem
        told: dict[str, Any] = {"verdict": "confirm", "risk": risk, "rule": draft.why, "numbers": draft.numbers}
        if waiting is not None:
            again = {"proposal": waiting.id}
            self._audit.write(draft.submission, "proposed", action, actor, receipt=again, **told)
            return waiting

        def write_down(session: Session, row: ProposalRow) -> None:
            receipt = receipt_of(row)
            self._audit.add(session, draft.submission, "proposed", action, actor, receipt=receipt, **told)

        proposal = self._proposals.make(action, actor, draft, write_down)
        self._tell(proposal)
        return proposal

    async def _tighten_first(
        self, submission: str, action: SetLimits, actor: Actor, facts: Snapshot
    ) -> tuple[SetLimits, Snapshot]:
        tighter, looser = action.changes.split(facts.limits)
        if tighter.is_empty():
            return SetLimits(changes=looser), facts
        try:
            looser.applied_to(tighter.applied_to(facts.limits))
        except ValueError:
            return action, facts
        part = SetLimits(changes=tighter)
        self._audit.write(submission, "judged", part, actor, verdict="allow", risk=part.risk)
        await self.do(submission, part, actor, part.risk)
        return SetLimits(changes=looser), self._look(action)

    async def _stop_first(self, submission: str, actor: Actor, risk: str) -> None:
        """Whoever asks for everything to be sold: that nothing enters any more does not wait for an answer."""
        stop = Panic()
        self._audit.write(submission, "judged", stop, actor, verdict="allow", risk=risk)
        await self.do(submission, stop, actor, risk)

    def facts_of(self, action: Action, facts: Snapshot) -> dict[str, str]:
        """What must still be so when a person confirms: the bot, the strategy, the price, the limits that loosen."""
        return {**self._executor.fingerprint(action), **_limits_touched(action, facts)}

    async def _preview_of(self, action: Action, facts: Snapshot) -> PreviewView:
        after = apply_limits(action, facts.limits) if isinstance(action, LOOSENING) else facts.limits
        return await self._preview(facts.limits, after)

    async def _preview(self, before: Limits, after: Limits) -> PreviewView:
        """In a thread of its own: a busy month has many orders, and permits must not wait for them."""
        return await asyncio.to_thread(
            lambda: preview(self._reservations.read_asked(now() - DAYS, PREVIEWED), before, after)
        )

    async def do(self, submission: str, action: Action, actor: Actor, risk: str) -> ReceiptCard:
        """Has an action done that was allowed and written down, and writes down what came of it."""
        try:
            seen = await self._executor.execute(action, actor)
        except BaseException as error:
            problem = error if isinstance(error, Problem) else Problem(type(error).__name__)
            self._audit.write(
                submission, "failed", action, actor, verdict="allow", risk=risk, rule=problem.kind,
                numbers=problem.numbers,
            )  # fmt: skip
            raise
        receipt = self.receipt(submission, action, actor, seen, risk)
        if isinstance(action, SetLimits | SetBotLimits | BlockPair):
            self._limits_changed = True
        return receipt

    async def hold_bots_to_limits(self) -> None:
        """Pauses the running bots that were allowed under other limits and would not be under these.

        Nothing is held off meanwhile: a bot whose own limits changed could not be paused otherwise.
        """
        changed, self._limits_changed = self._limits_changed, False
        for bot_id in find_beyond_limits(self._look(None)) if changed else ():
            try:
                await self._submit(PauseBot(bot_id=bot_id), GUARD)
            except Problem as problem:
                log.warning("bot %s is beyond the limits and could not be paused: %s", bot_id, problem)

    def receipt(self, submission: str, action: Action, actor: Actor, seen: Seen, risk: str) -> ReceiptCard:
        """Writes down what is there now, and tells it."""
        told = seen.model_dump(mode="json")
        row = self._audit.write(submission, "done", action, actor, verdict="allow", risk=risk, receipt=told)
        return ReceiptCard(
            audit_id=_id(row),
            action=action.kind,
            at=row.at,
            bot=seen if isinstance(seen, BotView) else None,
            limits=seen if isinstance(seen, LimitsView) else None,
            guard=seen if isinstance(seen, GuardView) else None,
            strategy=seen if isinstance(seen, StrategyView) else None,
        )

    def refuse(self, submission: str, action: Any, actor: Actor, refusal: Refuse, risk: str = "") -> RefusalCard:
        """Writes down a refusal, and tells it."""
        row = self._audit.write(
            submission, "judged", action, actor, verdict="refuse", risk=risk, rule=refusal.rule, numbers=refusal.numbers
        )
        return RefusalCard(
            audit_id=_id(row), action=row.action_kind, at=row.at, rule=refusal.rule, numbers=dict(refusal.numbers)
        )

    def write_invalid(self, submission: str, action: Any, actor: Actor, problem: Problem) -> None:
        """Writes down a request that made no sense."""
        self._audit.write(
            submission,
            "invalid",
            _storable(action),
            actor,
            verdict="invalid",
            rule=problem.kind,
            numbers=problem.numbers,
        )


def _without_a_person(needed: NeedsConfirmation) -> Refuse:
    """What a question comes to where nobody is there to be asked."""
    rules = {Why.LIVE: Rule.MANDATE_VOID, Why.TAINTED: Rule.TAINTED_TURN}
    return Refuse(rules.get(needed.why) or Rule(needed.numbers.get("rule", Rule.AGENT_CANNOT_LOOSEN)), needed.numbers)


def _limits_touched(action: Action, facts: Snapshot) -> dict[str, str]:
    """Each limit that an action changes, as it is now."""
    if not isinstance(action, SetLimits | SetBotLimits):
        return {}
    bounds = facts.limits.of(action.bot_id) if isinstance(action, SetBotLimits) else facts.limits
    names = action.changes.model_dump(exclude_unset=True, exclude_none=isinstance(action, SetLimits))
    return {f"limits.{name}": _plain(getattr(bounds, name)) for name in names}


def _plain(value: Any) -> str:
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _storable(action: Any) -> Any:
    """An action that could not be read, as JSON that can be kept: no NaN, nothing of a size that hurts."""
    if not isinstance(action, dict):
        return action
    text = json.dumps(action, default=str, allow_nan=True)[:STORED_CHARACTERS]
    return {"kind": str(action.get("kind", "?"))[:60], "asked": text.encode(errors="replace").decode()}


def _id(row: AuditRow) -> int:
    if row.id is None:
        raise RuntimeError("an audit line has no number: it was not written")
    return row.id
