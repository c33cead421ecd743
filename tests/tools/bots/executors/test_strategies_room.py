import pytest

from tests.tools.bots.fakes import World
from tests.tools.bots.test_shelf import SOURCE
from tools.actions import StoreStrategy
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.views import StrategyView

STORE = StoreStrategy(name="Mine", source=SOURCE)


async def test_store_when_it_can_be_read_then_a_bot_can_have_it(world: World) -> None:
    await world.executor.prepare(STORE)
    seen = await world.executor.execute(STORE, Actor(door="web"))
    assert isinstance(seen, StrategyView)
    assert (seen.name, seen.timeframe) == ("Mine", "5m")
    assert world.shelf.read().check(world.add(strategy="Mine").spec).name == "Mine"


async def test_store_when_the_same_is_stored_already_then_says_so(world: World) -> None:
    await world.executor.execute(STORE, Actor(door="web"))
    with pytest.raises(Problem, match="nothing_to_change"):
        await world.executor.prepare(STORE)


async def test_store_when_it_cannot_be_read_then_says_so_and_nothing_is_stored(world: World) -> None:
    with pytest.raises(Problem, match="strategy_syntax"):
        await world.executor.prepare(StoreStrategy(name="Mine", source="class :"))
    assert world.shelf.find_source("Mine") is None
