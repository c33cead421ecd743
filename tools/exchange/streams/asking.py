"""Asks a REST handler in this process, so that what is streamed can only be what REST says."""

from collections.abc import Collection
from typing import Any

from starlette.datastructures import QueryParams

from tools.exchange.call import Call, Handler
from tools.exchange.market import Market
from tools.exchange.query import Query


def ask(handler: Handler, market: Market, now_ms: int, **parameters: str | int) -> Any:
    """What REST answers at `now_ms` (ms UTC) to these parameters; raises ApiError."""
    sent = {name: str(value) for name, value in parameters.items()}
    return ask_strictly(handler, market, now_ms, sent, sent)


def ask_strictly(
    handler: Handler, market: Market, now_ms: int, parameters: dict[str, str], known: Collection[str]
) -> Any:
    """As `ask`, and refuses parameters that are not in `known`, as REST does."""
    return handler(Call(market, now_ms, Query(QueryParams(parameters), known)))
