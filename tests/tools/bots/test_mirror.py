import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.tools.bots.fakes import ROUND, World, closed, entering, trade, unreachable
from tools.bot import State
from tools.freqtrade.client import BotUnreachable
from tools.store.tables import now


async def test_ask_when_trades_turn_then_they_are_told_in_the_mode_of_the_bot(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.client(bot).told = [trade(1)]
    await world.mirror.ask(bot, world.client(bot))
    world.client(bot).told = [closed(1, "1")]
    await world.mirror.ask(bot, world.client(bot))
    assert [(one.is_open, one.mode) for one in world.audience.trades] == [(True, "SIMULATED"), (False, "SIMULATED")]


async def test_ask_when_an_order_shows_in_a_trade_then_what_was_reserved_for_it_is_given_back(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.reserve(bot, order_id="entry-1")
    world.reserve(bot, "ETH/USDT", order_id="entry-2")
    world.client(bot).told, world.client(bot).round = [entering(1)], now() - timedelta(hours=1)
    await world.mirror.ask(bot, world.client(bot))
    assert world.reservations.held(bot.id) == {"ETH/USDT": Decimal(50)}
    assert world.trades.read_totals()[bot.id].held_by_pair == {"BTC/USDT": Decimal(50)}


async def test_ask_when_a_round_ended_then_it_was_asked_for_before_the_trades(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = world.add(state=State.RUNNING)
    world.reservations.failed(bot.id, world.reserve(bot))
    client = world.client(bot)
    client.round = ROUND
    monkeypatch.setattr("tools.guard.reservations.now", lambda: ROUND)
    await world.mirror.ask(bot, client)
    assert client.names() == ["last_round", "trades"]
    assert world.reservations.held(bot.id) == {}


async def test_ask_when_an_order_was_placed_and_never_shows_then_it_is_held_until_the_process_is_gone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = world.add(state=State.RUNNING)
    world.reserve(bot, order_id="never seen")
    monkeypatch.setattr("tools.guard.reservations.now", lambda: ROUND)
    for _ in range(3):
        await world.mirror.ask(bot, world.client(bot))
    assert world.reservations.held(bot.id) == {"BTC/USDT": Decimal(50)}
    await world.host.stop(bot.id)
    world.mirror.read(bot)
    assert world.reservations.held(bot.id) == {}


async def test_ask_when_the_bot_does_not_answer_then_nothing_is_given_back(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.reserve(bot)
    world.client(bot).fails = {"trades": [unreachable()]}
    with pytest.raises(BotUnreachable):
        await world.mirror.ask(bot, world.client(bot))
    assert world.reservations.held(bot.id) == {"BTC/USDT": Decimal(50)}
    assert world.trades.read_synced_at(bot.id) is None


async def test_ask_when_an_older_answer_comes_later_then_it_is_left_out(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    client = world.client(bot)
    client.told, client.late = [], {"trades": asyncio.Event()}
    older = asyncio.create_task(world.mirror.ask(bot, client))
    while "trades" not in client.names():
        await asyncio.sleep(0)
    released, client.late, client.told = client.late["trades"], {}, [trade(1)]
    await world.mirror.ask(bot, client)
    released.set()
    await older
    assert world.trades.read_totals()[bot.id].open_trades == 1


async def test_ask_when_there_are_more_closed_trades_than_a_page_then_all_that_are_new_are_read(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    world.client(bot).told = [closed(number, "1", at + timedelta(minutes=number)) for number in range(130, 0, -1)]
    await world.mirror.ask(bot, world.client(bot))
    assert world.trades.read_totals()[bot.id].closed_trades == 130
    world.client(bot).calls.clear()
    await world.mirror.ask(bot, world.client(bot))
    assert world.client(bot).names() == ["last_round", "trades"]


async def test_ask_after_a_round_when_none_ends_then_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.bots.mirror.ROUND_TIMEOUT_S", 0.01)
    bot = world.add(state=State.RUNNING)
    world.client(bot).round = now() - timedelta(hours=1)
    with pytest.raises(BotUnreachable):
        await world.mirror.ask_after_a_round(bot, world.client(bot))


async def test_read_when_the_process_is_gone_then_all_that_was_reserved_is_given_back(world: World) -> None:
    bot = world.add()
    world.reserve(bot)
    world.host.kept[bot.id] = [trade(1)]
    world.mirror.read(bot)
    assert world.reservations.held(bot.id) == {}
    assert world.trades.read_totals()[bot.id].open_trades == 1
    assert world.trades.read_synced_at(bot.id) is not None


async def test_read_when_the_process_lives_then_what_was_reserved_stays(world: World) -> None:
    bot = world.add(state=State.RUNNING)
    world.reserve(bot)
    world.mirror.read(bot)
    assert world.reservations.held(bot.id) == {"BTC/USDT": Decimal(50)}


async def test_read_when_the_database_cannot_be_read_then_nothing_is_given_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(bot_id: str, mode: str) -> None:
        raise sqlite3.DatabaseError("file is not a database")

    bot = world.add()
    world.reserve(bot)
    monkeypatch.setattr(world.host, "read_trades", broken)
    world.mirror.read(bot)
    assert world.reservations.held(bot.id) == {"BTC/USDT": Decimal(50)}
