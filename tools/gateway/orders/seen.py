"""Which signatures were received already: none is taken twice while it is valid."""

from collections import OrderedDict, defaultdict

from tools.gateway.orders import errors

MOST = 300
"""Valid signatures of one caller that are kept; more than that at once is too fast."""


class Seen:
    """Bounded by caller: one that asks too fast shuts out itself alone."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._until: defaultdict[str, OrderedDict[str, int]] = defaultdict(OrderedDict)

    def admit(self, caller: str, signature: str, now_ms: int, until_ms: int) -> None:
        """Raises `Denied` for a signature that was here before, and where there are too many."""
        mine = self._until[caller]
        while mine and next(iter(mine.values())) < now_ms:
            mine.popitem(last=False)
        if signature in mine:
            raise errors.replayed()
        if len(mine) >= self._most:
            raise errors.too_many_requests(1)
        mine[signature] = until_ms
