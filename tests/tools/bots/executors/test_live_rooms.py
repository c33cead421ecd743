"""Bots with real money in the executors' rooms: the key is looked at, mandates end, and what is held can be sold."""

from typing import Any

import pytest

from tests.tools.bots.fakes import World, trade
from tools.actions import (
    Action,
    ChangeMode,
    DeleteBot,
    EditBot,
    Panic,
    PauseBot,
    ResumeBot,
    SetLimits,
    StartBot,
    StopBot,
)
from tools.bot import Mode, State
from tools.bots.registry import Bot
from tools.errors import Problem
from tools.guard.actor import GUARD, Actor
from tools.guard.limits import Limits, LimitsChange

PERSON = Actor(door="web")
LIVE = Mode.REAL_MARKET_SPOT
ENABLED = Limits(live_enabled=True)


def grant(world: World, bot: Bot) -> None:
    with world.store.writing() as session:
        world.mandates.grant(session, bot.id, world.bindings.find(bot), by="web", proposal_id="p")


def edit(bot: Bot, **changes: Any) -> EditBot:
    return EditBot.model_validate({"bot_id": bot.id, "changes": changes})


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("state", "make", "asks"),
    [
        (State.STOPPED, lambda bot: StartBot(bot_id=bot.id), True),
        (State.STOPPED, lambda bot: StartBot(bot_id=bot.id, paused=True), False),
        (State.PAUSED, lambda bot: ResumeBot(bot_id=bot.id), True),
        (State.RUNNING, lambda bot: edit(bot, stake="40"), True),
        (State.RUNNING, lambda bot: edit(bot, name="other"), False),
        (State.PAUSED, lambda bot: edit(bot, stake="40"), False),
        (State.RUNNING, lambda bot: PauseBot(bot_id=bot.id), False),
        (State.RUNNING, lambda bot: StopBot(bot_id=bot.id), False),
    ],
)
async def test_prepare_when_a_bot_would_enter_with_real_money_then_the_key_is_looked_at_anew(
    world: World, state: State, make: Any, asks: bool, mode: Mode
) -> None:
    bot = world.add(state=state, mode=mode)
    await world.executor.prepare(make(bot))
    assert world.key.asked == int(asks and mode is LIVE)
    assert (world.facts.look().live_check is not None) == (asks and mode is LIVE)


async def test_prepare_when_real_money_would_be_enabled_then_the_key_is_looked_at_and_else_not(world: World) -> None:
    await world.executor.prepare(SetLimits(changes=LimitsChange.model_validate({"max_trade": "10"})))
    assert world.key.asked == 0
    enable = SetLimits(changes=LimitsChange(live_enabled=True))
    await world.executor.prepare(enable)
    assert world.key.asked == 1
    world.book.write(ENABLED)
    await world.executor.prepare(SetLimits(changes=LimitsChange(live_enabled=False)))
    assert world.key.asked == 1


@pytest.mark.parametrize("mode", Mode)
async def test_prepare_when_another_source_was_stored_since_the_start_then_a_real_bot_is_not_resumed(
    world: World, mode: Mode
) -> None:
    source = "from freqtrade.strategy import IStrategy\n\n\nclass Mine(IStrategy):\n    timeframe = '5m'\n"
    world.shelf.write("Mine", source)
    bot = world.add(state=State.PAUSED, mode=mode, strategy="Mine")
    await world.executor.prepare(ResumeBot(bot_id=bot.id))
    world.shelf.write("Mine", source + "    x = 1\n")
    if mode is Mode.SIMULATED:
        await world.executor.prepare(ResumeBot(bot_id=bot.id))
        return
    for action in (ResumeBot(bot_id=bot.id), StartBot(bot_id=bot.id)):
        with pytest.raises(Problem) as raised:
            await world.executor.prepare(action)
        assert raised.value.kind == "source_differs"
    world.host.clients.clear()
    await world.executor.prepare(StartBot(bot_id=bot.id))


@pytest.mark.parametrize(
    ("state", "make", "reason"),
    [
        (State.RUNNING, lambda bot: StopBot(bot_id=bot.id), "stopped"),
        (State.STOPPED, lambda bot: DeleteBot(bot_id=bot.id), "deleted"),
        (State.STOPPED, lambda bot: ChangeMode(bot_id=bot.id, mode=Mode.SIMULATED), "mode"),
        (State.RUNNING, lambda bot: PauseBot(bot_id=bot.id), None),
    ],
)
async def test_execute_when_a_bot_ends_then_so_does_its_mandate_and_a_pause_keeps_it(
    world: World, state: State, make: Any, reason: str | None
) -> None:
    bot = world.add(state=state, mode=LIVE)
    grant(world, bot)
    await world.executor.execute(make(bot), PERSON)
    row = world.mandates.read(bot.id)
    assert row is not None
    assert row.void_reason == reason


async def test_panic_when_a_bot_hangs_and_is_ended_then_its_mandate_ends_too(world: World) -> None:
    bot = world.add(state=State.RUNNING, mode=LIVE)
    grant(world, bot)
    world.client(bot).hangs = {"pause"}
    await world.executor.execute(Panic(), PERSON)
    assert world.registry.read(bot.id).state is State.STOPPED
    row = world.mandates.read(bot.id)
    assert row is not None
    assert row.void_reason == "stopped"


@pytest.mark.parametrize("enabled", [False, True])
@pytest.mark.parametrize("state", [State.RUNNING, State.PAUSED, State.STOPPED])
async def test_panic_when_real_money_is_off_and_the_key_fails_then_all_is_sold_all_the_same(
    world: World, enabled: bool, state: State
) -> None:
    """With a process, or through one that comes up for it: exits always pass."""
    world.book.write(Limits(live_enabled=enabled))
    world.key.told = {"configured": False}
    bot = world.add(state=state, mode=LIVE)
    world.host.kept[bot.id].append(trade(1))
    if bot.id in world.host.clients:
        world.host.clients[bot.id].told.append(trade(1))
    world.trades.write(bot, [trade(1)])
    for actor in (PERSON, GUARD):
        action: Action = Panic(exit=True)
        await world.executor.execute(action, actor)
    assert ("force_exit", 1, None) in world.client(bot).calls
    assert world.registry.read(bot.id).state is State.PAUSED
    assert world.mandates.read(bot.id) is None
    assert world.key.asked == 0
