"""The gate: the one way from an action to its effect."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol
from uuid import uuid4

from tools.actions import Action, PauseBot, SetLimits, UnknownAction, read_action
from tools.cards import ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.audit import Audit
from tools.guard.checks import find_beyond_limits, judge
from tools.guard.snapshot import Snapshot
from tools.guard.verdict import NeedsConfirmation, Refuse, Rule
from tools.store.tables import AuditRow
from tools.views import BotView, LimitsView

Outcome = ReceiptCard | RefusalCard
GUARD = Actor(door="guard", scopes=frozenset({"operate"}))

log = logging.getLogger(__name__)


class Executor(Protocol):
    """Does what was allowed. Nobody but the gate calls it."""

    def exclusively(self, action: Action) -> AbstractAsyncContextManager[Any]:
        """Holds off other actions on the same bot, from before the judgement until the effect."""

    async def prepare(self, action: Action) -> None:
        """Raises `Problem` where the action cannot be done as it stands; changes nothing."""

    async def execute(self, action: Action, actor: Actor) -> BotView | LimitsView:
        """Does it, and reads back what is there now; what it takes of the limits is written before its first wait."""


class Gate:
    """Judges every action, writes it down, and has it done."""

    def __init__(self, look: Callable[[], Snapshot], executor: Executor, audit: Audit) -> None:
        self._look = look
        self._executor = executor
        self._audit = audit
        self._under_way: set[asyncio.Task[Outcome]] = set()

    async def submit(self, action: Action | dict[str, Any], actor: Actor) -> Outcome:
        """A receipt for what was done, or the refusal.

        Raises `Problem` where the request makes no sense as it stands, or could not be carried out: nothing is left
        half-done then. An audit line is written in every case, and before anything is done. What has begun is finished
        even if the caller stops waiting.
        """
        task = asyncio.create_task(self._submit(action, actor))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def settle(self) -> None:
        """Waits until everything under way is finished."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _submit(self, action: Action | dict[str, Any], actor: Actor) -> Outcome:
        submission = uuid4().hex
        try:
            action = read_action(action) if isinstance(action, dict) else action
        except UnknownAction as unknown:
            refusal = Refuse(Rule.UNKNOWN_ACTION, {"kind": str(unknown)[:60]})
            return self._refuse(submission, {"kind": str(unknown)[:60]}, actor, refusal)
        except Problem as problem:
            self._write_invalid(submission, action, actor, problem)
            raise
        async with self._executor.exclusively(action):
            return await self._judge_and_do(submission, action, actor)

    async def _judge_and_do(self, submission: str, action: Action, actor: Actor) -> Outcome:
        try:
            await self._executor.prepare(action)
        except Problem as problem:
            self._write_invalid(submission, action, actor, problem)
            raise
        match judge(action, actor, self._look()):
            case Refuse() as refusal:
                return self._refuse(submission, action, actor, refusal)
            case NeedsConfirmation():
                return self._refuse(submission, action, actor, Refuse(Rule.TAINTED_TURN))
        self._audit.write(submission, "judged", action, actor, verdict="allow")
        receipt = await self._do(submission, action, actor)
        if isinstance(action, SetLimits):
            await self._hold_bots_to_limits()
        return receipt

    async def _hold_bots_to_limits(self) -> None:
        """Pauses the running bots that were allowed under other limits and would not be under these."""
        for bot_id in find_beyond_limits(self._look()):
            try:
                await self._submit(PauseBot(bot_id=bot_id), GUARD)
            except Problem as problem:
                log.warning("bot %s is beyond the limits and could not be paused: %s", bot_id, problem)

    async def _do(self, submission: str, action: Action, actor: Actor) -> ReceiptCard:
        try:
            seen = await self._executor.execute(action, actor)
        except BaseException as error:
            problem = error if isinstance(error, Problem) else Problem(type(error).__name__)
            self._audit.write(
                submission, "failed", action, actor, verdict="allow", rule=problem.kind, numbers=problem.numbers
            )
            raise
        row = self._audit.write(
            submission, "done", action, actor, verdict="allow", receipt=seen.model_dump(mode="json")
        )
        return ReceiptCard(
            audit_id=_id(row),
            action=action.kind,
            at=row.at,
            bot=seen if isinstance(seen, BotView) else None,
            limits=seen if isinstance(seen, LimitsView) else None,
        )

    def _refuse(self, submission: str, action: Any, actor: Actor, refusal: Refuse) -> RefusalCard:
        row = self._audit.write(
            submission, "judged", action, actor, verdict="refuse", rule=refusal.rule, numbers=refusal.numbers
        )
        return RefusalCard(
            audit_id=_id(row), action=row.action_kind, at=row.at, rule=refusal.rule, numbers=dict(refusal.numbers)
        )

    def _write_invalid(self, submission: str, action: Any, actor: Actor, problem: Problem) -> None:
        self._audit.write(
            submission, "invalid", action, actor, verdict="invalid", rule=problem.kind, numbers=problem.numbers
        )


def _id(row: AuditRow) -> int:
    if row.id is None:
        raise RuntimeError("an audit line has no number: it was not written")
    return row.id
