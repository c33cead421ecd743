"""Looks whether the bots that trade with real money still are what a person confirmed; says so where one is not."""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from tools.actions import Action, PauseBot
from tools.cards import RefusalCard
from tools.errors import Problem
from tools.guard.actor import GUARD, Actor
from tools.guard.audit import Audit
from tools.guard.mandates import DELETED, NONE, START_FAILED, STOPPED, SUPERSEDED, TURNED, MandateFacts, Mandates
from tools.guard.submissions import Outcome
from tools.guard.verdict import Refuse, Rule
from tools.store.tables import MandateRow

OWN_DOING = frozenset({NONE, STOPPED, DELETED, TURNED, START_FAILED, SUPERSEDED})
"""Ends of a mandate that whoever brought them about was told of."""

AGAIN_S = 60.0
"""A bot that could not be paused gets no permit either: it is tried again this often."""

log = logging.getLogger(__name__)


class LiveBot(Protocol):
    """A bot that trades with real money and may have a process; nothing is being done with it now."""

    @property
    def bot_id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def enters(self) -> bool:
        """Whether its owner lets it enter."""

    @property
    def found(self) -> MandateFacts:
        """What it is now."""


Tell = Callable[[str, RefusalCard], None]
"""A bot, and why it does not enter with real money any more."""


class Entrance(Protocol):
    async def submit(
        self, action: Action, actor: Actor, key: str | None = None, because: Refuse | None = None
    ) -> Outcome: ...


class Keeper:
    """What does not hold is voided in writing, told once, and its bot paused: it could not enter any more."""

    def __init__(
        self,
        mandates: Mandates,
        audit: Audit,
        gate: Entrance,
        find_bots: Callable[[], Iterable[LiveBot]],
        tell: Tell,
    ) -> None:
        self._mandates = mandates
        self._audit = audit
        self._gate = gate
        self._find_bots = find_bots
        self._tell = tell
        self._tried: dict[str, float] = {}

    async def look(self) -> None:
        """One look at all of them, without a wait until each is compared: none changes meanwhile."""
        lost = [(bot, reason) for bot in self._find_bots() if (reason := self._check(bot))]
        for bot, reason in lost:
            if bot.enters:
                await self._pause(bot, reason)

    def _check(self, bot: LiveBot) -> str | None:
        """Why a bot has no mandate any more; None where it has one, or where that cannot be told now.

        Nothing enters in the latter case either, and it may be as it was confirmed.
        """
        reason = self._mandates.check(bot.bot_id, bot.found)
        row = self._mandates.read(bot.bot_id)
        if row is not None and row.voided_at is None:
            return None
        if row is not None and reason is not None and reason not in OWN_DOING:
            self._note(bot, row, reason)
        return reason

    def _note(self, bot: LiveBot, row: MandateRow, reason: str) -> None:
        """Once: the line goes by the mandate's own id."""
        if self._audit.read_newest(1, submission=row.id):
            return
        numbers = {"bot": bot.name, "reason": reason}
        content = {"kind": "mandate", "bot_id": bot.bot_id, "mandate": row.id}
        line = self._audit.write(
            row.id, "judged", content, GUARD, verdict="refuse", risk="live", rule=Rule.MANDATE_VOID, numbers=numbers
        )
        self._tell(bot.bot_id, _card(line.id or 0, line.at, numbers))

    async def _pause(self, bot: LiveBot, reason: str) -> None:
        if time.monotonic() - self._tried.get(bot.bot_id, -AGAIN_S) < AGAIN_S:
            return
        self._tried[bot.bot_id] = time.monotonic()
        because = Refuse(Rule.MANDATE_VOID, {"reason": reason})
        try:
            await self._gate.submit(PauseBot(bot_id=bot.bot_id), GUARD, because=because)
            self._tried.pop(bot.bot_id, None)
        except Problem as problem:
            log.warning("bot %s has no mandate (%s) and could not be paused: %s", bot.bot_id, reason, problem)


def _card(line: int, at: datetime, numbers: dict[str, str]) -> RefusalCard:
    return RefusalCard(audit_id=line, action="mandate", at=at, rule=Rule.MANDATE_VOID, numbers=numbers)
