"""What the exchange says of the weight that was used, and of pauses: heard by whoever asks it, kept in one budget."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tools.gateway.budget import Budget, Priority
from tools.gateway.clock import Ticks

USED_WEIGHT = "x-mbx-used-weight-1m"
LEAST_PAUSE_S, LONGEST_PAUSE_S = 1, 3 * 86_400
PAUSES_S = {429: 60, 418: 120}
"""By status: how long to be silent where the exchange does not say."""

Headers = Mapping[str, str]
"""By name in small letters, or whatever its case."""


class Meter:
    """Market data and orders are asked for from one address, which the exchange counts as one."""

    def __init__(self, budget: Budget, ticks: Ticks) -> None:
        self.budget = budget
        self._ticks = ticks
        self._in_flight = 0

    def wait_ms(self, weight: int, priority: Priority) -> int:
        """How long a request has to wait; 0 is now."""
        return self.budget.wait_ms(weight, priority, self._ticks())

    @contextmanager
    def under_way(self, weight: int) -> Iterator[None]:
        """While a request of this weight, which was spent already, waits for its answer."""
        self._in_flight += weight
        try:
            yield
        finally:
            self._in_flight -= weight

    def spend(self, weight: int) -> None:
        """Counts a request that waits for no turn."""
        self.budget.spend(weight, self._ticks())

    def learn(self, headers: Headers) -> None:
        """Takes the exchange's own count, where an answer tells it."""
        used = headers.get(USED_WEIGHT, "")
        if used.isascii() and used.isdigit() and len(used) < 10:
            self.budget.report(int(used), self._in_flight, self._ticks())

    def pause(self, status: int, headers: Headers) -> int:
        """From now on nothing is asked for so many seconds, as the exchange wants it."""
        said = headers.get("retry-after", "")
        pause_s = int(said) if said.isascii() and said.isdigit() else PAUSES_S[status]
        pause_s = min(max(pause_s, LEAST_PAUSE_S), LONGEST_PAUSE_S)
        self.budget.pause(pause_s * 1_000, self._ticks())
        return pause_s
