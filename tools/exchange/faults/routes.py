"""The control of faults. Not part of Binance's interface.

Where `app.state.control_token` is set, whoever changes something sends it in the header `X-Demo-Token`.
"""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tools.exchange.faults.fault import read_fault
from tools.exchange.faults.kinds import BadFault
from tools.exchange.faults.plan import Faults
from tools.exchange.faults.schedule import make_schedule, read_schedule

Handler = Callable[[Request], Awaitable[JSONResponse]]
TOKEN_HEADER = "X-Demo-Token"  # noqa: S105


async def read_faults(request: Request) -> JSONResponse:
    """Every planned fault, its state, and how often it struck."""
    return JSONResponse({"faults": _faults(request).describe()})


async def read_log(request: Request) -> JSONResponse:
    """The latest strikes, oldest first."""
    return JSONResponse({"strikes": [strike.describe() for strike in _faults(request).log]})


async def add_fault(request: Request) -> JSONResponse:
    """Plans one fault."""
    faults = _faults(request)
    (planned,) = faults.add([read_fault(await _json(request))])
    return JSONResponse(planned.describe(faults.clock()), 201)


async def add_schedule(request: Request) -> JSONResponse:
    """Plans the faults of a schedule, beside those that are planned already."""
    faults = _faults(request)
    asked = read_schedule(await _json(request))
    added = faults.add(make_schedule(asked.seed, asked.duration_s, asked.rate_per_min, asked.kinds))
    now_ms = faults.clock()
    return JSONResponse({"faults": [planned.describe(now_ms) for planned in added]}, 201)


async def delete_faults(request: Request) -> JSONResponse:
    """Ends every fault."""
    return JSONResponse({"removed": _faults(request).remove()})


async def delete_fault(request: Request) -> JSONResponse:
    """Ends one fault."""
    id_ = request.path_params["id"]
    if not _faults(request).remove(id_):
        return _refused(404, -1130, f"id: no fault {id_} is planned. GET /demo/faults lists them.")
    return JSONResponse({"removed": 1})


def _changing(handler: Handler) -> Handler:
    """The handler behind the token, with a bad fault answered in one sentence."""

    async def guarded(request: Request) -> JSONResponse:
        token = getattr(request.app.state, "control_token", None)
        given = request.headers.get(TOKEN_HEADER, "")
        if token is not None and not hmac.compare_digest(given.encode(), str(token).encode()):
            return _refused(401, -1002, f"{TOKEN_HEADER}: send this exchange's control token in this header.")
        try:
            return await handler(request)
        except BadFault as error:
            return _refused(400, -1130, str(error))

    return guarded


def _faults(request: Request) -> Faults:
    faults: Faults = request.app.state.faults
    return faults


async def _json(request: Request) -> Any:
    try:
        return await request.json()
    except (ValueError, RecursionError) as error:
        raise BadFault('body: it is not JSON. Send an object such as {"kind": "reset"}.') from error


def _refused(status: int, code: int, sentence: str) -> JSONResponse:
    return JSONResponse({"code": code, "msg": sentence}, status)


ROUTES = [
    Route("/demo/faults", read_faults, methods=["GET"]),
    Route("/demo/faults", _changing(add_fault), methods=["POST"]),
    Route("/demo/faults", _changing(delete_faults), methods=["DELETE"]),
    Route("/demo/faults/log", read_log, methods=["GET"]),
    Route("/demo/faults/schedule", _changing(add_schedule), methods=["POST"]),
    Route("/demo/faults/{id}", _changing(delete_fault), methods=["DELETE"]),
]
