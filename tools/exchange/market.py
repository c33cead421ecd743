"""The market at any moment: candles of every interval up to that moment, and the trades behind them."""

from collections.abc import Iterator

import numpy as np

from tools.exchange import minute
from tools.exchange.blocks import Blocks
from tools.exchange.candles import CANDLE, Candles, aggregate, complete
from tools.exchange.clock import DAY_MS, GENESIS_DAY, GENESIS_MS, HOUR_MS, MINUTE_MS, MINUTES_A_DAY, SECOND_MS
from tools.exchange.intervals import INTERVALS, Interval
from tools.exchange.source import Source
from tools.exchange.symbols import Symbol

LEVELS = {HOUR_MS: INTERVALS["1h"], DAY_MS: INTERVALS["1d"]}
REMEMBERED = {MINUTE_MS: 192, HOUR_MS: 4_096, DAY_MS: 24_576}
"""How many days are remembered at each level, over all symbols: about 22, 10 and 12 MB."""


class Market:
    """Candles of a source. Every answer is a function of its arguments; nothing after `now_ms` is ever shown."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.symbols = {symbol.name: symbol for symbol in source.symbols}
        self._remembered = {level: Blocks(limit) for level, limit in REMEMBERED.items()}

    def current(self, symbol: Symbol, now_ms: int) -> Candles:
        """The minute candle that is forming, as it stands now. One row."""
        return minute.so_far(self.whole_minute(symbol, now_ms), now_ms % MINUTE_MS // SECOND_MS, symbol)

    def whole_minute(self, symbol: Symbol, time_ms: int) -> np.void:
        """The finished candle of the minute that holds `time_ms`, whether or not it has passed."""
        row: np.void = self._block(symbol, time_ms // DAY_MS, MINUTE_MS)[time_ms % DAY_MS // MINUTE_MS]
        return row

    def recent(self, symbol: Symbol, minutes: int, now_ms: int) -> Candles:
        """The last `minutes` minute candles, the forming one included."""
        start_ms = (now_ms // MINUTE_MS - minutes + 1) * MINUTE_MS
        return self._rows(symbol, start_ms, now_ms, MINUTE_MS, now_ms)

    def candles(self, symbol: Symbol, interval: Interval, first: int, last: int, now_ms: int) -> Candles:
        """The candles numbered `first` to `last`, both included; the one that holds `now_ms` is forming."""
        start_ms = max(interval.open_ms(first), GENESIS_MS)
        end_ms = min(interval.open_ms(last + 1) - 1, now_ms)
        if start_ms > end_ms:
            return np.empty(0, CANDLE)
        if interval.level_ms == SECOND_MS:
            return self._seconds(symbol, start_ms, end_ms)
        return aggregate(self._rows(symbol, start_ms, end_ms, interval.level_ms, now_ms), interval)

    def minutes_from(self, symbol: Symbol, start_ms: int, step: int = 1) -> Iterator[np.void]:
        """Finished minute candles one after another from the one that holds `start_ms`, backwards if `step` is -1."""
        time_ms = start_ms
        while time_ms >= GENESIS_MS:
            yield self.whole_minute(symbol, time_ms)
            time_ms += step * MINUTE_MS

    def _seconds(self, symbol: Symbol, start_ms: int, end_ms: int) -> Candles:
        """A second is over as soon as it begins: its one trade is made then."""
        minutes = range(start_ms // MINUTE_MS, end_ms // MINUTE_MS + 1)
        rows = np.concatenate([minute.seconds(self.whole_minute(symbol, n * MINUTE_MS), symbol) for n in minutes])
        return rows[(rows["open_ms"] >= start_ms) & (rows["open_ms"] <= end_ms)]

    def _rows(self, symbol: Symbol, start_ms: int, end_ms: int, level_ms: int, now_ms: int) -> Candles:
        """Rows that cover start to end: of `level_ms` for the days that are over, of minutes for today."""
        today = now_ms // DAY_MS
        past = range(max(start_ms // DAY_MS, GENESIS_DAY), min(end_ms // DAY_MS, today - 1) + 1)
        blocks = [self._block(symbol, day, level_ms) for day in past]
        if end_ms // DAY_MS == today:
            closed = now_ms % DAY_MS // MINUTE_MS
            blocks += [self._block(symbol, today, MINUTE_MS)[:closed], self.current(symbol, now_ms)]
        rows = np.concatenate(blocks)
        return rows[(rows["open_ms"] >= start_ms) & (rows["open_ms"] <= end_ms)]

    def _block(self, symbol: Symbol, day: int, level_ms: int) -> Candles:
        return self._remembered[level_ms].get((symbol.name, day), lambda: self._compute(symbol, day, level_ms))

    def _compute(self, symbol: Symbol, day: int, level_ms: int) -> Candles:
        if level_ms != MINUTE_MS:
            return aggregate(self._block(symbol, day, MINUTE_MS), LEVELS[level_ms])
        times = np.arange(MINUTES_A_DAY) * MINUTE_MS + day * DAY_MS
        return complete(times, self.source.day(symbol, day), symbol)
