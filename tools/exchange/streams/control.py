"""A client's control messages on a market stream: subscribe, unsubscribe, list, and the property `combined`."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tools.exchange.streams import errors
from tools.exchange.streams.connection import MOST_STREAMS, Connection
from tools.exchange.streams.names import WELL_FORMED, find_stream
from tools.exchange.symbols import Symbol

WORD_ID = re.compile(r"[A-Za-z0-9_-]{0,36}")
"""An id that is text; UUIDs, with their hyphens, are what its length is meant for."""
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Request:
    """A control message that is well formed; `params` is what was sent, of whatever type."""

    id: int | str | None
    method: str
    params: Any


def answer(text: str, connection: Connection, listed: dict[str, Symbol]) -> dict[str, Any]:
    """Does what a message asks of its connection, and gives the answer to send."""
    message: Any = None
    try:
        message = _parse(text)
        request = _read(message, text)
        return {"result": METHODS[request.method](request.params, connection, listed), "id": request.id}
    except errors.ControlError as error:
        return error.body(_id_of(message))


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise errors.bad_json(error.lineno, error.colno) from error
    except (ValueError, RecursionError) as error:
        raise errors.bad_json(1, 1) from error


def _read(message: Any, text: str) -> Request:
    if not isinstance(message, dict) or "method" not in message:
        raise errors.bad_request(f"missing field `method` at line 1 column {len(text)}")
    method = message["method"]
    if not isinstance(method, str) or method not in METHODS:
        known = ", ".join(f"`{name}`" for name in METHODS)
        column = text.find(json.dumps(method)) + len(json.dumps(method))
        raise errors.bad_request(f"unknown variant `{method}`, expected one of {known} at line 1 column {column}")
    if "id" not in message or not _is_id(message["id"]):
        raise errors.bad_request("request ID must be an unsigned integer")
    return Request(message["id"], method, message.get("params"))


def _is_id(value: Any) -> bool:
    if isinstance(value, str):
        return WORD_ID.fullmatch(value) is not None
    if isinstance(value, int) and not isinstance(value, bool):
        return -LARGEST_ID - 1 <= value <= LARGEST_ID
    return value is None


def _id_of(message: Any) -> int | str | None:
    """The id of a message that is refused, where it has one that can be given back."""
    value = message.get("id") if isinstance(message, dict) else None
    return value if _is_id(value) else None


def subscribe(names: list[str], connection: Connection, listed: dict[str, Symbol]) -> None:
    """Adds streams to those that the connection listens to: all of them, or none where they are too many."""
    wanted = {name: find_stream(name, listed, connection.per_ms) for name in names}
    if len(connection.streams | wanted) > MOST_STREAMS:
        raise errors.bad_request(f"a connection can listen to {MOST_STREAMS} streams")
    connection.streams.update(wanted)


def _subscribe(params: Any, connection: Connection, listed: dict[str, Symbol]) -> None:
    subscribe(_names(params), connection, listed)


def _unsubscribe(params: Any, connection: Connection, _: dict[str, Symbol]) -> None:
    for name in _names(params):
        connection.streams.pop(name, None)


def _names(params: Any) -> list[str]:
    names: list[Any] = params if isinstance(params, list) else [None]
    if not all(isinstance(name, str) and WELL_FORMED.fullmatch(name) for name in names):
        raise errors.bad_request("invalid stream")
    return names


def _list(params: Any, connection: Connection, _: dict[str, Symbol]) -> list[str]:
    if params:
        raise errors.bad_request("too many parameters")
    return list(connection.streams)


def _set_property(params: Any, connection: Connection, _: dict[str, Symbol]) -> None:
    value = _property(params, 2)
    if not isinstance(value, bool):
        raise errors.not_boolean()
    connection.combined = value


def _get_property(params: Any, connection: Connection, _: dict[str, Symbol]) -> bool:
    _property(params, 1)
    return connection.combined


def _property(params: Any, most: int) -> Any:
    """The value that was sent after the name of the only property, or None."""
    if not isinstance(params, list) or not params or not isinstance(params[0], str):
        raise errors.bad_request("property name must be a string")
    if len(params) > most:
        raise errors.bad_request("too many parameters")
    if params[0] != "combined":
        raise errors.unknown_property()
    return params[1] if len(params) > 1 else None


METHODS: dict[str, Callable[[Any, Connection, dict[str, Symbol]], Any]] = {
    "SUBSCRIBE": _subscribe,
    "UNSUBSCRIBE": _unsubscribe,
    "LIST_SUBSCRIPTIONS": _list,
    "SET_PROPERTY": _set_property,
    "GET_PROPERTY": _get_property,
}
