import asyncio
from decimal import Decimal

import pytest

from tests.tools.bots.fakes import World, trade, unreachable
from tools.actions import PauseBot, ResumeBot, StartBot, StopBot
from tools.bot import Health, State
from tools.errors import Problem
from tools.freqtrade.client import BotUnreachable
from tools.freqtrade.launch import StartFailed
from tools.freqtrade.running import BotHealth
from tools.guard.actor import Actor
from tools.store.tables import BotRow
from tools.views import BotView

ACTOR = Actor(door="web")


async def test_start_when_off_then_runs_and_counts_before_it_is_up(world: World) -> None:
    bot = world.add()
    world.host.start_gate = asyncio.Event()
    starting = asyncio.create_task(world.executor.execute(StartBot(bot_id=bot.id), ACTOR))
    await world.host.starting.wait()
    assert world.facts.look().bots[bot.id].committed == 100
    world.host.start_gate.set()
    seen = await starting
    assert isinstance(seen, BotView)
    assert (seen.state, world.host.starts) == (State.RUNNING, [(bot.id, "alpha", False)])


async def test_start_when_its_database_holds_trades_then_they_are_known_before_it_can_order(world: World) -> None:
    bot = world.add(state=State.STOPPED)
    world.host.kept[bot.id] = [trade(1)]
    world.reserve(bot)
    world.host.start_gate = asyncio.Event()
    starting = asyncio.create_task(world.executor.execute(StartBot(bot_id=bot.id), ACTOR))
    await world.host.starting.wait()
    assert world.trades.read_synced_at(bot.id) is not None
    assert world.trades.read_totals()[bot.id].open_exposure == Decimal("49.99")
    assert world.reservations.held(bot.id) == {}
    world.host.start_gate.set()
    await starting


@pytest.mark.parametrize("paused", [False, True])
async def test_start_when_it_crashed_then_comes_up_as_asked(world: World, paused: bool) -> None:
    bot = world.add(state=State.PAUSED if paused else State.RUNNING)
    world.host.clients.clear()
    await world.executor.execute(StartBot(bot_id=bot.id, paused=paused), ACTOR)
    assert world.host.starts == [(bot.id, "alpha", paused)]


async def test_start_when_it_fails_then_the_state_is_as_before(world: World) -> None:
    bot = world.add()
    world.host.start_error = StartFailed("strategy_broken", ["a", "b"])
    with pytest.raises(Problem) as raised:
        await world.executor.execute(StartBot(bot_id=bot.id), ACTOR)
    assert (raised.value.kind, raised.value.numbers["log"]) == ("start_failed", "a\nb")
    assert world.registry.read(bot.id).state is State.CREATED


@pytest.mark.parametrize("kind", [StartBot, ResumeBot])
async def test_resume_when_paused_then_the_process_is_told(
    world: World, kind: type[StartBot] | type[ResumeBot]
) -> None:
    bot = world.add(state=State.PAUSED)
    await world.executor.prepare(kind(bot_id=bot.id))
    await world.executor.execute(kind(bot_id=bot.id), ACTOR)
    assert world.client(bot).names() == ["start"]
    assert (world.registry.read(bot.id).state, world.host.starts) == (State.RUNNING, [])


async def test_resume_when_the_bot_does_not_answer_then_it_stays_paused(world: World) -> None:
    bot = world.add(state=State.PAUSED)
    world.client(bot).fails = {"start": [unreachable()]}
    with pytest.raises(BotUnreachable):
        await world.executor.execute(ResumeBot(bot_id=bot.id), ACTOR)
    assert world.registry.read(bot.id).state is State.PAUSED


@pytest.mark.parametrize("state", [State.CREATED, State.STOPPED, State.RUNNING])
async def test_resume_when_not_paused_then_makes_no_sense(world: World, state: State) -> None:
    bot = world.add(state=state)
    with pytest.raises(Problem, match="wrong_state"):
        await world.executor.prepare(ResumeBot(bot_id=bot.id))


async def test_resume_when_its_process_is_gone_then_it_stays_off(world: World) -> None:
    bot = world.add(state=State.PAUSED)
    world.host.clients.clear()
    with pytest.raises(Problem, match="wrong_state"):
        await world.executor.prepare(ResumeBot(bot_id=bot.id))
    world.healths.note(bot.id, BotHealth(Health.HEALTHY))
    with pytest.raises(Problem, match="bot_unreachable"):
        await world.executor.execute(ResumeBot(bot_id=bot.id), ACTOR)
    assert (world.host.starts, world.registry.read(bot.id).state) == ([], State.PAUSED)


async def test_pause_when_running_then_waits_for_a_round_before_it_counts_as_paused(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    seen = await world.executor.execute(PauseBot(bot_id=bot.id), ACTOR)
    assert isinstance(seen, BotView)
    assert seen.state is State.PAUSED
    assert world.client(bot).names() == ["pause", "last_round", "last_round", "trades"]


async def test_stop_when_running_then_its_last_trades_are_read(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).told = [trade(1)]
    world.reserve(bot)
    seen = await world.executor.execute(StopBot(bot_id=bot.id), ACTOR)
    assert isinstance(seen, BotView)
    assert (seen.state, seen.open_trades) == (State.STOPPED, 1)
    assert world.reservations.held(bot.id) == {}


async def test_exclusively_when_a_bot_is_busy_then_others_are_not(world: World) -> None:
    one, other = world.add("one"), world.add("other")
    async with world.executor.exclusively(StartBot(bot_id=one.id)):
        async with world.executor.exclusively(StartBot(bot_id=other.id)):
            pass
        waiting = asyncio.create_task(world.executor.exclusively(PauseBot(bot_id=one.id)).__aenter__())
        await asyncio.sleep(0)
        assert not waiting.done()
    await waiting


async def test_start_when_the_bot_was_made_on_another_venue_then_it_stays_as_it_was(world: World) -> None:
    bot = world.add()
    with world.store.session() as session:
        row = session.get_one(BotRow, bot.id)
        row.venue = "binance"
        session.add(row)
        session.commit()
    with pytest.raises(Problem) as raised:
        await world.executor.execute(StartBot(bot_id=bot.id), ACTOR)
    told = {"name": "alpha", "venue": "binance", "now": "demo", "reason": "other_venue"}
    assert (raised.value.kind, raised.value.status, raised.value.numbers) == ("other_venue", 409, told)
    assert (world.host.starts, world.registry.read(bot.id).state) == ([], State.CREATED)
