"""How an action becomes a proposal: what of it needs no word is done at once, the rest waits for a person."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from tools.actions import Action, Panic, ReleasePanic, SetBotLimits, SetLimits, UnblockPair
from tools.cards import ProposalCard, RefusalCard
from tools.errors import Problem
from tools.guard.account import Account, Case
from tools.guard.actor import PERSONAL
from tools.guard.audit import Audit
from tools.guard.effect import find_effect
from tools.guard.execution import Execution, Executor
from tools.guard.judge import apply_limits
from tools.guard.limits import Limits
from tools.guard.live_check import facts_of_key
from tools.guard.preview import DAYS, preview
from tools.guard.proposals import Draft, Proposals, receipt_of
from tools.guard.reservations import Reservations
from tools.guard.snapshot import Snapshot
from tools.guard.tightening import split
from tools.guard.verdict import NeedsConfirmation, Refuse, Rule, Why
from tools.store.tables import ProposalRow, now
from tools.views import PreviewView, ProposalView

LOOSENING = (SetLimits, SetBotLimits, UnblockPair)
OPEN_PROPOSALS = 50
"""Of each session or token, and of the models that speak for it: none can crowd out another."""
PREVIEWED = 20_000
"""The newest orders that a preview judges again."""


class Asking:
    """Puts an action to a person."""

    def __init__(  # noqa: PLR0913  what a question is made of
        self,
        look: Callable[[Action | None], Snapshot],
        executor: Executor,
        execution: Execution,
        account: Account,
        audit: Audit,
        proposals: Proposals,
        reservations: Reservations,
        tell: Callable[[ProposalView], None],
    ) -> None:
        self._look = look
        self._executor = executor
        self._execution = execution
        self._account = account
        self._audit = audit
        self._proposals = proposals
        self._reservations = reservations
        self._tell = tell
        self._previewing = asyncio.Lock()

    async def propose(self, case: Case, needed: NeedsConfirmation, facts: Snapshot) -> ProposalCard | RefusalCard:
        """Asks a person; what only tightens, or only stops, is done before. Raises `Problem("too_many_proposals")`."""
        if case.actor.door not in PERSONAL and case.actor.door != "mcp":
            return self._account.refused(case, _without_a_person(needed))
        if not isinstance(case.action, Panic | ReleasePanic):
            self._check_room(case, facts)
        if needed.why is Why.LOOSENING:
            case, facts = await self._tighten_first(case, facts)
        if isinstance(case.action, Panic):
            await self._do_first(case, Panic())
        draft = Draft(
            submission=case.submission,
            why=needed.why,
            numbers={**needed.numbers, **self._shown(case.action, facts)},
            facts=self.facts_of(case.action, facts),
            effect=find_effect(case.action, facts),
            preview=await self._preview_of(case.action, facts) if needed.why is Why.LOOSENING else None,
        )
        return ProposalCard(proposal=self._ask(case, draft))

    def facts_of(self, action: Action, facts: Snapshot) -> dict[str, str]:
        """What must still be so when a person confirms.

        The bot, the strategy, the price, the limits that loosen, and what the exchange key can do.
        """
        key = facts_of_key(facts.live_check) if self._uses_key(action, facts) else {}
        return {**self._executor.fingerprint(action), **_limits_touched(action, facts), **key}

    def _uses_key(self, action: Action, facts: Snapshot) -> bool:
        """Whether real money is enabled, or a bot let enter with it."""
        if isinstance(action, SetLimits):
            return bool(action.changes.live_enabled) and not facts.limits.live_enabled
        binding = self._executor.bind(action)
        return binding is not None and binding.enters

    def _shown(self, action: Action, facts: Snapshot) -> dict[str, str]:
        """What a person is told besides of an action that real money comes of."""
        if isinstance(action, SetLimits):
            check = facts.live_check.check if facts.live_check and self._uses_key(action, facts) else None
            return {"any_ip": "true"} if check and not check.ip_restricted else {}
        binding = self._executor.bind(action)
        return binding.numbers if binding else {}

    async def preview(self, before: Limits, after: Limits) -> PreviewView:
        """In a thread of its own, one at a time: a busy month has many orders, and permits must not wait for them."""
        async with self._previewing:
            return await asyncio.to_thread(
                lambda: preview(self._reservations.read_asked(now() - DAYS, PREVIEWED), before, after)
            )

    def _check_room(self, case: Case, facts: Snapshot) -> None:
        """Before anything of it is done. Asking to sell all, or to lift the panic stop, is never crowded out."""
        opened = self._proposals.count_open(case.actor)
        if opened < OPEN_PROPOSALS:
            return
        if self._proposals.find_same(case.action, case.actor, self.facts_of(case.action, facts)) is None:
            problem = Problem("too_many_proposals", 429, count=opened, max=OPEN_PROPOSALS)
            self._account.invalid(case.submission, case.action, case.actor, problem)
            raise problem

    async def _tighten_first(self, case: Case, facts: Snapshot) -> tuple[Case, Snapshot]:
        """What is left of a change of limits, and the facts after what tightens was done."""
        if not isinstance(case.action, SetLimits | SetBotLimits):
            return case, facts
        part, rest = split(case.action, facts.limits)
        if part is None:
            return replace(case, action=rest), facts
        await self._do_first(case, part)
        return replace(case, action=rest), self._look(rest)

    async def _do_first(self, case: Case, part: Action) -> None:
        """What does not wait for an answer: that nothing enters any more before all is sold, or a tighter limit."""
        first = replace(case, action=part)
        self._account.allowed(first)
        await self._execution.do(first)

    def _ask(self, case: Case, draft: Draft) -> ProposalView:
        """The same question is asked once; the audit line is there before anyone can answer."""
        waiting = self._proposals.find_same(case.action, case.actor, draft.facts)
        about = case.submission, "proposed", case.action, case.actor
        told: dict[str, Any] = {
            "verdict": "confirm", "risk": case.risk, "rule": draft.why, "numbers": draft.numbers,
        }  # fmt: skip
        if waiting is not None:
            self._audit.write(*about, receipt={"proposal": waiting.id}, **told)
            return waiting

        def write_down(session: Session, row: ProposalRow) -> None:
            self._audit.add(session, *about, receipt=receipt_of(row), **told)

        proposal = self._proposals.make(case.action, case.actor, draft, write_down)
        self._tell(proposal)
        return proposal

    async def _preview_of(self, action: Action, facts: Snapshot) -> PreviewView:
        after = apply_limits(action, facts.limits) if isinstance(action, LOOSENING) else facts.limits
        return await self.preview(facts.limits, after)


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
