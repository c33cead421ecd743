"""Replay: recorded candles moved in time, so that they end now, and repeated when they run out.

Prices are never altered. Where the last recorded minute is followed by the first one again the price jumps, once a lap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tools.exchange.candles import Floats
from tools.exchange.clock import MINUTE_MS, MINUTES_A_DAY, format_time
from tools.exchange.errors import ConfigurationError
from tools.exchange.recording import Recording
from tools.exchange.symbols import Symbol


@dataclass(frozen=True)
class Anchor:
    """The moment of the data, `at_ms`, that is shown at the wall moment `since_ms`. Both count by whole minutes."""

    at_ms: int
    since_ms: int


class Replay:
    """The replay source. All pairs share one lap: the minutes for which every file has candles."""

    name: Literal["replay"] = "replay"
    seed: int | None = None

    def __init__(self, recordings: Sequence[Recording], anchor: Anchor | None = None) -> None:
        self.symbols = tuple(recording.symbol for recording in recordings)
        self._first = max(recording.first_minute for recording in recordings)
        self._end = min(recording.end_minute for recording in recordings)
        self._require_overlap()
        self._series = {recording.symbol: self._lap_of(recording) for recording in recordings}
        self._shift = 0 if anchor is None else self._shift_to(anchor)

    def day(self, symbol: Symbol, day: int) -> Floats:
        """The (1440, 5) open, high, low, close, volume shown on one UTC day, counted in days since 1970-01-01."""
        minutes = np.arange(MINUTES_A_DAY) + day * MINUTES_A_DAY
        return self._series[symbol][(minutes + self._shift) % self._lap]

    def data_range(self, _now_ms: int) -> tuple[int, int]:
        """The first recorded minute that is used, and the end of the last one."""
        return self._first * MINUTE_MS, self._end * MINUTE_MS

    def data_now(self, now_ms: int) -> int:
        """The recorded moment that is shown at the wall moment `now_ms`."""
        place = (now_ms // MINUTE_MS + self._shift) % self._lap
        return (self._first + place) * MINUTE_MS + now_ms % MINUTE_MS

    @property
    def _lap(self) -> int:
        return self._end - self._first

    def _lap_of(self, recording: Recording) -> Floats:
        return recording.ohlcv[self._first - recording.first_minute : self._end - recording.first_minute]

    def _require_overlap(self) -> None:
        if self._first >= self._end:
            raise ConfigurationError("--data: the files have no minute in common. Remove those of another period.")

    def _shift_to(self, anchor: Anchor) -> int:
        """What to add to a wall minute to get its place in the lap, before wrapping round."""
        at_minute = anchor.at_ms // MINUTE_MS
        if not self._first <= at_minute < self._end:
            first, end = (format_time(moment) for moment in self.data_range(0))
            raise ConfigurationError(f"--at {format_time(anchor.at_ms)}: name a moment from {first} to before {end}.")
        return at_minute - self._first - anchor.since_ms // MINUTE_MS
