"""A bounded memory of closed candles: the blocks that were not used for the longest time are forgotten first."""

from collections import OrderedDict
from collections.abc import Hashable

BLOCK = 256
LARGEST_COUNT = 1_024
"""262,144 candles: about 60 MB."""

Block = list[str | None]


class Blocks:
    """Candles by series and running number, each as the exchange's own text."""

    def __init__(self, largest_count: int = LARGEST_COUNT) -> None:
        self._largest_count = largest_count
        self._blocks: OrderedDict[tuple[Hashable, int], Block] = OrderedDict()

    def __len__(self) -> int:
        return len(self._blocks)

    def get(self, series: Hashable, number: int) -> str | None:
        """One candle, if it is remembered."""
        block = self._blocks.get((series, number // BLOCK))
        return None if block is None else block[number % BLOCK]

    def read(self, series: Hashable, first: int, last: int) -> Block:
        """The candles `first` to `last`, both included, None for each that is not remembered."""
        found: Block = []
        while first <= last:
            place = first % BLOCK
            count = min(BLOCK - place, last - first + 1)
            found += self._use((series, first // BLOCK))[place : place + count]
            first += count
        return found

    def put(self, series: Hashable, number: int, text: str) -> None:
        """Remembers one candle."""
        key = (series, number // BLOCK)
        block = self._blocks.setdefault(key, [None] * BLOCK)
        block[number % BLOCK] = text
        self._blocks.move_to_end(key)
        if len(self._blocks) > self._largest_count:
            self._blocks.popitem(last=False)

    def forget(self, series: Hashable) -> None:
        """Drops everything of one series."""
        for key in [key for key in self._blocks if key[0] == series]:
            del self._blocks[key]

    def _use(self, key: tuple[Hashable, int]) -> Block:
        block = self._blocks.get(key)
        if block is None:
            return [None] * BLOCK
        self._blocks.move_to_end(key)
        return block
