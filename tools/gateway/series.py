"""What is known of one symbol's candles of one interval: the closed ones, and the newest as it was last seen."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tools.gateway.blocks import Blocks
from tools.gateway.intervals import Interval
from tools.gateway.wanted import Wanted

LIVE_TTL_MS = 2_500
"""The exchange sends a forming candle every two seconds."""
LAGGING_TTL_MS = 300
"""How long the old candle is taken for the newest after its close, where the exchange has not opened the next."""
LAG_MS = 5_000
"""For how long after a close that may be so; and after it a candle is final without a newer one as its witness."""


class Candle(NamedTuple):
    """A candle's open and close in ms UTC, and its text."""

    open_ms: int
    close_ms: int
    text: str


@dataclass(frozen=True)
class Tail:
    """The newest candle that the exchange had at `at_ms`, its own time. `live` is what came over a stream."""

    number: int
    text: str
    at_ms: int
    live: bool = False


@dataclass(frozen=True)
class Present:
    """The exchange's time, how far off it can be, and when the question was asked; and how old a tail may be."""

    now_ms: int
    margin_ms: int
    asked_ms: int
    ttl_ms: int


@dataclass(frozen=True)
class Found:
    """The whole answer, oldest first, and the age of what can still change in it."""

    texts: list[str]
    age_ms: int


@dataclass(frozen=True)
class Newer:
    """All is known but the candles from this number on."""

    number: int


class Unknown:
    """Only the question itself, asked of the exchange, brings the answer."""


class Series:
    """Remembers what the exchange shows; nothing is kept as closed that could still change or that has holes."""

    def __init__(self, interval: Interval, blocks: Blocks, key: Hashable) -> None:
        self.interval = interval
        self._blocks = blocks
        self._key = key
        self.tail: Tail | None = None
        self.begins: int | None = None
        """The oldest candle that exists, where that is known."""

    def look(self, wanted: Wanted, present: Present) -> Found | Newer | Unknown:
        """The answer, or what it lacks."""
        wanted = wanted.since(self.begins)
        if wanted.bound is not None and wanted.bound < self.interval.number(present.now_ms - present.margin_ms):
            return self._look_at_closed(wanted, wanted.bound)
        tail = self.tail
        if tail is None:
            return Unknown()
        fresh = self.is_fresh(tail, present)
        newest = tail.number if fresh else max(tail.number, self.interval.number(present.now_ms))
        first, last = wanted.span(newest, self.begins)
        closed = self._blocks.read(self._key, first, min(last, newest - 1))
        if None in closed:
            return self._missing(first, closed)
        texts = [text for text in closed if text is not None]
        if not fresh:
            return self._newer_from(newest)
        return Found([*texts, tail.text] if first <= newest <= last else texts, max(0, present.now_ms - tail.at_ms))

    def is_fresh(self, tail: Tail, present: Present) -> bool:
        """Whether the tail can be shown as the newest candle now."""
        if tail.at_ms >= present.asked_ms:
            return True
        age_ms = present.now_ms - tail.at_ms
        if age_ms > (max(LIVE_TTL_MS, present.ttl_ms) if tail.live else present.ttl_ms):
            return False
        newest = self.interval.number(present.now_ms + present.margin_ms)
        opened_ms = self.interval.open_ms(newest)
        if tail.number >= newest:
            return True
        settled = present.now_ms > opened_ms + LAG_MS or age_ms <= LAGGING_TTL_MS
        return not tail.live and tail.at_ms - present.margin_ms >= opened_ms and settled

    def is_forming(self, tail: Tail, present: Present) -> bool:
        """Whether the tail's candle is not over."""
        return tail.number >= self.interval.number(present.now_ms + present.margin_ms)

    def learn(self, candles: Sequence[Candle], at_ms: int, *, reaches_now: bool) -> bool:
        """Takes what the exchange showed at `at_ms`; False, and nothing is remembered, where it has holes.

        A candle is final when a newer one was shown with it, or when it was over for a while. `reaches_now` says that
        the last one is the newest that there is.
        """
        numbers = [self.interval.number(candle.open_ms) for candle in candles]
        if not candles or not self._is_whole(candles, numbers):
            return False
        for number, candle in zip(numbers, candles, strict=True):
            if number < numbers[-1] or candle.close_ms + LAG_MS < at_ms:
                self.close(number, candle.text)
        if reaches_now:
            self.show(Tail(numbers[-1], candles[-1].text, at_ms))
        return True

    def close(self, number: int, text: str) -> None:
        """Remembers a final candle. One that contradicts what is remembered means another history: all is dropped."""
        if self._blocks.get(self._key, number) not in (None, text):
            self._blocks.forget(self._key)
            self.begins = None
        self._blocks.put(self._key, number, text)

    def show(self, tail: Tail) -> None:
        """Takes the newest candle, unless a newer state of it is known."""
        if self.tail is None or (tail.at_ms, tail.number) >= (self.tail.at_ms, self.tail.number):
            self.tail = tail

    def _is_whole(self, candles: Sequence[Candle], numbers: list[int]) -> bool:
        in_order = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        return in_order and all(
            (candle.open_ms, candle.close_ms) == (self.interval.open_ms(number), self.interval.close_ms(number))
            for number, candle in zip(numbers, candles, strict=True)
        )

    def _look_at_closed(self, wanted: Wanted, bound: int) -> Found | Unknown:
        first, last = wanted.span(bound, self.begins)
        closed = self._blocks.read(self._key, first, last) if last - first < 2_000 else [None]
        texts = [text for text in closed if text is not None]
        return Found(texts, 0) if texts and len(texts) == len(closed) else Unknown()

    def _missing(self, first: int, closed: Sequence[str | None]) -> Newer | Unknown:
        place = closed.index(None)
        return self._newer_from(first + place) if not any(closed[place:]) else Unknown()

    def _newer_from(self, number: int) -> Newer | Unknown:
        return Newer(number) if self._blocks.get(self._key, number - 1) is not None else Unknown()
