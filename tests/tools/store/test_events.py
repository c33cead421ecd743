import asyncio

import pytest

from tools.store.database import Store
from tools.store.events import Event, EventLog


@pytest.fixture
def log(store: Store) -> EventLog:
    return EventLog(store)


async def take(log: EventLog, stream: str, after: int, count: int) -> list[Event]:
    found: list[Event] = []
    async with asyncio.timeout(5):
        async for event in log.follow(stream, after):
            found.append(event)
            if len(found) == count:
                break
    return found


async def test_follow_when_events_were_stored_then_tells_them_in_order(log: EventLog) -> None:
    for number in range(3):
        log.append("a", "chunk", {"n": number})
        log.append("b", "chunk", {"n": -number})
    assert [event.data["n"] for event in await take(log, "a", 0, 3)] == [0, 1, 2]


async def test_follow_when_taken_up_again_then_misses_and_repeats_nothing(log: EventLog) -> None:
    events = [log.append("a", "chunk", {"n": number}) for number in range(10)]
    after = events[3].seq or 0
    assert [event.data["n"] for event in await take(log, "a", after, 6)] == [4, 5, 6, 7, 8, 9]


async def test_follow_when_more_than_a_page_is_waiting_then_tells_all(log: EventLog) -> None:
    for number in range(1203):
        log.append("a", "chunk", {"n": number})
    assert len(await take(log, "a", 0, 1203)) == 1203


async def test_follow_when_two_watch_then_both_see_the_same(log: EventLog) -> None:
    watching = [asyncio.create_task(take(log, "a", 0, 50)) for _ in range(2)]
    for number in range(50):
        log.append("a", "chunk", {"n": number})
        if number % 7 == 0:
            await asyncio.sleep(0)
    one, other = await asyncio.gather(*watching)
    assert one == other


async def test_flash_when_a_viewer_is_slow_then_only_the_newest_is_kept(log: EventLog) -> None:
    watching = asyncio.create_task(take(log, "a", 0, 1))
    while not log.has_followers("a"):
        await asyncio.sleep(0)
    for number in range(5):
        log.flash("a", "tick", {"n": number})
    (event,) = await watching
    assert (event.seq, event.data) == (None, {"n": 4})
    assert log.read("a") == []


async def test_close_when_someone_follows_then_they_come_to_an_end(log: EventLog) -> None:
    watching = asyncio.create_task(take(log, "a", 0, 1))
    while not log.has_followers("a"):
        await asyncio.sleep(0)
    log.close()
    assert await watching == []
    assert not log.has_followers("a")
