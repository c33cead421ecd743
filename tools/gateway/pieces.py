"""A JSON text taken apart without rewriting it: every piece is the exchange's own text."""

import json
from collections.abc import Iterator
from typing import Any

_BLANK = " \t\r\n"
_decoder = json.JSONDecoder()


def split_list(text: str) -> Iterator[tuple[Any, str]]:
    """The members of a list, each as value and as text; raises ValueError for anything else."""
    at = _expect(text, 0, "[")
    while text[at] != "]":
        value, end = _decoder.raw_decode(text, at)
        yield value, text[at:end]
        at = _next(text, end, "]")


def split_object(text: str) -> dict[str, str]:
    """The members of an object, each as text; raises ValueError for anything else."""
    members: dict[str, str] = {}
    at = _expect(text, 0, "{")
    while text[at] != "}":
        name, end = _decoder.raw_decode(text, at)
        at = _expect(text, end, ":")
        _, end = _decoder.raw_decode(text, at)
        members[name] = text[at:end]
        at = _next(text, end, "}")
    return members


def join_list(pieces: list[str]) -> str:
    """A list of pieces."""
    return "[" + ",".join(pieces) + "]"


def join_object(members: dict[str, str]) -> str:
    """An object of pieces."""
    return "{" + ",".join(f'"{name}":{text}' for name, text in members.items()) + "}"


def _next(text: str, at: int, closing: str) -> int:
    at = _skip(text, at)
    return at if text[at] == closing else _expect(text, at, ",")


def _expect(text: str, at: int, mark: str) -> int:
    at = _skip(text, at)
    if text[at] != mark:
        raise ValueError(f"expected {mark!r} at {at}")
    return _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    if at == len(text):
        raise ValueError("the text ends too soon")
    return at
