"""The exchange's clock as a struck request sees it: stopped for market data, wrong for timestamps."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from tools.exchange.clock import Clock
from tools.exchange.faults.plan import Faults

STREAMS = "/ws"
"""The path that a fault's prefix must allow to stop the prices of streams."""


@dataclass(frozen=True)
class Bend:
    """How one request's time is bent: the moment at which its prices stand still, and how far off its clocks are."""

    frozen_ms: int | None = None
    shown_skew_ms: int = 0
    account_skew_ms: int = 0


_STRAIGHT = Bend()
_BEND: ContextVar[Bend] = ContextVar("bend", default=_STRAIGHT)


class FaultyClock:
    """A clock over another one. Without a fault all of its times are that one's; outside of requests the first two."""

    def __init__(self, base: Clock, faults: Faults) -> None:
        self._base = base
        self._faults = faults

    def __call__(self) -> int:
        """The moment that an answer is about: for market data and for `serverTime`, in ms UTC."""
        bend = _BEND.get()
        return (self._base() if bend.frozen_ms is None else bend.frozen_ms) + bend.shown_skew_ms

    def account(self) -> int:
        """The moment that a signed request's timestamp is checked against, in ms UTC."""
        return self._base() + _BEND.get().account_skew_ms

    def streams(self) -> int:
        """The moment that streams are about, in ms UTC. It stands still while their prices are stale."""
        frozen_ms = self._faults.frozen_ms(STREAMS)
        return self._base() if frozen_ms is None else frozen_ms


@contextmanager
def frozen(at_ms: int) -> Iterator[None]:
    """Inside, prices are those of `at_ms`, or of an earlier moment where they already stand still."""
    bend = _BEND.get()
    earliest = at_ms if bend.frozen_ms is None else min(at_ms, bend.frozen_ms)
    with _bent(replace(bend, frozen_ms=earliest)):
        yield


@contextmanager
def skewed(by_ms: int, *, shown: bool) -> Iterator[None]:
    """Inside, timestamps are checked against a clock that is off, and where `shown` the exchange tells its time."""
    bend = _BEND.get()
    told_ms = bend.shown_skew_ms + by_ms if shown else bend.shown_skew_ms
    with _bent(replace(bend, account_skew_ms=bend.account_skew_ms + by_ms, shown_skew_ms=told_ms)):
        yield


@contextmanager
def _bent(bend: Bend) -> Iterator[None]:
    token = _BEND.set(bend)
    try:
        yield
    finally:
        _BEND.reset(token)
