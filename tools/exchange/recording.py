"""Reads a folder of recorded one-minute candles, in Freqtrade's feather format or as CSV."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.exchange.candles import Floats
from tools.exchange.clock import MINUTE_MS
from tools.exchange.errors import ConfigurationError
from tools.exchange.symbols import Symbol

COLUMNS = ("date", "open", "high", "low", "close", "volume")
FILE_NAME = re.compile(r"(?P<base>[A-Z0-9]{1,12})_(?P<quote>[A-Z0-9]{1,8})-1m\.(feather|csv)")
MOST_DECIMALS = 8
ISO = "ISO8601"

Minutes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Recording:
    """One pair's candles: (n, 5) open, high, low, close, volume; `first_minute` counts from 1970."""

    symbol: Symbol
    first_minute: int
    ohlcv: Floats

    @property
    def end_minute(self) -> int:
        """The minute after the last one."""
        return self.first_minute + len(self.ohlcv)


def read_recordings(folder: Path) -> tuple[Recording, ...]:
    """Reads every `BASE_QUOTE-1m.feather` and `.csv` in the folder, by name; raises ConfigurationError."""
    named = [(path, match) for path in _list(folder) if (match := FILE_NAME.fullmatch(path.name))]
    if not named:
        raise ConfigurationError(f"--data {folder}: it has no candle files. Name them like BTC_USDT-1m.feather.")
    pairs = [path.stem for path, _ in named]
    if twice := next((pair for pair in pairs if pairs.count(pair) > 1), None):
        raise ConfigurationError(f"--data {folder}: {twice} is there both as feather and as CSV. Remove one of them.")
    return tuple(_read(path, match["base"], match["quote"]) for path, match in named)


def _list(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise ConfigurationError(f"--data {folder}: {reason}. Name a folder of candle files.") from error


def _read(path: Path, base: str, quote: str) -> Recording:
    frame = _load(path)
    if lacking := [name for name in COLUMNS if name not in frame]:
        _refuse(path, f"the column {lacking[0]} is missing", f"The columns must be {', '.join(COLUMNS)}.")
    if not len(frame):
        _refuse(path, "it holds no candles", "Fill it, or remove it.")
    minutes, ohlcv = _minutes(path, frame["date"]), _numbers(path, frame)
    order = np.argsort(minutes)
    minutes, ohlcv = minutes[order], ohlcv[order]
    _check(path, minutes, ohlcv)
    symbol = Symbol(base, quote, _decimals(ohlcv[:, :4]), _decimals(ohlcv[:, 4]))
    return Recording(symbol, int(minutes[0]), fill_gaps(minutes, ohlcv))


def _load(path: Path) -> pd.DataFrame:
    try:
        return pd.read_feather(path) if path.suffix == ".feather" else pd.read_csv(path)
    except (ValueError, OSError, NotImplementedError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ConfigurationError(f"{path}: it cannot be read ({reason}). Write it again, or remove it.") from error


def _minutes(path: Path, dates: "pd.Series[pd.Timestamp]") -> Minutes:
    """The dates as minutes since 1970; numbers are taken as milliseconds, text without an offset as UTC."""
    try:
        numeric = pd.api.types.is_numeric_dtype(dates)
        moments = pd.to_datetime(dates, utc=True, unit="ms" if numeric else None, format=None if numeric else ISO)
    except (ValueError, OverflowError):
        moments = pd.Series([pd.NaT])
    if moments.isna().any():
        _refuse(path, "the column date holds something other than dates", "Write dates like 2024-07-26 14:15:00+00:00.")
    times_ms = moments.dt.as_unit("ms").astype("int64").to_numpy()
    if (times_ms % MINUTE_MS).any():
        _refuse(path, "a date is not on a whole minute", "The candles must be of one minute.")
    return np.asarray(times_ms // MINUTE_MS)


def _numbers(path: Path, frame: pd.DataFrame) -> Floats:
    try:
        return frame[list(COLUMNS[1:])].to_numpy(dtype=np.float64)
    except (ValueError, TypeError):
        _refuse(path, "a price or a volume is not a number", "Mend that line, or remove it.")


def _check(path: Path, minutes: Minutes, ohlcv: Floats) -> None:
    """Refuses what is not a series of one-minute candles; all checks are on the sorted series."""
    prices, volume = ohlcv[:, :4], ohlcv[:, 4]
    bodies = prices[:, [0, 3]]
    problems = {
        "two candles have the same date": (np.diff(minutes, prepend=minutes[0] - 1) == 0),
        "a number is missing or infinite": ~np.isfinite(ohlcv).all(axis=1),
        "a price is not above zero": (prices <= 0).any(axis=1),
        "a volume is below zero": volume < 0,
        "a high is below its open or close": prices[:, 1] < bodies.max(axis=1),
        "a low is above its open or close": prices[:, 2] > bodies.min(axis=1),
    }
    for wrong, where in problems.items():
        if where.any():
            _refuse(path, f"{wrong} at {_date(minutes[where.argmax()])}", "Mend that line, or remove it.")
    if minutes[-1] - minutes[0] >= 2 * len(minutes):
        _refuse(path, "more than half of its minutes are missing", "Download the 1m candles of this pair again.")


def _date(minute: np.int64) -> str:
    return f"{np.datetime64(int(minute), 'm')}Z"


def fill_gaps(minutes: Minutes, ohlcv: Floats) -> Floats:
    """Puts the candles on every minute; a missing minute stands at the close before it, with volume 0."""
    places = minutes - minutes[0]
    known = np.zeros(places[-1] + 1, np.int64)
    known[places] = np.arange(len(minutes))
    filled = ohlcv[np.maximum.accumulate(known)]
    missing = np.ones(len(filled), bool)
    missing[places] = False
    filled[missing, :3] = filled[missing, 3:4]
    filled[missing, 4] = 0.0
    return filled


def _decimals(values: Floats) -> int:
    """How many decimals the values have, 8 at most."""
    return next((n for n in range(MOST_DECIMALS) if np.allclose(values, np.round(values, n), rtol=0, atol=1e-9)), 8)


def _refuse(path: Path, wrong: str, remedy: str) -> NoReturn:
    raise ConfigurationError(f"{path}: {wrong}. {remedy}")
