"""What each kind of fault does, as a wrapper around the application."""

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tools.exchange.clock import SECOND_MS
from tools.exchange.faults.answers import Answer, answer_of, read_body, replay
from tools.exchange.faults.clock import frozen, skewed
from tools.exchange.faults.connection import disconnected, reset_connection
from tools.exchange.faults.kinds import (
    AcceptedThenError,
    AcceptedThenTimeout,
    Action,
    CandleGap,
    ClockSkew,
    DelayedAnswer,
    Duplicated,
    Latency,
    RateLimit,
    Reset,
    ServerError,
    StalePrices,
)
from tools.exchange.faults.plan import Faults, Struck
from tools.exchange.weights.refusals import pretended

SENTENCES = {
    -1000: "An unknown error occurred while processing the request.",
    -1001: "Internal error; unable to process your request. Please try again.",
    -1006: "An unexpected response was received from the message bus. Execution status unknown.",
    -1007: "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
    -1008: "Server is currently overloaded with other requests. Please try again in a few minutes.",
}
"""Binance's own (errors.md), which clients look for."""
TELLS_TIME = ("/api/v3/time", "/api/v3/exchangeInfo")


def wrap(app: ASGIApp, struck: Iterable[Struck[Action]], faults: Faults) -> ASGIApp:
    """The application as a struck request finds it: the first of EFFECTS are nearest to it."""
    order = list(EFFECTS)
    for each in sorted(struck, key=lambda each: order.index(type(each.action))):
        app = EFFECTS[type(each.action)](app, each, faults)
    return app


def _stop_prices(app: ASGIApp, struck: Struck[StalePrices], _: Faults) -> ASGIApp:
    async def stopped(scope: Scope, receive: Receive, send: Send) -> None:
        with frozen(struck.began_ms):
            await app(scope, receive, send)

    return stopped


def _skew(app: ASGIApp, struck: Struck[ClockSkew], _: Faults) -> ASGIApp:
    async def off(scope: Scope, receive: Receive, send: Send) -> None:
        with skewed(struck.action.skew_ms, shown=scope["path"] in TELLS_TIME):
            await app(scope, receive, send)

    return off


def _leave_out(app: ASGIApp, struck: Struck[CandleGap], _: Faults) -> ASGIApp:
    async def with_gap(scope: Scope, receive: Receive, send: Send) -> None:
        answer = await answer_of(app, scope, receive)
        if answer.start is not None and answer.start["status"] == 200:
            answer.replace_body(_without_middle(answer, struck.action.candles))
        await answer.give(send)

    return with_gap


def _without_middle(answer: Answer, candles: int) -> bytes:
    klines = json.loads(answer.body)
    number = min(candles, max(len(klines) - 2, 0))
    first = (len(klines) - number) // 2
    return json.dumps(klines[:first] + klines[first + number :], separators=(",", ":")).encode()


def _twice(app: ASGIApp, _struck: Struck[Duplicated], _: Faults) -> ASGIApp:
    async def handled_twice(scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive)
        first = {**scope, "state": dict(scope.get("state", {}))}
        await answer_of(app, first, replay(body, receive))
        await app(scope, replay(body, receive), send)

    return handled_twice


def _accept_then_fail(app: ASGIApp, struck: Struck[AcceptedThenError], _: Faults) -> ASGIApp:
    async def accepted(scope: Scope, receive: Receive, send: Send) -> None:
        await answer_of(app, scope, receive)
        await _error(struck.action.status, struck.action.code)(scope, receive, send)

    return accepted


def _accept_then_hold(app: ASGIApp, struck: Struck[AcceptedThenTimeout], faults: Faults) -> ASGIApp:
    async def accepted(scope: Scope, receive: Receive, _send: Send) -> None:
        await answer_of(app, scope, receive)
        gone = asyncio.ensure_future(disconnected(receive))
        held = asyncio.ensure_future(faults.sleep(struck.action.hold_ms / SECOND_MS))
        done, pending = await asyncio.wait({gone, held}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        if gone not in done:
            await reset_connection(scope, receive)

    return accepted


def _reset(_app: ASGIApp, _struck: Struck[Reset], _: Faults) -> ASGIApp:
    async def dropped(scope: Scope, receive: Receive, _send: Send) -> None:
        await reset_connection(scope, receive)

    return dropped


def _fail(_app: ASGIApp, struck: Struck[ServerError], _: Faults) -> ASGIApp:
    return _error(struck.action.status, struck.action.code)


def _limit(_app: ASGIApp, struck: Struck[RateLimit], faults: Faults) -> ASGIApp:
    return pretended(struck.action.status, struck.action.retry_after_s, faults.clock())


def _answer_late(app: ASGIApp, struck: Struck[DelayedAnswer], faults: Faults) -> ASGIApp:
    async def late(scope: Scope, receive: Receive, send: Send) -> None:
        answer = await answer_of(app, scope, receive)
        if answer.start is not None:
            await faults.sleep(struck.action.delay_ms / SECOND_MS)
        await answer.give(send)

    return late


def _handle_late(app: ASGIApp, struck: Struck[Latency], faults: Faults) -> ASGIApp:
    async def late(scope: Scope, receive: Receive, send: Send) -> None:
        await faults.sleep(struck.action.delay_ms / SECOND_MS)
        await app(scope, receive, send)

    return late


def _error(status: int, code: int) -> JSONResponse:
    return JSONResponse({"code": code, "msg": SENTENCES[code]}, status)


EFFECTS: dict[type[Action], Callable[[ASGIApp, Any, Faults], ASGIApp]] = {
    StalePrices: _stop_prices,
    ClockSkew: _skew,
    CandleGap: _leave_out,
    Duplicated: _twice,
    AcceptedThenError: _accept_then_fail,
    AcceptedThenTimeout: _accept_then_hold,
    Reset: _reset,
    ServerError: _fail,
    RateLimit: _limit,
    DelayedAnswer: _answer_late,
    Latency: _handle_late,
}
