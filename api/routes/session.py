"""Signing in and out, and tokens for REST."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field, SecretStr

from api.auth import COOKIE, SESSION_DAYS, Caller, Confirmer, identify
from api.routes import Deps
from tools.errors import Problem
from tools.guard.actor import Scope

router = APIRouter(prefix="/api", tags=["session"])


class SignIn(BaseModel):
    password: Annotated[SecretStr, Field(max_length=500)]
    client: Literal["web", "cli"] = "web"


class SessionView(BaseModel):
    scopes: list[Scope]
    expires_at: datetime


class NewToken(BaseModel):
    label: Annotated[str, Field(min_length=1, max_length=60)]
    scopes: Annotated[set[Scope], Field(min_length=1)] = {"read"}
    days: Annotated[int, Field(ge=1, le=365)] = 90


class TokenView(BaseModel):
    id: str
    label: str
    scopes: list[str]
    expires_at: datetime


class IssuedToken(TokenView):
    token: str
    """Shown this once."""


@router.post("/session")
async def sign_in(body: SignIn, services: Deps, request: Request, response: Response) -> SessionView:
    secret, caller = services.sessions.sign_in(body.password.get_secret_value(), body.client)
    response.set_cookie(
        COOKIE,
        secret,
        max_age=SESSION_DAYS * 86400,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return _view(caller)


@router.get("/session")
async def read_session(caller: Annotated[Caller, Depends(identify)]) -> SessionView:
    return _view(caller)


@router.delete("/session", status_code=204)
async def sign_out(caller: Annotated[Caller, Depends(identify)], services: Deps, response: Response) -> None:
    services.sessions.revoke(caller.secret_hash)
    response.delete_cookie(COOKIE)


@router.get("/tokens")
async def read_tokens(_: Confirmer, services: Deps) -> list[TokenView]:
    return [
        TokenView(id=row.secret_hash[:12], label=row.label, scopes=row.scopes.split(), expires_at=row.expires_at)
        for row in services.sessions.read_tokens()
    ]


@router.post("/tokens", status_code=201)
async def create_token(body: NewToken, caller: Confirmer, services: Deps) -> IssuedToken:
    """A token has at most the scopes of whoever makes it."""
    beyond = body.scopes - caller.scopes
    if beyond:
        raise Problem("forbidden_scope", 403, scope=", ".join(sorted(beyond)))
    secret, token = services.sessions.issue("rest", body.label, frozenset(body.scopes), body.days)
    return IssuedToken(
        id=token.id,
        label=body.label,
        scopes=sorted(token.scopes),
        expires_at=token.expires_at,
        token=secret,
    )


@router.delete("/tokens/{token_id}", status_code=204)
async def revoke_token(token_id: str, _: Confirmer, services: Deps) -> None:
    for row in services.sessions.read_tokens():
        if row.secret_hash[:12] == token_id:
            services.sessions.revoke(row.secret_hash)
            return
    raise Problem("not_found", 404, what=f"token {token_id}")


def _view(caller: Caller) -> SessionView:
    return SessionView(scopes=sorted(caller.scopes), expires_at=caller.expires_at)
