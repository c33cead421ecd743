"""Actions as an adversary or a careless person would think them up, made of a kind and three small numbers."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.proofs.witness import PAIRS
from tools.actions import KINDS as ALL_KINDS
from tools.bot import BotSpec, Mode
from tools.bots.registry import Bot
from tools.guard.limits import Limits

UNDECLARED = "withdraw"
KINDS = sorted(ALL_KINDS)
START = Limits.model_validate(
    {
        "max_trade": "100", "max_bot_exposure": "160", "max_total_exposure": "200", "max_open_trades": 4,
        "max_daily_loss": "40", "max_drawdown": "55", "max_loss_streak": 3, "max_entries_per_minute": 9,
        "max_entries_per_hour": 60, "blocked_pairs": ["DOGE/USDT"], "allowed_pairs": ["*/USDT"],
    }
)  # fmt: skip
"""Small enough that every limit is met."""
STARTS: tuple[dict[str, Any], ...] = (
    {},
    {"max_daily_loss": "500", "max_loss_streak": 50, "max_entries_per_minute": 50},
    {"max_daily_loss": "500", "max_drawdown": "25", "max_loss_streak": 50, "max_entries_per_minute": 50},
    {"max_loss_streak": 2, "max_daily_loss": "500", "max_drawdown": "900"},
    {"reentry_cooldown_s": 300, "max_entries_per_minute": 50, "max_loss_streak": 50},
    {"allowed_pairs": ["BTC/*"], "max_entries_per_minute": 4},
    {"max_entries_per_minute": 3, "max_loss_streak": 50},
    {"blocked_pairs": ["DOGE/USDT", "ETH/USDT"], "max_entries_per_minute": 50},
    {"max_open_trades": 2, "max_entries_per_minute": 50, "max_entries_per_hour": 900},
    {"max_total_exposure": "900", "max_bot_exposure": "900", "max_entries_per_minute": 50},
    {"max_total_exposure": "60", "max_bot_exposure": "60", "max_trade": "60", "max_entries_per_minute": 50},
    {"max_daily_loss": "9", "max_drawdown": "900", "max_loss_streak": 50, "max_entries_per_minute": 50},
)
"""What differs from that in a run: which of the limits is met first."""

CHOICES = (PAIRS[:1], PAIRS[:2], (PAIRS[0], PAIRS[1], PAIRS[3]), PAIRS[:2], PAIRS[:3], PAIRS[::3])
STAKES = ("20", "40", "60", "100", "130")
LIMITS: tuple[dict[str, Any], ...] = (
    {"max_trade": "50"},
    {"max_trade": "100"},
    {"max_trade": "200", "max_bot_exposure": "300"},
    {"max_bot_exposure": "120"},
    {"max_bot_exposure": "400"},
    {"max_total_exposure": "200", "max_bot_exposure": "200"},
    {"max_total_exposure": "900"},
    {"max_total_exposure": "600", "max_trade": "60"},
    {"max_open_trades": 2},
    {"max_open_trades": 9, "max_daily_loss": "40"},
    {"max_daily_loss": "200", "max_drawdown": "400"},
    {"max_loss_streak": 2},
    {"max_loss_streak": 9},
    {"max_entries_per_minute": 3},
    {"max_entries_per_minute": 30, "max_entries_per_hour": 200},
    {"reentry_cooldown_s": 30},
    {"reentry_cooldown_s": 0},
    {"live_enabled": True},
    {"live_enabled": True, "max_total_exposure": "700"},
    {"live_enabled": False},
    {"allowed_pairs": ["BTC/*", "ETH/USDT"]},
    {"allowed_pairs": ["*/*"]},
    {"blocked_pairs": []},
    {"blocked_pairs": ["BTC/USDT", "SOL/USDT"]},
    {"max_trade": "999"},
)
OWN_LIMITS: tuple[dict[str, Any], ...] = (
    {"max_trade": "30"},
    {"max_trade": None},
    {"max_bot_exposure": "90"},
    {"max_bot_exposure": None, "max_trade": None},
    {"max_open_trades": 1},
    {"max_entries_per_minute": 2},
    {"max_entries_per_minute": None},
    {"max_daily_loss": "15", "max_loss_streak": 1},
    {"blocked_pairs": ["ETH/USDT"]},
    {"blocked_pairs": None, "allowed_pairs": ["BTC/*"]},
    {"allowed_pairs": None},
    {"max_trade": "500"},
)
EDITS: tuple[dict[str, Any], ...] = (
    {"stake": "20"},
    {"stake": "60"},
    {"stake": "130"},
    {"max_open_trades": 1},
    {"max_open_trades": 4},
    {"max_open_trades": 9},
    {"pairs": list(PAIRS)},
    {"pairs": [PAIRS[0]]},
    {"name": "renamed"},
    {"stoploss_pct": "5"},
    {"strategy": "Other"},
    {"pairs": [PAIRS[0], PAIRS[1]]},
    {"pairs": [PAIRS[1], PAIRS[3]]},
)

Made = dict[str, Any]
"""An action as JSON: it comes in as any door would bring it."""


def make_spec(a: int, b: int) -> BotSpec:
    return BotSpec.model_validate(
        {
            "name": f"bot {a} {b}", "mode": "REAL_MARKET_SPOT" if b % 3 == 2 else "SIMULATED",
            "pairs": CHOICES[a % len(CHOICES)], "stake": STAKES[a % len(STAKES)], "max_open_trades": 1 + b % 4,
        }
    )  # fmt: skip


def make_action(kind: str, bot: Bot | None, a: int, b: int, price: Decimal) -> Made:
    """`bot` is the one that is meant; one that is not there where None."""
    made: Made = {"kind": kind}
    if kind in _OF_BOTS:
        made["bot_id"] = bot.id if bot else "f" * 12
    made |= _MORE.get(kind, _nothing)(a, b, price)
    if bot is not None and a < 6 and kind in ("force_entry", "lock_pair", "unlock_pair"):
        made["pair"] = bot.spec.pairs[a % len(bot.spec.pairs)]
    if bot is not None and a < 6 and kind == "change_mode":
        made["mode"] = "SIMULATED" if bot.spec.mode is not Mode.SIMULATED else "REAL_MARKET_SPOT"
    return made


def _nothing(_a: int, _b: int, _price: Decimal) -> Made:
    return {}


def _entry(a: int, b: int, price: Decimal) -> Made:
    stake = (None, "10", "20", "50", "100", "400")[b % 6]
    limit = (None, price, price * Decimal("1.04"), price * Decimal("1.06"))[(a + b) % 4]
    return {"pair": PAIRS[a % 4], "stake": stake, "price": f"{limit:.8f}" if limit else None}


_OF_BOTS = {
    "edit_bot", "start_bot", "resume_bot", "pause_bot", "stop_bot", "delete_bot", "change_mode", "force_entry",
    "force_exit", "cancel_order", "lock_pair", "unlock_pair", "set_bot_limits",
}  # fmt: skip
_MORE: dict[str, Callable[[int, int, Decimal], Made]] = {
    "create_bot": lambda a, b, _: {"spec": make_spec(a, b).model_dump(mode="json")},
    "edit_bot": lambda a, b, _: {"changes": EDITS[(a + 8 * b) % len(EDITS)]},
    "start_bot": lambda a, _b, _: {"paused": a % 4 == 3},
    "change_mode": lambda a, _b, _: {"mode": ("REAL_MARKET_SPOT", "SIMULATED")[a % 2]},
    "force_entry": _entry,
    "force_exit": lambda a, b, _: {"trade_id": b + 1 if a % 2 else None},
    "cancel_order": lambda _a, b, _: {"trade_id": b + 1},
    "lock_pair": lambda a, _b, _: {"pair": PAIRS[a % 4]},
    "unlock_pair": lambda a, _b, _: {"pair": PAIRS[a % 4]},
    "set_limits": lambda a, b, _: {"changes": LIMITS[(a + 8 * b) % len(LIMITS)]},
    "set_bot_limits": lambda a, b, _: {"changes": OWN_LIMITS[(a + 8 * b) % len(OWN_LIMITS)]},
    "block_pair": lambda a, _b, _: {"pair": PAIRS[a % 4]},
    "unblock_pair": lambda a, _b, _: {"pair": PAIRS[a % 4]},
    "panic": lambda a, _b, _: {"exit": a % 2 == 1},
    "settle_finding": lambda a, b, _: {"finding": f"{a:08x}{b:08x}", "difference": "balance_short"},
    "store_strategy": lambda a, b, _: {
        "name": (f"Own{a}", "Other", "RsiMeanReversion")[max(b - 5, 0)],
        "source": f"pass  # {a}",
    },
}
