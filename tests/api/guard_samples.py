"""One card of each kind that the guard makes, and the same with hostile data."""

from datetime import UTC, datetime
from decimal import Decimal

from tools.cards import Card, GuardCard, LogCard, ProposalCard, ReceiptCard, SourceCard, TaintCard
from tools.views import EffectView, GuardView, OrderRefusalView, PanicView, PreviewView, ProposalView

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
EVIL = "[/x] [bold]\x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil\r"
HASH = "0123456789abcdef" * 4

ORDER = OrderRefusalView(
    id="1" * 32,
    bot_id="0" * 12,
    bot_name="alpha",
    mode="SIMULATED",
    pair="BTC/USDT",
    order_type="limit",
    stake=Decimal("12345.67"),
    rate=Decimal(50000),
    rule="cooldown",
    numbers={"pair": "BTC/USDT", "wait_s": "30"},
    at=AT,
)
GUARD = GuardView(
    panic=PanicView(at=AT, door="web", exit=True, entries_off_ms=120, exits_open=2, ended_bots=("beta",)),
    refused_orders=(ORDER,),
)
PREVIEW = PreviewView(
    days=30,
    orders=12,
    allowed_before=10,
    allowed_after=11,
    stake_before=Decimal(500),
    stake_after=Decimal(650),
    largest_before=Decimal(50),
    largest_after=Decimal(150),
    newly_allowed=(ORDER,),
)
LOOSENING = ProposalView(
    id="abcdef123456",
    hash=HASH,
    action={
        "kind": "set_limits",
        "changes": {"max_trade": "150", "max_bot_exposure": None, "blocked_pairs": ["DOGE/USDT"], "live_enabled": True},
    },
    action_kind="set_limits",
    why="loosening",
    numbers={"limit": "max_trade", "from": "100", "to": "150"},
    status="waiting",
    door="web",
    by_agent=False,
    tainted=False,
    conversation_id=None,
    bot_id=None,
    bot_name=None,
    effect=EffectView(
        mode="SIMULATED",
        exposure_before=Decimal(1000),
        exposure_after=Decimal(1500),
        stop_loss_before=Decimal(100),
        stop_loss_after=Decimal(150),
    ),
    preview=PREVIEW,
    created_at=AT,
    expires_at=AT,
    effective_at=AT,
    decided_at=AT,
    decided_by="web",
    rule=None,
    rule_numbers={},
)
TAINTED = LOOSENING.model_copy(
    update={
        "action": {
            "kind": "create_bot",
            "spec": {"name": "beta", "mode": "SIMULATED", "stake": "50", "parameters": {"buy_rsi": 30}},
        },
        "action_kind": "create_bot",
        "why": "tainted",
        "numbers": {},
        "status": "refused",
        "by_agent": True,
        "tainted": True,
        "effect": None,
        "preview": None,
        "rule": "panic",
    }
)
CODE = TAINTED.model_copy(
    update={
        "action": {"kind": "store_strategy", "name": "Nice", "source": "class Nice:\n    pass"},
        "action_kind": "store_strategy",
        "why": "code",
        "status": "pending",
        "bot_name": "alpha",
    }
)

GUARD_CARDS: tuple[Card, ...] = (
    ProposalCard(proposal=LOOSENING),
    ProposalCard(proposal=TAINTED),
    ProposalCard(proposal=CODE),
    TaintCard(source="log"),
    LogCard(bot_id="0" * 12, bot_name="alpha", lines=("one", "two")),
    SourceCard(name="EmaCross", source="class EmaCross:\n    pass"),
    GuardCard(guard=GUARD),
    GuardCard(guard=GuardView(panic=None, refused_orders=())),
    ReceiptCard(audit_id=1, action="panic", at=AT, guard=GUARD),
)

_EVIL_CODE = {"kind": "store_strategy", "name": EVIL, "source": EVIL, EVIL: EVIL}
HOSTILE_GUARD_CARDS: tuple[Card, ...] = (
    ProposalCard(proposal=CODE.model_copy(update={"action": _EVIL_CODE, "bot_name": EVIL, "door": EVIL})),
    LogCard(bot_id="0" * 12, bot_name=EVIL, lines=(EVIL,)),
    SourceCard(name=EVIL, source=EVIL),
    GuardCard(
        guard=GuardView(
            panic=PanicView(at=AT, door=EVIL, exit=False, ended_bots=(EVIL,)),
            refused_orders=(ORDER.model_copy(update={"bot_name": EVIL, "rule": EVIL, "pair": EVIL}),),
        )
    ),
)
