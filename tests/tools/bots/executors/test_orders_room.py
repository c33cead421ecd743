from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.tools.bots.fakes import AT, World, entering, trade, unreachable
from tools.actions import CancelOrder, ForceEntry, ForceExit, LockPair, UnlockPair
from tools.bot import State
from tools.errors import Problem
from tools.freqtrade.client import OrderRefused
from tools.guard.actor import Actor
from tools.store.tables import now
from tools.views import BotView

ACTOR = Actor(door="web")
OFF = (State.CREATED, State.STOPPED)


def entry(bot_id: str, **changes: Any) -> ForceEntry:
    return ForceEntry(bot_id=bot_id, **{"pair": "BTC/USDT", **changes})


async def problem(world: World, action: Any) -> Problem:
    with pytest.raises(Problem) as raised:
        await world.executor.prepare(action)
    return raised.value


async def test_force_entry_when_prepared_then_the_price_is_young(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    await world.executor.prepare(entry(bot.id, stake="20", price="49000"))
    assert world.source.asked == ["BTC/USDT"]
    assert world.facts.look(entry(bot.id)).order is not None
    assert world.client(bot).calls == [("locks",)]


@pytest.mark.parametrize("locked", ["BTC/USDT", "*"])
async def test_force_entry_when_the_pair_is_locked_then_says_until_when(world: World, locked: str) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).locked = {locked, "ETH/USDT"}
    found = await problem(world, entry(bot.id))
    assert (found.kind, found.status, found.numbers["pair"]) == ("pair_locked", 409, "BTC/USDT")
    assert found.numbers["until"] == f"{AT:%Y-%m-%d %H:%M}"


async def test_force_entry_when_another_pair_is_locked_then_it_may_go_on(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).locked = {"ETH/USDT"}
    await world.executor.prepare(entry(bot.id))


async def test_force_entry_when_the_pair_is_not_the_bots_then_that_is_left_to_the_guard(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    await world.executor.prepare(entry(bot.id, pair="SOL/USDT"))


@pytest.mark.parametrize(
    ("changes", "kind"),
    [({"pair": "DOGE/USDT"}, "unknown_pair"), ({"pair": "BTC/EUR"}, "wrong_quote"), ({"stake": "5"}, "below_minimum")],
)
async def test_force_entry_when_it_makes_no_sense_then_says_so(
    world: World, changes: dict[str, str], kind: str
) -> None:
    bot = world.add(state=State.RUNNING)
    assert (await problem(world, entry(bot.id, **changes))).kind == kind


@pytest.mark.parametrize("state", [*OFF, State.PAUSED])
async def test_force_entry_when_the_bot_does_not_run_then_says_so(world: World, state: State) -> None:
    bot = world.add(state=state)
    assert (await problem(world, entry(bot.id))).kind == "wrong_state"


async def test_force_entry_when_done_then_the_trade_is_there(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    seen = await world.executor.execute(entry(bot.id, stake="20", price="49000"), ACTOR)
    assert isinstance(seen, BotView)
    assert world.client(bot).calls[0] == ("force_entry", "BTC/USDT", Decimal(20), Decimal(49000))
    assert seen.open_trades == 1


async def test_force_entry_when_the_bot_refuses_then_that_is_told_and_its_trades_are_read(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).fails = {"force_entry": [OrderRefused("The guard refused")]}
    with pytest.raises(OrderRefused):
        await world.executor.execute(entry(bot.id), ACTOR)
    assert world.client(bot).names() == ["force_entry", "last_round", "trades"]


@pytest.mark.parametrize("state", [State.RUNNING, State.PAUSED])
async def test_force_exit_when_a_part_is_asked_for_then_it_is_sold(world: World, state: State) -> None:
    bot = world.add(state=state)
    world.client(bot).told = [trade(1), trade(2)]
    action = ForceExit(bot_id=bot.id, trade_id=2, amount="0.001")
    await world.executor.prepare(action)
    seen = await world.executor.execute(action, ACTOR)
    assert isinstance(seen, BotView)
    assert ("force_exit", 2, Decimal("0.001")) in world.client(bot).calls
    assert (seen.open_trades, seen.closed_trades) == (1, 1)


async def test_force_exit_when_all_are_asked_for_then_one_that_fails_does_not_keep_the_others(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).told = [trade(1), trade(2), trade(3)]
    refused = OrderRefused("no price")

    async def force_exit(trade_id: int | None, amount: Decimal | None = None) -> None:
        if trade_id == 1:
            raise refused
        world.client(bot).told = [one for one in world.client(bot).told if one.trade_id != trade_id]

    world.client(bot).force_exit = force_exit  # type: ignore[method-assign]
    await world.executor.prepare(ForceExit(bot_id=bot.id))
    with pytest.raises(OrderRefused):
        await world.executor.execute(ForceExit(bot_id=bot.id), ACTOR)
    assert [one.trade_id for one in world.client(bot).told] == [1]
    assert world.trades.read_totals()[bot.id].open_trades == 1


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"trade_id": 7}, "trade_not_open"),
        ({"trade_id": 1, "amount": "0.00100001"}, "above_trade"),
        ({"amount": "0.001"}, "amount_without_trade"),
    ],
)
async def test_force_exit_when_it_makes_no_sense_then_says_so(world: World, content: dict[str, Any], kind: str) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).told = [trade(1)]
    assert (await problem(world, ForceExit(bot_id=bot.id, **content))).kind == kind


