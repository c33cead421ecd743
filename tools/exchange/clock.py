"""Units of time in milliseconds, and what time it is."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
MINUTES_A_DAY = 1440

GENESIS_DAY = 19_358
"""The first day with candles, 2023-01-01, in days since 1970-01-01."""
GENESIS_MS = GENESIS_DAY * DAY_MS

Clock = Callable[[], int]
"""Answers the present as milliseconds since 1970-01-01 UTC."""


def wall_clock() -> int:
    """The wall clock, in milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


def parse_time(text: str) -> int:
    """Reads an RFC 3339 moment with its offset as milliseconds since 1970-01-01 UTC; raises ValueError.

    A moment outside the years 1 to 9999 raises OverflowError.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("it has no offset")
    return round(moment.astimezone(UTC).timestamp() * SECOND_MS)


def format_time(ms: int) -> str:
    """Writes milliseconds since 1970-01-01 as RFC 3339 in UTC, to the millisecond."""
    return datetime.fromtimestamp(ms / SECOND_MS, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
