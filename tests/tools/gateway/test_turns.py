"""Turns at the exchange."""

import asyncio
import time

import pytest

from tools.gateway import errors
from tools.gateway.budget import MINUTE_MS, Budget, Priority
from tools.gateway.turns import Turns


def real_ms() -> int:
    return time.monotonic_ns() // 1_000_000


async def test_turns_when_there_is_room_then_at_once_and_spent() -> None:
    budget = Budget()
    await Turns(budget, real_ms).take(7, Priority.SCANS)
    assert budget.used(real_ms()) == 7


async def test_turns_when_weight_comes_free_then_the_first_priority_goes_first() -> None:
    budget = Budget(100)
    budget.spend(100, real_ms() - MINUTE_MS + 150)
    turns = Turns(budget, real_ms)
    order: list[Priority] = []

    async def take(priority: Priority) -> None:
        await turns.take(10, priority)
        order.append(priority)

    await asyncio.gather(*(take(priority) for priority in (Priority.SCANS, Priority.CANDLES, Priority.PRICES)))
    assert order == [Priority.PRICES, Priority.CANDLES, Priority.SCANS]


async def test_turns_when_the_wait_is_long_then_told_at_once_for_how_long() -> None:
    budget = Budget()
    budget.pause(30_000, real_ms())
    with pytest.raises(errors.Unanswered) as refused:
        await Turns(budget, real_ms).take(1, Priority.ORDERS)
    assert (refused.value.code, refused.value.status) == (-1003, 429)
    assert refused.value.retry_after_s in (30, 31)


async def test_turns_when_somebody_leaves_then_the_next_goes() -> None:
    budget = Budget(100)
    budget.spend(100, real_ms() - MINUTE_MS + 150)
    turns = Turns(budget, real_ms)
    leaving = asyncio.create_task(turns.take(90, Priority.ORDERS))
    staying = asyncio.create_task(turns.take(50, Priority.PRICES))
    await asyncio.sleep(0)
    leaving.cancel()
    await staying
    assert budget.used(real_ms()) == 50
