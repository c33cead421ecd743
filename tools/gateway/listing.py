"""What the exchange lists: asked for as a whole once in ten minutes, and chosen from here."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tools.gateway import errors
from tools.gateway.endpoints import ENDPOINTS, Params
from tools.gateway.parameters import read_symbols
from tools.gateway.pieces import join_list, join_object, split_list, split_object
from tools.gateway.question import Answer, Question
from tools.gateway.sources import Sources
from tools.gateway.upstream import Reply

SHOWN_UNASKED = ("SPOT", "MARGIN", "LEVERAGED")
"""Symbols with any of these permissions are in the answer to a question without parameters."""
PLAIN = {"symbol", "symbols", "permissions", "symbolStatus"}
EVERYTHING = Question(ENDPOINTS["/api/v3/exchangeInfo"], {})


@dataclass(frozen=True)
class Listed:
    """A symbol of the listing: its status, what may trade it, and its whole text."""

    status: str
    permissions: frozenset[str]
    text: str


class Listing:
    """Answers exchangeInfo: what is simple from one answer that lists everything, the rest as it is asked."""

    def __init__(self, sources: Sources) -> None:
        self._upstream = sources.upstream
        self._cache = sources.cache
        self._clock = sources.clock
        self._head: dict[str, str] = {}
        self._symbols: dict[str, Listed] = {}

    async def answer(self, question: Question) -> Answer:
        """Raises Unanswered."""
        whole = await self._ask(question.having())
        if whole.status != 200:
            return whole
        chosen = self._choose(question.params)
        return await self._ask(question) if chosen is None else self._write(chosen, whole)

    async def find(self, symbol: str) -> str | None:
        """A symbol as the exchange wrote it; None for one that is not listed. Raises Unanswered."""
        whole = await self._ask(EVERYTHING)
        if whole.status != 200:
            raise errors.disconnected()
        listed = self._symbols.get(symbol)
        return listed.text if listed else None

    async def _ask(self, question: Question) -> Answer:
        endpoint = question.endpoint

        async def fetch() -> Reply:
            reply = await self._upstream.ask(question)
            if reply.is_data and not question.params:
                self._take(reply)
            return reply

        return await self._cache.answer(question.key, endpoint.ttl_ms, endpoint.stale_ms, fetch)

    def _take(self, reply: Reply) -> None:
        self._head = split_object(reply.body.decode())
        if limit := _read_limit(json.loads(self._head["rateLimits"])):
            self._upstream.budget.limit = limit
        self._symbols = {each["symbol"]: _read(each, text) for each, text in split_list(self._head["symbols"])}

    def _choose(self, params: Params) -> list[str] | None:
        """The texts of the symbols asked for; None where this answer does not tell."""
        if not params.keys() <= PLAIN or ("permissions" in params and len(params) > 1):
            return None
        if "symbol" in params or "symbols" in params:
            return self._choose_named(params)
        if params.get("permissions", "SPOT") not in SHOWN_UNASKED:
            return None
        return [symbol.text for symbol in self._symbols.values() if _matches(symbol, params)]

    def _choose_named(self, params: Params) -> list[str] | None:
        names = [params["symbol"]] if "symbol" in params else read_symbols(params["symbols"])
        if len(params) > 1 or not all(name in self._symbols for name in names):
            return None
        return [self._symbols[name].text for name in names]

    def _write(self, chosen: Iterable[str], whole: Answer) -> Answer:
        """An answer with these symbols, and with the time that it is now."""
        members = {**self._head, "serverTime": str(self._clock.now_ms()), "symbols": join_list(list(chosen))}
        return Answer(join_object(members).encode(), whole.age_ms, is_stale=whole.is_stale)


def _read_limit(limits: list[dict[str, Any]]) -> int | None:
    """The weight that the exchange allows in a minute, where it says so."""
    kind = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1}
    return next((limit["limit"] for limit in limits if kind.items() <= limit.items()), None)


def _read(symbol: dict[str, Any], text: str) -> Listed:
    words = frozenset(word for allowed in symbol["permissionSets"] for word in allowed)
    return Listed(symbol["status"], words, text)


def _matches(symbol: Listed, params: Params) -> bool:
    permitted = "permissions" not in params or params["permissions"] in symbol.permissions
    return permitted and params.get("symbolStatus", symbol.status) == symbol.status
