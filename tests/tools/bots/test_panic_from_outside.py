"""The panic stop that was pressed past the product, or could not be written down: the guardian carries it out."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.tools.bots.fakes import World, trade
from tests.tools.guard.test_holds import locked
from tools.actions import Panic, PauseBot
from tools.bot import State
from tools.bots.registry import Bot
from tools.guard import guardian as guardian_module
from tools.guard.actor import GUARD, Actor
from tools.guard.audit import Audit
from tools.guard.gate import Gate
from tools.guard.guardian import Guardian
from tools.guard.holds import Holds
from tools.guard.proposals import Proposals
from tools.guard.submissions import Submissions
from tools.store.database import Store

PERSON = Actor(door="web")


class Product:
    """The real gate and guardian over bots that do as they are told."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.audit = Audit(world.store)
        proposals = Proposals(world.store, lambda _: None)
        self.gate = Gate(
            world.facts.look, world.executor, self.audit, proposals, Submissions(world.store), world.reservations,
            lambda _: None,
        )  # fmt: skip
        self.guardian = Guardian(self.gate, world.holds, world.facts)

    def lines(self) -> list[tuple[str, str, str]]:
        return [(line.action_kind, line.door, line.phase) for line in self.audit.read_newest(50)[::-1]]

    def state(self, bot: Bot) -> State:
        return self.world.registry.read(bot.id).state


@pytest.fixture
def product(world: World) -> Product:
    return Product(world)


@pytest.fixture
def command(store: Store) -> Holds:
    """Another process."""
    return Holds(store)


async def test_carry_out_panic_when_a_command_has_pressed_then_bots_are_paused_once_and_people_told(
    product: Product, command: Holds, world: World
) -> None:
    bots = [world.add("one", State.RUNNING), world.add("two", State.RUNNING)]
    world.client(bots[0]).told = [trade(1)]
    command.press(exits=False, door="cli")
    for _ in range(3):
        await product.guardian.carry_out_panic()
    assert [(product.state(bot), world.client(bot).names().count("pause")) for bot in bots] == [(State.PAUSED, 1)] * 2
    assert "force_exit" not in world.client(bots[0]).names()
    assert product.lines() == [("panic", "guard", "judged"), ("panic", "guard", "done")]
    seen = world.audience.guards[-1].panic
    assert seen is not None
    assert (seen.door, seen.exit, seen.entries_off_ms is not None) == ("cli", False, True)


async def test_carry_out_panic_when_all_shall_be_sold_then_it_is_also_after_a_press_that_sold_nothing(
    product: Product, command: Holds, world: World
) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).told = [trade(1)]
    await product.gate.submit(Panic(), PERSON)
    await product.guardian.carry_out_panic()
    assert "force_exit" not in world.client(bot).names()
    command.press(exits=True, door="cli")
    await product.guardian.carry_out_panic()
    assert ("force_exit", 1, None) in world.client(bot).calls
    assert world.trades.read_totals()[bot.id].open_trades == 0
    assert product.lines()[2:] == [("panic", "guard", "judged"), ("panic", "guard", "done")]


async def test_carry_out_panic_when_a_person_presses_then_it_is_not_carried_out_twice(
    product: Product, world: World
) -> None:
    bot = world.add(state=State.RUNNING)
    client = world.client(bot)
    client.late = {"pause": asyncio.Event()}
    pressing = asyncio.create_task(product.gate.submit(Panic(), PERSON))
    while "pause" not in client.names():
        await asyncio.sleep(0)
    await product.guardian.carry_out_panic()
    client.late["pause"].set()
    await pressing
    await product.guardian.carry_out_panic()
    assert [door for _, door, _ in product.lines()] == ["web", "web"]


