"""From a request to its answer: who asks, whether that exists for them, and what is said when not."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tools.gateway.orders import errors
from tools.gateway.orders.allowance import Allowance
from tools.gateway.orders.bot_keys import Caller
from tools.gateway.orders.check import Check
from tools.gateway.orders.desk import Desk
from tools.gateway.orders.paths import (
    ACCOUNT,
    ALL,
    CHECK,
    COINS,
    DIFFERENCES,
    FEES,
    OPEN,
    ORDER,
    SETTLE,
    STATEMENT,
    TRADES,
)
from tools.gateway.orders.placing import Placing
from tools.gateway.orders.reading import Reading
from tools.gateway.orders.record import Record
from tools.gateway.orders.signed import RawRequest, SignedRequest, Verifier, peek

ACCOUNT_PATHS = (ACCOUNT, ORDER, OPEN, ALL, TRADES, COINS, FEES)
PATHS = (*ACCOUNT_PATHS, CHECK, DIFFERENCES, STATEMENT, SETTLE)
"""All signed paths that there are."""
SHOWN = ("symbol", "side", "type", "quantity", "price", "stopPrice")

log = logging.getLogger(__name__)

Handler = Callable[[SignedRequest], Awaitable[Any]]


class Differences(Protocol):
    """On what ledger, bots and exchange do not agree."""

    async def read(self, request: SignedRequest) -> Any: ...

    async def look(self, request: SignedRequest) -> Any: ...

    async def hear(self, request: SignedRequest) -> Any: ...

    async def settle(self, request: SignedRequest) -> Any: ...


@dataclass(frozen=True)
class Reply:
    status: int
    content: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    placed: SignedRequest | None = None
    """The request, where an order was made of it."""


class Service:
    """The whole of what exists, by path and method, for a bot and for the desk."""

    def __init__(  # noqa: PLR0913  the rooms that it stands before
        self,
        verifier: Verifier,
        allowance: Allowance,
        placing: Placing,
        reading: Reading,
        desk: Desk,
        check: Check,
        differences: Differences,
        record: Record,
    ) -> None:
        self._verifier = verifier
        self._allowance = allowance
        self._placing = placing
        self._record = record
        self._handlers: Mapping[str, Mapping[tuple[str, str], Handler]] = {
            "bot": {
                ("GET", ACCOUNT): reading.read_account,
                ("GET", ORDER): reading.read_order,
                ("GET", OPEN): reading.read_open,
                ("GET", ALL): reading.read_all,
                ("GET", TRADES): reading.read_trades,
                ("GET", COINS): reading.read_coins,
                ("GET", FEES): reading.read_fees,
                ("POST", ORDER): placing.place,
                ("DELETE", ORDER): reading.cancel,
            },
            "desk": {
                ("DELETE", ORDER): desk.cancel,
                ("GET", CHECK): check.read,
                ("GET", DIFFERENCES): differences.read,
                ("POST", DIFFERENCES): differences.look,
                ("POST", STATEMENT): differences.hear,
                ("POST", SETTLE): differences.settle,
                **{("GET", path): desk.read for path in ACCOUNT_PATHS},
            },
        }

    async def answer(self, raw: RawRequest) -> Reply:
        """Never raises; nothing is forwarded for a request that is not understood to the last character."""
        try:
            request = self._verifier.verify(raw)
        except errors.Denied as denied:
            self._turn_away(raw, denied, denied.caller)
            return _reply(denied)
        try:
            handler = self._find(request)
            if request.method == "GET":
                self._allowance.spend(request.caller.name, request.path, request.params)
            content = await handler(request)
            places = (request.method, request.path) == ("POST", ORDER)
            return Reply(200, content, placed=request if places else None)
        except errors.Denied as denied:
            self._note(request, denied)
            return _reply(denied)
        except Exception:
            log.exception("%s %s of %s failed", raw.method, raw.path, request.caller.name)
            return _reply(errors.failed())

    def lose(self, reply: Reply) -> None:
        """The client went away before it was answered: what it ordered it does not know of."""
        if reply.placed is not None:
            self._placing.lose(reply.placed)

    def refuse(self, raw: RawRequest) -> Reply:
        """For paths that there are not; whoever asks need not be known."""
        denied = errors.unsupported()
        try:
            caller = self._verifier.verify(raw).caller
        except errors.Denied as why:
            self._turn_away(raw, denied, why.caller)
        else:
            self._turn_away(raw, denied, caller)
        return _reply(denied)

    def refuse_unread(self, denied: errors.Denied) -> None:
        """For what is too long to be read, so that nobody knows who asked."""
        self._record.refuse_stranger(denied.rule)

    def _find(self, request: SignedRequest) -> Handler:
        handler = self._handlers[request.caller.kind].get((request.method, request.path))
        if handler is None:
            known = any((request.method, request.path) in handlers for handlers in self._handlers.values())
            raise errors.rejected_key() if known else errors.unsupported()
        return handler

    def _note(self, request: SignedRequest, denied: errors.Denied) -> None:
        """What a bot asks about orders that are not its own says nothing; all else that is refused does."""
        if request.method == "GET" and denied.status == 503:
            self._record.note_silence()
        elif request.method != "GET" or (denied.status != 429 and denied.code != -2013):
            self._record.refuse(request.caller, denied, _asked(request.method, request.path, request.params))

    def _turn_away(self, raw: RawRequest, denied: errors.Denied, caller: Caller | None) -> None:
        """A request that was not heard at all."""
        if caller is None:
            self._record.refuse_stranger(denied.rule)
        else:
            self._record.refuse(caller, denied, _asked(raw.method, raw.path, peek(raw)))


def _asked(method: str, path: str, params: Mapping[str, str]) -> dict[str, str]:
    """What may be shown of a request."""
    told = {name: value for name, value in params.items() if name in SHOWN}
    return {"method": method[:16], "path": path[:100], **told}


def _reply(denied: errors.Denied) -> Reply:
    wait = {"Retry-After": str(denied.retry_after_s)} if denied.retry_after_s is not None else {}
    return Reply(denied.status, denied.body(), wait)
