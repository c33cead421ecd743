"""How much has been used of one limit, by whom."""

from tools.exchange.weights.limits import Limit


class Counts:
    """What each key has used in the running interval. All begin anew together, so nobody is remembered for longer."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self._interval = 0
        self._used: dict[str, int] = {}

    def used(self, key: str, now_ms: int) -> int:
        """What the key has used in the interval that holds `now_ms`."""
        return self._current(now_ms).get(key, 0)

    def add(self, key: str, amount: int, now_ms: int) -> int:
        """Adds to what the key has used, or takes away, but never below nothing; gives the sum."""
        current = self._current(now_ms)
        current[key] = max(current.get(key, 0) + amount, 0)
        return current[key]

    def passed(self, key: str, now_ms: int, more: int = 0) -> bool:
        """Whether the key has used more than is allowed, or would have with `more`."""
        return self.used(key, now_ms) + more > self.limit.amount

    def ends_ms(self, now_ms: int) -> int:
        """The moment when the interval that holds `now_ms` is over."""
        return (now_ms // self.limit.interval_ms + 1) * self.limit.interval_ms

    def _current(self, now_ms: int) -> dict[str, int]:
        interval = now_ms // self.limit.interval_ms
        if interval != self._interval:
            self._interval, self._used = interval, {}
        return self._used
