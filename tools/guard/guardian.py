"""Looks again and again: pauses bots whose breakers tripped, and does what the clock demands of proposals."""

import asyncio
import logging
import time
from typing import Protocol

from tools.actions import PauseBot
from tools.errors import Problem
from tools.guard.breakers import Trip, find_trips
from tools.guard.gate import GUARD, Gate
from tools.guard.holds import Holds
from tools.guard.snapshot import Snapshot

EVERY_S = 1.0
AGAIN_S = 60.0
"""A bot that could not be paused cannot enter either, since it is held; it is tried again this often."""

log = logging.getLogger(__name__)


class World(Protocol):
    def look(self) -> Snapshot: ...

    def note_peaks(self) -> None:
        """Raises the peaks where profits have passed them."""


class Guardian:
    """The guard's own initiative: it only ever lowers risk, or does what a person has confirmed."""

    def __init__(self, gate: Gate, holds: Holds, world: World) -> None:
        self._gate = gate
        self._holds = holds
        self._world = world
        self._tried: dict[str, float] = {}

    async def look(self) -> None:
        """One look at all bots. First all holds, from which moment those bots get no permit; then each is paused."""
        self._world.note_peaks()
        trips = find_trips(self._world.look())
        for trip in trips:
            self._holds.hold(trip.bot_id, trip.rule, trip.numbers)
        await asyncio.gather(*(self._pause(trip) for trip in trips))

    async def run(self) -> None:
        """Until cancelled; a look at the clock that fails is logged, and the next one is made all the same."""
        while True:
            try:
                await self._gate.tick()
            except Exception:
                log.exception("the proposals could not be looked at")
            await asyncio.sleep(EVERY_S)

    async def _pause(self, trip: Trip) -> None:
        if time.monotonic() - self._tried.get(trip.bot_id, -AGAIN_S) < AGAIN_S:
            return
        self._tried[trip.bot_id] = time.monotonic()
        try:
            await self._gate.submit(PauseBot(bot_id=trip.bot_id), GUARD)
            self._tried.pop(trip.bot_id, None)
        except Problem as problem:
            log.warning("bot %s is held for %s and could not be paused: %s", trip.bot_id, trip.rule, problem)
