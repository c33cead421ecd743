"""The panic stop, with bots that answer, answer late, fail, hang, and cannot be ended."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest

from tests.tools.bots.fakes import BOUNDS, World, closed, entering, order, trade, unreachable
from tools.actions import BotChanges, EditBot, Panic, ReleasePanic, ResumeBot, StartBot
from tools.bot import State
from tools.bots.executors.halt import Halt
from tools.bots.executors.launcher import Launcher
from tools.bots.executors.panic import PanicRoom
from tools.bots.registry import Bot
from tools.errors import Problem
from tools.freqtrade.client import OrderRefused
from tools.guard.actor import Actor
from tools.store.tables import now
from tools.views import PanicView

ACTOR = Actor(door="web")


async def press(world: World, exits: bool = False) -> PanicView:
    async with asyncio.timeout(5), world.executor.exclusively(Panic(exit=exits)):
        await world.executor.prepare(Panic(exit=exits))
        seen: Any = await world.executor.execute(Panic(exit=exits), ACTOR)
    assert world.audience.guards[-1] == seen
    assert isinstance(seen.panic, PanicView)
    return seen.panic


def state(world: World, bot: Bot) -> State:
    return world.registry.read(bot.id).state


def unsold(world: World) -> list[str]:
    row = world.holds.find(None)
    return list(row.details.get("unsold", ())) if row else []


async def until(task: asyncio.Task[Any], event: asyncio.Event) -> None:
    waiting = asyncio.create_task(event.wait())
    await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED, timeout=5)
    assert event.is_set()


def submitted(world: World, action: Any) -> Coroutine[Any, Any, Any]:
    """As the gate does it: with the bot's lock held."""

    async def work() -> Any:
        async with world.executor.exclusively(action):
            return await world.executor.execute(action, ACTOR)

    return work()


