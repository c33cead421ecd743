"""One request at a time for one thing."""

import asyncio

import pytest

from tools.gateway.flights import Flights


class Thing:
    """Counts how often it is begun; ends when it is let go."""

    def __init__(self, error: Exception | None = None) -> None:
        self.begun = 0
        self.error = error
        self.let_go = asyncio.Event()

    async def start(self) -> int:
        self.begun += 1
        await self.let_go.wait()
        if self.error:
            raise self.error
        return self.begun


async def test_flights_when_a_hundred_join_then_one_is_begun() -> None:
    flights, thing = Flights(), Thing()
    waiting = [asyncio.create_task(flights.join("a", thing.start)) for _ in range(100)]
    await asyncio.sleep(0)
    thing.let_go.set()
    assert await asyncio.gather(*waiting) == [1] * 100


async def test_flights_when_the_first_leaves_then_the_others_are_answered() -> None:
    flights, thing = Flights(), Thing()
    first, second = (asyncio.create_task(flights.join("a", thing.start)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    thing.let_go.set()
    assert await second == 1


async def test_flights_when_it_fails_then_all_are_told_and_the_next_begins_anew() -> None:
    flights, thing = Flights(), Thing(ValueError("no"))
    waiting = [asyncio.create_task(flights.join("a", thing.start)) for _ in range(3)]
    await asyncio.sleep(0)
    thing.let_go.set()
    assert [type(told) for told in await asyncio.gather(*waiting, return_exceptions=True)] == [ValueError] * 3
    with pytest.raises(ValueError, match="no"):
        await flights.join("a", thing.start)
    assert thing.begun == 2


async def test_flights_when_keys_differ_then_each_has_its_own() -> None:
    flights, thing = Flights(), Thing()
    thing.let_go.set()
    assert {await flights.join(key, thing.start) for key in "ab"} == {1, 2}


async def test_flights_when_closed_then_nothing_is_under_way() -> None:
    flights, thing = Flights(), Thing()
    waiting = asyncio.create_task(flights.join("a", thing.start))
    await asyncio.sleep(0)
    await flights.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
