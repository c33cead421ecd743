"""Pieces of a sentence: numbers, lists, names and states as a language writes them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from agent.words import Language, name_values, say

_MARKS = {"en": (",", "."), "pt-BR": (".", ",")}
_STATES = frozenset({"CREATED", "RUNNING", "PAUSED", "STOPPED"})


def number(language: Language, value: object) -> str:
    """A number as the language writes it; anything else as it is."""
    try:
        decimal = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not decimal.is_finite() or abs(decimal.adjusted()) > 30:
        return str(value)
    thousands, point = _MARKS[language]
    whole, _, part = f"{decimal:,f}".partition(".")
    part = part.rstrip("0")
    return whole.replace(",", thousands) + (point + part if part else "")


def listed(language: Language, items: Sequence[str], joint: str = "and") -> str:
    """ "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return say(language, f"offline.{joint}", first=", ".join(items[:-1]), last=items[-1])


def bold(names: Sequence[str]) -> list[str]:
    """Names in bold type."""
    return [f"**{name}**" for name in names]


def state(language: Language, name: object) -> str:
    """A state in words."""
    return say(language, f"state.{name}") if name in _STATES else str(name)


def told(language: Language, numbers: Mapping[str, Any]) -> dict[str, str]:
    """The numbers of a refusal or a problem, in words where they are names of ours."""
    plain = {name: _text(value) for name, value in numbers.items()}
    return {name: number(language, value) for name, value in name_values(language, plain).items()}


def _text(value: object) -> str:
    """A number as text; a stranger's text is shown as it is, but on one line."""
    if isinstance(value, Mapping) and "untrusted_text" in value:
        return " ".join(str(value["untrusted_text"]).split())
    return str(value)


def health_reason(language: Language, reason: object) -> str:
    """Why a bot is not well."""
    return name_values(language, {"reason": str(reason or "unknown")})["reason"]


def refusal(language: Language, returned: Mapping[str, Any], *, hint: bool = True) -> str:
    """Why the guard refused something, and what would be allowed."""
    key = f"refusal.{returned.get('rule')}"
    numbers = told(language, returned.get("numbers") or {})
    words = say(language, key, **numbers)
    if words == key:
        return str(returned.get("detail", returned.get("rule")))
    return f"{words} {say(language, f'{key}.hint', **numbers)}" if hint else words


def limits(language: Language, changes: Mapping[str, Any]) -> str:
    """Limits with their values: "largest trade 30 and daily loss 20"."""
    said = [
        say(language, "offline.set.limit", name=say(language, f"limit.{name}"), value=_limit(language, value))
        for name, value in changes.items()
    ]
    return listed(language, said)


def duration(language: Language, minutes: int) -> str:
    """Minutes in the largest unit that holds them whole."""
    unit, size = next(
        ((unit, size) for unit, size in (("d", 1440), ("h", 60)) if minutes and minutes % size == 0), ("min", 1)
    )
    return f"{number(language, minutes // size)} {unit}"


def _limit(language: Language, value: object) -> str:
    if isinstance(value, bool):
        return say(language, f"switch.{str(value).lower()}")
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value) or "—"
    return number(language, value)
