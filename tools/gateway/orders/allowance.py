"""How much each caller may ask of the exchange within a minute: all share one account and one address there."""

from collections.abc import Callable, Mapping

from tools.gateway.orders import errors
from tools.gateway.orders.paths import weight_of
from tools.gateway.orders.window import Window

WINDOW_MS = 60_000
MOST = 1_200
"""A fifth of what the exchange allows an address."""


class Allowance:
    """For questions alone: what orders and cancels are held to is in `bounds`."""

    def __init__(self, clock_ms: Callable[[], int], most: int = MOST) -> None:
        self._clock_ms = clock_ms
        self._most = most
        self._windows: dict[str, Window] = {}

    def spend(self, caller: str, path: str, params: Mapping[str, str]) -> None:
        """Raises `Denied` for a question beyond what is left."""
        window = self._windows.get(caller)
        if window is None:
            window = self._windows[caller] = Window(self._clock_ms, WINDOW_MS, self._most)
        weight = weight_of("GET", path, params)
        if wait_ms := window.wait_ms(weight):
            raise errors.too_many_requests(-(-wait_ms // 1000))
        window.spend(weight)
