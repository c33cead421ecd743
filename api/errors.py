"""Every error as JSON: what is wrong, with the value, and how to mend it, in the reader's language."""

import logging
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.words import Language, name_values, say
from tools.cards import ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.invalid import invalid

log = logging.getLogger(__name__)

BODY_BYTES = 64 * 1024


class ErrorBody(BaseModel):
    """`rule` and `numbers` stand where the guard refused."""

    error: str
    detail: str
    rule: str | None = None
    numbers: dict[str, str] = {}


def language_of(request: Request) -> Language:
    """From Accept-Language; the owner's setting where it names neither of ours."""
    wanted = request.headers.get("accept-language", "").lower()
    if wanted.startswith("pt"):
        return "pt-BR"
    if wanted.startswith("en"):
        return "en"
    language: Language = request.app.state.settings.language
    return language


def answer_problem(request: Request, problem: Problem) -> JSONResponse:
    numbers = dict(problem.numbers)
    language = language_of(request)
    detail = say(language, f"problem.{problem.kind}", **name_values(language, numbers))
    return JSONResponse(ErrorBody(error=problem.kind, detail=detail, numbers=numbers).model_dump(), problem.status)


def answer_outcome(request: Request, outcome: ReceiptCard | RefusalCard, status: int = 200) -> JSONResponse:
    """200 or 201 with the receipt, or 403 with the refusal."""
    if isinstance(outcome, ReceiptCard):
        return JSONResponse(outcome.model_dump(mode="json"), status)
    language = language_of(request)
    numbers = name_values(language, outcome.numbers)
    sentences = (say(language, f"refusal.{outcome.rule}{part}", **numbers) for part in ("", ".hint"))
    body = ErrorBody(error="refused", rule=outcome.rule, numbers=outcome.numbers, detail=" ".join(sentences))
    return JSONResponse(body.model_dump(), 403)


async def _on_problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return answer_problem(request, error)


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return answer_problem(request, Problem("malformed_json", 400, detail=first["ctx"]["error"]))
    return answer_problem(request, invalid(first))


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    kind = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "invalid")
    names = {
        "what": request.url.path,
        "method": request.method,
        "field": "request",
        "value": "",
        "expected": error.detail,
    }
    return answer_problem(request, Problem(kind, error.status_code, **names))


async def _on_crash(request: Request, error: Exception) -> JSONResponse:
    incident = uuid4().hex[:8]
    log.error("incident %s at %s %s", incident, request.method, request.url.path, exc_info=error)
    return answer_problem(request, Problem("internal", 500, id=incident))


def install(app: FastAPI) -> None:
    """Gives every error of an app its JSON form."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_crash)
    app.add_middleware(BodyLimit)


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
            await answer_problem(request, problem)(scope, receive, send)
            return
        try:
            messages = await _read_body(receive)
        except Problem as problem:
            await answer_problem(request, problem)(scope, receive, send)
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
