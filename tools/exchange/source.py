"""What a source of prices must offer; the market builds everything else from it."""

from typing import Literal, Protocol

from tools.exchange.candles import Floats
from tools.exchange.symbols import Symbol


class Source(Protocol):
    """Minute candles of every listed symbol, as a pure function of symbol and day."""

    @property
    def name(self) -> Literal["synthetic", "replay"]:
        """Which kind of source this is."""

    @property
    def seed(self) -> int | None:
        """What the candles are invented from; None where they are recorded."""

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The listed symbols, in the order of the listing."""

    def day(self, symbol: Symbol, day: int) -> Floats:
        """The (1440, 5) open, high, low, close, volume of one UTC day, counted in days since 1970-01-01."""

    def data_range(self, now_ms: int, /) -> tuple[int, int]:
        """First and last moment of the data behind the candles, in ms UTC."""

    def data_now(self, now_ms: int, /) -> int:
        """The moment of the data that is shown at the wall moment `now_ms`, in ms UTC."""
