from typing import Any

import pytest

from tests.tools.bots.fakes import World
from tools.actions import Panic, StartBot
from tools.bot import Health, State
from tools.bots.recovery import RECOVERY, bring_back
from tools.cards import RefusalCard
from tools.errors import Problem
from tools.guard.actor import GUARD, Actor
from tools.guard.guardian import Guardian
from tools.store.tables import now


class Gate:
    """Has every action done, unless told otherwise."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.submitted: list[Any] = []
        self.answer: Any = None

    async def submit(self, action: Any, actor: Actor) -> Any:
        self.submitted.append(action)
        assert actor == (GUARD if isinstance(action, Panic) else RECOVERY)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or await self.world.executor.execute(action, actor)


@pytest.fixture
def gate(world: World) -> Gate:
    return Gate(world)


class Watched:
    """What a guardian looks at."""

    def __init__(self, world: World) -> None:
        self.look = world.facts.look
        self.note_peaks = world.facts.note_peaks


async def recover(world: World, gate: Any) -> None:
    host: Any = world.host
    guardian = Guardian(gate, world.holds, Watched(world))
    await bring_back(world.desk, host, world.healths, gate, world.audience, guardian.carry_out_panic)


async def test_bring_back_when_bots_should_run_then_those_without_a_process_are_started(
    world: World, gate: Gate
) -> None:
    running, paused = world.add("one", State.RUNNING), world.add("two", State.PAUSED)
    world.host.clients.clear()
    world.add("lives", State.RUNNING)
    world.add("off", State.STOPPED)
    await recover(world, gate)
    assert gate.submitted == [StartBot(bot_id=running.id), StartBot(bot_id=paused.id, paused=True)]


@pytest.mark.parametrize("exits", [False, True])
async def test_bring_back_when_a_panic_stop_was_cut_off_then_it_is_carried_out_and_bots_come_back_paused(
    world: World, gate: Gate, exits: bool
) -> None:
    gone = world.add("gone", State.RUNNING)
    world.host.clients.clear()
    lives = world.add("lives", State.RUNNING)
    world.holds.hold(None, "panic", details={"exit": exits, "door": "web"})
    await recover(world, gate)
    assert gate.submitted == [Panic(exit=exits), StartBot(bot_id=gone.id, paused=True)]
    assert world.client(lives).state == "paused"
    assert world.host.starts == [(gone.id, "gone", True)]


async def test_bring_back_when_the_panic_stop_was_carried_out_then_it_is_not_pressed_again(
    world: World, gate: Gate
) -> None:
    gone = world.add("gone", State.PAUSED)
    world.host.clients.clear()
    with world.holds.carrying_out(world.holds.press(exits=True, door="web")):
        pass
    await recover(world, gate)
    assert gate.submitted == [StartBot(bot_id=gone.id, paused=True)]


@pytest.mark.parametrize("answer", [Problem("start_failed", 502, reason="port_taken"), "refused"])
async def test_bring_back_when_a_bot_does_not_come_then_it_is_told(world: World, gate: Gate, answer: Any) -> None:
    world.add(state=State.RUNNING)
    world.host.clients.clear()
    refusal = RefusalCard(audit_id=1, action="start_bot", at=now(), rule="drawdown", numbers={})
    gate.answer = refusal if answer == "refused" else answer
    await recover(world, gate)
    (told,) = world.audience.crashed
    assert told.health is Health.CRASHED
    assert told.health_reason == ("refused" if answer == "refused" else "port_taken")


async def test_bring_back_when_the_panic_stop_cannot_be_pressed_again_then_the_rest_is_tried(
    world: World, gate: Gate
) -> None:
    world.add(state=State.PAUSED)
    world.host.clients.clear()
    world.holds.hold(None, "panic", details={})
    gate.answer = Problem("internal")
    await recover(world, gate)
    assert [action.kind for action in gate.submitted] == ["panic", "start_bot"]
