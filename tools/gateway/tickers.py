"""Tickers: symbols are asked for together, and told by streams where there are any."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tools.gateway import errors
from tools.gateway.parameters import read_symbols, write_words
from tools.gateway.pieces import join_list, split_list
from tools.gateway.question import Answer, Question
from tools.gateway.quotes import Quote, Quotes
from tools.gateway.sources import Sources
from tools.gateway.streams import Event
from tools.gateway.upstream import Reply

HEAVY = 80
HEAVY_TTL_MS = 5_000
"""The statistics of all symbols weigh 80: asked for every second they would take most of what may be asked."""
LARGEST_BATCH = {"/api/v3/ticker/24hr": 20}
"""Up to twenty symbols weigh as much as one."""
OTHERWISE_BATCH = 100
ROUNDS = 10
"""A hundred symbols take five batches of twenty, if nobody else's is under way."""

BEST = {"bidPrice": "b", "bidQty": "B", "askPrice": "a", "askQty": "A"}
LAST = {"price": "c"}
DAY = {
    "priceChange": "p", "priceChangePercent": "P", "weightedAvgPrice": "w", "prevClosePrice": "x", "lastPrice": "c",
    "lastQty": "Q", "bidPrice": "b", "bidQty": "B", "askPrice": "a", "askQty": "A", "openPrice": "o", "highPrice": "h",
    "lowPrice": "l", "volume": "v", "quoteVolume": "q", "openTime": "O", "closeTime": "C", "firstId": "F",
    "lastId": "L", "count": "n",
}  # fmt: skip
"""REST's names, in its order, and the streams'."""


@dataclass(frozen=True)
class Streamed:
    """The stream that tells what an endpoint answers."""

    path: str
    kind: str
    names: dict[str, str]


STREAMED = [
    Streamed("/api/v3/ticker/bookTicker", "bookTicker", BEST),
    Streamed("/api/v3/ticker/price", "miniTicker", LAST),
    Streamed("/api/v3/ticker/24hr", "ticker", DAY),
]


class Tickers:
    """Answers the three ticker endpoints."""

    def __init__(self, sources: Sources) -> None:
        self._upstream = sources.upstream
        self._cache = sources.cache
        self._flights = sources.flights
        self._ticks = sources.ticks
        self._streams = sources.streams
        self._quotes: dict[tuple[str, str], Quotes] = {}
        self._kinds = {(streamed.path, "FULL"): streamed.kind for streamed in STREAMED}
        for streamed in STREAMED:
            sources.streams.handle(streamed.kind, partial(self._hear, streamed))

    async def answer(self, question: Question) -> Answer:
        """Raises Unanswered where the exchange is silent and what is remembered is too old."""
        params = question.params
        quotes = self._read_quotes(question)
        names = [params["symbol"]] if "symbol" in params else read_symbols(params.get("symbols", "[]"))
        if "symbolStatus" in params or not quotes.knows(names) or not 0 < len(names) <= OTHERWISE_BATCH:
            return await self._ask_itself(question, quotes, names)
        try:
            return await self._answer(question, quotes, names)
        except errors.Unanswered:
            if any(quotes.age_ms(name) > question.endpoint.stale_ms for name in names):
                raise
            return _write(question, quotes, names, is_stale=True)

    async def _answer(self, question: Question, quotes: Quotes, names: list[str]) -> Answer:
        asked_ms, ttl_ms = self._ticks(), question.endpoint.ttl_ms
        self._note(question, quotes, names)
        stale = quotes.stale(names, ttl_ms, asked_ms)
        self._cache.hits += not stale
        self._cache.misses += bool(stale)
        for _ in range(ROUNDS):
            if not stale:
                return _write(question, quotes, names)
            await self._flights.join(_key(question), partial(self._read_batch, question, quotes, stale))
            if not quotes.knows(names):
                break
            stale = quotes.stale(names, ttl_ms, asked_ms)
        return await self._ask_itself(question, quotes, names)

    async def _read_batch(self, question: Question, quotes: Quotes, needed: list[str]) -> None:
        largest = LARGEST_BATCH.get(question.endpoint.path, OTHERWISE_BATCH)
        names = quotes.batch(needed, largest, question.endpoint.ttl_ms)
        kind = {"type": question.params["type"]} if "type" in question.params else {}
        which = {"symbol": names[0]} if len(names) == 1 else {"symbols": write_words(names)}
        reply = await self._upstream.ask(question.having(**which, **kind))
        if reply.is_data:
            _learn(quotes, reply)
        else:
            quotes.forget()

    async def _ask_itself(self, question: Question, quotes: Quotes, names: list[str]) -> Answer:
        ttl_ms = HEAVY_TTL_MS if question.weight >= HEAVY else question.endpoint.ttl_ms

        async def fetch() -> Reply:
            reply = await self._upstream.ask(question)
            if reply.is_data:
                _learn(quotes, reply)
            return reply

        answer = await self._cache.answer(question.key, ttl_ms, question.endpoint.stale_ms, fetch)
        if answer.status == 200:
            self._note(question, quotes, names)
        return answer

    def _read_quotes(self, question: Question) -> Quotes:
        key = _key(question)
        if key not in self._quotes:
            kind = self._kinds.get(key)
            self._quotes[key] = Quotes(self._ticks, self._silence(kind))
        return self._quotes[key]

    def _silence(self, kind: str | None) -> Callable[[str], int | None]:
        def silence_ms(symbol: str) -> int | None:
            return None if kind is None else self._streams.silence_ms(f"{symbol.lower()}@{kind}")

        return silence_ms

    def _note(self, question: Question, quotes: Quotes, names: list[str]) -> None:
        quotes.ask(names)
        kind = self._kinds.get(_key(question))
        if kind is not None:
            for name in names[:OTHERWISE_BATCH]:
                self._streams.want(f"{name.lower()}@{kind}")

    def _hear(self, streamed: Streamed, event: Event) -> None:
        quotes = self._quotes.get((streamed.path, "FULL"))
        if quotes is not None and quotes.knows([event.symbol]):
            fields = {long: event.data[short] for long, short in streamed.names.items()}
            text = _dump({"symbol": event.symbol, **fields})
            quotes.put(event.symbol, Quote(text, self._ticks(), live=True))


def _key(question: Question) -> tuple[str, str]:
    return (question.endpoint.path, question.params.get("type", "FULL"))


def _learn(quotes: Quotes, reply: Reply) -> None:
    text = reply.body.decode()
    for ticker, each in split_list(text if text.startswith("[") else f"[{text}]"):
        quotes.put(ticker["symbol"], Quote(each, reply.sent_ms))


def _write(question: Question, quotes: Quotes, names: list[str], *, is_stale: bool = False) -> Answer:
    texts = [quotes.text(name) for name in names]
    body = texts[0] if "symbol" in question.params else join_list(texts)
    return Answer(body.encode(), max(quotes.age_ms(name) for name in names), is_stale=is_stale)


def _dump(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
