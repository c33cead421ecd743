"""The executor that the gate holds: hands each action to the room that does its kind."""

import asyncio
from collections import defaultdict
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime
from typing import Any

from tools.actions import (
    Action,
    BlockPair,
    CancelOrder,
    ChangeMode,
    CreateBot,
    DeleteBot,
    EditBot,
    ForceEntry,
    ForceExit,
    LockPair,
    Panic,
    PauseBot,
    ReleasePanic,
    ResumeBot,
    SetBotLimits,
    SetLimits,
    SettleFinding,
    StartBot,
    StopBot,
    StoreStrategy,
    UnblockPair,
    UnlockPair,
)
from tools.bots.executors.bench import Bench, Room, Seen
from tools.bots.executors.differences import DifferencesRoom
from tools.bots.executors.evidence import Evidence
from tools.bots.executors.halt import Bounds, Halt
from tools.bots.executors.launcher import Launcher
from tools.bots.executors.lifecycle import LifecycleRoom
from tools.bots.executors.limits import LimitsRoom
from tools.bots.executors.orders import OrdersRoom
from tools.bots.executors.panic import CARRY_OUT, PanicRoom
from tools.bots.executors.settings import SettingsRoom
from tools.bots.executors.strategies import StrategiesRoom
from tools.guard.actor import Actor
from tools.guard.mandates import Binding

BOUNDS = Bounds()
WAIT_FOR_NOBODY = (Panic, ReleasePanic, SetLimits, SetBotLimits, BlockPair, UnblockPair)
"""The panic stop, which a bot that hangs must not hold up, and what is done in one step."""


class Executor:
    """Does what was allowed."""

    def __init__(self, bench: Bench, bounds: Bounds = BOUNDS) -> None:
        launcher = Launcher(bench)
        self._bench = bench
        self._panic = PanicRoom(bench, Halt(bench, launcher, bounds))
        self._evidence = Evidence(bench)
        self._rooms: dict[type[Action], Room] = {
            **dict.fromkeys((CreateBot, EditBot, ChangeMode, DeleteBot), SettingsRoom(bench, launcher)),
            **dict.fromkeys((StartBot, ResumeBot, PauseBot, StopBot), LifecycleRoom(bench, launcher)),
            **dict.fromkeys((ForceEntry, ForceExit, CancelOrder, LockPair, UnlockPair), OrdersRoom(bench)),
            **dict.fromkeys((SetLimits, SetBotLimits, BlockPair, UnblockPair), LimitsRoom(bench)),
            **dict.fromkeys((Panic, ReleasePanic), self._panic),
            StoreStrategy: StrategiesRoom(bench),
            SettleFinding: DifferencesRoom(bench),
        }
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def exclusively(self, action: Action) -> AbstractAsyncContextManager[Any]:
        """One action at a time on each bot; creations and strategies each wait for their own kind."""
        if isinstance(action, WAIT_FOR_NOBODY):
            return nullcontext()
        return self._locks[getattr(action, "bot_id", action.kind)]

    async def prepare(self, action: Action) -> None:
        """Raises `Problem` where the action cannot be done as it stands; changes nothing."""
        await self._rooms[type(action)].prepare(action)

    async def execute(self, action: Action, actor: Actor) -> Seen:
        """Does it, and reads back what is there now; what it takes of the limits is written before its first wait."""
        seen = await self._rooms[type(action)].execute(action, actor)
        if isinstance(action, DeleteBot):
            self._locks.pop(action.bot_id, None)
        return seen

    def brace(self, action: Action, actor: Actor) -> None:
        """Of a panic stop that could not be written down: nothing enters, and the guardian does the rest later.

        Waits for nobody, and raises nothing. What a turn that has read a stranger's text wants sold is not sold.
        """
        if isinstance(action, Panic) and actor.door not in CARRY_OUT:
            self._panic.press(Panic() if actor.tainted else action, actor)

    def fingerprint(self, action: Action) -> dict[str, str]:
        """What must still be so, by name, when a person confirms what was shown."""
        return self._evidence.fingerprint(action)

    def bind(self, action: Action) -> Binding | None:
        """What a person's yes binds of a bot that trades with real money; None where it has to do with none."""
        return self._bench.bindings.bind(action, self._bench.source.venue.name)

    def read_back(self, action: Action, since: datetime) -> Seen | None:
        """What is there, if an action that was cut off has visibly taken effect since then."""
        return self._evidence.read_back(action, since)
