"""A random driver of log prices that can be asked for any day without walking through the days before it.

A coarse path, drawn once, fixes the level at every midnight: a walk pulled back to zero, with phases of weeks, bent so
that it never leaves its band. The minutes of a day are a bridge between its two midnights, from a generator seeded with
that day. The noise follows a slow mood (hours), fast bursts (minutes), the hour of the day and the episode.
"""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from tools.exchange import episodes
from tools.exchange.candles import Floats
from tools.exchange.clock import GENESIS_DAY, MINUTES_A_DAY

HORIZON_DAYS = 15_000
"""How far the coarse path reaches from the first day: into 2064."""

DAILY_PULL = 0.985
PHASE_DAYS = 25
PHASE_DRIFT = 0.15
MOODS_A_DAY = 6
MOOD_PERSISTENCE = 0.75
MOOD_SD = 0.30
BURST_SD = 0.30
BURST_KERNEL = np.exp(-np.arange(60) / 12.0)
SHOCK_SD = 0.40
LARGEST_SHOCK = 6.0
NOISE_LEVEL = 0.80
"""Brings the standard deviation of a minute, over all moods and episodes, to the one asked for."""

_MINUTES = np.arange(MINUTES_A_DAY)
_CLOCK = 2 * np.pi * (_MINUTES - 870) / MINUTES_A_DAY
SEASON = 1 + 0.25 * np.cos(_CLOCK) + 0.08 * np.cos(2 * _CLOCK)
"""The busyness of each minute of the UTC day around 1: most at 14:30, least in the small hours."""


@dataclass(frozen=True)
class Path:
    """One day: the log level at its 1441 minute boundaries, and the standard deviation of its 1440 minutes."""

    levels: Floats
    deviations: Floats


class Driver:
    """A driver with its own seed, standard deviation a minute, and band for the log level at midnight."""

    def __init__(self, seed: tuple[int, ...], minute_sd: float, band: float) -> None:
        self._seed = seed
        self._minute_sd = minute_sd
        self._midnights = _midnights(np.random.default_rng([*seed, 1]), minute_sd * MINUTES_A_DAY**0.5, band)
        self._moods = _moods(np.random.default_rng([*seed, 2]))

    def day(self, day: int) -> Path:
        """The path of one day, counted since 1970-01-01."""
        index = day - GENESIS_DAY
        rng = np.random.default_rng([*self._seed, 3, day])
        drift, noise = episodes.draw_day(rng)
        deviations = NOISE_LEVEL * self._minute_sd * noise * SEASON * np.exp(self._mood(index) + _bursts(rng))
        steps = deviations * _shocks(rng) + self._minute_sd * drift
        return Path(_bridge(steps, *self._midnights[index : index + 2].tolist()), deviations)

    def _mood(self, index: int) -> Floats:
        first = index * MOODS_A_DAY
        nodes = np.arange(MOODS_A_DAY + 1) * (MINUTES_A_DAY / MOODS_A_DAY)
        return np.interp(_MINUTES, nodes, self._moods[first : first + MOODS_A_DAY + 1])


def _pulled_walk(steps: Floats, persistence: float) -> Floats:
    return np.array(list(accumulate(steps.tolist(), lambda level, step: persistence * level + step)))


def _midnights(rng: np.random.Generator, daily_sd: float, band: float) -> Floats:
    phases = rng.choice([-PHASE_DRIFT, 0.0, PHASE_DRIFT], HORIZON_DAYS // PHASE_DAYS + 1)
    drift = np.repeat(phases, PHASE_DAYS)[: HORIZON_DAYS + 1]
    walk = _pulled_walk(daily_sd * (rng.standard_normal(HORIZON_DAYS + 1) + drift), DAILY_PULL)
    return np.asarray(band * np.tanh(walk / band))


def _moods(rng: np.random.Generator) -> Floats:
    steps = MOOD_SD * (1 - MOOD_PERSISTENCE**2) ** 0.5 * rng.standard_normal((HORIZON_DAYS + 1) * MOODS_A_DAY)
    return _pulled_walk(steps, MOOD_PERSISTENCE)


def _bursts(rng: np.random.Generator) -> Floats:
    noise = rng.standard_normal(MINUTES_A_DAY + len(BURST_KERNEL) - 1)
    scale = BURST_SD / np.sqrt((BURST_KERNEL**2).sum())
    return np.asarray(scale * np.convolve(noise, BURST_KERNEL, "valid"))


def _shocks(rng: np.random.Generator) -> Floats:
    """Shocks of unit variance with fat tails: normal ones whose size is itself log-normal."""
    sizes = np.exp(SHOCK_SD * rng.standard_normal(MINUTES_A_DAY) - SHOCK_SD**2)
    return np.clip(sizes * rng.standard_normal(MINUTES_A_DAY), -LARGEST_SHOCK, LARGEST_SHOCK)


def _bridge(steps: Floats, start: float, end: float) -> Floats:
    levels = np.concatenate(([0.0], np.cumsum(steps)))
    share = np.linspace(0.0, 1.0, len(levels))
    return np.asarray(start + levels + share * (end - start - levels[-1]))
