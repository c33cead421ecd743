"""The panic stop: no new entries anywhere, at once, and if so asked everything sold."""

import asyncio
import math
from collections.abc import Sequence

from tools.actions import Action, Panic, ReleasePanic
from tools.bot import State
from tools.bots.executors.bench import Bench, Seen
from tools.bots.executors.halt import Halt
from tools.bots.registry import Bot
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.holds import PANIC
from tools.views import GuardView


class PanicRoom:
    """Waits for no other action, and no bot waits for another; what goes wrong with one is for that one alone."""

    def __init__(self, bench: Bench, halt: Halt) -> None:
        self._bench = bench
        self._halt = halt

    async def prepare(self, action: Action) -> None:
        if isinstance(action, ReleasePanic) and not self._bench.holds.is_panic():
            raise Problem("no_panic", 409)

    async def execute(self, action: Action, actor: Actor) -> Seen:
        if isinstance(action, ReleasePanic):
            self._bench.holds.release(None, actor.door)
            return self._show()
        assert isinstance(action, Panic)
        began = self._halt.clock()
        bots = self._hold(action, actor)
        closed = await asyncio.gather(*(self._halt.halt(bot, action.exit) for bot in bots))
        self._note_entries_off(began, closed)
        return self._show()

    def _hold(self, action: Panic, actor: Actor) -> list[Bot]:
        """From here on no order of any bot gets a permit, and no bot is allowed to enter; the rest is to be sure.

        Returns the bots that may have a process.
        """
        self._bench.holds.hold(None, PANIC, details={"exit": action.exit, "door": actor.door})
        if action.exit:
            self._bench.holds.note(None, exit=True)
        bots = [bot for bot in self._bench.registry.read_all() if self._may_have_process(bot)]
        for bot in bots:
            if bot.state is State.RUNNING:
                self._bench.registry.write_state(bot.id, State.PAUSED)
        self._show()
        return bots

    def _may_have_process(self, bot: Bot) -> bool:
        return bot.state in (State.RUNNING, State.PAUSED) or self._bench.host.client(bot.id) is not None

    def _note_entries_off(self, began: float, closed: Sequence[float | None]) -> None:
        """Where it is known of all bots; what an earlier press has measured stays."""
        held = self._bench.holds.find(None)
        if held is None or "entries_off_ms" in held.details or None in closed:
            return
        last = max((at for at in closed if at is not None), default=self._halt.clock())
        self._bench.holds.note(None, entries_off_ms=math.ceil((last - began) * 1000))

    def _show(self) -> GuardView:
        guard = self._bench.desk.read_guard()
        self._bench.audience.guard_changed(guard)
        return guard
