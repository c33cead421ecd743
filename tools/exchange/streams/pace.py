"""How many messages a client may send."""

from collections import deque

from tools.exchange.clock import SECOND_MS

MOST_A_SECOND = 5


class Pace:
    """The moments of the last messages of one connection."""

    def __init__(self) -> None:
        self._moments: deque[int] = deque(maxlen=MOST_A_SECOND)

    def allows(self, now_ms: int) -> bool:
        """Whether a message at this moment (ms UTC) is within five in any second."""
        full = len(self._moments) == MOST_A_SECOND
        allowed = not full or now_ms - self._moments[0] >= SECOND_MS
        self._moments.append(now_ms)
        return allowed
