"""The gate: the one way from an action to its effect."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from tools.actions import Action, Panic, PauseBot, UnknownAction, read_action
from tools.cards import ProposalCard
from tools.errors import Problem
from tools.guard.account import Account, Case
from tools.guard.actor import GUARD, Actor
from tools.guard.asking import Asking
from tools.guard.audit import Audit
from tools.guard.decisions import Decisions, Forgive
from tools.guard.execution import Execution, Executor
from tools.guard.judge import LOWERING, find_beyond_limits, judge, risk_of
from tools.guard.limits import LimitsChange
from tools.guard.mandates import Mandates
from tools.guard.proposals import Proposals
from tools.guard.reservations import Reservations
from tools.guard.snapshot import Snapshot
from tools.guard.submissions import Outcome, Submissions, digest_of, reused
from tools.guard.verdict import Allow, NeedsConfirmation, Refuse, Rule
from tools.store.tables import now
from tools.views import PreviewView, ProposalView

T = TypeVar("T")

log = logging.getLogger(__name__)


class Gate:
    """Judges every action, writes it down, and has it done, or has a person asked."""

    def __init__(  # noqa: PLR0913  what stands on both sides of it
        self,
        look: Callable[[Action | None], Snapshot],
        executor: Executor,
        audit: Audit,
        proposals: Proposals,
        mandates: Mandates,
        submissions: Submissions,
        reservations: Reservations,
        tell: Callable[[ProposalView], None],
        forgive: Forgive = lambda *_: None,
        clock: Callable[[], datetime] = now,
        loosens_in: timedelta | None = None,
    ) -> None:
        self._look = look
        self._executor = executor
        self._submissions = submissions
        self._account = account = Account(audit)
        self._execution = execution = Execution(executor, account)
        self._asking = Asking(look, executor, execution, account, audit, proposals, reservations, tell)
        self._decisions = Decisions(
            look, executor, execution, account, audit, proposals, mandates, self._asking.facts_of, tell, forgive,
            clock, loosens_in,
        )  # fmt: skip
        self._under_way: set[asyncio.Task[Any]] = set()
        self._keyed: dict[str, tuple[str, asyncio.Task[Any]]] = {}

    async def submit(
        self, action: Action | dict[str, Any], actor: Actor, key: str | None = None, because: Refuse | None = None
    ) -> Outcome:
        """A receipt for what was done, the refusal, or the proposal that waits for a person.

        A repeated `key` answers with what the first submission came to. Raises `Problem` where the request makes no
        sense as it stands, or could not be carried out: nothing is left half-done then. An audit line is written in
        every case, and before anything is done. What has begun is finished even if the caller stops waiting. `because`
        is the rule for which the guard itself acts.
        """
        if key is None:
            return await self._finish(self._submit(action, actor, because))
        digest = digest_of(action)
        asked, running = self._keyed.get(key, (digest, None))
        if asked != digest:
            raise reused(key)
        if running is not None:
            outcome: Outcome = await asyncio.shield(running)
            return outcome
        return await self._finish(self._submit_once(action, actor, key), (key, digest))

    async def confirm(self, proposal_id: str, shown_hash: str, actor: Actor) -> Outcome:
        """A person's yes to exactly what was shown: a receipt, a refusal by what is so now, or a wait that begins.

        Raises `Problem`: `unknown_proposal`, `forbidden_scope`, `already_decided`, `proposal_expired`, `wrong_hash`.
        """
        return await self._finish(self._then_hold(self._decisions.confirm(proposal_id, shown_hash, actor)))

    async def deny(self, proposal_id: str, shown_hash: str, actor: Actor) -> ProposalCard:
        """A person's no, also to what was confirmed and still waits. Raises as `confirm` does."""
        return self._decisions.deny(proposal_id, shown_hash, actor)

    async def tick(self) -> None:
        """Does what the clock demands of proposals; to be called every second or so."""
        await self._finish(self._then_hold(self._decisions.tick()))

    def recover(self) -> None:
        """Once, before anything else is submitted: ends what a crash cut off, and does none of it again."""
        self._decisions.recover()

    async def settle(self) -> None:
        """Waits until everything under way is finished."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def preview(self, changes: LimitsChange) -> PreviewView:
        """The entry orders of the last 30 days under other limits. Raises `pydantic.ValidationError`."""
        limits = self._look(None).limits
        return await self._asking.preview(limits, changes.applied_to(limits))

    async def _finish(self, work: Coroutine[Any, Any, T], keyed: tuple[str, str] | None = None) -> T:
        """Sees work through even if the caller stops waiting."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        if keyed is not None:
            key, digest = keyed
            self._keyed[key] = digest, task
            task.add_done_callback(lambda _: self._keyed.pop(key, None))
        return await asyncio.shield(task)

    async def _submit_once(self, action: Action | dict[str, Any], actor: Actor, key: str) -> Outcome:
        try:
            known = self._submissions.find(key, action)
        except Problem as problem:
            self._account.invalid(uuid4().hex, action, actor, problem)
            raise
        except SQLAlchemyError as unwritten:
            self._brace(action, actor, unwritten)
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

    async def _submit(self, action: Action | dict[str, Any], actor: Actor, because: Refuse | None = None) -> Outcome:
        submission = uuid4().hex
        try:
            action = _read(action, actor)
        except UnknownAction as unknown:
            kind = str(unknown)[:60]
            return self._account.unknown(submission, kind, actor, Refuse(Rule.UNKNOWN_ACTION, {"kind": kind}))
        except Problem as problem:
            self._account.invalid(submission, action, actor, problem)
            raise
        try:
            return await self._then_hold(self._take(Case(submission, action, actor, action.risk, because)))
        except SQLAlchemyError as unwritten:
            self._brace(action, actor, unwritten)
            raise

    def _brace(self, asked: Action | dict[str, Any], actor: Actor, unwritten: SQLAlchemyError) -> None:
        """A panic stop that cannot be written down is not done, but nothing enters from now on.

        Raises `Problem("panic_not_written")` for one.
        """
        if isinstance(asked, Panic) and "operate" in actor.scopes:
            self._executor.brace(asked, actor)
            raise Problem("panic_not_written", 503) from unwritten

    async def _take(self, case: Case) -> Outcome:
        async with self._executor.exclusively(case.action):
            try:
                await self._executor.prepare(case.action)
            except Problem as problem:
                self._account.invalid(case.submission, case.action, case.actor, problem)
                raise
            return await self._judge_and_do(case)

    async def _judge_and_do(self, case: Case) -> Outcome:
        try:
            facts = self._look(case.action)
        except Exception:
            log.exception("the facts cannot be read")
            return await self._do_blindly(case)
        case = replace(case, risk=risk_of(case.action, facts))
        match judge(case.action, case.actor, facts):
            case Refuse() as refusal:
                return self._account.refused(case, refusal)
            case NeedsConfirmation() as needed:
                return await self._asking.propose(case, needed, facts)
            case Allow():
                self._account.allowed(case)
                return await self._execution.do(case)

    async def _do_blindly(self, case: Case) -> Outcome:
        """Without facts nothing is done but what lowers risk whatever they are."""
        if not isinstance(case.action, LOWERING) or case.actor.tainted:
            return self._account.refused(case, Refuse(Rule.STALE_SNAPSHOT))
        self._account.allowed(case)
        return await self._execution.do(case)

    async def _then_hold(self, work: Coroutine[Any, Any, T]) -> T:
        """Pauses, after limits changed, the running bots that were allowed under others and would not be under these.

        Nothing is held off meanwhile: a bot whose own limits changed could not be paused otherwise.
        """
        try:
            return await work
        finally:
            if self._execution.limits_changed:
                await self._hold_bots_to_limits()

    async def _hold_bots_to_limits(self) -> None:
        try:
            beyond = find_beyond_limits(self._look(None))
        except Exception:
            log.exception("the facts cannot be read: the bots are held to the new limits a little later")
            return
        self._execution.limits_changed = False
        await asyncio.gather(*(self._pause(bot_id, refusal) for bot_id, refusal in beyond))

    async def _pause(self, bot_id: str, refusal: Refuse) -> None:
        try:
            await self._submit(PauseBot(bot_id=bot_id), GUARD, refusal)
        except Problem as problem:
            log.warning("bot %s is beyond the limits and could not be paused: %s", bot_id, problem)


def _read(asked: Action | dict[str, Any], actor: Actor) -> Action:
    """The action. Raises `UnknownAction`, and `Problem` for one that makes no sense or that nobody may ask for here."""
    action = read_action(asked) if isinstance(asked, dict) else asked
    if "operate" not in actor.scopes:
        raise Problem("forbidden_scope", 403, scope="operate")
    return action
