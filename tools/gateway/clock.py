"""What time it is here, and what time it is at the exchange."""

import time
from collections.abc import Callable

from tools.gateway import errors

Ticks = Callable[[], int]
"""Milliseconds of a clock that never jumps; its beginning means nothing."""


_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def ticks() -> int:
    """The machine's monotonic clock, in ms: one that goes on while the machine sleeps, where there is one."""
    return time.clock_gettime_ns(_STEADY) // 1_000_000


def wall_clock() -> int:
    """The wall clock, in ms since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


class VenueClock:
    """The exchange's clock: ticks and an offset, measured by asking for the time. The wall clock has no part in it."""

    def __init__(self, ticks: Ticks = ticks, wall: Ticks = wall_clock) -> None:
        self._ticks = ticks
        self._wall = wall
        self._offset_ms: int | None = None
        self.margin_ms = 0
        """How far off the measurement can be: half of the time that the answer took."""

    @property
    def is_known(self) -> bool:
        return self._offset_ms is not None

    def measure(self, server_ms: int, sent_ms: int, received_ms: int) -> None:
        """Takes the exchange's time, asked for and received at these ticks."""
        self._offset_ms = server_ms - (sent_ms + received_ms) // 2
        self.margin_ms = (received_ms - sent_ms + 1) // 2

    def now_ms(self) -> int:
        """The exchange's present, in ms since 1970-01-01 UTC; raises Unanswered where it was never measured."""
        return self.at(self._ticks())

    def at(self, tick_ms: int) -> int:
        """The exchange's time at a tick."""
        if self._offset_ms is None:
            raise errors.disconnected()
        return tick_ms + self._offset_ms

    def tick_at(self, time_ms: int) -> int:
        """The tick at which it was this time at the exchange."""
        return time_ms - self.at(0)

    @property
    def skew_ms(self) -> int | None:
        """How far the exchange's clock is ahead of this machine's; None where it was never measured."""
        return None if self._offset_ms is None else self.now_ms() - self._wall()
