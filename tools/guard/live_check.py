"""What the exchange says of the owner's key, and whether real money may be traded with it: pure."""

from dataclasses import dataclass
from typing import Protocol

from pydantic import AwareDatetime, Field

from tools.bot import Frozen, Money
from tools.guard.verdict import Allow, Refuse, Rule, Verdict

MAX_AGE_S = 600.0
"""How old a check may be."""
MAX_SKEW_MS = 1000
"""How far the clock of this machine may be from that of the exchange."""
KEY_RULES = frozenset({Rule.KEY_CAN_WITHDRAW, Rule.NO_EXCHANGE_KEY, Rule.CLOCK_SKEW})


class Balance(Frozen):
    """What the account has of a currency."""

    free: Money
    locked: Money


class LiveCheck(Frozen):
    """One look at the key, by whoever holds it."""

    at: AwareDatetime
    answered: bool = True
    """Whether anybody said anything; nothing of the rest is known where not."""
    configured: bool = True
    """Whether there is a key at all."""
    key_works: bool = False
    can_trade: bool = False
    can_withdraw: bool | None = None
    """None where the exchange does not tell."""
    ip_restricted: bool = False
    clock_skew_ms: int = 0
    """How far apart the clocks of this machine and of the exchange are, in either direction."""
    balances: dict[str, Balance] = Field(default_factory=dict)
    """By currency."""
    venue: str = ""
    error_code: int | None = None
    """The exchange's own, where it refused."""


@dataclass(frozen=True)
class Checked:
    """The last check, and how long ago it was when it was looked at."""

    check: LiveCheck
    age_s: float


class LiveCheckSource(Protocol):
    """Asks whoever holds the key."""

    async def ask(self) -> LiveCheck:
        """Never raises: that nobody answered is an answer, too."""


def judge_key(last: Checked | None) -> Verdict:
    """Whether the key can trade, can do nothing worse, and was looked at a short while ago.

    A key of which it is not known whether it can withdraw counts as one that can.
    """
    if last is None or not last.check.answered:
        return Refuse(Rule.STALE_SNAPSHOT, {"check": "none", "max_s": f"{MAX_AGE_S:.0f}"})
    check = last.check
    if not 0 <= last.age_s <= MAX_AGE_S:
        age = min(abs(last.age_s), 1e9)
        return Refuse(Rule.STALE_SNAPSHOT, {"check_age_s": f"{age:.0f}", "max_s": f"{MAX_AGE_S:.0f}"})
    if not check.configured:
        return Refuse(Rule.NO_EXCHANGE_KEY)
    if abs(check.clock_skew_ms) > MAX_SKEW_MS:
        return Refuse(Rule.CLOCK_SKEW, {"skew_ms": str(check.clock_skew_ms), "max_ms": str(MAX_SKEW_MS)})
    if not check.key_works:
        return Refuse(Rule.NO_EXCHANGE_KEY, {"code": "-" if check.error_code is None else str(check.error_code)})
    if check.can_withdraw is not False:
        return Refuse(Rule.KEY_CAN_WITHDRAW, {"can_withdraw": "unknown" if check.can_withdraw is None else "true"})
    if not check.can_trade:
        return Refuse(Rule.NO_EXCHANGE_KEY, {"lacks": "trade"})
    return Allow()


def facts_of_key(last: Checked | None) -> dict[str, str]:
    """What must still be so of the key when a person confirms, by name."""
    if last is None:
        return {}
    names = ("key_works", "can_trade", "can_withdraw", "ip_restricted", "venue")
    return {f"key.{name}": _plain(getattr(last.check, name)) for name in names}


def _plain(value: object) -> str:
    return "unknown" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
