"""Which signatures were received already: none is taken twice while it is valid."""

from collections import defaultdict
from dataclasses import dataclass, field
from heapq import heappop, heappush

from tools.gateway.orders import errors

MOST = 300
"""Valid signatures of one caller that are kept; more than that at once is too fast."""


@dataclass
class _Mine:
    """Of one caller, by when each ends: windows differ, so what came first is not what ends first."""

    known: set[str] = field(default_factory=set)
    ends: list[tuple[int, str]] = field(default_factory=list)

    def forget(self, now_ms: int) -> None:
        while self.ends and self.ends[0][0] < now_ms:
            self.known.discard(heappop(self.ends)[1])

    def keep(self, signature: str, until_ms: int) -> None:
        self.known.add(signature)
        heappush(self.ends, (until_ms, signature))


class Seen:
    """Bounded by caller: one that asks too fast shuts out itself alone."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._by_caller: defaultdict[str, _Mine] = defaultdict(_Mine)

    def admit(self, caller: str, signature: str, now_ms: int, until_ms: int) -> None:
        """Raises `Denied` for a signature that was here before, and where there are too many."""
        mine = self._by_caller[caller]
        mine.forget(now_ms)
        if signature in mine.known:
            raise errors.replayed()
        if len(mine.known) >= self._most:
            raise errors.too_many_requests(1)
        mine.keep(signature, until_ms)
