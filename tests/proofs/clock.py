"""Time as a test sets it: the wall clock jumps, the steady one only goes on."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from tools.bots import mirror
from tools.guard import guardian, keeper, permits
from tools.store import tables

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)


class Clock:
    """Each look at the wall clock is a little later than the one before, so that all that happens has an order."""

    def __init__(self) -> None:
        self._wall = BEGIN
        self._steady = 1000.0

    def now(self) -> datetime:
        self._wall += TICK
        return self._wall

    def steady(self) -> float:
        return self._steady

    def pass_by(self, seconds: float) -> None:
        """Time passes."""
        self._wall += timedelta(seconds=seconds)
        self._steady += seconds

    def jump(self, seconds: float) -> None:
        """Somebody sets the wall clock."""
        self._wall += timedelta(seconds=seconds)


class _Zero:
    """Before any test has set the time."""

    current = Clock()


class _Datetime(datetime):
    """Stands in for `datetime` in the modules that ask for the time."""

    @classmethod
    def now(cls, _tz: Any = None) -> datetime:  # type: ignore[override]
        return _Zero.current.now()


def _steady() -> float:
    return _Zero.current.steady()


async def _in_this_thread(work: Callable[..., Any], *asked: Any) -> Any:
    """So that a run is the same whenever it is run again."""
    await asyncio.sleep(0)
    return work(*asked)


@contextmanager
def patched() -> Iterator[None]:
    """The product asks the clock that was set last with `use`, and has one thread."""
    steady = SimpleNamespace(monotonic=_steady)
    with (
        patch.object(tables, "datetime", _Datetime),
        patch.object(mirror, "datetime", _Datetime),
        patch.object(permits, "time", steady),
        patch.object(guardian, "time", steady),
        patch.object(keeper, "time", steady),
        patch.object(asyncio, "to_thread", _in_this_thread),
    ):
        yield


def use(clock: Clock) -> Clock:
    _Zero.current = clock
    return clock
