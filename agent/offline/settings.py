"""The settings of a bot that a stretch of a message names."""

from collections.abc import Sequence
from typing import Any

from agent.offline import names
from agent.offline.found import (
    PERCENT_LABELS,
    Settings,
    beside_or_only,
    fits_at,
    is_count,
    is_percentage,
    number_of,
    stands_for_amount,
)
from agent.offline.marks import Mark
from agent.offline.requests import Doubt
from agent.offline.stakes import is_currency, quote_pairs, read_stake, share_total
from agent.offline.strategies import read_strategy
from agent.offline.tokens import Text

_WORDS_OF_TIME = {
    "hourly": "1h",
    "daily": "1d",
    "diario": "1d",
    "horario": "1h",
    "an hour": "1h",
    "one hour": "1h",
    "uma hora": "1h",
}


def read_settings(text: Text, marks: Sequence[Mark], *, creating: bool) -> Settings:
    """Every setting that the marks name. Values are taken as they stand: nobody judges them here."""
    settings = Settings()
    for read in _READERS:
        read(text, marks, settings)
    _doubt_numbers(text, marks, settings)
    read_stake(text, marks, settings, bare=creating)
    if creating:
        share_total(settings)
    quote_pairs(marks, settings)
    return settings


def _doubt_numbers(text: Text, marks: Sequence[Mark], settings: Settings) -> None:
    """Numbers that cannot be read whole are asked about."""
    for i, mark in enumerate(marks):
        if i not in settings.taken and stands_for_amount(marks, i):
            settings.doubts.append(Doubt("number", names.said(text, mark)))
            settings.taken.add(i)


def _read_parameters(text: Text, marks: Sequence[Mark], settings: Settings) -> None:
    values: dict[str, Any] = {}
    for i in range(1, len(marks) - 1):
        if marks[i].words == "=" and (amount := marks[i + 1].amount) and marks[i - 1].end == marks[i].start:
            values[names.said(text, marks[i - 1])] = amount.number
            settings.taken.update((i - 1, i, i + 1))
    if values:
        settings.take("parameters", values)


def _read_name(text: Text, marks: Sequence[Mark], settings: Settings) -> None:
    for i, mark in enumerate(marks):
        if mark.has("set:name") and i not in settings.taken:
            name, taken = names.given_name(text, marks, i)
            if name:
                settings.take("name", name, *taken)


def _read_percents(_: Text, marks: Sequence[Mark], settings: Settings) -> None:
    for i, mark in enumerate(marks):
        for key in PERCENT_LABELS:
            if (
                mark.has(f"set:{key}")
                and (found := beside_or_only(marks, i, settings.taken, is_percentage)) is not None
            ):
                settings.take(key, number_of(marks[found]), i, found)
                break


def _read_timeframe(_: Text, marks: Sequence[Mark], settings: Settings) -> None:
    for i, mark in enumerate(marks):
        if i not in settings.taken and mark.amount and mark.amount.unit:
            settings.take("timeframe", mark.amount.timeframe, i)
        elif mark.words in _WORDS_OF_TIME:
            settings.take("timeframe", _WORDS_OF_TIME[mark.words], i)
        if mark.has("set:timeframe"):
            settings.taken.add(i)


def _read_max_trades(_: Text, marks: Sequence[Mark], settings: Settings) -> None:
    for i, mark in enumerate(marks):
        if i in settings.taken:
            continue
        if mark.has("set:max_open_trades"):
            found = beside_or_only(marks, i, settings.taken, is_count)
            if found is None and i and i - 1 not in settings.taken and fits_at(marks[i - 1], is_count):
                found = i - 1
            if found is not None:
                settings.take("max_open_trades", number_of(marks[found]), i, found)
        elif mark.amount and is_count(mark.amount) and _counts_trades(marks, i):
            settings.take("max_open_trades", mark.amount.number, i)


def _counts_trades(marks: Sequence[Mark], i: int) -> bool:
    after = i + 1
    while after < len(marks) and marks[after].has("open", "at_once") and not marks[after].has("see:trades"):
        after += 1
    following = marks[after] if after < len(marks) else None
    if following is not None and following.has("per_trade"):
        return False
    named = following is not None and following.has("see:trades") and not following.has("set:stake")
    limited = i > 0 and marks[i - 1].has("max")
    return named or (limited and (following is None or not following.has("set:stake")))


def _read_pairs(_: Text, marks: Sequence[Mark], settings: Settings) -> None:
    found = [i for i, mark in enumerate(marks) if mark.pair and i not in settings.taken and not is_currency(marks, i)]
    if found:
        settings.take("pairs", list(dict.fromkeys(str(marks[i].pair) for i in found)), *found)


def _read_mode(_: Text, marks: Sequence[Mark], settings: Settings) -> None:
    """Real money only where it is said and nothing speaks against it."""
    real = [i for i, mark in enumerate(marks) if i not in settings.taken and mark.has("mode:REAL_MARKET_SPOT")]
    simulated = [i for i, mark in enumerate(marks) if i not in settings.taken and mark.has("mode:SIMULATED")]
    denied = [i for i in real if _is_denied(marks, i)]
    if simulated or denied:
        settings.take("mode", "SIMULATED", *real, *simulated)
    elif real:
        settings.take("mode", "REAL_MARKET_SPOT", *real)


def _is_denied(marks: Sequence[Mark], i: int) -> bool:
    """Whether a negation stands close before a word: "never with real money"."""
    for mark in reversed(marks[max(0, i - 3) : i]):
        if mark.has("comma", "conj", "but"):
            return False
        if mark.has("neg", "no"):
            return True
    return False


_READERS = (
    _read_parameters,
    _read_name,
    _read_percents,
    _read_timeframe,
    _read_max_trades,
    _read_pairs,
    _read_mode,
    read_strategy,
)
