"""A bounded memory of computed blocks: the least recently used ones are forgotten and computed again when asked for."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from tools.exchange.candles import Candles


class Blocks:
    """At most `limit` blocks."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._blocks: OrderedDict[Hashable, Candles] = OrderedDict()

    def __len__(self) -> int:
        return len(self._blocks)

    def get(self, key: Hashable, compute: Callable[[], Candles]) -> Candles:
        """The block under `key`, computed where it is not remembered."""
        block = self._blocks.get(key)
        if block is None:
            block = self._blocks[key] = compute()
            if len(self._blocks) > self._limit:
                self._blocks.popitem(last=False)
        self._blocks.move_to_end(key)
        return block
