"""How much each caller may ask of the exchange within a minute: all share one account and one address there."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping

from tools.gateway.orders import errors
from tools.gateway.orders.paths import weight_of

WINDOW_MS = 60_000
MOST = 1_200
"""A fifth of what the exchange allows an address."""


class Allowance:
    """For questions alone: orders and cancels are not kept back here."""

    def __init__(self, clock_ms: Callable[[], int], most: int = MOST) -> None:
        self._clock_ms = clock_ms
        self._most = most
        self._spent: defaultdict[str, deque[tuple[int, int]]] = defaultdict(deque)

    def spend(self, caller: str, path: str, params: Mapping[str, str]) -> None:
        """Raises `Denied` for a question beyond what is left."""
        now_ms, mine = self._clock_ms(), self._spent[caller]
        while mine and mine[0][0] <= now_ms - WINDOW_MS:
            mine.popleft()
        weight = weight_of("GET", path, params)
        if sum(spent for _, spent in mine) + weight > self._most:
            raise errors.too_many_requests(max(1, (mine[0][0] + WINDOW_MS - now_ms) // 1000))
        mine.append((now_ms, weight))
