"""Requests that never come to the gate, since they cannot be read or may not be made: answered as every error is, and
written down where they ask for an action or decide on one."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.auth import Caller, Unscoped, identify, identify_operator
from api.errors import answer_problem
from tools.actions import KINDS
from tools.errors import Problem
from tools.invalid import invalid

BODY_BYTES = 64 * 1024
DECIDE = "decide"
DECIDING = ("confirm_proposal", "deny_proposal")
SECRET = re.compile(r"password|secret|token|api.?key", re.IGNORECASE)


def install(app: FastAPI) -> None:
    """Has an app answer what it cannot read."""
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(Unscoped, _on_unscoped)
    app.add_middleware(BodyLimit)


def record_invalid(request: Request, caller: Caller, problem: Problem) -> None:
    """Adds a line to the audit where such a request asks for an action, or decides on one."""
    kind = _find_action(request)
    if kind is not None:
        request.app.state.services.audit.write(
            uuid4().hex,
            "invalid",
            {"kind": kind},
            caller.actor(),
            verdict="invalid",
            rule=problem.kind,
            numbers=problem.numbers,
        )


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return _answer(request, Problem("malformed_json", 400, detail=first["ctx"]["error"]))
    return _answer(request, invalid(_without_secrets(first)))


async def _on_unscoped(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Unscoped)
    return _answer_unscoped(request, error)


def _answer_unscoped(request: Request, unscoped: Unscoped) -> JSONResponse:
    record_invalid(request, unscoped.caller, unscoped)
    return answer_problem(request, unscoped)


def _answer(request: Request, problem: Problem) -> JSONResponse:
    """Whoever may not ask for the action is told so, whatever it was; a stranger leaves no line."""
    kind = _find_action(request)
    if kind is not None:
        try:
            caller = identify(request) if kind == DECIDE else identify_operator(request)
        except Unscoped as unscoped:
            return _answer_unscoped(request, unscoped)
        except Problem as stranger:
            return answer_problem(request, stranger)
        record_invalid(request, caller, problem)
    return answer_problem(request, problem)


def _find_action(request: Request) -> str | None:
    """The kind of action that a request asks for: a route that writes is named for it."""
    route = request.scope.get("route") or _match(request)
    name = getattr(route, "name", None)
    return DECIDE if name in DECIDING else name if name in KINDS else None


def _match(request: Request) -> object:
    """The route that a request would come to; for what is answered before it is there."""
    routes = (context.original_route for context in iter_route_contexts(request.app.routes))
    return next((route for route in routes if route.matches(dict(request.scope))[0] is Match.FULL), None)


def _without_secrets(first: Mapping[str, Any]) -> Mapping[str, Any]:
    """What pydantic found, without what an account should not hold: a secret, or a whole body."""
    value, path = first.get("input"), first["loc"]
    is_kept = len(path) > 1 and not any(SECRET.search(str(part)) for part in path) and _is_plain(value)
    return {**first, "input": "" if first["type"] == "missing" else value if is_kept else "…"}


def _is_plain(value: object) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(each is None or isinstance(each, str | int | float) for each in values)


class BodyLimit:
    """Refuses a body above 64 KiB before it is read whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        declared = request.headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > BODY_BYTES:
            problem = Problem("too_large", 413, size=declared, max=BODY_BYTES)
            await _answer(request, problem)(scope, receive, send)
            return
        try:
            messages = await _read_body(receive)
        except Problem as problem:
            await _answer(request, problem)(scope, receive, send)
            return
        await self._app(scope, _replayed(messages, receive), send)


async def _read_body(receive: Receive) -> list[Message]:
    """All of a body, message by message. Raises `Problem("too_large")` as soon as it is."""
    messages, size = [await receive()], 0
    while True:
        size += len(messages[-1].get("body", b""))
        if size > BODY_BYTES:
            raise Problem("too_large", 413, size=f"> {BODY_BYTES}", max=BODY_BYTES)
        if not messages[-1].get("more_body", False):
            return messages
        messages.append(await receive())


def _replayed(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def replay() -> Message:
        message = next(waiting, None)
        return await receive() if message is None else message

    return replay
