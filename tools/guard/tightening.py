"""A change of limits in two: what tightens holds at once, what loosens waits for a person. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from tools.actions import SetBotLimits, SetLimits
from tools.guard.judge import apply_limits
from tools.guard.limits import SENSES, BotLimits, Limits, is_looser
from tools.guard.patterns import narrow

Change = SetLimits | SetBotLimits
MOST_BLOCKED = 1000


def split(action: Change, limits: Limits) -> tuple[Change | None, Change]:
    """The part of a change that only tightens `limits`, if there is one, and what is left of the change after it.

    Both parts, one after the other, come to what the whole would. Of a set of pairs that is replaced, that is: what
    is blocked anew is blocked at once, and what is no longer allowed is not allowed any more.
    """
    tighter: dict[str, Any] = {}
    looser: dict[str, Any] = {}
    for name, value, before, after in _values(action, limits):
        if is_looser(name, after, before):
            looser[name] = value
            if (at_once := _common(name, after, before)) is not None:
                tighter[name] = at_once
        else:
            tighter[name] = value
    part, rest = _with(action, tighter), _with(action, looser)
    if not tighter:
        return None, rest
    return (part, rest) if _is_sound(part, rest, action, limits) else (None, action)


def _values(action: Change, limits: Limits) -> Iterator[tuple[str, Any, Any, Any]]:
    """Each limit that changes: its name, what was asked, and what holds before and after."""
    if isinstance(action, SetLimits):
        for name, value in action.changes:
            if value is not None and value != getattr(limits, name):
                yield name, value, getattr(limits, name), value
        return
    own, bounds = limits.bots.get(action.bot_id, BotLimits()), limits.of(action.bot_id)
    for name in sorted(action.changes.model_fields_set):
        value = getattr(action.changes, name)
        if value == getattr(own, name):
            continue
        if SENSES[name] == "shut":
            yield name, value, getattr(own, name) or frozenset(), value or frozenset()
        else:
            yield name, value, getattr(bounds, name), getattr(limits, name) if value is None else value


def _common(name: str, after: Any, before: Any) -> Any:
    """Of two sets of pairs, what both demand; None where that is what holds anyway, or would leave no pair at all."""
    match SENSES[name]:
        case "shut":
            common = before | after
            return common if common != before and len(common) <= MOST_BLOCKED else None
        case "open":
            common = narrow(after, before)
            return common if common and is_looser(name, before, common) else None
    return None


def _with(action: Change, changes: Mapping[str, Any]) -> Change:
    return action.model_copy(update={"changes": type(action.changes).model_validate(dict(changes))})


def _is_sound(part: Change, rest: Change, whole: Change, limits: Limits) -> bool:
    """Whether the tightening part loosens nothing by itself, and the rest after it comes to what the whole would."""
    try:
        between = apply_limits(part, limits)
        return between.loosened_from(limits) is None and apply_limits(rest, between) == apply_limits(whole, limits)
    except ValueError:
        return False
