import asyncio
from decimal import Decimal

import pytest

from tools.errors import Problem
from tools.market.prices import Prices
from tools.market.source import Ticker


class Source:
    """A venue that answers when it is let."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Decimal | Exception = Decimal(100)
        self.open = asyncio.Event()
        self.open.set()

    async def read_ticker(self, pair: str) -> Ticker:
        self.asked.append(pair)
        await self.open.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return Ticker(self.answer, Decimal(0), self.answer, self.answer, Decimal(0))


class Clock:
    at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def prices(source: Source, clock: Clock) -> Prices:
    return Prices(source, clock)


async def test_read_when_never_asked_then_none(prices: Prices) -> None:
    assert prices.read("BTC/USDT") is None


async def test_read_when_time_passes_then_the_price_ages_from_when_it_was_asked_for(
    prices: Prices, source: Source, clock: Clock
) -> None:
    source.open.clear()
    asking = asyncio.create_task(prices.refresh("BTC/USDT"))
    while not source.asked:
        await asyncio.sleep(0)
    clock.at += 1.5
    source.open.set()
    await asking
    clock.at += 4
    assert prices.read("BTC/USDT") == (100, 5.5)


@pytest.mark.parametrize(("later_s", "asked"), [(1.9, 1), (2.0, 2)])
async def test_refresh_when_asked_again_then_only_after_two_seconds(
    prices: Prices, source: Source, clock: Clock, later_s: float, asked: int
) -> None:
    await prices.refresh("BTC/USDT")
    clock.at += later_s
    await prices.refresh("BTC/USDT")
    assert len(source.asked) == asked


async def test_refresh_when_many_ask_at_once_then_the_venue_is_asked_once_a_pair(
    prices: Prices, source: Source
) -> None:
    source.open.clear()
    asking = [asyncio.create_task(prices.refresh(pair)) for pair in ("BTC/USDT", "ETH/USDT") * 20]
    while len(source.asked) < 2:
        await asyncio.sleep(0)
    source.open.set()
    await asyncio.gather(*asking)
    assert sorted(source.asked) == ["BTC/USDT", "ETH/USDT"]
    assert prices.read("BTC/USDT") == prices.read("ETH/USDT") == (100, 0)


async def test_refresh_when_the_first_who_asked_gives_up_then_the_others_get_their_price(
    prices: Prices, source: Source
) -> None:
    source.open.clear()
    first, second = (asyncio.create_task(prices.refresh("BTC/USDT")) for _ in range(2))
    while not source.asked:
        await asyncio.sleep(0)
    first.cancel()
    source.open.set()
    await second
    assert prices.read("BTC/USDT") == (100, 0)


@pytest.mark.parametrize(
    "answer", [Problem("venue_unreachable", 503, venue="demo"), RuntimeError(), Decimal(0), Decimal("NaN"), Decimal(-1)]
)
async def test_refresh_when_it_fails_then_nothing_is_raised_and_the_old_price_stays(
    prices: Prices, source: Source, clock: Clock, answer: Decimal | Exception
) -> None:
    await prices.refresh("BTC/USDT")
    clock.at += 10
    source.answer = answer
    await prices.refresh("BTC/USDT")
    assert prices.read("BTC/USDT") == (100, 10)


async def test_refresh_when_the_venue_hangs_then_it_is_given_up(
    prices: Prices, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.market.prices.TIMEOUT_S", 0.01)
    source.open.clear()
    await prices.refresh("BTC/USDT")
    assert prices.read("BTC/USDT") is None
