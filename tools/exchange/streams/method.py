"""What a method of the WebSocket API is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tools.exchange.streams.session import Session

Params = dict[str, Any]
Serve = Callable[[Session, Params], Any]
"""Does what a request asks and gives its result, or raises ApiError."""


@dataclass(frozen=True)
class Method:
    """One method: its weight, and what it does."""

    weight: int
    serve: Serve
