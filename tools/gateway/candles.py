"""Candles: closed ones are asked for once, the forming one when it is too old, and odd questions as they are."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial

from tools.gateway import errors
from tools.gateway.blocks import Blocks
from tools.gateway.intervals import MINUTE_MS, SECOND_MS
from tools.gateway.pieces import join_list, split_list
from tools.gateway.question import Answer, Question
from tools.gateway.series import LAGGING_TTL_MS, Candle, Found, Newer, Present, Series, Tail
from tools.gateway.sources import Sources
from tools.gateway.streams import Event
from tools.gateway.upstream import Reply
from tools.gateway.wanted import LARGEST_LIMIT, Wanted, read_wanted

STREAMED_PATH = "/api/v3/klines"
KLINE_FIELDS = ("t", "o", "h", "l", "c", "v", "T", "q", "n", "V", "Q")
"""The streams' names for what a kline holds, in REST's order."""
ROUNDS = 4
PAST_TTL_MS = 30_000
"""How long an answer with holes is repeated, where it does not reach the present."""
LARGEST_COUNT = 4_096

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Asked:
    """A question, what it wants, and when it was asked by the exchange's clock."""

    question: Question
    wanted: Wanted
    at_ms: int

    @property
    def key(self) -> Key:
        params = self.question.params
        return (self.question.endpoint.path, params["symbol"], params["interval"])


