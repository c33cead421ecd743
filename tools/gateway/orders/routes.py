"""The signed half over HTTP: `ROUTES` beside the market's, and `UNLISTED` for what is on no list.

`app.state.find_service` gives the service, or None as long as no orders can be taken.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route, request_response
from starlette.types import Scope

from tools.gateway.orders import errors
from tools.gateway.orders.service import PATHS, Reply, Service
from tools.gateway.orders.signed import RawRequest
from tools.gateway.reading import read_path, show

LONGEST = 4_096
"""Bytes of a query or a body; the longest order is a fifth of that."""


class Listed(Route):
    """A path to the letter, before anything in it is decoded; of every method, or of one alone.

    What does not match matches nothing: Starlette's own words for a wrong method are not the exchange's.
    """

    def __init__(
        self, path: str, endpoint: Callable[[Request], Awaitable[Response]], method: str | None = None
    ) -> None:
        super().__init__(path, endpoint)
        self.methods = None
        self._raw, self._method = path.encode(), method

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or read_path(scope) != self._raw or self._method not in (None, scope["method"]):
            return Match.NONE, {}
        return Match.FULL, {"endpoint": self.endpoint, "path_params": {}}


async def answer(request: Request) -> Response:
    """A signed path; which methods it has is said by the service, in the exchange's words."""
    raw, service = await _read(request), _service(request)
    if raw is None:
        return _too_long(service)
    if service is None:
        return _not_open()
    reply = await service.answer(raw)
    if await request.is_disconnected():
        service.lose(reply)
    return _respond(reply)


async def refuse(request: Request) -> Response:
    """A path that there is not."""
    raw, service = await _read(request), _service(request)
    if raw is None:
        return _too_long(service)
    return _respond(service.refuse(raw)) if service else _not_open()


ROUTES = [Listed(path, answer) for path in PATHS]
UNLISTED = request_response(refuse)


def _service(request: Request) -> Service | None:
    service: Service | None = request.app.state.find_service()
    return service


async def _read(request: Request) -> RawRequest | None:
    """None for what is longer than any request, and for what was never said to its end."""
    query: bytes = request.scope["query_string"]
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST:
                return None
    except ClientDisconnect:
        return None
    if len(query) > LONGEST:
        return None
    keys = tuple(request.headers.getlist("x-mbx-apikey"))
    kind = request.headers.get("content-type", "")
    return RawRequest(request.method, show(read_path(request.scope)), query, body, keys, kind)


def _respond(reply: Reply) -> Response:
    return JSONResponse(reply.content, reply.status, dict(reply.headers))


def _not_open() -> Response:
    denied = errors.unreachable()
    return JSONResponse(denied.body(), denied.status)


def _too_long(service: Service | None) -> Response:
    denied = errors.too_many_parameters()
    if service is not None:
        service.refuse_unread(denied)
    return JSONResponse(denied.body(), 413)
