"""What is remembered, for how long, and for whom."""

import asyncio

import pytest

from tools.gateway import cache as module
from tools.gateway import errors
from tools.gateway.cache import Cache
from tools.gateway.flights import Flights
from tools.gateway.upstream import Reply


class Desk:
    """A cache, its clock, and an exchange that answers with how often it was asked."""

    def __init__(self) -> None:
        self.now_ms = 0
        self.asked = 0
        self.error: errors.ApiError | None = None
        self.held: asyncio.Event | None = None
        self.cache = Cache(Flights(), lambda: self.now_ms)

    async def fetch(self) -> Reply:
        self.asked += 1
        sent_ms, number = self.now_ms, self.asked
        if self.held:
            await self.held.wait()
        if self.error:
            raise self.error
        return Reply(b"%d" % number, sent_ms, self.now_ms)

    async def read(self, key: str = "k", stale_ms: int = 0) -> tuple[bytes, int, bool]:
        answer = await self.cache.answer(key, 1_000, stale_ms, self.fetch)
        return answer.body, answer.age_ms, answer.is_stale


async def test_cache_when_young_then_remembered_and_when_old_then_asked() -> None:
    desk = Desk()
    await desk.read()
    desk.now_ms = 1_000
    assert await desk.read() == (b"1", 1_000, False)
    desk.now_ms = 1_001
    assert await desk.read() == (b"2", 0, False)
    assert (desk.cache.hits, desk.cache.misses) == (1, 2)


async def test_cache_when_the_exchange_is_silent_then_stale_within_bounds_and_no_longer() -> None:
    desk = Desk()
    await desk.read()
    desk.error, desk.now_ms = errors.disconnected(), 5_000
    assert await desk.read(stale_ms=5_000) == (b"1", 5_000, True)
    desk.now_ms = 5_001
    with pytest.raises(errors.Unanswered):
        await desk.read(stale_ms=5_000)


async def test_cache_when_it_fails_then_the_failure_is_not_remembered() -> None:
    desk = Desk()
    desk.error = errors.disconnected()
    with pytest.raises(errors.Unanswered):
        await desk.read()
    desk.error = None
    assert (await desk.read())[0] == b"2"


async def test_cache_when_what_is_under_way_was_sent_too_long_ago_then_asked_again() -> None:
    desk = Desk()
    desk.held = asyncio.Event()
    early = asyncio.create_task(desk.read())
    await asyncio.sleep(0.001)
    desk.now_ms = 2_000
    late = asyncio.create_task(desk.read())
    await asyncio.sleep(0.001)
    desk.held.set()
    assert [(await early)[:2], (await late)[:2]] == [(b"1", 2_000), (b"2", 0)]


async def test_cache_when_it_is_full_then_the_longest_unused_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    monkeypatch.setattr(module, "LARGEST_BYTES", 2)
    for key in "aba":
        await desk.read(key)
    await desk.read("c")
    assert [desk.cache.peek(key) is not None for key in "abc"] == [True, False, True]
