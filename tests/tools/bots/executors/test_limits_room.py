import asyncio
from typing import Any

import pytest

from tests.tools.bots.fakes import World
from tools.actions import BlockPair, SetBotLimits, SetLimits, UnblockPair
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.limits import BotLimitsChange, LimitsChange
from tools.views import LimitsView

ACTOR = Actor(door="web")


async def do(world: World, action: Any) -> LimitsView:
    await world.executor.prepare(action)
    seen = await world.executor.execute(action, ACTOR)
    assert isinstance(seen, LimitsView)
    assert world.audience.limits[-1] == seen
    return seen


async def test_set_limits_when_done_then_they_are_in_force(world: World) -> None:
    seen = await do(world, SetLimits(changes=LimitsChange(max_trade="40")))
    assert seen.limits.max_trade == world.book.read().max_trade == 40


async def test_set_bot_limits_when_done_and_taken_back_then_the_bot_has_none_of_its_own(world: World) -> None:
    bot = world.add()
    seen = await do(world, SetBotLimits(bot_id=bot.id, changes=BotLimitsChange(max_trade="40")))
    assert (seen.limits.of(bot.id).max_trade, seen.limits.max_trade) == (40, 100)
    seen = await do(world, SetBotLimits(bot_id=bot.id, changes=BotLimitsChange(max_trade=None)))
    assert seen.limits.bots == {}


async def test_block_and_unblock_when_done_then_the_pair_is_shut_and_open(world: World) -> None:
    assert (await do(world, BlockPair(pair="BTC/USDT"))).limits.blocked_pairs == {"BTC/USDT"}
    assert (await do(world, UnblockPair(pair="BTC/USDT"))).limits.blocked_pairs == frozenset()


@pytest.mark.parametrize(
    "action",
    [
        SetLimits(changes=LimitsChange()),
        SetLimits(changes=LimitsChange(max_trade="100")),
        UnblockPair(pair="BTC/USDT"),
    ],
)
async def test_prepare_when_nothing_would_change_then_says_so(world: World, action: Any) -> None:
    with pytest.raises(Problem, match="nothing_to_change"):
        await world.executor.prepare(action)


async def test_prepare_when_the_pair_is_blocked_already_then_says_so(world: World) -> None:
    await do(world, BlockPair(pair="BTC/USDT"))
    with pytest.raises(Problem, match="nothing_to_change"):
        await world.executor.prepare(BlockPair(pair="BTC/USDT"))


async def test_prepare_when_limits_contradict_each_other_then_says_so(world: World) -> None:
    with pytest.raises(Problem, match="limits_contradict"):
        await world.executor.prepare(SetLimits(changes=LimitsChange(max_trade="5000")))


async def test_prepare_when_a_bots_limit_is_above_that_of_all_then_says_so(world: World) -> None:
    bot = world.add()
    with pytest.raises(Problem, match="bot_above_all"):
        await world.executor.prepare(SetBotLimits(bot_id=bot.id, changes=BotLimitsChange(max_trade="101")))


async def test_prepare_when_the_bot_is_unknown_then_says_so(world: World) -> None:
    with pytest.raises(Problem, match="unknown_bot"):
        await world.executor.prepare(SetBotLimits(bot_id="0" * 12, changes=BotLimitsChange(max_trade="1")))


async def test_exclusively_when_a_bot_is_busy_then_its_limits_can_be_set(world: World) -> None:
    bot = world.add()
    action = SetBotLimits(bot_id=bot.id, changes=BotLimitsChange(max_trade="1"))
    async with world.executor._locks[bot.id], asyncio.timeout(1), world.executor.exclusively(action):
        await do(world, action)
