"""Kline intervals: which one a moment falls in, and where it opens. In UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
MONDAY_MS = 4 * DAY_MS
"""The first Monday after 1970-01-01: weeks open on it."""


@dataclass(frozen=True)
class Interval:
    """A kline interval, counted from 1970; `size_ms` None means a calendar month."""

    name: str
    size_ms: int | None
    origin_ms: int = 0

    def number(self, time_ms: int) -> int:
        """The running number of the interval that holds a moment, in ms from 0 to the year 9999."""
        if self.size_ms is not None:
            return (time_ms - self.origin_ms) // self.size_ms
        moment = datetime.fromtimestamp(time_ms // SECOND_MS, UTC)
        return (moment.year - 1970) * 12 + moment.month - 1

    def open_ms(self, number: int) -> int:
        """When the interval with this number opens."""
        if self.size_ms is not None:
            return number * self.size_ms + self.origin_ms
        years, months = divmod(number, 12)
        return int(datetime(1970 + years, months + 1, 1, tzinfo=UTC).timestamp()) * SECOND_MS

    def close_ms(self, number: int) -> int:
        """The last millisecond of the interval with this number."""
        return self.open_ms(number + 1) - 1


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
