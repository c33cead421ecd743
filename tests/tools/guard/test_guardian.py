import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import ID, OTHER, bot, snapshot
from tools.actions import PauseBot
from tools.errors import Problem
from tools.guard import guardian as guardian_module
from tools.guard.guardian import Guardian
from tools.guard.holds import Holds
from tools.guard.limits import Limits
from tools.guard.snapshot import Snapshot


class World:
    """What the guardian looks at."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.noted = 0
        self.held_when_looked: list[bool] = []

    def look(self) -> Snapshot:
        return self.desk.facts

    def note_peaks(self) -> None:
        self.noted += 1


@pytest.fixture
def holds(desk: Desk) -> Holds:
    return Holds(desk.store)


@pytest.fixture
def guardian(desk: Desk, holds: Holds) -> Guardian:
    desk.facts = snapshot(Limits(), bot(lost_today=Decimal(100)), bot(loss_streak=3))
    return Guardian(desk.gate, holds, World(desk))


async def test_look_when_a_breaker_trips_then_the_bot_is_held_first_and_then_paused(
    guardian: Guardian, desk: Desk, holds: Holds, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    execute = desk.executor.execute

    async def noting(action: PauseBot, actor: object) -> object:
        held.append(holds.find(action.bot_id) is not None)
        return await execute(action, actor)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.executor, "execute", noting)
    await guardian.look()
    hold = holds.find(ID)
    assert hold is not None
    assert (hold.rule, hold.numbers["lost"], hold.numbers["max"]) == ("daily_loss", "100", "100")
    assert holds.find(OTHER) is None
    assert held == [True]
    assert [(line.door, line.phase) for line in desk.lines()] == [("guard", "judged"), ("guard", "done")]
    assert (desk.lines()[0].rule, desk.lines()[0].numbers) == ("daily_loss", dict(hold.numbers))


async def test_look_when_a_bot_cannot_be_paused_then_it_stays_held_and_is_tried_again_after_a_minute(
    guardian: Guardian, desk: Desk, holds: Holds, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = 1000.0
    monkeypatch.setattr(guardian_module.time, "monotonic", lambda: at)
    desk.executor.problem = Problem("bot_unreachable", 502)
    for late, tries in ((0, 1), (59, 1), (61, 2)):
        at = 1000.0 + late
        await guardian.look()
        assert len(desk.executor.phases_before) == tries
    assert holds.find(ID) is not None
    assert desk.phases() == ["judged", "failed"] * 2


async def test_look_when_nothing_tripped_then_only_peaks_are_noted(guardian: Guardian, desk: Desk) -> None:
    desk.facts = replace(desk.facts, bots={})
    await guardian.look()
    assert desk.lines() == []
    assert guardian._world.noted == 1  # type: ignore[attr-defined]


async def test_run_when_a_look_fails_then_the_next_one_is_made_all_the_same(
    guardian: Guardian, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guardian_module, "EVERY_S", 0.001)
    ticks = asyncio.Queue[int]()

    async def tick() -> None:
        ticks.put_nowait(1)
        raise RuntimeError("the database is away")

    monkeypatch.setattr(desk.gate, "tick", tick)
    running = asyncio.create_task(guardian.run())
    async with asyncio.timeout(5):
        for _ in range(3):
            await ticks.get()
    running.cancel()
