"""Kline intervals: which interval a moment falls in, and where that interval opens."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tools.exchange.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS

Times = npt.NDArray[np.int64]

MONDAY_MS = 4 * DAY_MS
"""The first Monday after 1970-01-01: weeks open on it."""


@dataclass(frozen=True)
class Interval:
    """A kline interval, counted from 1970; `size_ms` None means a calendar month.

    `offset_ms` is how far the time zone that days are counted in is ahead of UTC.
    """

    name: str
    size_ms: int | None
    origin_ms: int = 0
    offset_ms: int = 0

    def at_offset(self, offset_ms: int) -> "Interval":
        """The same interval counted in another time zone."""
        return replace(self, offset_ms=offset_ms)

    def numbers(self, times_ms: Times) -> Times:
        """For each moment, the running number of the interval that holds it."""
        local = times_ms + self.offset_ms - self.origin_ms
        if self.size_ms is None:
            return local.astype("M8[ms]").astype("M8[M]").astype(np.int64)
        return local // self.size_ms

    def number(self, time_ms: int) -> int:
        """The running number of the interval that holds one moment."""
        return int(self.numbers(np.array([time_ms]))[0])

    def open_ms(self, number: int) -> int:
        """When the interval with this number opens, in milliseconds UTC."""
        if self.size_ms is None:
            return int(np.datetime64(number, "M").astype("M8[ms]").astype(np.int64)) - self.offset_ms
        return number * self.size_ms + self.origin_ms - self.offset_ms

    @property
    def level_ms(self) -> int:
        """The largest of day, hour, minute and second that this interval is made of whole."""
        size = DAY_MS if self.size_ms is None else self.size_ms
        return next(
            unit for unit in (DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS) if size % unit == 0 and self.offset_ms % unit == 0
        )


def _plain(unit: str, unit_ms: int, *counts: int) -> list[Interval]:
    return [Interval(f"{count}{unit}", count * unit_ms) for count in counts]


INTERVALS = {
    interval.name: interval
    for interval in [
        *_plain("s", SECOND_MS, 1),
        *_plain("m", MINUTE_MS, 1, 3, 5, 15, 30),
        *_plain("h", HOUR_MS, 1, 2, 4, 6, 8, 12),
        *_plain("d", DAY_MS, 1, 3),
        Interval("1w", 7 * DAY_MS, MONDAY_MS),
        Interval("1M", None),
    ]
}
"""Every interval that Binance documents."""
