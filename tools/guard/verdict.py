"""What the guard can answer, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Rule(StrEnum):
    """Why something is refused."""

    PAIR_BLOCKED = "pair_blocked"
    TRADE_SIZE = "trade_size"
    BOT_EXPOSURE = "bot_exposure"
    TOTAL_EXPOSURE = "total_exposure"
    LIVE_DISABLED = "live_disabled"
    TAINTED_TURN = "tainted_turn"
    AGENT_CANNOT_LOOSEN = "agent_cannot_loosen"
    UNKNOWN_ACTION = "unknown_action"


@dataclass(frozen=True)
class Allow:
    """Go ahead."""


@dataclass(frozen=True)
class NeedsConfirmation:
    """A person must say yes to exactly this."""

    why: str


@dataclass(frozen=True)
class Refuse:
    """No: the rule and its numbers, all as strings, ready for a sentence in any language."""

    rule: Rule
    numbers: Mapping[str, str] = field(default_factory=dict)


Verdict = Allow | NeedsConfirmation | Refuse
