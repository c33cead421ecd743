"""Writes what the owner allows."""

from tools.actions import Action, BlockPair, SetBotLimits, SetLimits, UnblockPair
from tools.bots.executors.bench import Bench, Seen, reading
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.judge import apply_limits

LimitsAction = SetLimits | SetBotLimits | BlockPair | UnblockPair


class LimitsRoom:
    """Waits for nothing: between the judgement and the new limits nobody else writes any."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    async def prepare(self, action: Action) -> None:
        assert isinstance(action, LimitsAction)
        name = self._bench.registry.read(action.bot_id).spec.name if isinstance(action, SetBotLimits) else ""
        limits = self._bench.book.read()
        after = reading(lambda: apply_limits(action, limits))
        if after == limits:
            raise Problem("nothing_to_change", 422, name=name)
        if after.live_enabled and not limits.live_enabled:
            await self._bench.checks.refresh()

    async def execute(self, action: Action, _actor: Actor) -> Seen:
        assert isinstance(action, LimitsAction)
        self._bench.book.write(apply_limits(action, self._bench.book.read()))
        view = self._bench.desk.read_limits()
        self._bench.audience.limits_changed(view)
        return view