async def test_carry_out_panic_when_a_person_lifts_it_meanwhile_then_it_is_not_pressed_anew(
    product: Product, command: Holds, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = world.add(state=State.RUNNING)
    command.press(exits=False, door="cli")

    async def prepare(_: object) -> None:
        world.holds.release(None, "web")

    monkeypatch.setattr(world.executor, "prepare", prepare)
    await product.guardian.carry_out_panic()
    assert not world.holds.is_panic()
    assert (product.state(bot), world.client(bot).calls) == (State.RUNNING, [])


async def test_carry_out_panic_when_two_ask_at_once_then_both_wait_for_the_one(
    product: Product, command: Holds, world: World
) -> None:
    bot = world.add(state=State.RUNNING)
    command.press(exits=False, door="cli")
    await asyncio.gather(product.guardian.carry_out_panic(), product.guardian.carry_out_panic())
    assert (product.state(bot), len(product.lines())) == (State.PAUSED, 2)


async def test_carry_out_panic_when_it_fails_then_it_is_tried_again_after_a_while(
    product: Product, command: Holds, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = 3.0
    monkeypatch.setattr(guardian_module.time, "monotonic", lambda: at)
    bot = world.add(state=State.RUNNING)
    command.press(exits=False, door="cli")
    tries: list[str] = []

    def fail(*_: Any, **__: Any) -> None:
        tries.append("")
        raise OperationalError("disk", None, Exception())

    with monkeypatch.context() as patch:
        patch.setattr(product.audit, "write", fail)
        for late, count in ((0, 1), (4.9, 1), (0.1, 2)):
            at += late
            await product.guardian.carry_out_panic()
            assert len(tries) == count
    assert product.state(bot) is State.RUNNING
    at += 5
    await product.guardian.carry_out_panic()
    assert product.state(bot) is State.PAUSED


@pytest.fixture
def hasty(store: Store, world: World) -> Iterator[World]:
    """The product, which does not wait long for whoever else writes."""
    store.busy_ms = 1
    store.engine.dispose()
    yield world
    store.busy_ms = 1000


async def test_brace_when_nothing_can_be_written_then_nothing_enters_and_the_guardian_does_the_rest_later(
    product: Product, hasty: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guardian_module, "PRESS_AGAIN_S", 0)
    bot = hasty.add(state=State.RUNNING)
    hasty.client(bot).told = [trade(1)]
    with locked(hasty.store):
        hasty.executor.brace(Panic(exit=True), PERSON)
        assert hasty.facts.look().panic
        await product.guardian.carry_out_panic()
        assert product.state(bot) is State.RUNNING
    await product.guardian.carry_out_panic()
    assert product.state(bot) is State.PAUSED
    assert "force_exit" in hasty.client(bot).names()
    assert product.lines() == [("panic", "guard", "judged"), ("panic", "guard", "done")]
    found = Holds(hasty.store).find(None)
    assert found is not None
    assert (found.details["door"], found.details["exit"]) == ("web", True)


@pytest.mark.parametrize(
    ("actor", "pressed", "exits"),
    [(PERSON, True, True), (PERSON.model_copy(update={"tainted": True}), True, False), (GUARD, False, False)],
)
def test_brace_when_asked_by_then(world: World, actor: Actor, pressed: bool, exits: bool) -> None:
    world.executor.brace(PauseBot(bot_id="0" * 12), actor)
    assert not world.holds.is_panic()
    world.executor.brace(Panic(exit=True), actor)
    row = world.holds.find_not_carried_out()
    assert (row is not None, bool(row and row.details["exit"])) == (pressed, exits)


async def test_panic_when_the_database_is_taken_midway_then_bots_are_paused_and_it_is_done_again(
    product: Product, hasty: World
) -> None:
    bot = hasty.add(state=State.RUNNING)
    with locked(hasty.store):
        with pytest.raises(OperationalError):
            await hasty.executor.execute(Panic(), PERSON)
        assert hasty.client(bot).state == "paused"
        assert hasty.holds.is_panic()
    await product.guardian.carry_out_panic()
    assert product.state(bot) is State.PAUSED
    assert product.lines()[-1] == ("panic", "guard", "done")


async def test_run_when_a_command_presses_then_it_is_carried_out_though_the_clock_hangs(
    product: Product, command: Holds, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guardian_module, "EVERY_S", 0.001)
    monkeypatch.setattr(product.gate, "tick", lambda: asyncio.Event().wait())
    bot = world.add(state=State.RUNNING)
    running = asyncio.create_task(product.guardian.run())
    command.press(exits=False, door="cli")
    async with asyncio.timeout(10):
        while product.state(bot) is not State.PAUSED:
            await asyncio.sleep(0.001)
    running.cancel()
    await product.gate.settle()
