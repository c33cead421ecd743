"""What a stretch of minutes is like: a trend up or down, chop, or a crash and its rebound.

An episode is a drift for each of its minutes, in units of the ordinary standard deviation of one minute, and one factor
on the noise around it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tools.exchange.candles import Floats
from tools.exchange.clock import MINUTES_A_DAY

SHORTEST_MINUTES = 45
LONGEST_MINUTES = 240


@dataclass(frozen=True)
class Kind:
    """A kind of episode: how often it comes, how noisy it is, and its drift for a number of minutes."""

    share: float
    noise: float
    drift: Callable[[int, np.random.Generator], Floats]


def _rise(minutes: int, rng: np.random.Generator) -> Floats:
    return np.full(minutes, rng.uniform(0.10, 0.25))


def _fall(minutes: int, rng: np.random.Generator) -> Floats:
    return -_rise(minutes, rng)


def _swing(minutes: int, rng: np.random.Generator) -> Floats:
    turn = 2 * np.pi / rng.uniform(20, 50)
    height = rng.uniform(2.5, 5.0)
    return np.asarray(height * turn * np.cos(turn * np.arange(minutes) + rng.uniform(0, 2 * np.pi)))


def _crash(minutes: int, rng: np.random.Generator) -> Floats:
    falling = int(rng.integers(10, 20))
    rebounding = min(3 * falling, minutes - falling)
    depth = rng.uniform(20, 35)
    drift = np.zeros(minutes)
    drift[:falling] = -depth / falling
    drift[falling : falling + rebounding] = depth * rng.uniform(0.4, 0.8) / rebounding
    return drift


KINDS = (Kind(0.24, 0.95, _rise), Kind(0.24, 1.05, _fall), Kind(0.47, 0.85, _swing), Kind(0.05, 1.9, _crash))
SHARES = np.cumsum([kind.share for kind in KINDS])


def draw_day(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Fills one day with episodes; gives the drift and the factor on the noise of each of its 1440 minutes."""
    drift, noise = np.empty(MINUTES_A_DAY), np.empty(MINUTES_A_DAY)
    start = 0
    while start < MINUTES_A_DAY:
        kind = KINDS[int(np.searchsorted(SHARES, rng.random() * SHARES[-1]))]
        minutes = int(rng.integers(SHORTEST_MINUTES, LONGEST_MINUTES))
        end = min(start + minutes, MINUTES_A_DAY)
        drift[start:end] = kind.drift(minutes, rng)[: end - start]
        noise[start:end] = kind.noise
        start = end
    return drift, noise
