"""The signed half over HTTP: to be mounted beside the market's routes, with `UNLISTED` after everything.

`app.state.find_service` gives the service, or None as long as no orders can be taken.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tools.gateway.orders import errors
from tools.gateway.orders.service import PATHS, Reply, Service
from tools.gateway.orders.signed import RawRequest

LONGEST = 4_096
"""Bytes of a query or a body; the longest order is a fifth of that."""
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]


async def answer(request: Request) -> Response:
    """A signed path; which methods it has is said by the service, in the exchange's words."""
    raw, service = await _read(request), _service(request)
    if raw is None:
        return _too_long()
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
        return _too_long()
    return _respond(service.refuse(raw)) if service else _not_open()


ROUTES = [Route(path, answer, methods=METHODS) for path in PATHS]
UNLISTED = Route("/{path:path}", refuse, methods=METHODS)


def _service(request: Request) -> Service | None:
    service: Service | None = request.app.state.find_service()
    return service


async def _read(request: Request) -> RawRequest | None:
    """None for what is longer than any request."""
    query: bytes = request.scope["query_string"]
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST:
            return None
    if len(query) > LONGEST:
        return None
    keys = tuple(request.headers.getlist("x-mbx-apikey"))
    kind = request.headers.get("content-type", "")
    return RawRequest(request.method, request.url.path, query, body, keys, kind)


def _respond(reply: Reply) -> Response:
    return JSONResponse(reply.content, reply.status, dict(reply.headers))


def _not_open() -> Response:
    denied = errors.unreachable()
    return JSONResponse(denied.body(), denied.status)


def _too_long() -> Response:
    denied = errors.too_many_parameters()
    return JSONResponse(denied.body(), 413)
