"""The owner's limits as they are said: "limit trades to 30", "daily loss at most 20", "never trade DOGE"."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agent.offline.commands import Command
from agent.offline.marks import Mark
from agent.offline.numbers import Amount
from agent.offline.requests import Doubt, Step, Target
from agent.offline.targets import read_target
from agent.offline.tokens import Text

Built = tuple[Step, ...] | str

COUNTS = ("max_open_trades", "max_loss_streak", "max_entries_per_minute", "max_entries_per_hour")
STRONG = (
    *("lim:max_daily_loss", "lim:max_drawdown", "lim:max_loss_streak", "lim:reentry_cooldown_s", "lim:exposure"),
    "see:limits",
)
"""Words that are said of limits and of nothing else, unless they tell of a period alone."""
WEAK = frozenset(
    {"a day", "per day", "in a day", "in one day", "each day", "por dia", "ao dia", "em um dia", "num dia"}
    | {"o guarda", "guarda", "guard", "the guard"}
)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_RELATIVE = frozenset({"by", "em", "em mais", "mais", "by another", "another"})
_ORDER = (*COUNTS, "reentry_cooldown_s", "max_daily_loss", "max_drawdown", "max_bot_exposure", "max_total_exposure")


@dataclass
class Found:
    """The limits that were said, and which marks they took."""

    changes: dict[str, Any] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    doubts: list[Doubt] = field(default_factory=list)


def change(text: Text, command: Command) -> Built:
    """A change of limits, of all bots or of one that is named; asked about where no limit or no value shows."""
    marks = (command.how, *command.words)
    relative = command.intent in ("more", "less") and any(
        mark.amount and marks[i - 1].words in _RELATIVE for i, mark in enumerate(marks) if i
    )
    return "limits_yours" if relative else _changed(text, marks, command.before)


def state(text: Text, marks: Sequence[Mark]) -> Built:
    """A limit that is said without a verb: "daily loss at most 20", "max 200 total"; nothing where it is none."""
    capped = any(mark.has("max") for mark in marks)
    named = any(is_strong(mark) for mark in marks)
    labels = [mark for mark in marks if mark.value("lim")]
    if not labels or not any(mark.amount for mark in marks) or not (named or capped):
        return ""
    built = _changed(text, marks, ())
    return "" if built == "limits_yours" else built


def is_strong(mark: Mark) -> bool:
    """Whether a word is said of limits alone."""
    return mark.has(*STRONG) and mark.words not in WEAK and not mark.has("set:max_open_trades")


def read_limits(marks: Sequence[Mark], text: Text) -> Found:
    """Every limit that is named with its value."""
    found = Found()
    labels = [i for i, mark in enumerate(marks) if mark.value("lim")]
    amounts = [i for i, mark in enumerate(marks) if mark.amount]
    before_first = bool(labels and amounts) and amounts[0] < labels[0]
    for at, label in enumerate(labels):
        low, high = labels[at - 1] if at else -1, labels[at + 1] if at + 1 < len(labels) else len(marks)
        after = [i for i in amounts if label < i < high and i not in found.taken]
        before = [i for i in amounts if low < i < label and i not in found.taken]
        nearest = (before[-1:] or after[:1]) if before_first else (after[:1] or before[-1:])
        if nearest:
            _take(found, marks, (label, nearest[0]), text)
    found.taken.update(labels)
    return found


def _changed(text: Text, marks: Sequence[Mark], before: Sequence[Mark]) -> Built:
    found = read_limits(marks, text)
    left = {i for i, mark in enumerate(marks) if mark.amount or mark.value("do")}
    target = read_target(text, marks, found.taken | left)
    if not is_of_bot(target) and before:
        target = read_target(text, before)
    if any(mark.amount and mark.amount.percent for mark in marks):
        return "limits_percent"
    if found.doubts:
        return (Step("set_limits", doubts=tuple(found.doubts)),)
    changes = found.changes or _unlabelled(marks, target)
    return step(changes, replace(target, pairs=())) if changes else "limits_yours"


def _unlabelled(marks: Sequence[Mark], target: Target) -> dict[str, Any]:
    """What a bare amount limits: "limit alpha to 100", "limit trades to 30", "limit alpha to 2 trades"."""
    at = next((i for i, mark in enumerate(marks) if mark.amount and not mark.amount.unit), None)
    if at is None or not marks[0].has("do:limit", "do:only"):
        return {}
    amount = marks[at].amount
    trades = [i for i, mark in enumerate(marks) if _is_trades(mark)]
    if at + 1 in trades and amount and not amount.currency:
        return {"max_open_trades": _whole(amount)}
    name = "max_trade" if trades else "max_bot_exposure" if is_of_bot(target) else None
    return {name: amount.number} if name and amount else {}


def _is_trades(mark: Mark) -> bool:
    named = mark.has("see:trades", "position") or "operac" in mark.words
    return named and not mark.has("all")


def _take(found: Found, marks: Sequence[Mark], where: tuple[int, int], text: Text) -> None:
    """Keeps the amount of a label; one in another currency is asked about."""
    label, at = where
    name, amount = _name_of(marks[label]), marks[at].amount
    value = _value(name, amount) if amount else None
    if amount and amount.currency not in (None, "USDT"):
        found.doubts.append(Doubt("currency", text.between(marks[at].start, marks[at].end)))
    elif value is not None and name not in found.changes:
        found.changes[name] = value
        found.taken.update(where)


def _value(name: str, amount: Amount) -> int | float | None:
    """None where the amount is of another kind than the limit."""
    if name == "reentry_cooldown_s":
        return round(amount.number * _SECONDS[amount.unit]) if amount.unit in _SECONDS else None
    if amount.unit or amount.percent:
        return None
    return _whole(amount) if name in COUNTS else amount.number


def _whole(amount: Amount) -> int | float:
    return int(amount.number) if amount.number == int(amount.number) else amount.number


def _name_of(mark: Mark) -> str:
    names = {tag.partition(":")[2] for tag in mark.tags if tag.startswith("lim:")}
    return next((name for name in _ORDER if name in names), "max_trade" if "max_trade" in names else "exposure")


def step(changes: dict[str, Any], target: Target) -> tuple[Step, ...]:
    of_bot = is_of_bot(target)
    exposure = "max_bot_exposure" if of_bot else "max_total_exposure"
    renamed = {"exposure": exposure, "max_total_exposure": exposure}
    named = {renamed.get(name, name): value for name, value in changes.items()}
    if of_bot:
        return (Step("set_bot_limits", {"changes": named}, target),)
    return (Step("set_limits", {"changes": named}),)


def is_of_bot(target: Target) -> bool:
    """Whether certain bots are meant rather than all of them."""
    return bool(target.names or target.it or target.both or target.one or target.nth)
