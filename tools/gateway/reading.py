"""Reads a request and refuses whatever is not on the allow-list, before anything is forwarded."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from tools.gateway import errors
from tools.gateway.endpoints import Endpoint, Params
from tools.gateway.question import Question

LONGEST_QUERY = 16_384
LONGEST_SHOWN = 120
NAME = rb"[A-Za-z]{1,32}"
BROKEN_ESCAPE = rb"%(?![0-9A-Fa-f]{2})"


@dataclass(frozen=True)
class Wire:
    """A request as it arrived: the path and the query are raw bytes, header names are in lower case."""

    method: str
    path: bytes
    query: bytes
    headers: Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Refusal:
    """A request that was not served. Its texts are printable ASCII and at most 120 characters long."""

    method: str
    path: str
    code: int
    reason: str


def read_question(wire: Wire, endpoints: Mapping[str, Endpoint]) -> Question:
    """The question that a request asks; raises ApiError for anything that is not on the list, to the letter."""
    endpoint = endpoints.get(wire.path.decode("latin-1"))
    if endpoint is None:
        raise errors.unsupported(404)
    if wire.method != endpoint.method or _has_body(wire):
        raise errors.unsupported(403)
    return Question(endpoint, _read_params(wire.query, endpoint))


def describe(wire: Wire, error: errors.ApiError) -> Refusal:
    """What an audit may hold of a refused request: bounded and printable, without its query."""
    return Refusal(show(wire.method[:16].encode()), show(wire.path), error.code, error.message[:200])


def read_path(scope: Mapping[str, Any]) -> bytes:
    """The path as it stands in the request: nothing of it is decoded, so that it is compared to the letter."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
    return raw


def show(raw: bytes) -> str:
    """Bounded and printable ASCII."""
    text = raw.decode("ascii", "backslashreplace")[:LONGEST_SHOWN]
    return "".join(mark if mark.isprintable() else "?" for mark in text)


def _has_body(wire: Wire) -> bool:
    headers = dict(wire.headers)
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers


def _read_params(query: bytes, endpoint: Endpoint) -> Params:
    sent = _split(query)
    names = [name for name, _ in sent]
    if unread := [name for name in names if name not in endpoint.params]:
        raise errors.unread_parameters(len(names) - len(unread), len(names))
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise errors.duplicate_values(twice)
    if blank := next((name for name, value in sent if not value), None):
        raise errors.empty(blank)
    if absent := next((name for name in endpoint.mandatory if name not in names), None):
        raise errors.missing(absent)
    if "symbol" in names and "symbols" in names:
        raise errors.bad_combination()
    return {name: endpoint.params[name](name, value) for name, value in sent}


def _split(query: bytes) -> list[tuple[str, str]]:
    if len(query) > LONGEST_QUERY:
        raise errors.too_many_parameters()
    return [_read_pair(pair) for pair in query.split(b"&")] if query else []


def _read_pair(pair: bytes) -> tuple[str, str]:
    name, equals, value = pair.partition(b"=")
    if not equals or not re.fullmatch(NAME, name) or re.search(BROKEN_ESCAPE, value):
        raise errors.unreadable()
    try:
        text = unquote_to_bytes(value.replace(b"+", b" ")).decode()
    except UnicodeDecodeError as error:
        raise errors.unreadable() from error
    if not text.isprintable():
        raise errors.unreadable()
    return name.decode(), text
