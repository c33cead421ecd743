"""How a write goes in: one action of one caller, handed to the gate; what came of it is the answer."""

import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Request, Response
from fastapi.routing import APIRoute

from api.auth import Caller, Operator
from api.errors import answer_outcome
from api.routes import Deps
from api.services import Services
from api.unreadable import record_invalid
from tools.actions import Action
from tools.cards import ProposalCard
from tools.errors import Problem

MAY_WAIT: dict[int | str, dict[str, Any]] = {
    202: {"model": ProposalCard, "description": "Nothing was done yet: a person must say yes to exactly this"}
}
"""The other good answer of a route that writes."""

IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[!-~]+$"),
]
"""The same key with the same request is done once: the first answer is given again."""

DIGITS = 400


@dataclass(frozen=True)
class Write:
    """A caller who may operate, about to have one thing done."""

    request: Request
    caller: Caller
    services: Services
    key: str | None

    async def submit(self, action: Action, status: int = 200) -> Response:
        key = f"{self.caller.id}:{self.key}" if self.key else None
        outcome = await self.services.gate.submit(action, self.caller.actor(), key)
        return answer_outcome(self.request, outcome, status)


def _write(request: Request, caller: Operator, services: Deps, key: IdempotencyKey = None) -> Write:
    return Write(request, caller, services, key)


Writes = Annotated[Write, Depends(_write)]


def _find_bot(bot_id: Annotated[str, Path(max_length=60)], writes: Writes) -> str:
    """Raises `Problem("unknown_bot")`, before the id becomes part of an action."""
    try:
        return writes.services.desk.registry.read(bot_id).id
    except Problem as problem:
        record_invalid(writes.request, writes.caller, problem)
        raise


KnownBot = Annotated[str, Depends(_find_bot)]


class WriteRoute(APIRoute):
    """A route whose JSON is read with every digit that was written."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def read_and_handle(request: Request) -> Response:
            return await handle(_Exact(request.scope, request.receive))

        return read_and_handle


class _Exact(Request):
    async def json(self) -> Any:
        """Raises `json.JSONDecodeError`, whatever is wrong with it."""
        try:
            return json.loads(
                await self.body(), parse_float=_read_float, parse_int=_read_int, object_pairs_hook=_read_object
            )
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError) as error:
            raise json.JSONDecodeError(str(error)[:80], "", 0) from error


def _read_float(text: str) -> float | str:
    """A number that a float cannot hold stays as it was written, so that it is judged and not rounded."""
    value = float(text)
    return value if Decimal(repr(value)) == Decimal(text) else text


def _read_int(text: str) -> int | str:
    """One below zero that is zero stays as it was written, too."""
    return int(text) if len(text) <= DIGITS and text != "-0" else text


def _read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises `ValueError` for a name that is given twice: one of the two values would be done unseen."""
    read = dict(pairs)
    if len(read) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"given twice: {next(name for name in names if names.count(name) > 1)[:40]}")
    return read
