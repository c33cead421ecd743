"""Tickers through the gateway."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from tools.gateway import errors

PATHS = ["ticker/24hr", "ticker/price", "ticker/bookTicker"]
NAMES = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"]


@pytest.mark.parametrize("path", PATHS)
async def test_tickers_when_asked_in_any_way_then_as_the_exchange_says(world: Any, path: str) -> None:
    for _ in range(3):
        world.now_ms += 700
        for params in ({"symbol": "BTCUSDT"}, {"symbols": '["SOLUSDT","BTCUSDT"]'}, {}, {"symbol": "NOPEUSDT"}):
            await world.agree(path, **params)


async def test_tickers_when_mini_then_apart_from_full(world: Any) -> None:
    for kind in ("FULL", "MINI", "FULL"):
        await world.agree("ticker/24hr", symbol="BTCUSDT", type=kind)
    await world.agree("ticker/24hr", symbols='["BTCUSDT","ETHUSDT"]', type="MINI")


@pytest.mark.parametrize("path", ["ticker/24hr", "ticker/price"])
async def test_tickers_when_several_are_asked_for_in_turn_then_together(world: Any, path: str) -> None:
    for name in NAMES:
        await world.agree(path, symbol=name)
    assert world.line.count(path) == len(NAMES)
    for _ in range(3):
        world.now_ms += 5_000
        for name in NAMES:
            await world.agree(path, symbol=name)
    assert world.line.count(path) == len(NAMES) + 3


async def test_tickers_when_many_ask_at_once_then_one_request(world: Any) -> None:
    for name in NAMES:
        await world.ask("ticker/price", symbol=name)
    world.now_ms += 2_000
    await asyncio.gather(*(world.ask("ticker/price", symbol=name) for name in NAMES * 25))
    assert world.line.count("ticker/price") == len(NAMES) + 1


async def test_tickers_when_all_were_read_then_one_of_them_needs_no_question(world: Any) -> None:
    await world.agree("ticker/bookTicker")
    await world.agree("ticker/bookTicker", symbol="BTCUSDT")
    assert world.line.count("ticker/bookTicker") == 1


async def test_tickers_when_all_statistics_are_asked_for_then_at_most_every_five_seconds(world: Any) -> None:
    for _ in range(10):
        await world.agree("ticker/24hr")
        world.now_ms += 1_000
    assert world.line.count("ticker/24hr") == 2


async def test_tickers_when_the_exchange_is_silent_then_stale_for_five_seconds(world: Any) -> None:
    await world.ask("ticker/price", symbol="BTCUSDT")
    world.fail(httpx.ConnectError("cut"))
    world.now_ms += 4_000
    answer = await world.ask("ticker/price", symbol="BTCUSDT")
    assert (answer.is_stale, answer.age_ms) == (True, 4_000)
    world.now_ms += 1_001
    with pytest.raises(errors.Unanswered):
        await world.ask("ticker/price", symbol="BTCUSDT")


async def test_tickers_when_a_symbol_is_no_longer_listed_then_the_others_are_answered(world: Any) -> None:
    for name in NAMES[:2]:
        await world.ask("ticker/price", symbol=name)
    gone = httpx.Response(400, json={"code": -1121, "msg": "Invalid symbol."})
    world.line.answer = lambda request: gone if "ETHUSDT" in str(request.url) else None
    world.now_ms += 2_000
    await world.agree("ticker/price", symbol="BTCUSDT")
    assert (await world.ask("ticker/price", symbol="ETHUSDT")).status == 400


async def test_tickers_when_the_exchange_writes_a_number_its_way_then_so_do_we(world: Any) -> None:
    text = b'{"symbol":"BTCUSDT", "price":"1.50000000", "more": 1e5}'
    world.line.answer = lambda request: httpx.Response(200, content=text) if "price" in request.url.path else None
    assert (await world.ask("ticker/price", symbol="BTCUSDT")).body == text
    assert (await world.ask("ticker/price", symbol="BTCUSDT")).body == text
    assert json.loads(text)["price"] == "1.50000000"


async def test_tickers_when_the_exchange_leaves_a_symbol_out_then_its_own_answer_is_given(world: Any) -> None:
    for name in NAMES[:2]:
        await world.ask("ticker/price", symbol=name)
    only = httpx.Response(200, json=[{"symbol": "BTCUSDT", "price": "1"}])
    world.line.answer = lambda request: only if "symbols" in request.url.params else None
    world.now_ms += 2_000
    await world.agree("ticker/price", symbol="ETHUSDT")
