"""A schedule: faults drawn from a seed, at moments that are independent of each other (a Poisson process)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from tools.exchange.faults.fault import Fault, read_kind
from tools.exchange.faults.kinds import (
    KINDS,
    AcceptedThenError,
    AcceptedThenTimeout,
    Action,
    BadFault,
    CandleGap,
    ClockSkew,
    DelayedAnswer,
    Duplicated,
    Latency,
    RateLimit,
    Reset,
    ServerError,
    StalePrices,
    WsDrop,
)

LONGEST_S, LARGEST_RATE, LARGEST_SCHEDULE = 86_400, 60, 1_000
LARGEST_SEED = 2**32 - 1
MOST_STRUCK = 3
"""How many requests a fault of a schedule strikes at most, where it decides how they end."""
SHORTEST_S, LONGEST_FAULT_S = 2, 20


@dataclass(frozen=True)
class Schedule:
    """What a schedule is drawn from; raises BadFault where that is out of range."""

    seed: int
    duration_s: float
    rate_per_min: float
    kinds: tuple[str, ...] = tuple(KINDS)

    def __post_init__(self) -> None:
        if type(self.seed) is not int or not 0 <= self.seed <= LARGEST_SEED:
            raise BadFault(f"seed: {self.seed!r} is out of range. Choose a whole number from 0 to {LARGEST_SEED}.")
        _check_number("duration_s", self.duration_s, LONGEST_S)
        _check_number("rate_per_min", self.rate_per_min, LARGEST_RATE)
        if self.duration_s * self.rate_per_min / 60 > LARGEST_SCHEDULE:
            raise BadFault(f"rate_per_min: that makes more than {LARGEST_SCHEDULE} faults. Lower it, or duration_s.")
        if not self.kinds:
            raise BadFault("kinds: there is none. Name some, or leave it out for all.")
        for name in self.kinds:
            read_kind(name)


def read_schedule(body: object) -> Schedule:
    """Reads what a schedule is drawn from; raises BadFault."""
    names = tuple(each.name for each in fields(Schedule))
    if not isinstance(body, dict) or not {"seed", "duration_s", "rate_per_min"} <= body.keys():
        raise BadFault('body: send an object such as {"seed": 7, "duration_s": 1800, "rate_per_min": 6}.')
    for name in body.keys() - set(names):
        raise BadFault(f"{name}: a schedule has no such field. It has {', '.join(names)}.")
    kinds = body.get("kinds", list(KINDS))
    if not isinstance(kinds, list):
        raise BadFault(f'kinds: {kinds!r} is not a list. Write it such as ["reset", "latency"].')
    return Schedule(body["seed"], body["duration_s"], body["rate_per_min"], tuple(kinds))


def make_schedule(
    seed: int, duration_s: float, rate_per_min: float, kinds: Sequence[str] = tuple(KINDS)
) -> tuple[Fault, ...]:
    """The faults of a schedule, earliest first. The same arguments (and the same NumPy) give the same faults.

    `rate_per_min` is their mean number in a minute. Raises BadFault.
    """
    asked = Schedule(seed, duration_s, rate_per_min, tuple(kinds))
    rng = np.random.default_rng(asked.seed)
    faults: list[Fault] = []
    at_s = rng.exponential(60 / rate_per_min)
    while at_s < duration_s:
        faults.append(_draw(asked.kinds[rng.integers(len(asked.kinds))], at_s, rng))
        at_s += rng.exponential(60 / rate_per_min)
    return tuple(faults)


def _draw(kind: str, at_s: float, rng: np.random.Generator) -> Fault:
    action = DRAWS[KINDS[kind]](rng)
    lasts_s = round(float(rng.uniform(SHORTEST_S, LONGEST_FAULT_S)), 3)
    struck = int(rng.integers(1, MOST_STRUCK + 1))
    count = struck if action.decides else None
    return Fault(action, count=count, start_in_s=round(float(at_s), 3), duration_s=lasts_s)


def _between(rng: np.random.Generator, low: int, high: int) -> int:
    return int(rng.integers(low, high + 1))


DRAWS: dict[type[Action], Callable[[np.random.Generator], Action]] = {
    Latency: lambda rng: Latency(_between(rng, 200, 4_000)),
    DelayedAnswer: lambda rng: DelayedAnswer(_between(rng, 500, 8_000)),
    ServerError: lambda rng: ServerError(_between(rng, 500, 504)),
    Reset: lambda _: Reset(),
    AcceptedThenTimeout: lambda rng: AcceptedThenTimeout(_between(rng, 1_000, 15_000)),
    AcceptedThenError: lambda rng: AcceptedThenError(503, -1006 - _between(rng, 0, 1)),
    Duplicated: lambda _: Duplicated(),
    StalePrices: lambda _: StalePrices(),
    CandleGap: lambda rng: CandleGap(_between(rng, 1, 20)),
    ClockSkew: lambda rng: ClockSkew(_between(rng, -10_000, 10_000)),
    RateLimit: lambda rng: RateLimit(429, _between(rng, 1, 30)),
    WsDrop: lambda _: WsDrop(),
}


def _check_number(name: str, value: object, largest: int) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (number and 0 < value <= largest):  # type: ignore[operator]
        raise BadFault(f"{name}: {value!r} is out of range. Choose a number above 0 and up to {largest}.")
