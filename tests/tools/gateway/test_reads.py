"""Books, trades, averages, the listing and the clock through the gateway."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from tools.gateway import errors

BTC = {"symbol": "BTCUSDT"}


async def test_depth_when_fewer_levels_are_asked_for_then_the_deeper_book_serves(world: Any) -> None:
    for limit in (100, 5, 1, 20, 7_000):
        await world.agree("depth", **BTC, limit=limit)
    await world.agree("depth", **BTC, limit=500)
    await world.agree("depth", **BTC)
    assert world.line.count("depth") == 2


async def test_depth_when_old_then_read_again_and_when_silent_stale_for_two_seconds(world: Any) -> None:
    await world.agree("depth", **BTC)
    world.now_ms += 1_001
    await world.agree("depth", **BTC)
    assert world.line.count("depth") == 2
    world.fail(httpx.ReadTimeout("silent"))
    world.now_ms += 2_000
    assert (await world.ask("depth", **BTC, limit=5)).is_stale
    world.now_ms += 1
    with pytest.raises(errors.Unanswered):
        await world.ask("depth", **BTC, limit=5)


@pytest.mark.parametrize("params", [{"limit": 0}, {"symbolStatus": "TRADING"}, {"symbol": "NOPEUSDT"}])
async def test_depth_when_odd_then_as_the_exchange_says(world: Any, params: dict[str, Any]) -> None:
    await world.agree("depth", **{**BTC, **params})


@pytest.mark.parametrize("path", ["trades", "aggTrades"])
async def test_trades_when_fewer_are_asked_for_then_the_last_of_the_most(world: Any, path: str) -> None:
    for params in ({}, {"limit": 1}, {"limit": 1_000}, {"limit": 5_000}, {"limit": 3}):
        await world.agree(path, **BTC, **params)
    assert world.line.count(path) == 1
    await world.agree(path, **BTC, limit=0)
    await world.agree(path, symbol="NOPEUSDT")


async def test_trades_when_from_a_moment_or_a_number_then_as_the_exchange_says(world: Any, now_ms: int) -> None:
    await world.agree("aggTrades", **BTC, startTime=now_ms - 60_000, limit=10)
    await world.agree("aggTrades", **BTC, fromId=now_ms // 1_000 - 100, limit=10)
    await world.agree("aggTrades", **BTC, endTime=now_ms - 60_000)


async def test_average_price_when_asked_often_then_every_five_seconds(world: Any) -> None:
    for _ in range(8):
        await world.agree("avgPrice", **BTC)
        world.now_ms += 1_000
    assert world.line.count("avgPrice") == 2


async def test_ping_when_asked_then_answered(world: Any) -> None:
    await world.agree("ping")


INFO = [
    {}, {"symbol": "BTCUSDT"}, {"symbols": '["ETHUSDT","BTCUSDT"]'}, {"permissions": "SPOT"}, {"permissions": "MARGIN"},
    {"symbolStatus": "TRADING"}, {"symbolStatus": "HALT"},
]  # fmt: skip


async def test_listing_when_asked_in_simple_ways_then_from_one_answer_with_the_time_of_now(world: Any) -> None:
    for params in INFO:
        world.now_ms += 60_000
        answer = await world.ask("exchangeInfo", **params)
        assert json.loads(answer.body) == (await world.ask_directly("exchangeInfo", **params)).json()
    assert world.line.count("exchangeInfo") == 1


@pytest.mark.parametrize("params", [
    {"showPermissionSets": "false"}, {"symbol": "NOPEUSDT"}, {"permissions": '["SPOT","MARGIN"]'},
    {"symbol": "BTCUSDT", "permissions": "SPOT"}, {"permissions": "TRD_GRP_005"},
])  # fmt: skip
async def test_listing_when_asked_in_other_ways_then_as_the_exchange_says(world: Any, params: dict[str, str]) -> None:
    for _ in range(2):
        answer = await world.ask("exchangeInfo", **params)
        direct = await world.ask_directly("exchangeInfo", **params)
        assert (answer.status, json.loads(answer.body)) == (direct.status_code, direct.json())
    assert world.line.count("exchangeInfo") == 2


async def test_listing_when_ten_minutes_old_then_read_again_and_the_announced_limit_is_kept(world: Any) -> None:
    world.gateway.sources.upstream.budget.limit = 1_200
    await world.ask("exchangeInfo")
    assert world.gateway.read_health()["weight"] == {"used": 23, "limit": 6_000}
    world.now_ms += 600_001
    await world.ask("exchangeInfo")
    assert world.line.count("exchangeInfo") == 2


async def test_listing_when_many_ask_at_once_then_one_request(world: Any) -> None:
    asking = [{"symbol": "BTCUSDT"}, {}, {"permissions": "SPOT"}] * 10
    await asyncio.gather(*(world.ask("exchangeInfo", **params) for params in asking))
    assert (world.line.count("exchangeInfo"), world.line.count("time")) == (1, 3)
