"""Which candles a question asks for, in running numbers of its interval."""

from dataclasses import dataclass, replace

from tools.gateway.endpoints import Params
from tools.gateway.intervals import INTERVALS, Interval

DEFAULT_LIMIT, LARGEST_LIMIT = 500, 1_000
LATEST_MS = 10**14
"""Beyond it a number may mean microseconds."""


@dataclass(frozen=True)
class Wanted:
    """The first `limit` candles from `start_ms` on, or else the last `limit`; none that opens after `end_ms`."""

    interval: Interval
    start_ms: int | None
    end_ms: int | None
    limit: int

    @property
    def first(self) -> int | None:
        """The first candle that may be in the answer; None where it counts back from the last."""
        return None if self.start_ms is None else self.interval.number(self.start_ms - 1) + 1

    @property
    def bound(self) -> int | None:
        """The last candle that may be in the answer, whatever the present; None where only the present bounds it."""
        bounds = [] if self.end_ms is None else [self.interval.number(self.end_ms)]
        if self.first is not None:
            bounds.append(self.first + self.limit - 1)
        return min(bounds, default=None)

    def since(self, begins: int | None) -> "Wanted":
        """The same question where nothing is older than the candle `begins`."""
        if begins is None or self.first is None or self.first >= begins:
            return self
        return replace(self, start_ms=self.interval.open_ms(begins))

    def span(self, latest: int, begins: int | None) -> tuple[int, int]:
        """First and last candle of the answer, where `latest` is the newest there is and `begins` the oldest."""
        last = latest if self.bound is None else min(self.bound, latest)
        if self.first is not None:
            return self.first, last
        first = last - self.limit + 1
        return (first if begins is None else max(first, begins)), last


def read_wanted(params: Params) -> Wanted | None:
    """The candles that checked parameters ask for; None where only the exchange can tell.

    That is: another time zone, candles of a second, no candles at all, crossed bounds, and microseconds.
    """
    start_ms, end_ms = (int(params[name]) if name in params else None for name in ("startTime", "endTime"))
    limit = min(int(params.get("limit", DEFAULT_LIMIT)), LARGEST_LIMIT)
    odd = [
        params.get("timeZone", "0") not in ("0", "00:00", "0:00"),
        params["interval"] == "1s",
        limit == 0,
        max(start_ms or 0, end_ms or 0) > LATEST_MS,
        start_ms is not None and end_ms is not None and start_ms > end_ms,
    ]
    return None if any(odd) else Wanted(INTERVALS[params["interval"]], start_ms, end_ms, limit)
