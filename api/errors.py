"""Every error as JSON: what is wrong, with the value, and how to mend it, in the reader's language."""

import logging
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from agent.words import Language, name_values, say
from tools.cards import ProposalCard, ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.store.database import is_busy

log = logging.getLogger(__name__)


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


def answer_outcome(
    request: Request, outcome: ReceiptCard | RefusalCard | ProposalCard, status: int = 200
) -> JSONResponse:
    """200 or 201 with the receipt, 202 with a proposal that waits for a person, or 403 with the refusal."""
    if not isinstance(outcome, RefusalCard):
        return JSONResponse(outcome.model_dump(mode="json"), 202 if isinstance(outcome, ProposalCard) else status)
    language = language_of(request)
    numbers = name_values(language, outcome.numbers)
    sentences = (say(language, f"refusal.{outcome.rule}{part}", **numbers) for part in ("", ".hint"))
    body = ErrorBody(error="refused", rule=outcome.rule, numbers=outcome.numbers, detail=" ".join(sentences))
    return JSONResponse(body.model_dump(), 403)


async def _on_problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return answer_problem(request, error)


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


async def _on_database(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OperationalError)
    if not is_busy(error):
        return await _on_crash(request, error)
    log.warning("another process holds the database: %s %s", request.method, request.url.path)
    return answer_problem(request, Problem("database_busy", 503))


async def _on_crash(request: Request, error: Exception) -> JSONResponse:
    incident = uuid4().hex[:8]
    log.error("incident %s at %s %s", incident, request.method, request.url.path, exc_info=error)
    return answer_problem(request, Problem("internal", 500, id=incident))


def install(app: FastAPI) -> None:
    """Gives every error of an app its JSON form."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(OperationalError, _on_database)
    app.add_exception_handler(Exception, _on_crash)
