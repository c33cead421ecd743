"""Which streams are wanted: those whose data was asked for within the last minutes."""

from collections import OrderedDict

LARGEST_COUNT = 1_000
"""One connection may hold 1,024."""
WANTED_MS = 300_000


class Interest:
    """Names of streams and when they were last wanted; beyond a thousand, what was not wanted longest is dropped."""

    def __init__(self) -> None:
        self._wanted: OrderedDict[str, int] = OrderedDict()

    def want(self, name: str, now_ms: int) -> None:
        self._wanted[name] = now_ms
        self._wanted.move_to_end(name)
        if len(self._wanted) > LARGEST_COUNT:
            self._wanted.popitem(last=False)

    def current(self, now_ms: int) -> list[str]:
        """What is wanted now, the latest last."""
        while self._wanted and next(iter(self._wanted.values())) <= now_ms - WANTED_MS:
            self._wanted.popitem(last=False)
        return list(self._wanted)
