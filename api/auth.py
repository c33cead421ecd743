"""Who is at the door: one owner, signed in with a password in a browser, or a bearer token over REST."""

import hashlib
import hmac
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import col, delete, select

from api.settings import Settings
from tools.errors import Problem
from tools.guard.actor import OWNER, Actor, Door, Scope
from tools.store.database import Store
from tools.store.tables import SessionRow, now

COOKIE = "tradehelm_session"
SESSION_DAYS = 30
ATTEMPTS = 5
ATTEMPTS_WINDOW_S = 60.0


def secrets_folder(settings: Settings) -> Path:
    folder = settings.data_dir / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def owner_password(settings: Settings) -> str:
    """The password that was set, or the one made at the first start and kept in `secrets/owner-password`."""
    if settings.owner_password is not None:
        return settings.owner_password.get_secret_value()
    path = secrets_folder(settings) / "owner-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text("-".join(secrets.token_hex(3) for _ in range(4)) + "\n")
    return path.read_text().strip()


@dataclass(frozen=True)
class Caller:
    """Someone whose session or token is good."""

    secret_hash: str
    door: Door
    scopes: frozenset[Scope]
    expires_at: datetime

    @property
    def id(self) -> str:
        """Which session or token it is; tells nothing of the secret."""
        return self.secret_hash[:12]

    def actor(self, conversation_id: str | None = None) -> Actor:
        return Actor(door=self.door, scopes=self.scopes, caller=self.id, conversation_id=conversation_id)


class Sessions:
    """Sessions and tokens; of each secret only the hash is kept."""

    def __init__(self, store: Store, password: str) -> None:
        self._store = store
        self._password = password.encode()
        self._failures: deque[float] = deque(maxlen=ATTEMPTS)

    def sign_in(self, password: str, door: Door) -> tuple[str, Caller]:
        """The secret of a new session.

        Raises `Problem`: `wrong_password`, and `too_many_requests` after five wrong ones within a minute.
        """
        wait_s = self._wait_s()
        if wait_s > 0:
            raise Problem("too_many_requests", 429, wait_s=f"{wait_s:.0f}")
        if not hmac.compare_digest(password.encode(errors="replace"), self._password):
            self._failures.append(time.monotonic())
            raise Problem("wrong_password", 401)
        self._failures.clear()
        return self.issue(door, "", OWNER, SESSION_DAYS)

    def issue(self, door: Door, label: str, scopes: frozenset[Scope], days: int) -> tuple[str, Caller]:
        """A new session or token; its secret is shown this once."""
        secret = secrets.token_urlsafe(32)
        row = SessionRow(
            secret_hash=_hash(secret),
            kind=door,
            label=label,
            scopes=" ".join(sorted(scopes)),
            expires_at=now() + timedelta(days=days),
        )
        with self._store.session() as session:
            session.exec(delete(SessionRow).where(col(SessionRow.expires_at) < now()))
            session.add(row)
            session.commit()
        return secret, _caller(row)

    def find(self, secret: str) -> Caller | None:
        with self._store.session() as session:
            row = session.get(SessionRow, _hash(secret))
        return _caller(row) if row is not None and row.expires_at > now() else None

    def read_tokens(self) -> list[SessionRow]:
        with self._store.session() as session:
            return list(session.exec(select(SessionRow).where(SessionRow.kind == "rest")))

    def revoke(self, secret_hash: str) -> None:
        with self._store.session() as session:
            session.exec(delete(SessionRow).where(col(SessionRow.secret_hash) == secret_hash))
            session.commit()

    def _wait_s(self) -> float:
        if len(self._failures) < ATTEMPTS:
            return 0
        return self._failures[0] + ATTEMPTS_WINDOW_S - time.monotonic()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _caller(row: SessionRow) -> Caller:
    return Caller(row.secret_hash, row.kind, frozenset(row.scopes.split()), row.expires_at)  # type: ignore[arg-type]


def identify(request: Request) -> Caller:
    """Raises `Problem("unauthorized")`, and `cross_site` for a cookie that another site's page makes a browser send."""
    sessions: Sessions = request.app.state.services.sessions
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    secret = token if kind.lower() == "bearer" else request.cookies.get(COOKIE)
    caller = sessions.find(secret) if secret else None
    if caller is None:
        raise Problem("unauthorized", 401)
    if kind.lower() != "bearer" and request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Problem("cross_site", 403)
    return caller


class Unscoped(Problem):
    """Somebody whom we know asks for what their scopes do not allow."""

    def __init__(self, caller: Caller, scope: Scope) -> None:
        super().__init__("forbidden_scope", 403, scope=scope)
        self.caller = caller


def _requiring(scope: Scope) -> Callable[[Caller], Caller]:
    def require(caller: Annotated[Caller, Depends(identify)]) -> Caller:
        if scope not in caller.scopes:
            raise Unscoped(caller, scope)
        return caller

    return require


def identify_operator(request: Request) -> Caller:
    """Raises as `identify` does, and `forbidden_scope` for who may not operate."""
    return _requiring("operate")(identify(request))


Known = Annotated[Caller, Depends(identify)]
"""With whatever scopes; whoever takes it asks for them."""
Reader = Annotated[Caller, Depends(_requiring("read"))]
Operator = Annotated[Caller, Depends(_requiring("operate"))]
Confirmer = Annotated[Caller, Depends(_requiring("confirm"))]
