"""Where clients come in: each request is read, answered or refused, and nothing of it but its question goes on."""

import logging
from collections.abc import Awaitable, Callable, Mapping

from starlette.types import Receive, Scope, Send

from tools.gateway import errors
from tools.gateway.endpoints import Endpoint
from tools.gateway.question import Answer, Question
from tools.gateway.reading import Refusal, Wire, describe, read_path, read_question

OnRefused = Callable[[Refusal], None]
OnSilent = Callable[[], None]
Headers = list[tuple[bytes, bytes]]
SILENT = 503
"""The status of an answer that the exchange did not give."""

log = logging.getLogger(__name__)


def ignore(*_: Refusal) -> None:
    """Takes what it is told and does nothing."""


class Door:
    """An ASGI application that serves the endpoints it is given, to the letter, and refuses everything else.

    `on_refused` is told of every refused request, and `on_silent` of each for which the exchange had no answer. Their
    failure changes no answer.
    """

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        answer: Callable[[Question], Awaitable[Answer]],
        on_refused: OnRefused = ignore,
        on_silent: OnSilent = ignore,
    ) -> None:
        self._endpoints = endpoints
        self._answer = answer
        self._on_refused = on_refused
        self._on_silent = on_silent

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        wire = _read_wire(scope)
        if scope["type"] == "websocket":
            self._report(wire, errors.unsupported(403))
            await send({"type": "websocket.close", "code": 1008})
            return
        answer, headers = await self._serve(wire)
        age = [(b"x-tradehelm-age-ms", b"%d" % max(0, answer.age_ms))]
        stale = [(b"x-tradehelm-stale", b"true")] if answer.is_stale else []
        await _send(send, answer, [*headers, *age, *stale])

    async def _serve(self, wire: Wire) -> tuple[Answer, Headers]:
        try:
            question = read_question(wire, self._endpoints)
        except errors.ApiError as error:
            self._report(wire, error)
            return Answer(error.body(), status=error.status), []
        try:
            return await self._answer(question), []
        except errors.ApiError as error:
            if error.status == SILENT:
                self._tell(self._on_silent)
            after = [] if error.retry_after_s is None else [(b"retry-after", b"%d" % error.retry_after_s)]
            return Answer(error.body(), status=error.status), after
        except Exception:
            log.exception("%s failed", question.endpoint.path)
            return Answer(errors.unknown_error().body(), status=500), []

    def _report(self, wire: Wire, error: errors.ApiError) -> None:
        self._tell(lambda: self._on_refused(describe(wire, error)))

    def _tell(self, tell: Callable[[], None]) -> None:
        try:
            tell()
        except Exception:
            log.exception("what was not answered could not be reported")


def _read_wire(scope: Scope) -> Wire:
    return Wire(scope.get("method", "WEBSOCKET"), read_path(scope), scope["query_string"], scope["headers"])


async def _send(send: Send, answer: Answer, headers: Headers) -> None:
    length = b"%d" % len(answer.body)
    chosen = [(b"content-type", b"application/json;charset=UTF-8"), (b"content-length", length), *headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": chosen})
    await send({"type": "http.response.body", "body": answer.body})
