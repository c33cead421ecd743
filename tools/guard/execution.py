"""From a judgement to the effect: what was allowed and written down is done, and what came of it written down."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from tools.actions import Action, BlockPair, SetBotLimits, SetLimits
from tools.cards import ReceiptCard
from tools.errors import Problem
from tools.guard.account import Account, Case, Seen
from tools.guard.actor import Actor
from tools.guard.mandates import Binding


class Executor(Protocol):
    """Does what was allowed. Nobody but the gate calls it."""

    def exclusively(self, action: Action) -> AbstractAsyncContextManager[Any]:
        """Holds off other actions on the same bot, from before the judgement until the effect."""

    async def prepare(self, action: Action) -> None:
        """Raises `Problem` where the action cannot be done as it stands; changes nothing."""

    async def execute(self, action: Action, actor: Actor) -> Seen:
        """Does it, and reads back what is there now; what it takes of the limits is written before its first wait."""

    def brace(self, action: Action, actor: Actor) -> None:
        """For a panic stop that could not be written down: nothing enters from now on, and the rest is done later."""

    def fingerprint(self, action: Action) -> dict[str, str]:
        """What must still be so, by name, when a person confirms what was shown."""

    def bind(self, action: Action) -> Binding | None:
        """What a person's yes binds of a bot that trades with real money; None where it has to do with none."""

    def read_back(self, action: Action, since: datetime) -> Seen | None:
        """What is there, if an action that was cut off has visibly taken effect since then."""


class Execution:
    """Has actions done."""

    def __init__(self, executor: Executor, account: Account) -> None:
        self._executor = executor
        self._account = account
        self.limits_changed = False
        """Whether limits were changed that bots were not held to yet."""

    async def do(self, case: Case) -> ReceiptCard:
        """For a case whose leave is written down already."""
        try:
            seen = await self._executor.execute(case.action, case.actor)
        except BaseException as error:
            self._account.failed(case, error if isinstance(error, Problem) else Problem(type(error).__name__))
            raise
        receipt = self._account.done(case, seen)
        if isinstance(case.action, SetLimits | SetBotLimits | BlockPair):
            self.limits_changed = True
        return receipt
