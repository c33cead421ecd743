"""How much may be asked: request weight over the last minute, by priority, and pauses that the exchange demands.

Pure: the present is an argument, in milliseconds of any clock that never jumps. Source of the rules:
https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#limits
"""

from collections import deque
from enum import IntEnum

MINUTE_MS = 60_000
WEIGHT_A_MINUTE = 6_000


class Priority(IntEnum):
    """Who goes first when weight is scarce."""

    DESK = 0
    """Our own API: the panic stop takes back orders with it, and accounts are compared."""
    ORDERS = 1
    """What bots sell and take back, and what is asked to let a sale through."""
    READS = 2
    """What bots ask of the account, and what they buy."""
    PRICES = 3
    CANDLES = 4
    SCANS = 5


CEILINGS = {
    Priority.DESK: 1.0, Priority.ORDERS: 0.95, Priority.READS: 0.65,
    Priority.PRICES: 0.55, Priority.CANDLES: 0.50, Priority.SCANS: 0.45,
}  # fmt: skip
"""The share of the limit up to which each priority may ask; what is above it is left to those before.

Between reads and orders there is room for eleven bots that each use up all that `tools.gateway.orders.bounds` lets
one bot have.
"""


class Budget:
    """Weight spent in the last 60 seconds, which is never less than what the exchange counts in its minute.

    What the exchange reports stands beside our own count, because others at the same address spend as well: the greater
    of the two is what is used.
    """

    def __init__(self, limit: int = WEIGHT_A_MINUTE) -> None:
        self.limit = limit
        self._spent: deque[tuple[int, int]] = deque()
        self._counted = 0
        self._reported = 0
        self._reported_at = 0
        self._paused_until = 0

    def used(self, now_ms: int) -> int:
        """The weight used up in the last minute, as far as is known."""
        self._forget(now_ms)
        return max(self._counted, self._reported)

    def paused_ms(self, now_ms: int) -> int:
        """How long nothing may be asked at all."""
        return max(0, self._paused_until - now_ms)

    def wait_ms(self, weight: int, priority: Priority, now_ms: int) -> int:
        """How long a request of this weight has to wait; 0 is now."""
        if paused := self.paused_ms(now_ms):
            return paused
        room = CEILINGS[priority] * self.limit - weight
        if self.used(now_ms) <= room:
            return 0
        return max(self._ours_fits_at(room, now_ms), self._theirs_fits_at(room, now_ms)) - now_ms

    def spend(self, weight: int, now_ms: int) -> None:
        """Counts a request that is being sent."""
        self._forget(now_ms)
        self._spent.append((now_ms, weight))
        self._counted += weight
        self._reported += weight if self._reported else 0

    def report(self, used: int, in_flight: int, now_ms: int) -> None:
        """Takes the exchange's own count, to which the weight of what is still under way may have to be added."""
        self._reported = used + in_flight
        self._reported_at = now_ms

    def pause(self, for_ms: int, now_ms: int) -> None:
        """Asks nothing for a while; never shortens a pause."""
        self._paused_until = max(self._paused_until, now_ms + for_ms)

    def _ours_fits_at(self, room: float, now_ms: int) -> int:
        counted, moment = self._counted, now_ms
        for at, weight in self._spent:
            if counted <= room:
                break
            counted, moment = counted - weight, at + MINUTE_MS
        return moment if counted <= room else now_ms + MINUTE_MS

    def _theirs_fits_at(self, room: float, now_ms: int) -> int:
        return now_ms if self._reported <= room else self._reported_at + MINUTE_MS

    def _forget(self, now_ms: int) -> None:
        while self._spent and self._spent[0][0] <= now_ms - MINUTE_MS:
            self._counted -= self._spent.popleft()[1]
        if self._reported_at <= now_ms - MINUTE_MS:
            self._reported = 0
