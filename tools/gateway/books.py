"""Order books: one deep book serves all who want fewer levels of it."""

import json
from typing import Any

from tools.gateway.question import Answer, Question
from tools.gateway.sources import Sources
from tools.gateway.streams import Event
from tools.gateway.upstream import Reply
from tools.gateway.verbatim import answer_verbatim

DEFAULT_LEVELS = 100
DEPTHS = (100, 500, 1_000, 5_000)
"""The most levels for each weight: asking for fewer costs the same."""
STREAMED_LEVELS = 20
STREAM = f"depth{STREAMED_LEVELS}"
LIVE_TTL_MS = 1_500
"""The stream sends a book every second."""


class Books:
    """Answers depth."""

    def __init__(self, sources: Sources) -> None:
        self._upstream = sources.upstream
        self._cache = sources.cache
        self._ticks = sources.ticks
        self._streams = sources.streams
        self._live: dict[str, Reply] = {}
        sources.streams.handle(STREAM, self._hear)

    async def answer(self, question: Question) -> Answer:
        """Raises Unanswered where the exchange is silent and what is remembered is too old."""
        limit = min(int(question.params.get("limit", DEFAULT_LEVELS)), DEPTHS[-1])
        if limit == 0 or "symbolStatus" in question.params:
            return await answer_verbatim(question, self._upstream, self._cache)
        if live := self._read_live(question, limit):
            return _cut(live, limit)
        answer = await self._read(question, limit)
        if limit <= STREAMED_LEVELS and answer.status == 200:
            self._streams.want(f"{question.params['symbol'].lower()}@{STREAM}")
        return _cut(answer, limit)

    async def _read(self, question: Question, limit: int) -> Answer:
        symbol = question.params["symbol"]
        asked = [question.having(symbol=symbol, limit=str(depth)) for depth in DEPTHS if depth >= limit]
        for deeper in asked[1:]:
            kept = self._cache.peek(deeper.key)
            if kept is not None and self._cache.age_ms(kept) <= question.endpoint.ttl_ms:
                self._cache.hits += 1
                return self._cache.write(kept)
        return await answer_verbatim(asked[0], self._upstream, self._cache)

    def _read_live(self, question: Question, limit: int) -> Answer | None:
        name = f"{question.params['symbol'].lower()}@{STREAM}"
        book = self._live.get(name)
        if limit > STREAMED_LEVELS or book is None or self._streams.silence_ms(name) is None:
            return None
        if self._cache.age_ms(book) > LIVE_TTL_MS:
            return None
        self._cache.hits += 1
        self._streams.want(name)
        return self._cache.write(book)

    def _hear(self, event: Event) -> None:
        now_ms = self._ticks()
        self._live[event.name] = Reply(_dump(event.data), now_ms, now_ms)


def _cut(answer: Answer, limit: int) -> Answer:
    """The best levels of each side."""
    if answer.status != 200:
        return answer
    book = json.loads(answer.body)
    sides = {side: book[side][:limit] for side in ("bids", "asks")}
    return Answer(_dump({**book, **sides}), answer.age_ms, is_stale=answer.is_stale)


def _dump(book: dict[str, Any]) -> bytes:
    return json.dumps(book, separators=(",", ":")).encode()
