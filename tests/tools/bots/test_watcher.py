import asyncio
from typing import Any

import pytest

from tests.tools.bots.fakes import World, trade, unreachable
from tools.bot import Health, State
from tools.bots.watcher import Watcher
from tools.freqtrade.running import BotHealth


class Guardian:
    def __init__(self) -> None:
        self.looks = 0
        self.hold = asyncio.Event()
        self.hold.set()
        self.error: Exception | None = None

    async def look(self) -> None:
        self.looks += 1
        await self.hold.wait()
        if self.error:
            raise self.error


@pytest.fixture
def guardian() -> Guardian:
    return Guardian()


@pytest.fixture
def watcher(world: World, guardian: Guardian) -> Watcher:
    host: Any = world.host
    return Watcher(world.desk, world.mirror, host, world.healths, world.audience, guardian, interval_s=0.02)


async def test_look_when_nobody_watches_then_the_guardian_looks_and_nobody_is_told(
    watcher: Watcher, guardian: Guardian, world: World
) -> None:
    world.add(state=State.RUNNING)
    await watcher.look()
    assert (guardian.looks, world.audience.ticks) == (1, 0)
    world.audience.watches = True
    await watcher.look()
    assert (guardian.looks, world.audience.ticks) == (2, 1)


async def test_look_when_no_bot_runs_then_the_guardian_looks_all_the_same(watcher: Watcher, guardian: Guardian) -> None:
    await watcher.look()
    assert guardian.looks == 1


async def test_look_when_a_bot_hangs_then_the_others_are_followed_and_it_is_asked_once(
    watcher: Watcher, guardian: Guardian, world: World
) -> None:
    silent, well = world.add("silent", State.RUNNING), world.add("well", State.PAUSED)
    world.client(silent).hangs = {"last_round"}
    world.client(well).told = [trade(1)]
    for _ in range(3):
        await watcher.look()
    assert world.trades.read_totals()[well.id].open_trades == 1
    assert world.client(well).names().count("trades") == 3
    assert world.client(silent).names() == ["last_round"]
    assert guardian.looks == 3


@pytest.mark.parametrize("error", [unreachable(), RuntimeError("?")])
async def test_look_when_a_bot_fails_then_the_guardian_looks_all_the_same(
    watcher: Watcher, guardian: Guardian, world: World, error: Exception
) -> None:
    world.client(world.add(state=State.RUNNING)).fails = {"trades": [error]}
    await watcher.look()
    assert guardian.looks == 1


async def test_look_when_the_guardian_is_slow_then_bots_are_followed_and_it_looks_once(
    watcher: Watcher, guardian: Guardian, world: World
) -> None:
    bot = world.add(state=State.RUNNING)
    guardian.hold.clear()
    await watcher.look()
    await watcher.look()
    assert guardian.looks == 1
    assert world.client(bot).names().count("trades") == 2
    guardian.hold.set()
    await watcher.look()
    await watcher.look()
    assert guardian.looks >= 2


async def test_look_when_the_guardian_fails_then_the_next_round_is_made(watcher: Watcher, guardian: Guardian) -> None:
    guardian.error = RuntimeError("?")
    await watcher.look()
    await watcher.look()
    assert guardian.looks == 2


async def test_run_when_cancelled_then_nothing_goes_on(watcher: Watcher, world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).hangs = {"last_round"}
    running = asyncio.create_task(watcher.run())
    while not world.client(bot).calls:
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(asyncio.all_tasks()) == 1


async def test_note_health_when_a_bot_crashed_then_its_last_trades_are_read_and_it_is_told(
    watcher: Watcher, world: World
) -> None:
    bot = world.add(state=State.RUNNING)
    world.host.kept[bot.id] = [trade(1)]
    world.host.clients.clear()
    await watcher._note_health(bot.id, BotHealth(Health.CRASHED, "process_ended"))
    (told,) = world.audience.crashed
    assert (told.health, told.open_trades) == (Health.CRASHED, 1)


async def test_look_when_somebody_has_started_a_paused_bot_past_us_then_it_is_paused_again(
    watcher: Watcher, world: World
) -> None:
    paused, running = world.add("paused", State.PAUSED), world.add("running", State.RUNNING)
    await watcher.look()
    assert world.client(paused).state == "paused"
    assert world.client(paused).names().count("pause") == 1
    await watcher.look()
    assert world.client(paused).names().count("pause") == 1
    assert {"show_config", "pause"}.isdisjoint(world.client(running).names())


async def test_look_when_its_owner_resumes_the_bot_meanwhile_then_it_runs(watcher: Watcher, world: World) -> None:
    bot = world.add(state=State.PAUSED)
    client = world.client(bot)
    client.late = {"pause": asyncio.Event()}
    looking = asyncio.create_task(watcher.look())
    while "pause" not in client.names():
        await asyncio.sleep(0)
    world.registry.write_state(bot.id, State.RUNNING)
    client.late["pause"].set()
    await looking
    while client.names()[-1] != "start":
        await asyncio.sleep(0)
    assert client.state == "running"


async def test_look_when_its_owner_has_resumed_the_bot_already_then_it_is_left_alone(
    watcher: Watcher, world: World
) -> None:
    bot = world.add(state=State.PAUSED)
    client = world.client(bot)
    client.late = {"show_config": asyncio.Event()}
    looking = asyncio.create_task(watcher.look())
    while "show_config" not in client.names():
        await asyncio.sleep(0)
    world.registry.remove(bot.id)
    client.late["show_config"].set()
    await looking
    assert "pause" not in client.names()
