"""The kinds of faults and their parameters: a closed set of frozen dataclasses, each checked as it is made."""

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal

Connection = Literal["http", "websocket"]

LONGEST_MS = 600_000
MARKET_DATA = tuple(
    f"/api/v3/{name}"
    for name in ("klines", "uiKlines", "depth", "trades", "aggTrades", "historicalTrades", "avgPrice", "ticker")
)
"""Paths of answers that are made of prices. `ticker` stands for all tickers."""
KLINES = ("/api/v3/klines", "/api/v3/uiKlines")


class BadFault(ValueError):
    """A fault that cannot be planned; the text names the field and says how to mend it."""


def whole(default: int, low: int, high: int) -> Any:
    """A field that holds a whole number from `low` to `high`."""
    return field(default=default, metadata={"low": low, "high": high})


def one_of(*choices: int) -> Any:
    """A field that holds one of the choices; the first is the default."""
    return field(default=choices[0], metadata={"choices": choices})


@dataclass(frozen=True)
class Action:
    """What a fault does to a request that it strikes."""

    kind: ClassVar[str]
    on: ClassVar[Connection] = "http"
    decides: ClassVar[bool] = False
    """Whether it says how the request ends. At most one of these strikes a request."""

    def __post_init__(self) -> None:
        """Raises BadFault where a parameter is out of its range."""
        for each in fields(self):
            _check(each.name, getattr(self, each.name), **each.metadata)

    @classmethod
    def reaches(cls, path: str) -> bool:
        """Whether it can do anything to a request for this path."""
        return bool(path)


@dataclass(frozen=True)
class Latency(Action):
    """The request is handled later."""

    kind = "latency"
    delay_ms: int = whole(1_000, 1, LONGEST_MS)


@dataclass(frozen=True)
class DelayedAnswer(Action):
    """The request is handled at once and answered later."""

    kind = "delayed_answer"
    delay_ms: int = whole(5_000, 1, LONGEST_MS)


@dataclass(frozen=True)
class ServerError(Action):
    """The request is not handled; the answer is an error of the server."""

    kind = "server_error"
    decides = True
    status: int = whole(500, 500, 599)
    code: int = one_of(-1000, -1001, -1006, -1007, -1008)


@dataclass(frozen=True)
class Reset(Action):
    """The request is not handled; the connection is reset without an answer."""

    kind = "reset"
    decides = True


@dataclass(frozen=True)
class AcceptedThenTimeout(Action):
    """The request is handled; no answer comes, and after `hold_ms` the connection is reset."""

    kind = "accepted_then_timeout"
    decides = True
    hold_ms: int = whole(30_000, 0, LONGEST_MS)


@dataclass(frozen=True)
class AcceptedThenError(Action):
    """The request is handled; the answer says that its execution status is unknown."""

    kind = "accepted_then_error"
    decides = True
    status: int = whole(503, 500, 599)
    code: int = one_of(-1007, -1006)


@dataclass(frozen=True)
class Duplicated(Action):
    """The request is handled twice, and the second answer is given, as by a proxy that tries again."""

    kind = "duplicated"
    decides = True


@dataclass(frozen=True)
class StalePrices(Action):
    """Market data is that of the moment when the fault began."""

    kind = "stale_prices"

    @classmethod
    def reaches(cls, path: str) -> bool:
        """Market data only."""
        return path.startswith(MARKET_DATA)


@dataclass(frozen=True)
class CandleGap(Action):
    """Klines leave out candles in the middle of the answer; the first and the last are always there."""

    kind = "candle_gap"
    candles: int = whole(3, 1, 1_000)

    @classmethod
    def reaches(cls, path: str) -> bool:
        """Klines only."""
        return path in KLINES


@dataclass(frozen=True)
class ClockSkew(Action):
    """The time that the exchange tells, and checks timestamps against, is off: behind where negative."""

    kind = "clock_skew"
    skew_ms: int = whole(5_000, -3_600_000, 3_600_000)

    @classmethod
    def reaches(cls, path: str) -> bool:
        """All but market data."""
        return not path.startswith(MARKET_DATA)


@dataclass(frozen=True)
class RateLimit(Action):
    """The request is not handled; the answer says that a limit was passed (429) or the address is banned (418)."""

    kind = "rate_limit"
    decides = True
    status: int = one_of(429, 418)
    retry_after_s: int = whole(10, 1, 259_200)


@dataclass(frozen=True)
class WsDrop(Action):
    """Open WebSockets are reset, and new ones are refused."""

    kind = "ws_drop"
    on = "websocket"


KINDS: dict[str, type[Action]] = {kind.kind: kind for kind in Action.__subclasses__()}


def _check(name: str, value: object, low: int = 0, high: int = 0, choices: tuple[int, ...] = ()) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadFault(f"{name}: {value!r} is not a whole number. Write it without quotes and decimals.")
    if choices and value not in choices:
        raise BadFault(f"{name}: {value} is not possible. Choose one of {', '.join(map(str, choices))}.")
    if not choices and not low <= value <= high:
        raise BadFault(f"{name}: {value} is out of range. Choose a whole number from {low} to {high}.")
