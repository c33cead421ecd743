"""Looks again and again: pauses bots whose breakers tripped, sees to the panic stop, and to what the clock demands."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from tools.actions import Panic, PauseBot
from tools.errors import Problem
from tools.guard.actor import GUARD
from tools.guard.breakers import Trip, find_trips
from tools.guard.gate import Gate
from tools.guard.holds import Holds
from tools.guard.snapshot import Snapshot
from tools.guard.verdict import Refuse

EVERY_S = 1.0
AGAIN_S = 60.0
"""A bot that could not be paused cannot enter either, since it is held; it is tried again this often."""

PRESS_AGAIN_S = 5.0
"""A panic stop that could not be carried out: nothing enters, and the rest is tried again this often."""

log = logging.getLogger(__name__)


class World(Protocol):
    def look(self) -> Snapshot: ...

    def note_peaks(self) -> None:
        """Raises the peaks where profits have passed them."""


Keep = Callable[[], Awaitable[None]]
"""Sees to it that bots that trade with real money still are what a person confirmed."""


class Guardian:
    """The guard's own initiative: it only ever lowers risk, or does what a person has confirmed."""

    def __init__(self, gate: Gate, holds: Holds, world: World, keep: Keep | None = None) -> None:
        self._gate = gate
        self._keep = keep
        self._holds = holds
        self._world = world
        self._tried: dict[str, float] = {}
        self._pressed = -PRESS_AGAIN_S
        self._pressing = asyncio.Lock()

    async def look(self) -> None:
        """One look at all bots. First all holds, from which moment those bots get no permit; then each is paused."""
        self._world.note_peaks()
        trips = find_trips(self._world.look())
        for trip in trips:
            self._holds.hold(trip.bot_id, trip.rule, trip.numbers)
        await asyncio.gather(*(self._pause(trip) for trip in trips))
        if self._keep is not None:
            await self._keep()

    async def run(self) -> None:
        """Until cancelled; neither of the two waits for the other."""
        async with asyncio.TaskGroup() as group:
            group.create_task(_again_and_again(self.carry_out_panic, "the panic stop could not be seen to"))
            group.create_task(_again_and_again(self._gate.tick, "the proposals could not be looked at"))

    async def carry_out_panic(self) -> None:
        """Has the gate do what a panic stop asks that was pressed past this process, or was cut off; then returns.

        Bots are paused, what they hold is sold if that was asked, and people are told.
        """
        self._holds.write_again()
        async with self._pressing:
            row = self._holds.find_not_carried_out()
            if row is None or time.monotonic() - self._pressed < PRESS_AGAIN_S:
                return
            self._pressed = time.monotonic()
            try:
                await self._gate.submit(Panic(exit=bool(row.details.get("exit"))), GUARD)
            except Exception:
                log.exception("the panic stop could not be carried out")
            if self._holds.find_not_carried_out() is None:
                self._pressed = -PRESS_AGAIN_S

    async def _pause(self, trip: Trip) -> None:
        if time.monotonic() - self._tried.get(trip.bot_id, -AGAIN_S) < AGAIN_S:
            return
        self._tried[trip.bot_id] = time.monotonic()
        try:
            await self._gate.submit(PauseBot(bot_id=trip.bot_id), GUARD, because=Refuse(trip.rule, trip.numbers))
            self._tried.pop(trip.bot_id, None)
        except Problem as problem:
            log.warning("bot %s is held for %s and could not be paused: %s", trip.bot_id, trip.rule, problem)


async def _again_and_again(work: Callable[[], Awaitable[None]], failed: str) -> None:
    """What fails is logged, and tried the next time all the same."""
    while True:
        try:
            await work()
        except Exception:
            log.exception(failed)
        await asyncio.sleep(EVERY_S)
