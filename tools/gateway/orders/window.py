"""How much was spent within the last so many milliseconds, and how much that may be."""

from collections import deque
from collections.abc import Callable


class Window:
    """A sum is kept, so that asking costs the same however much was spent.

    What stands in the future, because the clock was set back since, counts no more: it would hold back for hours.
    """

    def __init__(self, clock_ms: Callable[[], int], span_ms: int, most: int) -> None:
        self._clock_ms = clock_ms
        self._span_ms = span_ms
        self._most = most
        self._spent: deque[tuple[int, int]] = deque()
        self._sum = 0

    @property
    def used(self) -> int:
        self._forget(self._clock_ms())
        return self._sum

    def wait_ms(self, amount: int) -> int:
        """How long it takes until so much can be spent; 0 is now, and what never fits waits for a whole span."""
        now_ms = self._clock_ms()
        self._forget(now_ms)
        left = self._most - self._sum
        if amount <= left:
            return 0
        for at_ms, spent in self._spent:
            left += spent
            if amount <= left:
                return at_ms + self._span_ms - now_ms
        return self._span_ms

    def spend(self, amount: int) -> None:
        self._spent.append((self._clock_ms(), amount))
        self._sum += amount

    def _forget(self, now_ms: int) -> None:
        while self._spent and not 0 <= now_ms - self._spent[0][0] < self._span_ms:
            self._sum -= self._spent.popleft()[1]
