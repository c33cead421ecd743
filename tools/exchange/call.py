"""One call of an endpoint: what a handler needs to answer, and the Starlette route around it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tools.exchange import errors
from tools.exchange.clock import Clock
from tools.exchange.faults.clock import FaultyClock
from tools.exchange.market import Market
from tools.exchange.query import Query
from tools.exchange.spot.accounts import Account
from tools.exchange.spot.desk import Desk
from tools.exchange.spot.signing import check_signature, check_timestamp, identify, without_signature
from tools.exchange.weights.meter import Meter

Method = Literal["GET", "POST", "DELETE"]
Right = Literal["USER_DATA", "TRADE"]
SIGNATURE = ("timestamp", "recvWindow", "signature")
LARGEST_BODY = 65_536


@dataclass(frozen=True)
class Call:
    """The market, the one moment that the whole answer is about (ms UTC), and the request's parameters."""

    market: Market
    now_ms: int
    query: Query


@dataclass(frozen=True)
class SignedCall(Call):
    """A call of an account, with its resting orders brought up to that moment."""

    desk: Desk
    account: Account
    meter: Meter


Handler = Callable[[Call], object]
"""Turns a call into what JSON can hold, or raises ApiError."""
SignedHandler = Callable[[SignedCall], object]


def get(path: str, handler: Handler, *parameters: str) -> Route:
    """A GET route that accepts these parameters and no others.

    Handlers are short and never wait, so they run on the event loop, one after another.
    """

    async def endpoint(request: Request) -> JSONResponse:
        market: Market = request.app.state.market
        clock: Clock = request.app.state.clock
        return JSONResponse(handler(Call(market, clock(), Query(request.query_params, parameters))))

    return Route(path, endpoint, methods=["GET"])


def signed(method: Method, path: str, handler: SignedHandler, *parameters: str, right: Right = "USER_DATA") -> Route:
    """A route for accounts: the key, the signature and the timestamp are checked, then the key's right.

    Parameters come in the query string or, other than with GET, in a form body; the query string counts where both
    have one. The signature is over both as they were received, without the parameter `signature` itself.
    """
    known = (*parameters, *SIGNATURE)

    async def endpoint(request: Request) -> JSONResponse:
        body = b"" if method == "GET" else await read_body(request)
        sent = _merge(request.url.query, body)
        account = identify(request.app.state.desk, request.headers.get("X-MBX-APIKEY"))
        payload = without_signature(request.scope["query_string"]) + without_signature(body)
        check_signature(account, payload, sent.get("signature"))
        clock: FaultyClock = request.app.state.clock
        check_timestamp(sent.get("timestamp"), sent.get("recvWindow"), clock.account())
        check_right(account, right)
        return JSONResponse(handler(open_call(request, Query(sent, known), account, clock())))

    return Route(path, endpoint, methods=[method])


def check_right(account: Account, right: Right) -> None:
    """Raises -2015 where the account's key may not do this."""
    permissions = account.permissions
    if not (permissions.can_trade if right == "TRADE" else permissions.enable_reading):
        raise errors.rejected_key()


def open_call(request: Request, query: Query, account: Account, now_ms: int) -> SignedCall:
    """The call of an account that has proved who it is."""
    state = request.app.state
    desk: Desk = state.desk
    return SignedCall(state.market, desk.advance(now_ms), query, desk, account, state.meter)


async def read_body(request: Request) -> bytes:
    """The body; raises -1130 where it is larger than any that has a use."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise errors.invalid("body")
    return body


def _merge(query: str, body: bytes) -> QueryParams:
    """All parameters; those of the body that the query string has too are left out."""
    first = parse_qsl(query, keep_blank_values=True)
    names = {name for name, _ in first}
    second = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return QueryParams([*first, *(pair for pair in second if pair[0] not in names)])
