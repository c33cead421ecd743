"""Requests and responses of the WebSocket API: `{"id", "method", "params"}`, and what is answered."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tools.exchange import errors
from tools.exchange.streams.errors import invalid_json

VERSION = "v3/"
"""What may stand before a method's name."""
SHOWS_LIMITS = "returnRateLimits"
"""The parameter, known to every method, that says whether a response tells the used weight."""


@dataclass(frozen=True)
class Request:
    """One request; its `id` is given back as it came."""

    id: int | str | None
    method: str
    params: dict[str, Any]


def parse(text: str) -> Any:
    """The JSON of a message, fractions as Decimal to keep the digits that were signed; raises ApiError."""
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise invalid_json() from error


def read_request(message: Any) -> Request:
    """The request that a message holds; raises ApiError."""
    if not isinstance(message, dict):
        raise invalid_json()
    if "id" not in message or not _is_id(message["id"]):
        raise errors.missing("id")
    method, params = message.get("method"), message.get("params", {})
    if not isinstance(method, str) or not method:
        raise errors.missing("method")
    if not isinstance(params, dict):
        raise invalid_json()
    return Request(message["id"], method.removeprefix(VERSION), params)


def id_of(message: Any) -> int | str | None:
    """The id of a message, whatever else is wrong with it, or None."""
    value = message.get("id") if isinstance(message, dict) else None
    return value if _is_id(value) else None


def _is_id(value: Any) -> bool:
    return value is None or (isinstance(value, int | str) and not isinstance(value, bool))


def write_params(params: dict[str, Any]) -> dict[str, str]:
    """A method's own parameters as they would stand in a query: lists as JSON, booleans and null in JSON's words."""
    return {name: write_value(value) for name, value in params.items() if name != SHOWS_LIMITS}


def write_value(value: Any) -> str:
    """One parameter as text."""
    return str(value) if isinstance(value, str | Decimal) else json.dumps(value, separators=(",", ":"), default=str)


def accept(request_id: int | str | None, result: Any) -> dict[str, Any]:
    """The response to a request that was served."""
    return {"id": request_id, "status": 200, "result": result}


def refuse(request_id: int | str | None, error: errors.ApiError) -> dict[str, Any]:
    """The response to a request that was refused."""
    return {"id": request_id, "status": error.status, "error": error.body()}
