"""Candles through the gateway: what the exchange would say at the same moment, for far fewer questions."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.gateway import errors
from tools.gateway.intervals import DAY_MS, HOUR_MS, INTERVALS, MINUTE_MS

BTC = {"symbol": "BTCUSDT", "interval": "1m"}
GENESIS_MS = 19_358 * DAY_MS

INTERVAL_NAMES = st.sampled_from([name for name in INTERVALS if name != "1s"])
MOMENTS = st.one_of(
    st.none(),
    st.integers(-3 * HOUR_MS, 3 * HOUR_MS),
    st.integers(-900 * DAY_MS, 10 * DAY_MS),
    st.sampled_from([-10 * MINUTE_MS, -MINUTE_MS, -1, 0, 1]),
)
"""Bounds of a question, from the present."""
LIMITS = st.one_of(st.none(), st.integers(0, 12), st.sampled_from([500, 999, 1_000, 1_500]))
PAUSES = st.one_of(st.integers(0, 3_000), st.integers(0, 3 * MINUTE_MS), st.just(0))
STEPS = st.tuples(PAUSES, INTERVAL_NAMES, MOMENTS, MOMENTS, LIMITS, st.sampled_from(["klines", "uiKlines"]))
FREQUENT = st.tuples(
    st.integers(0, 40_000), st.sampled_from(["1m", "3m"]), st.none() | st.integers(-9 * MINUTE_MS, 0), st.none(),
    st.integers(1, 9), st.just("klines"),
)  # fmt: skip


def question(now_ms: int, step: Any) -> tuple[str, dict[str, Any]]:
    _, interval, start, end, limit, path = step
    bounds = {"startTime": start, "endTime": end}
    moments = {name: max(0, now_ms + offset) for name, offset in bounds.items() if offset is not None}
    return path, {"symbol": "ETHUSDT", "interval": interval, **moments, **({} if limit is None else {"limit": limit})}


async def compare(world: Any, steps: list[Any]) -> None:
    for step in steps:
        world.now_ms += step[0]
        path, params = question(world.now_ms, step)
        answer = await world.ask(path, **params)
        direct = await world.ask_directly(path, **params)
        assert answer.status == direct.status_code
        if direct.status_code != 200:
            assert answer.body == direct.content
            continue
        ours, theirs = json.loads(answer.body), direct.json()
        assert [row[0] for row in ours] == [row[0] for row in theirs]
        closed = [row for row in theirs if row[6] < world.now_ms]
        assert ours[: len(closed)] == closed
        assert answer.age_ms <= 1_500
        then = (await world.ask_directly(path, world.now_ms - answer.age_ms, **params)).json()
        assert ours[len(closed) :] == then[len(closed) :]


@settings(max_examples=40, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=8))
def test_candles_when_anything_is_asked_then_as_the_exchange_says(open_world: Callable[[], Any], steps: Any) -> None:
    asyncio.run(compare(open_world(), steps))


@settings(max_examples=30, deadline=None)
@given(st.lists(FREQUENT, min_size=5, max_size=25))
def test_candles_when_asked_often_then_as_the_exchange_says(open_world: Callable[[], Any], steps: Any) -> None:
    world = open_world()
    asyncio.run(compare(world, steps))
    assert world.line.count("klines") <= len(steps)


async def test_candles_when_closed_then_asked_for_once(world: Any, now_ms: int) -> None:
    end = now_ms - HOUR_MS
    for limit in (1_000, 1_000, 500, 1, 37):
        await world.agree("klines", **BTC, endTime=end, limit=limit)
    await world.agree("klines", **BTC, startTime=end - 30 * MINUTE_MS, endTime=end)
    await world.agree("klines", **BTC, startTime=end - 30 * MINUTE_MS, limit=7)
    assert world.line.count("klines") == 1


async def test_candles_when_the_newest_are_asked_for_then_only_what_is_new_is_read(world: Any) -> None:
    await world.agree("klines", **BTC, limit=1_000)
    for _ in range(5):
        world.now_ms += MINUTE_MS
        for limit in (1_000, 500, 100, 2):
            await world.agree("klines", **BTC, limit=limit)
    assert world.line.count("klines") == 6
    assert all("limit=1000" not in query for query in world.line.weights("klines")[1:])


async def test_candles_when_a_candle_closes_then_the_next_question_sees_it_final(world: Any, now_ms: int) -> None:
    turn = now_ms // MINUTE_MS * MINUTE_MS + MINUTE_MS
    world.now_ms = turn - 1
    await world.agree("klines", **BTC, limit=3)
    world.now_ms = turn
    answer = await world.ask("klines", **BTC, limit=3)
    direct = await world.ask_directly("klines", **BTC, limit=3)
    assert answer.body == direct.content
    assert [row[0] for row in json.loads(answer.body)] == [turn - 2 * MINUTE_MS, turn - MINUTE_MS, turn]


async def test_candles_when_a_hundred_ask_at_once_then_the_exchange_is_asked_once(world: Any) -> None:
    await world.ask("ping")
    world.line.held = asyncio.Event()
    asking = [asyncio.create_task(world.ask("klines", **BTC)) for _ in range(100)]
    await asyncio.sleep(0)
    world.line.held.set()
    answers = await asyncio.gather(*asking)
    assert len({answer.body for answer in answers}) == 1
    assert world.line.count("klines") == 1


async def test_candles_when_an_answer_left_before_the_close_then_it_is_not_the_answer_after_it(world: Any) -> None:
    await world.agree("klines", **BTC, limit=5)
    world.now_ms = world.now_ms // MINUTE_MS * MINUTE_MS + MINUTE_MS - 2
    world.line.held = asyncio.Event()
    early = asyncio.create_task(world.ask("klines", **BTC, limit=5))
    while world.line.count("klines") < 2:
        await asyncio.sleep(0)
    world.line.answer = lambda request: httpx.Response(200, content=before) if request is under_way else None
    under_way = world.line.sent[-1]
    before = (await world.ask_directly("klines", **dict(under_way.url.params))).content
    world.now_ms += 10
    late = asyncio.create_task(world.ask("klines", **BTC, limit=5))
    await asyncio.sleep(0)
    world.line.held.set()
    direct = await world.ask_directly("klines", **BTC, limit=5)
    assert (await late).body == direct.content
    assert (await early).status == 200


def with_hole(request: httpx.Request, rows: list[Any]) -> httpx.Response | None:
    return httpx.Response(200, json=rows[:2] + rows[3:]) if request.url.path.endswith("klines") else None


async def test_candles_when_the_exchange_leaves_one_out_then_it_is_asked_again(world: Any, now_ms: int) -> None:
    params = {**BTC, "endTime": now_ms - HOUR_MS, "limit": 6}
    rows = (await world.ask_directly("klines", **params)).json()
    world.line.answer = lambda request: with_hole(request, rows)
    assert len(json.loads((await world.ask("klines", **params)).body)) == 5
    assert len(json.loads((await world.ask("klines", **params)).body)) == 5
    assert world.line.count("klines") == 1
    world.fail(None)
    world.now_ms += 31_000
    await world.agree("klines", **params)
    assert world.line.count("klines") == 2


async def test_candles_when_the_exchange_opens_late_then_the_old_one_is_not_taken_for_final(world: Any) -> None:
    await world.agree("klines", **BTC, limit=3)
    turn = world.now_ms // MINUTE_MS * MINUTE_MS + MINUTE_MS
    world.now_ms = turn + 100
    lagging = (await world.ask_directly("klines", turn - 1_000, **BTC, limit=2)).content
    world.line.answer = lambda _: httpx.Response(200, content=lagging)
    late = json.loads((await world.ask("klines", **BTC, limit=3)).body)
    assert late[-1][0] == turn - MINUTE_MS
    world.fail(None)
    world.now_ms += 400
    answer = await world.ask("klines", **BTC, limit=3)
    assert answer.body == (await world.ask_directly("klines", **BTC, limit=3)).content


async def test_candles_when_the_history_is_short_then_it_is_not_asked_for_again(world: Any) -> None:
    months = {"symbol": "BTCUSDT", "interval": "1M", "limit": 1_000}
    for _ in range(4):
        world.now_ms += 2_000
        await world.agree("klines", **months)
    assert world.line.weights("klines")[0].endswith("limit=1000")
    assert all("startTime" in query for query in world.line.weights("klines")[1:])


async def test_candles_when_the_line_is_cut_then_the_forming_one_is_served_for_a_minute_of_an_hour(world: Any) -> None:
    hours = {"symbol": "BTCUSDT", "interval": "1h", "limit": 3}
    await world.agree("klines", **hours)
    world.fail(httpx.ConnectError("cut"))
    world.now_ms += 50_000
    answer = await world.ask("klines", **hours)
    assert (answer.is_stale, answer.age_ms) == (True, 50_000)
    world.now_ms += 11_000
    with pytest.raises(errors.Unanswered):
        await world.ask("klines", **hours)


async def test_candles_when_the_line_is_cut_then_a_forming_one_is_never_served_as_closed(world: Any) -> None:
    await world.agree("klines", **BTC, limit=3)
    world.fail(httpx.ConnectError("cut"))
    world.now_ms += MINUTE_MS - 5_000
    with pytest.raises(errors.Unanswered):
        await world.ask("klines", **BTC, limit=3)


async def test_candles_when_the_line_is_cut_then_closed_ones_are_served(world: Any, now_ms: int) -> None:
    params = {**BTC, "endTime": now_ms - HOUR_MS, "limit": 6}
    await world.agree("klines", **params)
    world.fail(httpx.ConnectError("cut"))
    world.now_ms += DAY_MS
    assert (await world.agree("klines", **params)).age_ms == 0


async def test_candles_when_the_exchange_shows_another_history_then_nothing_is_mixed(world: Any) -> None:
    await world.agree("klines", **BTC, limit=50)
    other = (await world.ask_directly("klines", symbol="BNBUSDT", interval="1m", limit=500)).content
    world.now_ms += MINUTE_MS
    fresh = (await world.ask_directly("klines", symbol="BNBUSDT", interval="1m", limit=50)).content

    def answer(request: httpx.Request) -> httpx.Response:
        rows = json.loads(fresh) if "startTime" not in request.url.params else json.loads(fresh)[-3:]
        return httpx.Response(200, json=rows)

    assert other != fresh
    world.line.answer = answer
    rows = json.loads((await world.ask("klines", **BTC, limit=50)).body)
    assert rows == json.loads(fresh)


async def test_candles_when_in_a_time_zone_or_of_seconds_then_as_the_exchange_says(world: Any) -> None:
    await world.agree("klines", symbol="BTCUSDT", interval="1d", timeZone="+05:30", limit=3)
    answer = await world.agree("klines", symbol="BTCUSDT", interval="1s", limit=3)
    assert answer.status == 200


async def test_candles_when_the_exchange_is_slow_then_its_answer_is_good_enough(world: Any) -> None:
    await world.agree("klines", **BTC, limit=3)
    world.now_ms += 2_000

    def take_long(_: httpx.Request) -> None:
        world.now_ms += 3_000

    world.line.answer = take_long
    answer = await world.ask("klines", **BTC, limit=3)
    assert (answer.age_ms, world.line.count("klines")) == (3_000, 2)


async def test_candles_when_in_a_time_zone_then_never_across_a_minute(world: Any) -> None:
    params = {"symbol": "BTCUSDT", "interval": "1d", "timeZone": "5:45", "limit": 2}
    world.now_ms = world.now_ms // MINUTE_MS * MINUTE_MS + MINUTE_MS - 2
    await world.agree("klines", **params)
    await world.agree("klines", **params)
    assert world.line.count("klines") == 1
    world.now_ms += 2
    assert (await world.agree("klines", **params)).age_ms == 0


async def test_candles_when_the_line_is_cut_after_a_late_opening_then_the_closed_one_is_not_served_as_the_newest(
    world: Any,
) -> None:
    await world.agree("klines", **BTC, limit=3)
    turn = world.now_ms // MINUTE_MS * MINUTE_MS + MINUTE_MS
    world.now_ms = turn + 100
    lagging = (await world.ask_directly("klines", turn - 1_000, **BTC, limit=2)).content
    world.line.answer = lambda _: httpx.Response(200, content=lagging)
    await world.ask("klines", **BTC, limit=3)
    world.fail(httpx.ConnectError("cut"))
    world.now_ms = turn + 10_000
    with pytest.raises(errors.Unanswered):
        await world.ask("klines", **BTC, limit=3)
