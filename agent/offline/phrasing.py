"""Pieces of a sentence: numbers, lists, names and states as a language writes them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from agent.words import Language, say

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
    return {name: _told(language, str(value)) for name, value in numbers.items()}


def _told(language: Language, value: str) -> str:
    for kind in ("state", "action", "limit"):
        if (words := say(language, f"{kind}.{value}")) != f"{kind}.{value}":
            return words
    reason = say(
        language,
        f"health.reason.{value.partition(':')[0]}",
        code=value.partition(":")[2],
        signal=value.partition(":")[2],
    )
    return number(language, value) if reason.startswith("health.reason.") else reason


def health_reason(language: Language, reason: object) -> str:
    """Why a bot is not well."""
    kind, _, detail = str(reason or "unknown").partition(":")
    key = f"health.reason.{kind}"
    words = say(language, key, code=detail, signal=detail)
    return str(reason) if words == key else words
