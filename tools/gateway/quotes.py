"""The last that is known of each symbol on one kind of ticker."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tools.gateway.clock import Ticks

Silence = Callable[[str], int | None]
"""A symbol to how long its stream's connection has been silent; None where it is not being streamed."""

HOT_MS = 15_000
"""A symbol that was asked for so lately is asked for again together with others: bots look every five seconds."""
SILENT_MS = 2_000
"""A streamed price is taken for the present one as long as its connection is not silent for longer."""
LIVE_MS = 30_000
"""And as long as it is not older than this, however much else is heard."""


@dataclass(frozen=True)
class Quote:
    """One symbol's ticker as the exchange's text, true at this tick or later. `live` came over a stream."""

    text: str
    at_ms: int
    live: bool = False


class Quotes:
    """Tickers by symbol. A symbol that was ever answered is known to exist."""

    def __init__(self, ticks: Ticks, silence: Silence) -> None:
        self._ticks = ticks
        self._silence = silence
        self._quotes: dict[str, Quote] = {}
        self._asked: dict[str, int] = {}

    def knows(self, symbols: Iterable[str]) -> bool:
        """Whether the exchange is known to list all of them."""
        return all(symbol in self._quotes for symbol in symbols)

    def forget(self) -> None:
        """Drops everything: the exchange refused a symbol that it had answered before."""
        self._quotes.clear()
        self._asked.clear()

    def put(self, symbol: str, quote: Quote) -> None:
        """Remembers a ticker, unless a newer one is known."""
        known = self._quotes.get(symbol)
        if known is None or quote.at_ms >= known.at_ms:
            self._quotes[symbol] = quote

    def text(self, symbol: str) -> str:
        return self._quotes[symbol].text

    def age_ms(self, symbol: str) -> int:
        """How long ago the ticker was known to be true: what is streamed stays true until something else is said."""
        quote, now_ms = self._quotes[symbol], self._ticks()
        age_ms = now_ms - quote.at_ms
        silent_ms = self._silence(symbol) if quote.live and age_ms <= LIVE_MS else None
        return age_ms if silent_ms is None or silent_ms > SILENT_MS else min(age_ms, silent_ms)

    def stale(self, symbols: Iterable[str], ttl_ms: int, asked_ms: int) -> list[str]:
        """Those that are older than `ttl_ms` and from before the question."""
        return [
            symbol
            for symbol in symbols
            if self._quotes[symbol].at_ms < asked_ms and self.age_ms(symbol) > self._ttl_ms(symbol, ttl_ms)
        ]

    def _ttl_ms(self, symbol: str, ttl_ms: int) -> int:
        return SILENT_MS if self._quotes[symbol].live and self._silence(symbol) is not None else ttl_ms

    def ask(self, symbols: Iterable[str]) -> None:
        """Notes that these were asked for."""
        self._asked.update(dict.fromkeys(symbols, self._ticks()))

    def batch(self, first: list[str], largest: int, ttl_ms: int) -> list[str]:
        """What to ask for together: those that are needed, then others that were asked for lately."""
        now_ms = self._ticks()
        self._asked = {symbol: at for symbol, at in self._asked.items() if now_ms - at <= HOT_MS}
        known = [symbol for symbol in self._asked if symbol in self._quotes and symbol not in first]
        others = self.stale(known, ttl_ms // 2, now_ms)
        return [*first, *others][:largest]
