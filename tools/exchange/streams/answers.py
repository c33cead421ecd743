"""Serves one message of the WebSocket API: what it asks, who may ask it, and the response around the result."""

import logging
from typing import Any

from tools.exchange import errors
from tools.exchange.streams import account_methods, market_methods, session_methods
from tools.exchange.streams.method import Method
from tools.exchange.streams.requests import SHOWS_LIMITS, Request, accept, id_of, parse, read_request, refuse
from tools.exchange.streams.session import Session

METHODS = {**market_methods.METHODS, **session_methods.METHODS, **account_methods.METHODS}
FAILED_WEIGHT = 1

log = logging.getLogger(__name__)


def answer(text: str, session: Session) -> dict[str, Any]:
    """Does what a message asks, and gives the response to send."""
    message: Any = None
    shown = session.shows_limits
    try:
        message = parse(text)
        request = read_request(message)
        shown = _shows_limits(request, session)
        method = _find(request)
    except errors.ApiError as error:
        too_many = session.charge(FAILED_WEIGHT)
        response = refuse(id_of(message), too_many or error)
    else:
        response = _serve(request, method, session)
    return {**response, "rateLimits": [_limit(session)]} if shown else response


def _serve(request: Request, method: Method, session: Session) -> dict[str, Any]:
    if too_many := session.charge(method.weight):
        return refuse(request.id, too_many)
    try:
        return accept(request.id, method.serve(session, request.params))
    except errors.ApiError as error:
        return refuse(request.id, error)
    except Exception:
        log.exception("a request failed")
        return refuse(request.id, errors.unknown_error())


def _find(request: Request) -> Method:
    if request.method not in METHODS:
        raise errors.unsupported(400)
    return METHODS[request.method]


def _shows_limits(request: Request, session: Session) -> bool:
    """Whether this response shall tell the used weight."""
    shown = request.params.get(SHOWS_LIMITS, session.shows_limits)
    if not isinstance(shown, bool):
        raise errors.invalid(SHOWS_LIMITS)
    return shown


def _limit(session: Session) -> dict[str, Any]:
    return {**session.meter.limits.weight.announce("REQUEST_WEIGHT"), "count": session.used}