class Candles:
    """Answers klines as the exchange would at this moment; only the forming candle may be up to 1.5 s old."""

    def __init__(self, sources: Sources) -> None:
        self._upstream = sources.upstream
        self._cache = sources.cache
        self._flights = sources.flights
        self._clock = sources.clock
        self._streams = sources.streams
        self._blocks = Blocks()
        self._series: OrderedDict[Key, Series] = OrderedDict()
        sources.streams.handle("kline", self._hear)

    async def answer(self, question: Question) -> Answer:
        """Raises Unanswered where the exchange is silent and what is remembered is too old."""
        wanted = read_wanted(question.params)
        if wanted is None:
            is_fresh = partial(self._is_of_this_unit, question)
            return self._cache.write(
                await self._cache.get(question.key, is_fresh, partial(self._upstream.ask, question))
            )
        asked = Asked(question, wanted, self._clock.now_ms())
        try:
            return await self._answer(asked)
        except errors.Unanswered:
            kept = self._answer_from_memory(asked)
            if kept is None:
                raise
            return kept

    async def _answer(self, asked: Asked) -> Answer:
        series = self._read_series(asked)
        for round_ in range(ROUNDS):
            found = series.look(asked.wanted, self._present(asked))
            if isinstance(found, Found):
                return self._found(asked, found, remembered=round_ == 0)
            if not isinstance(found, Newer):
                break
            await self._flights.join((*asked.key, "newer"), partial(self._read_newer, asked, series, found.number))
        return await self._ask_itself(asked, series)

    def _answer_from_memory(self, asked: Asked) -> Answer | None:
        """What is remembered, if its forming candle is still forming."""
        series = self._read_series(asked)
        oldest_ms = asked.question.endpoint.stale_ms
        present = self._present(asked, min(oldest_ms, asked.wanted.interval.size_ms or oldest_ms))
        found = series.look(asked.wanted, present)
        forming = series.tail is not None and series.is_forming(series.tail, present)
        return _write(found, is_stale=True) if isinstance(found, Found) and forming else None

    async def _read_newer(self, asked: Asked, series: Series, number: int) -> None:
        """Asks for the candles from a number on, and for the closed one before it as a witness of the same history."""
        newest = series.interval.number(self._clock.now_ms())
        start_ms, limit = series.interval.open_ms(number - 1), min(newest - number + 4, LARGEST_LIMIT)
        _, symbol, interval = asked.key
        params = {"symbol": symbol, "interval": interval, "startTime": str(start_ms), "limit": str(limit)}
        reply = await self._upstream.ask(asked.question.having(**params))
        if reply.is_data:
            self._learn(series, reply, Wanted(series.interval, start_ms, None, limit))

    async def _ask_itself(self, asked: Asked, series: Series) -> Answer:
        reply = await self._cache.get(
            asked.question.key, partial(self._is_still_so, asked.wanted), partial(self._ask_and_learn, asked, series)
        )
        if reply.is_data:
            self._want(asked)
        return self._cache.write(reply)

    async def _ask_and_learn(self, asked: Asked, series: Series) -> Reply:
        reply = await self._upstream.ask(asked.question)
        candles = self._learn(series, reply, asked.wanted) if reply.is_data else []
        if asked.wanted.first is None and 0 < len(candles) < asked.wanted.limit:
            series.begins = series.interval.number(candles[0].open_ms)
        return reply

    def _learn(self, series: Series, reply: Reply, wanted: Wanted) -> list[Candle]:
        """Remembers a reply's candles; gives them where they are without holes."""
        candles = [Candle(row[0], row[6], text) for row, text in split_list(reply.body.decode())]
        at_ms = self._clock.at(reply.sent_ms)
        forming = bool(candles) and candles[-1].close_ms >= at_ms
        open_ended = wanted.end_ms is None or wanted.end_ms >= at_ms
        all_of_it = open_ended and (wanted.first is None or len(candles) < wanted.limit)
        return candles if series.learn(candles, at_ms, reaches_now=forming or all_of_it) else []

    def _is_of_this_unit(self, question: Question, reply: Reply) -> bool:
        """Whether no candle can have closed since: they do so at a full minute in every time zone."""
        unit_ms = SECOND_MS if question.params["interval"] == "1s" else MINUTE_MS
        young = self._cache.age_ms(reply) <= question.endpoint.ttl_ms
        now_ms = self._clock.now_ms() + self._clock.margin_ms
        return young and self._clock.at(reply.sent_ms) // unit_ms == now_ms // unit_ms

    def _is_still_so(self, wanted: Wanted, reply: Reply) -> bool:
        """Whether a reply that could not be remembered as candles may be given again."""
        age_ms, now_ms = self._cache.age_ms(reply), self._clock.now_ms() + self._clock.margin_ms
        newest = wanted.interval.number(now_ms)
        if wanted.bound is not None and wanted.bound < newest - 1:
            return age_ms <= PAST_TTL_MS
        return age_ms <= LAGGING_TTL_MS and wanted.interval.number(self._clock.at(reply.sent_ms)) == newest

    def _present(self, asked: Asked, ttl_ms: int | None = None) -> Present:
        ttl_ms = asked.question.endpoint.ttl_ms if ttl_ms is None else ttl_ms
        return Present(self._clock.now_ms(), self._clock.margin_ms, asked.at_ms, ttl_ms)

    def _read_series(self, asked: Asked) -> Series:
        series = self._series.get(asked.key)
        if series is None:
            series = self._series[asked.key] = Series(asked.wanted.interval, self._blocks, asked.key)
            if len(self._series) > LARGEST_COUNT:
                self._series.popitem(last=False)
        self._series.move_to_end(asked.key)
        return series

    def _found(self, asked: Asked, found: Found, *, remembered: bool) -> Answer:
        self._cache.hits += remembered
        self._cache.misses += not remembered
        self._want(asked)
        return _write(found)

    def _want(self, asked: Asked) -> None:
        """Has the forming candle told where it was asked for."""
        path, symbol, interval = asked.key
        newest, bound = asked.wanted.interval.number(asked.at_ms), asked.wanted.bound
        if path == STREAMED_PATH and (bound is None or bound >= newest):
            self._streams.want(f"{symbol.lower()}@kline_{interval}")

    def _hear(self, event: Event) -> None:
        """Takes a candle from a stream: as closed when the exchange says so, else as the newest."""
        kline = event.data["k"]
        series = self._series.get((STREAMED_PATH, event.data["s"], kline["i"]))
        if series is None:
            return
        text = json.dumps([*(kline[name] for name in KLINE_FIELDS), "0"], separators=(",", ":"))
        number = series.interval.number(kline["t"])
        if kline["x"]:
            series.close(number, text)
        else:
            series.show(Tail(number, text, event.data["E"], live=True))


def _write(found: Found, *, is_stale: bool = False) -> Answer:
    return Answer(join_list(found.texts).encode(), found.age_ms, is_stale=is_stale)
