"""The exchange's clock."""

from typing import Any

import pytest

from tools.gateway import errors
from tools.gateway.clock import VenueClock


def test_clock_when_never_measured_then_no_time() -> None:
    clock = VenueClock(lambda: 5, lambda: 5)
    assert (clock.is_known, clock.skew_ms) == (False, None)
    with pytest.raises(errors.Unanswered):
        clock.now_ms()


def test_clock_when_measured_then_it_goes_with_the_ticks_and_knows_its_error() -> None:
    now = [1_000]
    clock = VenueClock(lambda: now[0], lambda: now[0] + 400_000)
    clock.measure(500_000, 900, 1_001)
    now[0] = 3_000
    assert clock.now_ms() == 500_000 + 3_000 - 950
    assert clock.margin_ms == 51
    assert clock.skew_ms == 500_000 - 950 - 400_000


async def test_clock_when_asked_for_the_time_then_as_the_exchange_and_from_memory(world: Any) -> None:
    for _ in range(3):
        world.now_ms += 7_000
        await world.agree("time")
    assert world.line.count("time") == 3
    assert world.gateway.read_health()["clock_skew_ms"] == 90_000