async def test_panic_when_pressed_then_it_is_written_before_anything_is_waited_for(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    executing = world.executor.execute(Panic(), ACTOR)
    executing.send(None)
    assert world.holds.is_panic()
    assert world.facts.look().panic
    assert (state(world, bot), world.client(bot).calls) == (State.PAUSED, [])
    assert world.audience.guards[0].panic is not None
    executing.close()


async def test_panic_when_bots_answer_then_all_are_paused_and_go_on_managing(world: World) -> None:
    bots = [world.add("one", State.RUNNING), world.add("two", State.RUNNING), world.add("three", State.PAUSED)]
    off = world.add("off", State.STOPPED)
    seen = await press(world)
    assert {state(world, bot) for bot in bots} == {State.PAUSED}
    assert {world.client(bot).state for bot in bots} == {"paused"}
    assert state(world, off) is State.STOPPED
    assert (seen.exit, seen.door, seen.ended_bots, world.host.ended) == (False, "web", (), [])
    assert seen.entries_off_ms is not None
    assert seen.entries_off_ms < 5000


async def test_panic_when_there_is_no_bot_then_it_is_on_at_once(world: World) -> None:
    assert (await press(world)).entries_off_ms is not None


async def test_panic_when_entries_are_open_then_they_are_taken_back_and_exits_are_not(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    selling = trade(3, orders=[order("exit-3", ft_order_side="sell")], has_open_orders=True)
    world.client(bot).told = [entering(1), trade(2), selling]
    await press(world)
    assert [one.trade_id for one in world.client(bot).told] == [2, 3]
    assert "force_exit" not in world.client(bot).names()
    assert world.trades.read_totals()[bot.id].open_trades == 2


async def test_panic_when_all_is_to_be_sold_then_all_that_is_not_being_sold_is(world: World) -> None:
    one, other = world.add("one", State.RUNNING), world.add("other", State.PAUSED)
    selling = trade(3, orders=[order("exit-3", ft_order_side="sell")], has_open_orders=True)
    world.client(one).told, world.client(other).told = [trade(1), entering(2), selling], [trade(1)]
    seen = await press(world, exits=True)
    sold = [call[1] for call in world.client(one).calls if call[0] == "force_exit"]
    assert (1 in sold, 3 in sold) == (True, False)
    assert (seen.exit, seen.exits_open) == (True, 1)


async def test_panic_when_one_exit_fails_then_the_others_are_made_and_the_bot_lives(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).told = [trade(1), trade(2)]
    world.client(bot).fails = {"force_exit": [OrderRefused("no price"), OrderRefused("no price")]}
    seen = await press(world, exits=True)
    assert world.client(bot).names().count("force_exit") == 2
    assert (seen.exits_open, seen.ended_bots, state(world, bot)) == (0, (), State.PAUSED)
    assert (seen.unsold, seen.unsold_trades, unsold(world)) == (("alpha",), 2, [bot.id])
    world.client(bot).fails = {}
    await press(world, exits=True)
    assert (unsold(world), world.trades.read_totals()[bot.id].open_trades) == ([], 0)


async def test_panic_when_a_bot_fails_for_a_moment_then_it_is_asked_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.bots.executors.halt.AGAIN_S", 0.001)
    bot = world.add(state=State.RUNNING)
    answers = iter([unreachable(), unreachable()])

    async def pause() -> None:
        if (error := next(answers, None)) is not None:
            raise error

    world.client(bot).pause = pause  # type: ignore[method-assign]
    seen = await press(world)
    assert (seen.ended_bots, state(world, bot)) == ((), State.PAUSED)


@pytest.mark.parametrize("hung", ["pause", "last_round", "trades"])
async def test_panic_when_a_bot_hangs_then_it_is_ended_and_named_and_nobody_waits_for_it(
    world: World, hung: str
) -> None:
    silent, well = world.add("silent", State.RUNNING), world.add("well", State.RUNNING)
    world.client(silent).hangs = {hung}
    world.client(silent).told = [trade(1)]
    world.reserve(silent)
    seen = await press(world)
    assert (seen.ended_bots, world.host.ended) == (("silent",), [silent.id])
    assert (state(world, silent), state(world, well)) == (State.STOPPED, State.PAUSED)
    assert world.trades.read_totals()[silent.id].open_trades == 1
    assert world.reservations.held(silent.id) == {}
    assert seen.entries_off_ms is not None
    assert seen.entries_off_ms >= 1000 * BOUNDS.answer_s


async def test_panic_when_a_bot_never_answers_well_then_it_is_ended(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).fails = {"pause": [unreachable()]}
    assert (await press(world)).ended_bots == ("alpha",)
    assert state(world, bot) is State.STOPPED


async def test_panic_when_a_process_ends_by_itself_meanwhile_then_it_is_not_waited_for(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    client = world.client(bot)

    async def pause() -> None:
        world.host.clients.clear()
        raise unreachable()

    client.pause = pause  # type: ignore[method-assign]
    seen = await press(world)
    assert state(world, bot) is State.STOPPED
    assert seen.entries_off_ms is not None
    assert seen.entries_off_ms < 1000 * BOUNDS.answer_s


async def test_panic_when_a_hung_bot_is_to_sell_then_its_exits_are_tried_before_it_is_ended(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    client = world.client(bot)
    client.told = [trade(1), trade(2)]
    await world.mirror.ask(bot, client)
    client.hangs = {"pause"}
    seen = await press(world, exits=True)
    assert [call[1] for call in client.calls if call[0] == "force_exit"] == [2, 1]
    assert world.host.ended == [bot.id]
    assert (seen.exits_open, state(world, bot)) == (0, State.STOPPED)


@pytest.mark.parametrize("hung", ["cancel_open_order", "force_exit"])
async def test_panic_when_orders_hang_then_the_process_is_ended_after_a_bound(world: World, hung: str) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).told = [entering(1), trade(2)]
    world.client(bot).hangs = {hung}
    seen = await press(world, exits=True)
    assert (seen.ended_bots, state(world, bot)) == (("alpha",), State.STOPPED)


async def test_panic_when_a_process_cannot_be_ended_then_that_is_not_claimed(world: World) -> None:
    stuck, well = world.add("stuck", State.RUNNING), world.add("well", State.RUNNING)
    world.client(stuck).hangs = {"pause"}
    world.host.undying = {stuck.id}
    seen = await press(world)
    assert (seen.ended_bots, seen.entries_off_ms) == ((), None)
    assert (state(world, stuck), state(world, well)) == (State.PAUSED, State.PAUSED)
    assert unsold(world) == []
    await press(world, exits=True)
    assert unsold(world) == [stuck.id]


@pytest.mark.parametrize("hangs", [False, True])
async def test_panic_when_ending_a_process_goes_wrong_then_the_others_are_paused(
    world: World, hangs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def end_at_once(bot_id: str, within_s: float) -> bool:
        if hangs:
            await asyncio.Event().wait()
        raise OSError("no such thing")

    stuck, well = world.add("stuck", State.RUNNING), world.add("well", State.RUNNING)
    world.client(stuck).hangs = {"pause"}
    monkeypatch.setattr(world.host, "end_at_once", end_at_once)
    seen = await press(world)
    assert (seen.ended_bots, seen.entries_off_ms) == ((), None)
    assert world.client(well).state == "paused"


async def test_panic_when_a_bot_answers_late_then_it_lives_and_the_time_is_measured(world: World) -> None:
    early, late = world.add("early", State.RUNNING), world.add("late", State.RUNNING)
    clock = [100.0]
    launcher = Launcher(world.bench)
    room = PanicRoom(world.bench, Halt(world.bench, launcher, BOUNDS, lambda: clock[0]))
    world.client(late).late = {"trades": asyncio.Event()}
    pressing = asyncio.ensure_future(room.execute(Panic(), ACTOR))
    while "trades" not in world.client(late).names() or world.client(early).names()[-1] != "trades":
        await asyncio.sleep(0)
    clock[0] += 0.0254
    world.client(late).late["trades"].set()
    seen: Any = await pressing
    assert seen.panic.entries_off_ms == 26
    assert (seen.panic.ended_bots, state(world, late)) == ((), State.PAUSED)


@pytest.mark.parametrize("exits", [False, True])
async def test_panic_when_a_permit_was_given_before_then_its_entry_is_caught_after_the_round(
    world: World, exits: bool
) -> None:
    bot = world.add(state=State.RUNNING)
    client = world.client(bot)
    world.reserve(bot, order_id="entry-9")
    client.round = now() - timedelta(hours=1)
    pages = iter([[], [trade(8), entering(9)]])
    ask = world.mirror.ask

    async def ask_and_end_a_round(*told: Any) -> Any:
        client.told = next(pages, client.told)
        try:
            return await ask(*told)
        finally:
            client.round = now() + timedelta(hours=1)

    world.mirror.ask = ask_and_end_a_round  # type: ignore[method-assign]
    await press(world, exits)
    assert ("cancel_open_order", 9) in client.calls
    assert any(one.is_open for one in client.told) is not exits
    assert world.reservations.held(bot.id) == {}


async def test_panic_when_an_entry_may_still_be_on_its_way_then_that_is_not_hidden(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.bots.mirror.ROUND_TIMEOUT_S", 0.01)
    bot = world.add(state=State.RUNNING)
    world.reserve(bot)
    world.client(bot).round = now() - timedelta(hours=1)
    seen = await press(world)
    assert (seen.entries_off_ms, state(world, bot), world.host.ended) == (None, State.PAUSED, [])


@pytest.mark.parametrize("before", [State.CREATED, State.STOPPED, State.RUNNING])
async def test_panic_when_a_start_hangs_then_it_is_ended_without_waiting_for_it(world: World, before: State) -> None:
    bot = world.add(state=before)
    world.host.clients.clear()
    world.host.start_gate = asyncio.Event()
    starting = asyncio.create_task(submitted(world, StartBot(bot_id=bot.id)))
    await until(starting, world.host.starting)
    seen = await press(world)
    with pytest.raises(Problem, match="start_failed"):
        await starting
    assert (seen.ended_bots, state(world, bot)) == (("alpha",), State.STOPPED)
    assert bot.id not in world.host.clients


async def test_panic_when_a_start_comes_up_all_the_same_then_it_is_paused(world: World) -> None:
    bot = world.add()
    world.host.start_gate = asyncio.Event()
    world.host.undying = {bot.id}
    starting = asyncio.create_task(submitted(world, StartBot(bot_id=bot.id)))
    await until(starting, world.host.starting)
    world.host._ending[bot.id] = asyncio.Event()
    await press(world)
    world.host.start_gate.set()
    await starting
    assert (state(world, bot), world.client(bot).state) == (State.PAUSED, "paused")


async def test_panic_when_a_resume_is_under_way_then_the_bot_is_paused_after_it(world: World) -> None:
    bot = world.add(state=State.PAUSED)
    client = world.client(bot)
    client.late = {"start": asyncio.Event()}
    resuming = asyncio.create_task(submitted(world, ResumeBot(bot_id=bot.id)))
    while "start" not in client.names():
        await asyncio.sleep(0)
    await press(world)
    client.late["start"].set()
    await resuming
    assert (state(world, bot), client.state) == (State.PAUSED, "paused")


async def test_panic_when_an_edit_starts_a_bot_again_then_it_stays_off(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.host.start_gate = asyncio.Event()
    editing = asyncio.create_task(submitted(world, EditBot(bot_id=bot.id, changes=BotChanges(stake="20"))))
    await until(editing, world.host.starting)
    await press(world)
    with pytest.raises(Problem, match="start_failed"):
        await editing
    assert (state(world, bot), len(world.host.starts), world.host.clients) == (State.STOPPED, 1, {})


async def test_panic_when_pressed_twice_then_nothing_is_done_twice(world: World) -> None:
    silent, well = world.add("silent", State.RUNNING), world.add("well", State.RUNNING)
    world.client(silent).hangs = {"pause"}
    first = await press(world)
    second = await press(world)
    assert first == second
    assert (world.host.ended, state(world, well)) == ([silent.id], State.PAUSED)


async def test_panic_when_pressed_again_to_sell_then_it_sells_and_remembers_the_first_press(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).told = [trade(1)]
    first = await press(world)
    second = await press(world, exits=True)
    third = await press(world)
    assert (first.exit, second.exit, third.exit) == (False, True, True)
    assert first.entries_off_ms == third.entries_off_ms
    assert world.trades.read_totals()[bot.id].open_trades == 0
    assert world.client(bot).told == [closed(1, "0.5")]


async def test_panic_when_pressed_again_while_a_bot_hangs_then_both_come_to_an_end(world: World) -> None:
    silent, well = world.add("silent", State.RUNNING), world.add("well", State.RUNNING)
    world.client(silent).hangs = {"pause"}
    world.client(well).told = [trade(1)]
    _, second = await asyncio.gather(press(world), press(world, exits=True))
    assert second.exit
    assert world.desk.read_guard().panic is not None
    assert (state(world, silent), state(world, well)) == (State.STOPPED, State.PAUSED)
    assert world.trades.read_totals()[well.id].open_trades == 0


async def test_panic_when_a_bot_is_deleted_meanwhile_then_the_rest_is_done(world: World) -> None:
    bot, well = world.add("gone", State.RUNNING), world.add("well", State.RUNNING)
    world.client(bot).hangs = {"pause"}
    pressing = asyncio.create_task(press(world))
    while "pause" not in world.client(bot).names():
        await asyncio.sleep(0)
    world.registry.remove(bot.id)
    await pressing
    assert state(world, well) is State.PAUSED


async def test_release_when_on_then_bots_stay_paused(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    await press(world)
    await world.executor.prepare(ReleasePanic())
    seen: Any = await world.executor.execute(ReleasePanic(), ACTOR)
    assert (seen.panic, world.holds.is_panic(), state(world, bot)) == (None, False, State.PAUSED)
    assert world.audience.guards[-1] == seen


async def test_release_when_not_on_then_makes_no_sense(world: World) -> None:
    with pytest.raises(Problem, match="no_panic"):
        await world.executor.prepare(ReleasePanic())
