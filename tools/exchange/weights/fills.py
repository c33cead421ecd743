"""Fills take orders off the count: a listener to what accounts are told of their orders."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tools.exchange.clock import Clock
from tools.exchange.weights.meter import Meter

Listener = Callable[[int, Mapping[str, Any]], None]
"""Is given the number of an account and a user-data event."""


def count_fills(meter: Meter, clock: Clock) -> Listener:
    """A listener that tells the meter of each order's first fill. Accounts are counted under their number, as text.

    Source: https://github.com/binance/binance-spot-api-docs/blob/master/user-data-stream.md (executionReport)
    """

    def listen(uid: int, event: Mapping[str, Any]) -> None:
        if event.get("x") == "TRADE" and Decimal(event["l"]) == Decimal(event["z"]):
            meter.first_fill(str(uid), clock(), maker=bool(event["m"]))

    return listen
