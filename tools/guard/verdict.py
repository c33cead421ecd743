"""What the guard can answer, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Rule(StrEnum):
    """Why something is refused."""

    PAIR_BLOCKED = "pair_blocked"
    PAIR_NOT_ALLOWED = "pair_not_allowed"
    PAIR_NOT_OF_BOT = "pair_not_of_bot"
    TRADE_SIZE = "trade_size"
    BOT_EXPOSURE = "bot_exposure"
    TOTAL_EXPOSURE = "total_exposure"
    OPEN_TRADES = "open_trades"
    DAILY_LOSS = "daily_loss"
    DRAWDOWN = "drawdown"
    LOSS_STREAK = "loss_streak"
    ORDER_RATE = "order_rate"
    COOLDOWN = "cooldown"
    LIVE_DISABLED = "live_disabled"
    UNKNOWN_PRICE = "unknown_price"
    PRICE_BAND = "price_band"
    STALE_SNAPSHOT = "stale_snapshot"
    NOT_ENTERING = "not_entering"
    MANDATE_VOID = "mandate_void"
    KEY_CAN_WITHDRAW = "key_can_withdraw"
    NO_EXCHANGE_KEY = "no_exchange_key"
    CLOCK_SKEW = "clock_skew"
    TAINTED_TURN = "tainted_turn"
    AGENT_CANNOT_LOOSEN = "agent_cannot_loosen"
    PANIC = "panic"
    FACTS_CHANGED = "facts_changed"
    UNRECORDABLE = "unrecordable"
    NO_ANSWER = "no_answer"
    UNKNOWN_ACTION = "unknown_action"


class Why(StrEnum):
    """Why a person must say yes."""

    LIVE = "live"
    """It touches real money."""
    TAINTED = "tainted"
    """The turn that asks has read text from outside."""
    LOOSENING = "loosening"
    """It makes a limit looser."""
    BREAKER = "breaker"
    """The guard has paused the bot, or would have."""
    PANIC = "panic"
    """It lifts the panic stop."""
    LIFTS = "lifts"
    """It takes away what was set to hold a bot back: its own limits, or the lock on a pair."""
    CODE = "code"
    """It brings code that will run on this machine."""


@dataclass(frozen=True)
class Allow:
    """Go ahead."""


@dataclass(frozen=True)
class NeedsConfirmation:
    """A person must say yes to exactly this."""

    why: Why
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Refuse:
    """No: the rule and its numbers, all as strings, ready for a sentence in any language."""

    rule: Rule
    numbers: Mapping[str, str] = field(default_factory=dict)


Verdict = Allow | NeedsConfirmation | Refuse
