"""What is found in a stretch of a message, and which amount belongs to which label."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.offline.coins import CURRENCY_OF
from agent.offline.marks import Mark
from agent.offline.numbers import Amount, Number
from agent.offline.requests import Doubt

PERCENT_LABELS = ("stoploss_pct", "take_profit_pct")
_LINKS = ("of", "to", "the", "max", "sign", "by", "set:mode")
_REACH = 3


@dataclass
class Settings:
    """Arguments of a verb that were found, and which marks they took."""

    found: dict[str, Any] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    doubts: list[Doubt] = field(default_factory=list)
    """Amounts that are not taken as they stand."""
    total: float | None = None
    """What all trades together may hold, where it was said."""

    def take(self, key: str, value: Any, *marks: int) -> None:
        """Keeps the first value that is found for a key."""
        self.found.setdefault(key, value)
        self.taken.update(marks)


def beside_or_only(marks: Sequence[Mark], label: int, taken: set[int], fits: Callable[[Amount], bool]) -> int | None:
    """The amount beside a label or, with words between, the only one after it: "the stop loss of alpha to 5%"."""
    found = beside(marks, label, taken, fits)
    after = [i for i in range(label + 1, len(marks)) if i not in taken and fits_at(marks[i], fits)]
    return after[0] if found is None and len(after) == 1 and _is_tied(marks, after[0]) else found


def _is_tied(marks: Sequence[Mark], amount: int) -> bool:
    """Whether an amount is said to be the value of something: "to 5%", "at 5%"."""
    return marks[amount - 1].has("to", "of") or marks[amount - 1].words in (":", "=")


def beside(marks: Sequence[Mark], label: int, taken: set[int], fits: Callable[[Amount], bool]) -> int | None:
    """The amount that belongs to a label: after it, or right before it where that is a percentage nobody took."""
    before = label - 1
    while before >= 0 and marks[before].has("of", "the") and marks[before].amount is None:
        before -= 1
    left = before if before >= 0 and before not in taken and _is_percent(marks[before]) else None
    after = label + 1
    while after < len(marks) and ((after - label <= _REACH and marks[after].has(*_LINKS)) or _is_colon(marks, after)):
        after += 1
    right = after if after < len(marks) and after not in taken and fits_at(marks[after], fits) else None
    if left is not None and (right is None or _labels_next(marks, right)):
        return left
    return right


def _is_colon(marks: Sequence[Mark], i: int) -> bool:
    return i < len(marks) and marks[i].words in (":", "=")


def _is_percent(mark: Mark) -> bool:
    return mark.amount is not None and mark.amount.percent


def _labels_next(marks: Sequence[Mark], amount: int) -> bool:
    """Whether an amount stands right before another label of a percentage."""
    return amount + 1 < len(marks) and marks[amount + 1].has(*(f"set:{key}" for key in PERCENT_LABELS))


def fits_at(mark: Mark, fits: Callable[[Amount], bool]) -> bool:
    """Whether a mark is an amount of a kind."""
    return mark.amount is not None and fits(mark.amount)


def is_percentage(amount: Amount) -> bool:
    """Whether an amount can be a percentage, with its sign or without."""
    return amount.unit is None and amount.currency is None


def is_count(amount: Amount) -> bool:
    """Whether an amount is a mere number."""
    return amount.currency is None and not amount.percent and amount.unit is None


def is_money(amount: Amount) -> bool:
    """Whether an amount can be money, with its currency or without."""
    return amount.unit is None and not amount.percent


def stands_for_amount(marks: Sequence[Mark], i: int) -> bool:
    """Whether a number that cannot be read stands where an amount would: "with 50x", "50x USDT"."""
    if not marks[i].unread:
        return False
    before = marks[i - 1] if i else None
    after = marks[i + 1] if i + 1 < len(marks) else None
    tied = before is not None and (before.has("to", "max") or before.words in _TIES or before.value("set") not in _NONE)
    return tied or (after is not None and (after.has("per_trade", "set:stake") or after.words in CURRENCY_OF))


_TIES = frozenset({":", "=", "with", "com", "at", "using", "usando", "por", "by"})
_NONE = (None, "name")


def number_of(mark: Mark) -> Number:
    """The number of a mark that is an amount."""
    assert mark.amount is not None
    return mark.amount.number
