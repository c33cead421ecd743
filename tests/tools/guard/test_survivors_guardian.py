"""What mutation testing found unheld in the guardian: the panic stop that it carries out in another's place."""

import asyncio
from typing import Any

import pytest

from tests.tools.guard.conftest import Desk
from tests.tools.guard.test_guardian import World
from tools.actions import Action, Panic
from tools.errors import Problem
from tools.guard import guardian as guardian_module
from tools.guard.actor import Actor
from tools.guard.guardian import Guardian
from tools.guard.holds import PANIC, PRESSED, Holds
from tools.guard.snapshot import Snapshot


@pytest.fixture
def holds(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Holds:
    """An executor carries out the newest press of them, as the real one does."""
    made = Holds(desk.store)
    execute = desk.executor.execute

    async def carry_out(action: Action, actor: Actor) -> Any:
        row = made.find(None)
        assert row is not None
        with made.carrying_out(row.details.get(PRESSED, row.id)):
            return await execute(action, actor)

    monkeypatch.setattr(desk.executor, "execute", carry_out)
    return made


@pytest.fixture
def guardian(desk: Desk, holds: Holds) -> Guardian:
    desk.facts = Snapshot(desk.facts.limits, {}, "USDT")
    return Guardian(desk.gate, holds, World(desk))


class Watch:
    """What the time is on a machine that has only just started, whose clock is near zero."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = 0.0
        monkeypatch.setattr(guardian_module.time, "monotonic", lambda: self.at)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


@pytest.mark.parametrize("exits", [False, True])
async def test_carry_out_panic_when_a_command_has_pressed_then_it_asks_for_just_that_in_its_own_name(
    guardian: Guardian, desk: Desk, exits: bool
) -> None:
    Holds(desk.store).press(exits=exits, door="cli")
    for _ in range(2):
        await guardian.carry_out_panic()
    assert desk.executor.done == [Panic(exit=exits)]
    assert [(line.action_kind, line.door, line.phase) for line in desk.lines()] == [
        ("panic", "guard", "judged"), ("panic", "guard", "done"),
    ]  # fmt: skip


async def test_carry_out_panic_when_it_was_not_said_whether_to_sell_then_nothing_is_sold(
    guardian: Guardian, desk: Desk, holds: Holds
) -> None:
    holds.hold(None, PANIC)
    await guardian.carry_out_panic()
    assert desk.executor.done == [Panic(exit=False)]


async def test_carry_out_panic_when_nobody_has_pressed_then_nothing_is_asked_for(
    guardian: Guardian, desk: Desk
) -> None:
    await guardian.carry_out_panic()
    assert desk.lines() == []


async def test_carry_out_panic_when_it_could_not_be_then_five_seconds_later_to_the_moment_it_is_tried_again(
    guardian: Guardian, desk: Desk, holds: Holds, watch: Watch
) -> None:
    holds.press(exits=False, door="web")
    desk.executor.problem = Problem("bot_unreachable", 502)
    for at, tries in ((0, 1), (0, 1), (4.999, 1), (5, 2), (9.999, 2), (10, 3)):
        watch.at = at
        await guardian.carry_out_panic()
        assert len(desk.executor.phases_before) == tries
    assert holds.is_panic()


async def test_carry_out_panic_when_it_was_carried_out_then_another_press_need_not_wait(
    guardian: Guardian, desk: Desk, holds: Holds, watch: Watch
) -> None:
    for exits in (False, True):
        holds.press(exits=exits, door="cli")
        await guardian.carry_out_panic()
    assert watch.at == 0
    assert desk.executor.done == [Panic(exit=False), Panic(exit=True)]


async def test_run_when_the_panic_stop_is_pressed_then_it_is_carried_out_whatever_becomes_of_the_clocks_demands(
    guardian: Guardian, desk: Desk, holds: Holds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guardian_module, "EVERY_S", 0.001)
    monkeypatch.setattr(desk.gate, "tick", asyncio.Event().wait)
    holds.press(exits=True, door="cli")
    running = asyncio.create_task(guardian.run())
    async with asyncio.timeout(5):
        while not desk.executor.done:
            await asyncio.sleep(0.001)
    running.cancel()
    assert desk.executor.done == [Panic(exit=True)]