async def test_force_exit_when_nothing_is_open_then_says_so(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    assert (await problem(world, ForceExit(bot_id=bot.id))).kind == "nothing_open"


async def test_cancel_order_when_one_is_open_then_it_is_taken_back(world: World) -> None:
    bot = world.add(state=State.PAUSED)
    world.client(bot).told = [entering(1)]
    await world.mirror.ask(bot, world.client(bot))
    action = CancelOrder(bot_id=bot.id, trade_id=1)
    await world.executor.prepare(action)
    seen = await world.executor.execute(action, ACTOR)
    assert isinstance(seen, BotView)
    assert (seen.open_trades, seen.open_exposure) == (0, 0)


@pytest.mark.parametrize(("trade_id", "kind"), [(1, "no_open_order"), (2, "trade_not_open")])
async def test_cancel_order_when_there_is_none_then_says_so(world: World, trade_id: int, kind: str) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).told = [trade(1)]
    assert (await problem(world, CancelOrder(bot_id=bot.id, trade_id=trade_id))).kind == kind


async def test_lock_pair_when_locked_then_it_can_be_unlocked_once(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    lock, unlock = LockPair(bot_id=bot.id, pair="BTC/USDT", minutes=30), UnlockPair(bot_id=bot.id, pair="BTC/USDT")
    assert (await problem(world, unlock)).kind == "not_locked"
    await world.executor.prepare(lock)
    await world.executor.execute(lock, ACTOR)
    (call,) = [call for call in world.client(bot).calls if call[0] == "lock_pair"]
    assert call[1] == "BTC/USDT"
    assert timedelta(minutes=29) < call[2] - now() <= timedelta(minutes=30)
    await world.executor.prepare(unlock)
    await world.executor.execute(unlock, ACTOR)
    assert world.client(bot).locked == set()


async def test_lock_pair_when_the_bot_does_not_trade_it_then_says_so(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    assert (await problem(world, LockPair(bot_id=bot.id, pair="SOL/USDT"))).kind == "pair_not_of_bot"


@pytest.mark.parametrize("state", OFF)
async def test_prepare_when_the_bot_is_off_then_says_so(world: World, state: State) -> None:
    bot = world.add(state=state)
    actions = [
        ForceExit(bot_id=bot.id),
        CancelOrder(bot_id=bot.id, trade_id=1),
        LockPair(bot_id=bot.id, pair="BTC/USDT"),
        UnlockPair(bot_id=bot.id, pair="BTC/USDT"),
    ]
    assert [(await problem(world, action)).kind for action in actions] == ["wrong_state"] * 4


async def test_prepare_when_the_bot_does_not_answer_then_says_so(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).fails = {"status": [unreachable()]}
    assert (await problem(world, ForceExit(bot_id=bot.id))).kind == "bot_unreachable"
