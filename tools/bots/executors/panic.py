"""The panic stop: no new entries anywhere, at once, and if so asked everything sold."""

import asyncio
import logging
import math
from collections.abc import Collection, Sequence

from sqlalchemy.exc import SQLAlchemyError

from tools.actions import Action, Panic, ReleasePanic
from tools.bot import State
from tools.bots.executors.bench import Bench, Seen
from tools.bots.executors.halt import Halt
from tools.bots.registry import Bot
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.views import GuardView

CARRY_OUT = ("guard", "recovery")
"""Doors that carry out a stop that is on; what a person has lifted meanwhile they do not press anew."""
SELLING_AT_ONCE = 2
"""How many bots come up at the same time to sell what they hold: a start takes a processor for seconds."""

log = logging.getLogger(__name__)


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
        if actor.door in CARRY_OUT and not self._bench.holds.is_panic():
            return self._show()
        began = self._halt.clock()
        with self._bench.holds.carrying_out(self.press(action, actor)) as left:
            coming = self._find_coming_up_paused()
            closed = await self._bring_to_rest(action, coming)
            self._note_entries_off(began, closed)
            if (unsold := self._find_unsold(coming)) and actor.door not in CARRY_OUT:
                left.append("sale")
            else:
                await self._sell(unsold)
        return self._show()

    def press(self, action: Panic, actor: Actor) -> str:
        """From here on no order of any bot gets a permit, and no bot is allowed to enter; the rest is to be sure."""
        return self._bench.holds.press(exits=action.exit, door=actor.door)

    def _find_coming_up_paused(self) -> frozenset[str]:
        """What comes up unable to enter is at rest already, and may come up to sell: it is let come."""
        bots = self._bench.registry.read_all()
        return frozenset(bot.id for bot in bots if self._halt.launcher.comes_up_paused(bot.id))

    async def _bring_to_rest(self, action: Panic, coming: Collection[str]) -> list[float | None]:
        """All other bots that may have a process.

        Raises `SQLAlchemyError` after the rest, where something was not kept.
        """
        bots = [bot for bot in self._bench.registry.read_all() if self._may_have_process(bot) and bot.id not in coming]
        errors: list[BaseException] = [error for bot in bots if (error := self._write_paused(bot))]
        self._show()
        results = await asyncio.gather(*(self._halt.halt(bot, action.exit) for bot in bots), return_exceptions=True)
        errors += [one for one in results if isinstance(one, BaseException)]
        if errors:
            raise errors[0]
        return [one for one in results if not isinstance(one, BaseException)]

    def _write_paused(self, bot: Bot) -> SQLAlchemyError | None:
        try:
            if bot.state is State.RUNNING:
                self._bench.registry.write_state(bot.id, State.PAUSED)
        except SQLAlchemyError as error:
            log.warning("bot %s cannot be written down as paused: %s", bot.id, error)
            return error
        return None

    def _may_have_process(self, bot: Bot) -> bool:
        return bot.state in (State.RUNNING, State.PAUSED) or self._bench.host.client(bot.id) is not None

    def _find_unsold(self, coming: Collection[str]) -> list[Bot]:
        """The bots that are to sell what they hold, and had no process to be asked for it."""
        if not self._bench.holds.is_sale_on():
            return []
        bots = self._bench.registry.read_all()
        bots = [bot for bot in bots if bot.id in coming or self._bench.host.client(bot.id) is None]
        for bot in bots:
            if bot.state is State.PAUSED and bot.id not in coming:
                # Its process ended by itself, and what it did last may not have been read yet.
                self._bench.mirror.read(bot)
        totals = self._bench.trades.read_totals()
        return [bot for bot in bots if bot.id in totals and totals[bot.id].open_trades]

    async def _sell(self, bots: Sequence[Bot]) -> None:
        """Through processes that come up for it and stay; a person who waits for the stop does not wait for them.

        Raises `SQLAlchemyError` after the rest, where something was not kept.
        """
        free = asyncio.Semaphore(SELLING_AT_ONCE)

        async def sell(bot: Bot) -> None:
            async with free:
                if self._bench.holds.is_sale_on():
                    await self._halt.sell(bot)
                    self._show()

        results = await asyncio.gather(*(sell(bot) for bot in bots), return_exceptions=True)
        if errors := [one for one in results if isinstance(one, BaseException)]:
            raise errors[0]

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
