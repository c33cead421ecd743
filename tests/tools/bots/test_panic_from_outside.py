"""The panic stop that was pressed past the product, or could not be written down: the guardian carries it out."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.tools.bots.fakes import World, trade
from tests.tools.guard.test_holds import locked
from tools.actions import Panic, PauseBot, StartBot
from tools.bot import State
from tools.bots.registry import Bot
from tools.freqtrade.launch import StartFailed
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
            world.facts.look, world.executor, self.audit, proposals, world.mandates, Submissions(world.store),
            world.reservations, lambda _: None,
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


def holding(world: World, name: str, state: State, *numbers: int) -> Bot:
    """A bot without a process that holds trades."""
    bot = world.add(name, state)
    world.host.clients.pop(bot.id, None)
    world.host.kept[bot.id] = [trade(number) for number in numbers]
    world.mirror.read(bot)
    return bot


def opened(world: World, bot: Bot) -> int:
    return world.trades.read_totals()[bot.id].open_trades


def details(world: World) -> Any:
    row = world.holds.find(None)
    assert row is not None
    return row.details


@pytest.mark.parametrize("was", [State.CREATED, State.STOPPED, State.PAUSED, State.RUNNING])
async def test_carry_out_panic_when_a_bot_without_a_process_holds_trades_then_it_comes_up_paused_and_sells_them(
    product: Product, world: World, was: State
) -> None:
    off, well = holding(world, "off", was, 1, 2), world.add("well", State.RUNNING)
    world.add("empty", State.STOPPED)
    world.client(well).told = [trade(1)]
    await product.gate.submit(Panic(exit=True), PERSON)
    assert (opened(world, well), opened(world, off), world.host.starts) == (0, 2, [])
    for _ in range(3):
        await product.guardian.carry_out_panic()
    assert world.host.starts == [(off.id, "off", True)]
    assert (opened(world, off), product.state(off), world.client(off).state) == (0, State.PAUSED, "paused")
    assert (world.holds.find_not_carried_out(), details(world).get("unsold")) == (None, None)
    assert [(door, phase) for _, door, phase in product.lines()] == [
        ("web", "judged"), ("web", "done"), ("guard", "judged"), ("guard", "done"),
    ]  # fmt: skip
    assert world.audience.bots[-1].open_trades == 0


async def test_carry_out_panic_when_a_bot_hung_and_was_ended_then_it_comes_up_paused_and_sells(
    product: Product, world: World
) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).told = [trade(1)]
    world.client(bot).hangs = {"pause", "force_exit"}
    await product.gate.submit(Panic(exit=True), PERSON)
    assert (product.state(bot), opened(world, bot), details(world)["ended_bots"]) == (State.STOPPED, 1, ["alpha"])
    await product.guardian.carry_out_panic()
    assert (product.state(bot), opened(world, bot), world.client(bot).state) == (State.PAUSED, 0, "paused")


async def test_carry_out_panic_when_nothing_is_to_be_sold_then_no_bot_comes_up(product: Product, world: World) -> None:
    bot = holding(world, "off", State.STOPPED, 1)
    await product.gate.submit(Panic(), PERSON)
    await product.guardian.carry_out_panic()
    assert (world.host.starts, product.state(bot), len(product.lines())) == ([], State.STOPPED, 2)


async def test_carry_out_panic_when_a_command_wants_all_sold_then_bots_without_a_process_sell_too(
    product: Product, command: Holds, world: World
) -> None:
    bot = holding(world, "off", State.STOPPED, 1)
    command.press(exits=True, door="cli")
    await product.guardian.carry_out_panic()
    assert (opened(world, bot), len(product.lines())) == (0, 2)


async def test_carry_out_panic_when_a_press_without_a_sale_follows_then_the_sale_is_not_forgotten(
    product: Product, world: World
) -> None:
    bot = holding(world, "off", State.STOPPED, 1)
    await product.gate.submit(Panic(exit=True), PERSON)
    await product.gate.submit(Panic(), PERSON)
    await product.guardian.carry_out_panic()
    assert opened(world, bot) == 0


async def test_carry_out_panic_when_a_bot_does_not_come_up_then_it_is_noted_and_the_others_sell(
    product: Product, world: World
) -> None:
    broken, well = holding(world, "broken", State.STOPPED, 1), holding(world, "well", State.STOPPED, 1)
    world.registry.write_spec(broken.id, broken.spec.model_copy(update={"strategy": "NoSuchOne"}))
    await product.gate.submit(Panic(exit=True), PERSON)
    await product.guardian.carry_out_panic()
    assert (opened(world, broken), product.state(broken), details(world)["unsold"]) == (1, State.STOPPED, [broken.id])
    assert (opened(world, well), product.state(well)) == (0, State.PAUSED)
    lines = len(product.lines())
    await product.guardian.carry_out_panic()
    assert (world.holds.find_not_carried_out(), len(product.lines())) == (None, lines)


async def test_carry_out_panic_when_pressed_again_then_what_was_not_sold_is_tried_again(
    product: Product, world: World
) -> None:
    bot = holding(world, "off", State.STOPPED, 1)
    world.host.start_error = StartFailed("port_taken", [])
    await product.gate.submit(Panic(exit=True), PERSON)
    await product.guardian.carry_out_panic()
    assert (details(world)["unsold"], product.state(bot)) == ([bot.id], State.STOPPED)
    world.host.start_error = None
    await product.gate.submit(Panic(exit=True), PERSON)
    assert "unsold" not in details(world)
    await product.guardian.carry_out_panic()
    assert (opened(world, bot), details(world).get("unsold")) == (0, None)


async def test_carry_out_panic_when_a_person_lifts_it_meanwhile_then_no_further_bot_comes_up(
    product: Product, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.bots.executors.panic.SELLING_AT_ONCE", 1)
    bots = [holding(world, name, State.STOPPED, 1) for name in ("one", "two")]
    await product.gate.submit(Panic(exit=True), PERSON)
    world.host.start_gate = asyncio.Event()
    selling = asyncio.create_task(product.guardian.carry_out_panic())
    async with asyncio.timeout(5):
        await world.host.starting.wait()
        world.holds.release(None, "web")
        world.host.start_gate.set()
        await selling
    assert [name for _, name, _ in world.host.starts] == ["one"]
    assert [opened(world, bot) for bot in bots] == [1, 1]
    assert "force_exit" not in world.client(bots[0]).names()
    assert [product.state(bot) for bot in bots] == [State.PAUSED, State.STOPPED]


async def test_panic_when_pressed_again_while_a_bot_comes_up_to_sell_then_it_is_let_come_and_sells(
    product: Product, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guardian_module, "PRESS_AGAIN_S", 0)
    bot = holding(world, "off", State.STOPPED, 1)
    await product.gate.submit(Panic(exit=True), PERSON)
    world.host.start_gate = asyncio.Event()
    selling = asyncio.create_task(product.guardian.carry_out_panic())
    async with asyncio.timeout(5):
        await world.host.starting.wait()
        await product.gate.submit(Panic(exit=True), PERSON)
        assert (world.host.ended, product.state(bot)) == ([], State.PAUSED)
        world.host.start_gate.set()
        await selling
    await product.guardian.carry_out_panic()
    assert (opened(world, bot), len(world.host.starts)) == (0, 1)
    assert world.holds.find_not_carried_out() is None


async def test_carry_out_panic_when_a_bot_was_coming_up_paused_then_it_sells_when_it_is_there(
    product: Product, world: World
) -> None:
    bot = holding(world, "off", State.STOPPED, 1)
    world.host.start_gate = asyncio.Event()
    starting = asyncio.create_task(product.gate.submit(StartBot(bot_id=bot.id, paused=True), PERSON))
    async with asyncio.timeout(5):
        await world.host.starting.wait()
        await product.gate.submit(Panic(exit=True), PERSON)
        world.host.start_gate.set()
        await starting
        await product.guardian.carry_out_panic()
    assert (opened(world, bot), world.host.ended) == (0, [])


async def test_carry_out_panic_when_the_product_was_cut_off_midway_then_the_next_one_sells(
    product: Product, world: World
) -> None:
    bot = holding(world, "off", State.STOPPED, 1)
    await product.gate.submit(Panic(exit=True), PERSON)
    next_one = Guardian(product.gate, Holds(world.store), world.facts)
    await next_one.carry_out_panic()
    assert opened(world, bot) == 0
