"""The whole gateway: how long an answer may take, and what its health says."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from tools.gateway import errors
from tools.gateway import gateway as module
from tools.gateway.clock import ticks
from tools.gateway.reading import Refusal
from tools.gateway.serve import log_refusal


async def test_answer_when_the_exchange_never_answers_then_a_bounded_wait(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_S", 0.05)
    world.line.held = asyncio.Event()
    with pytest.raises(errors.Unanswered) as failed:
        await world.ask("ping")
    assert (failed.value.status, failed.value.code) == (503, -1001)


async def test_answer_when_the_exchange_pauses_us_then_what_is_young_is_served_stale(world: Any) -> None:
    await world.ask("ticker/price", symbol="BTCUSDT")
    await world.ask("ticker/bookTicker", symbol="BTCUSDT")
    world.line.answer = lambda _: httpx.Response(429, headers={"retry-after": "30"})
    world.now_ms += 1_500
    assert (await world.ask("ticker/price", symbol="BTCUSDT")).is_stale
    sent = len(world.line.sent)
    assert (await world.ask("ticker/bookTicker", symbol="BTCUSDT")).is_stale
    with pytest.raises(errors.Unanswered) as failed:
        await world.ask("depth", symbol="BTCUSDT")
    assert (failed.value.status, failed.value.retry_after_s) == (429, 30)
    assert len(world.line.sent) == sent
    assert world.gateway.read_health()["paused_ms"] == 30_000


async def test_health_when_the_exchange_answers_nonsense_then_it_is_not_reachable(world: Any) -> None:
    await world.ask("ping")
    world.now_ms += 1_500
    world.line.answer = lambda _: httpx.Response(502, text="<html>")
    with pytest.raises(errors.Unanswered):
        await world.ask("ping")
    assert world.gateway.read_health()["reachable"] is False


async def test_run_when_begun_then_the_clock_is_measured_and_when_ended_nothing_is_open(world: Any) -> None:
    running = asyncio.create_task(world.gateway.run())
    while not world.gateway.sources.clock.is_known:
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running])
    assert world.gateway.read_health()["clock_skew_ms"] == 90_000
    with pytest.raises(RuntimeError, match="closed"):
        await world.ask("ping")


def test_ticks_when_read_then_they_go_on() -> None:
    assert 0 < ticks() <= ticks()


def test_refusals_when_many_then_not_a_line_each(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(50):
        log_refusal(Refusal("GET", "/api/v3/order", -1020, "This operation is not supported."))
    assert len(caplog.records) <= 1


async def test_find_when_a_symbol_is_listed_then_its_text_and_the_exchange_is_asked_once(world: Any) -> None:
    found = await world.gateway.listing.find("BTCUSDT")
    assert found is not None
    assert json.loads(found)["baseAsset"] == "BTC"
    assert await world.gateway.listing.find("NEWUSDT") is None
    assert world.line.count("exchangeInfo") == 1
    world.fail(httpx.ConnectError("silent"))
    assert await world.gateway.listing.find("BTCUSDT") == found
