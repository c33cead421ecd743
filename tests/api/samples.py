"""One card of each kind."""

from datetime import UTC, datetime
from decimal import Decimal

from tests.api.guard_samples import GUARD_CARDS, HOSTILE_GUARD_CARDS
from tools.bot import BotSpec, Health, State
from tools.cards import (
    AnalysisCard,
    BotCard,
    BotsCard,
    Card,
    HealthCard,
    LimitsCard,
    ProblemCard,
    ReceiptCard,
    RefusalCard,
    StrategiesCard,
    TradeCard,
    TradesCard,
)
from tools.guard.limits import BotLimits, Limits
from tools.views import AnalysisView, BotUsage, BotView, LimitsView, ModeUsage, StrategyView, TradeView, Usage

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
ZERO = Decimal(0)

BOT = BotView(
    id="0" * 12,
    spec=BotSpec(name="alpha", pairs=("BTC/USDT",), stake=Decimal(50), max_open_trades=2),
    state=State.RUNNING,
    health=Health.CRASHED,
    health_reason="process_ended",
    log_tail=("the last line",),
    venue="demo",
    stake_currency="USDT",
    open_trades=1,
    closed_trades=2,
    open_exposure=Decimal("49.99"),
    max_exposure=Decimal(100),
    realised_profit=Decimal("1.5"),
    unrealised_profit=Decimal("-0.25"),
    created_at=AT,
    started_at=AT,
)
TRADE = TradeView(
    bot_id=BOT.id,
    bot_name="alpha",
    trade_id=1,
    mode="SIMULATED",
    pair="BTC/USDT",
    is_open=False,
    amount=Decimal("0.001"),
    stake=Decimal("49.99"),
    entry_rate=Decimal(50000),
    exit_rate=Decimal(50100),
    current_rate=None,
    opened_at=AT,
    closed_at=AT,
    profit=Decimal("0.05"),
    profit_pct=Decimal("0.1"),
    enter_tag="rsi_low",
    exit_reason="roi",
)
ANALYSIS = AnalysisView(
    venue="demo",
    synthetic=True,
    pair="BTC/USDT",
    timeframe="5m",
    price=Decimal("98139.75"),
    change_24h_pct=Decimal("-1.2"),
    high_24h=Decimal(99000),
    low_24h=Decimal(97000),
    volume_24h=Decimal(1000),
    rsi_14=Decimal(44),
    ema_20=Decimal(98000),
    ema_50=Decimal(97000),
    ema_200=None,
    atr_14_pct=Decimal("0.1"),
    trend="up",
    candle_at=AT,
)
USAGE = Usage(used=Decimal(50), committed=Decimal(100), limit=Decimal(1000))
LIMITS = LimitsView(
    limits=Limits(
        blocked_pairs=frozenset({"DOGE/USDT"}),
        bots={BOT.id: BotLimits(max_trade=Decimal(40), blocked_pairs=frozenset({"ETH/USDT"}))},
    ),
    stake_currency="USDT",
    total_exposure=USAGE,
    modes=(
        ModeUsage(
            mode="SIMULATED",
            open_trades=3,
            lost_today=Decimal("12.5"),
            drawdown=Decimal(20),
            entries_minute=1,
            entries_hour=7,
        ),
    ),
    bots=(BotUsage(bot_id=BOT.id, bot_name="alpha", used=Decimal(50), committed=Decimal(100), limit=Decimal(500)),),
    changed_at=AT,
)
STRATEGY = StrategyView(
    name="EmaCross", summary="Follows a trend.", doc="Follows a trend.", timeframe="1m", parameters=()
)

CARDS: tuple[Card, ...] = (
    BotCard(bot=BOT),
    BotsCard(bots=(BOT,)),
    TradesCard(bot_id=BOT.id, bot_name="alpha", stake_currency="USDT", trades=(TRADE,)),
    TradeCard(stake_currency="USDT", trade=TRADE),
    AnalysisCard(analysis=ANALYSIS),
    LimitsCard(limits=LIMITS),
    StrategiesCard(strategies=(STRATEGY,)),
    ReceiptCard(audit_id=1, action="create_bot", at=AT, bot=BOT),
    RefusalCard(
        audit_id=2,
        action="create_bot",
        at=AT,
        rule="trade_size",
        numbers={"asked": "500", "max": "100", "currency": "USDT"},
    ),
    ProblemCard(action="create_bot", at=AT, problem="unknown_pair", numbers={"pair": "FOO/USDT", "venue": "demo"}),
    HealthCard(bot=BOT),
    *GUARD_CARDS,
)

WIDE_BOT = BOT.model_copy(
    update={
        "spec": BOT.spec.model_copy(
            update={
                "name": "a name of some words, of sixty characters, as long as can be",
                "pairs": ("BTC/USDT", "ETH/USDT"),
            }
        ),
        "open_exposure": Decimal("12345.67"),
        "max_exposure": Decimal(100000),
        "realised_profit": Decimal("1234.56"),
        "unrealised_profit": ZERO,
    }
)
WIDE_TRADE = TRADE.model_copy(
    update={
        "bot_name": WIDE_BOT.spec.name,
        "stake": Decimal("12345.67"),
        "entry_rate": Decimal("103668.12345678"),
        "exit_rate": Decimal("103999.12345678"),
        "profit": Decimal("-1234.56"),
        "profit_pct": Decimal("-12.34"),
        "exit_reason": "trailing_stop_loss",
    }
)
"""What is wide in a terminal of 80 columns."""

_EVIL = "[/x] [bold]\x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil\r"
_EVIL_BOT = BOT.model_copy(
    update={"spec": BOT.spec.model_copy(update={"name": _EVIL}), "log_tail": (_EVIL,), "stake_currency": _EVIL}
)
_EVIL_TRADE = TRADE.model_copy(update={"bot_name": _EVIL, "exit_reason": _EVIL})
_EVIL_USAGE = LIMITS.bots[0].model_copy(update={"bot_name": _EVIL})

HOSTILE: tuple[Card, ...] = (
    BotCard(bot=_EVIL_BOT),
    BotsCard(bots=(_EVIL_BOT,)),
    TradesCard(bot_id=BOT.id, bot_name=_EVIL, stake_currency="USDT", trades=(_EVIL_TRADE,)),
    TradeCard(stake_currency="USDT", trade=_EVIL_TRADE),
    AnalysisCard(analysis=ANALYSIS.model_copy(update={"pair": _EVIL, "venue": _EVIL})),
    LimitsCard(limits=LIMITS.model_copy(update={"bots": (_EVIL_USAGE,)})),
    StrategiesCard(strategies=(STRATEGY.model_copy(update={"name": _EVIL, "summary": _EVIL}),)),
    ReceiptCard(audit_id=1, action="create_bot", at=AT, bot=_EVIL_BOT),
    RefusalCard(audit_id=2, action="create_bot", at=AT, rule="pair_blocked", numbers={"pair": _EVIL}),
    ProblemCard(action="create_bot", at=AT, problem="unknown_bot", numbers={"bot": _EVIL, "known": _EVIL}),
    HealthCard(bot=_EVIL_BOT),
    *HOSTILE_GUARD_CARDS,
)
"""Data that is markup to Rich, and that drives a terminal."""
