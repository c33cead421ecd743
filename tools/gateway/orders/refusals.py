"""Requests that were turned away, as lines: each is written at once, and once a minute with how often it came again."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from tools.gateway.orders.bot_keys import Caller
from tools.gateway.orders.errors import Denied

AGAIN_MS = 60_000
"""The same refusal is made every time, and written down this often, with how often it was made."""
AMOUNTS = frozenset({"quantity", "price", "stopPrice"})
MOST_LINES = 30
"""Refusals of one caller that are told apart within that time; of all others only how many there were, by rule."""


@dataclass(frozen=True)
class Note:
    """What a line says."""

    bot_id: str | None
    what: str
    rule: str
    numbers: Mapping[str, str]
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Line:
    """What was written last, when, and how often it came since."""

    note: Note
    at_ms: int
    more: int = 0


@dataclass
class _Silence:
    count: int = 0
    since_ms: int = 0
    at_ms: int | None = None


class Refusals:
    """`write` says whether the line was written: what could not be is counted on, and tried again a minute later."""

    def __init__(self, write: Callable[[Note], bool], clock_ms: Callable[[], int]) -> None:
        self._write = write
        self._clock_ms = clock_ms
        self._lines: dict[tuple[str, ...], _Line] = {}
        """By caller, rule, code and what was asked; without the last for what was only counted."""
        self._strangers: Counter[str] = Counter()
        self._strangers_at: int | None = None
        self._silence = _Silence()

    def add(self, caller: Caller, denied: Denied, told: Mapping[str, str]) -> None:
        """A request of somebody known, with the words of it that say what was wanted."""
        now_ms, code = self._clock_ms(), {"code": str(denied.code)}
        note = Note(caller.bot_id or None, "refused", denied.rule, {**denied.numbers, **code}, told)
        kind = (caller.name, denied.rule, code["code"])
        key = (*kind, _digest(told))
        line = self._lines.get(key)
        if line is not None and not _is_due(line.at_ms, now_ms):
            line.more += 1
        elif line is None and self._is_full(caller.name, now_ms):
            self._lines.setdefault(kind, _Line(replace(note, numbers=code, told={}), now_ms)).more += 1
        else:
            self._lines[key] = self._begin(note, line.more if line else 0, now_ms)
        self.flush()

    def add_stranger(self, rule: str) -> None:
        """All that nobody known asked within a minute is one line."""
        self._strangers[rule] += 1
        self.flush()

    def add_silence(self) -> None:
        """A question that the exchange did not answer; all of a minute are one line."""
        self._silence.since_ms = self._silence.since_ms if self._silence.count else self._clock_ms()
        self._silence.count += 1
        self.flush()

    def flush(self, *, whole: bool = False) -> None:
        """Writes what has been counted, if it is time; `whole` is for the end, where there is no later."""
        now_ms = self._clock_ms()
        if self._strangers and (whole or _is_due(self._strangers_at, now_ms)):
            self._tell_strangers(now_ms)
        if self._silence.count and (whole or _is_due(self._silence.at_ms, now_ms)):
            self._tell_silence(now_ms)
        for key, line in list(self._lines.items()):
            if whole or _is_due(line.at_ms, now_ms):
                self._tell_again(key, line, now_ms)

    def _is_full(self, caller: str, now_ms: int) -> bool:
        """Nobody fills the audit by being refused in ever new ways."""
        mine = (line for (name, *rest), line in self._lines.items() if name == caller and len(rest) == 3)
        return sum(not _is_due(line.at_ms, now_ms) for line in mine) >= MOST_LINES

    def _begin(self, note: Note, before: int, now_ms: int) -> _Line:
        numbers = {**note.numbers, **({"before": str(before)} if before else {})}
        written = self._write(replace(note, numbers=numbers))
        return _Line(note, now_ms, 0 if written else before + 1)

    def _tell_again(self, key: tuple[str, ...], line: _Line, now_ms: int) -> None:
        """What came again and then no more; a line with nothing to tell is forgotten."""
        if not line.more:
            del self._lines[key]
            return
        numbers = {**line.note.numbers, "more": str(line.more)}
        line.more = 0 if self._write(replace(line.note, numbers=numbers)) else line.more
        line.at_ms = now_ms

    def _tell_strangers(self, now_ms: int) -> None:
        numbers = {rule: str(count) for rule, count in self._strangers.items()}
        self._strangers_at = now_ms
        if self._write(Note(None, "stranger", rule="unauthenticated", numbers=numbers)):
            self._strangers.clear()

    def _tell_silence(self, now_ms: int) -> None:
        since = f"{datetime.fromtimestamp(self._silence.since_ms / 1000, UTC):%Y-%m-%d %H:%M:%S}"
        numbers = {"count": str(self._silence.count), "since": since}
        self._silence.at_ms = now_ms
        if self._write(Note(None, "silence", rule="exchange_silent", numbers=numbers)):
            self._silence.count = 0


def _is_due(at_ms: int | None, now_ms: int) -> bool:
    """A clock that was set back waits for nothing."""
    return at_ms is None or not 0 <= now_ms - at_ms < AGAIN_MS


def _digest(told: Mapping[str, str]) -> str:
    """Of what was asked for; not of its amounts, which are others each time that a bot tries again."""
    kind = {name: value for name, value in told.items() if name not in AMOUNTS}
    return hashlib.sha256(json.dumps(kind, sort_keys=True).encode()).hexdigest()[:16]
