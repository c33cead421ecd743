"""Puts right what the record, a bot and the exchange do not agree on, the way a person has said."""

from contextlib import suppress

from tools.actions import Action, SettleFinding
from tools.bots.executors.bench import Bench, Seen
from tools.errors import Problem
from tools.guard.actor import Actor


class DifferencesRoom:
    """Only what is still exactly what was shown."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    async def prepare(self, action: Action) -> None:
        """Raises `Problem`: `unknown_finding`, `finding_stays`."""
        assert isinstance(action, SettleFinding)
        found = self._bench.reconciliation.find(action.finding)
        shown = (action.difference, action.of_bot, action.pair, dict(action.numbers))
        if shown != (found.kind, found.bot_id, found.pair, dict(found.numbers)):
            raise Problem("unknown_finding", 404, finding=action.finding)
        if not found.settles:
            raise Problem("finding_stays", 409, difference=found.kind)

    async def execute(self, action: Action, _actor: Actor) -> Seen:
        assert isinstance(action, SettleFinding)
        view = await self._bench.reconciliation.settle(action)
        if action.of_bot is not None:
            bot = self._bench.registry.read(action.of_bot)
            with suppress(Problem):
                await self._bench.mirror.ask(bot, self._bench.client(bot))
        return view
