"""What is shown of bots, trades, limits and the market: the same shapes in REST answers, cards and verbs' returns."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue

from tools.bot import BotSpec, Health, Money, State
from tools.guard.limits import Limits


class View(BaseModel):
    """Something to look at."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


class TradeView(View):
    """One trade of a bot, as its Freqtrade last told."""

    bot_id: str
    bot_name: str
    trade_id: int
    mode: str
    pair: str
    is_open: bool
    amount: Money
    """In the base currency."""
    stake: Money
    entry_rate: Money
    exit_rate: Money | None
    current_rate: Money | None
    opened_at: AwareDatetime
    closed_at: AwareDatetime | None
    profit: Money
    """In the stake currency, fees included; unrealised while the trade is open."""
    profit_pct: Money
    enter_tag: str | None
    exit_reason: str | None


class HoldView(View):
    """A bot that the guard has paused; only a person resumes it."""

    rule: str
    """Of the guard's rules: daily_loss, drawdown, loss_streak or order_rate."""
    numbers: dict[str, str]
    at: AwareDatetime


class MandateView(View):
    """What a person confirmed that a bot may do with real money, and whether that still holds."""

    status: Literal["valid", "void", "none"]
    reason: str | None
    """Where it is void: `source`, a setting such as `pairs`, `limits.max_trade`, `stopped` and the like."""
    at: AwareDatetime | None
    """When it was given, or voided."""


class BotView(View):
    """A bot with what its process does now."""

    id: str
    spec: BotSpec
    state: State
    hold: HoldView | None = None
    """Why the guard paused it."""
    health: Health
    health_reason: str | None
    log_tail: tuple[str, ...] = ()
    """The last lines of a crashed bot's log."""
    venue: str
    stake_currency: str
    open_trades: int
    closed_trades: int
    open_exposure: Money
    """What its open trades hold."""
    max_exposure: Money
    """The most that they can ever hold at once: stake times slots."""
    realised_profit: Money
    unrealised_profit: Money
    created_at: AwareDatetime
    started_at: AwareDatetime | None
    mandate: MandateView | None = None
    """Of a bot that trades with real money."""


class OrderRefusalView(View):
    """An entry order that the guard did not let a bot make."""

    id: str
    bot_id: str
    bot_name: str
    mode: str
    pair: str
    order_type: str
    stake: Money
    """What the order would have taken."""
    rate: Money
    rule: str
    numbers: dict[str, str]
    at: AwareDatetime


class PanicView(View):
    """The panic stop: nothing enters until a person lifts it."""

    at: AwareDatetime
    door: str
    exit: bool
    """Whether all that the bots hold is sold, too."""
    entries_off_ms: int | None = None
    """From the press until no bot could enter any more."""
    exits_open: int = 0
    """How many trades are still being closed."""
    unsold: tuple[str, ...] = ()
    """The names of bots that hold what nothing sells: it was to be sold and could not be."""
    unsold_trades: int = 0
    """How many trades those are; they are not among `exits_open`."""
    ended_bots: tuple[str, ...] = ()
    """The names of bots that did not answer, whose processes were ended."""


class GuardView(View):
    """What the guard keeps from happening now."""

    panic: PanicView | None
    refused_orders: tuple[OrderRefusalView, ...]
    """The newest, newest first."""


class BalanceView(View):
    """What the account has of a currency."""

    free: Money
    locked: Money


class LiveCheckView(View):
    """The last look at the exchange key."""

    at: AwareDatetime
    age_s: int
    answered: bool
    """Whether anybody said anything; nothing of the rest is known where not."""
    configured: bool
    """Whether there is a key."""
    key_works: bool
    can_trade: bool
    can_withdraw: bool | None
    """None where the exchange does not tell: it counts as one that can."""
    ip_restricted: bool
    clock_skew_ms: int
    max_skew_ms: int
    """The most that the guard accepts."""
    balances: dict[str, BalanceView]
    venue: str
    error_code: int | None
    """The exchange's own, where it refused."""


class LiveView(View):
    """Whether real money can be traded, and what does."""

    enabled: bool
    """By the owner's limits."""
    passed: bool
    """Whether the key was looked at a short while ago, can trade and can do nothing worse."""
    rule: str | None
    """Which of the guard's rules it does not pass."""
    numbers: dict[str, str]
    check: LiveCheckView | None
    """None where nobody has looked yet."""
    confined: bool
    """Whether this machine keeps the process of each bot to its own folder."""
    bots: tuple[BotView, ...]
    """Those that trade with real money."""


class FindingView(View):
    """Something on which what was recorded, a bot and the exchange do not agree."""

    id: str
    kind: Literal[
        "order_not_in_ledger",
        "foreign_order",
        "order_not_at_exchange",
        "fills_missing",
        "balance_short",
        "balance_changed",
        "bot_holds_more",
        "bot_holds_less",
        "order_not_in_bot",
        "order_only_in_bot",
        "left_over",
    ]
    bot_id: str | None
    """None where it is about the account."""
    bot_name: str | None
    pair: str | None
    numbers: dict[str, str]
    uncertain: bool
    """Whether it is open what the bot has: it enters nothing until that is cleared up."""
    since: AwareDatetime
    settles: bool
    """Whether a person can have it put right."""


class ReconciliationView(View):
    """Whether what was recorded, what each bot says and what the exchange says are the same."""

    at: AwareDatetime | None
    """When they were last compared."""
    agrees: bool | None
    """Whether it is certain what each bot has; there may still be findings to know of. None where they could not be
    compared."""
    findings: tuple[FindingView, ...]
    """The oldest first."""
    unasked: tuple[str, ...]
    """The names of bots with real money that did not say what they hold."""


class EffectView(View):
    """What an action would change of what can be lost, in the stake currency, over all bots of its mode."""

    mode: str
    exposure_before: Money
    """The most that could be held: on spot, without leverage, that is also the most that could be lost."""
    exposure_after: Money
    stop_loss_before: Money
    """What would be lost if all of that hit its stop-loss."""
    stop_loss_after: Money


class PreviewView(View):
    """The entry orders of the last 30 days, judged again under other limits."""

    days: int
    orders: int
    allowed_before: int
    allowed_after: int
    stake_before: Money
    """What the orders that were allowed took together."""
    stake_after: Money
    largest_before: Money
    largest_after: Money
    newly_allowed: tuple[OrderRefusalView, ...]
    """The newest of the orders that were refused and would be allowed."""


ProposalStatus = Literal[
    "pending", "waiting", "executing", "done", "refused", "failed", "denied", "expired", "interrupted"
]
"""`waiting`: confirmed, and done at `effective_at`. `interrupted`: cut off half-way; read back, never repeated."""


class ProposalView(View):
    """An action that waits for a person's word, or what became of it."""

    id: str
    hash: str
    """SHA-256 of the action's canonical JSON; the answer must name it."""
    action: dict[str, JsonValue]
    """The whole action, as it would be done."""
    action_kind: str
    why: str
    """live, tainted, loosening, breaker, panic, lifts or code."""
    numbers: dict[str, str]
    status: ProposalStatus
    door: str
    by_agent: bool
    tainted: bool
    """Whether a stranger's text had been read when it was asked for."""
    conversation_id: str | None
    bot_id: str | None
    bot_name: str | None
    effect: EffectView | None
    preview: PreviewView | None
    created_at: AwareDatetime
    expires_at: AwareDatetime
    effective_at: AwareDatetime | None
    """When a confirmed loosening takes effect; it can be denied until then."""
    decided_at: AwareDatetime | None
    decided_by: str | None
    """The door through which it was decided."""
    rule: str | None
    """Why it was refused or failed when it was judged again."""
    rule_numbers: dict[str, str]


class Usage(View):
    """How much of a limit is used."""

    used: Money
    """What is in open trades now."""
    committed: Money
    """The most that the running bots can put in."""
    limit: Money


class BotUsage(Usage):
    bot_id: str
    bot_name: str


class ModeUsage(View):
    """How much of the limits of all bots together a mode has used."""

    mode: str
    open_trades: int
    lost_today: Money
    drawdown: Money
    entries_minute: int
    entries_hour: int


class LimitsView(View):
    """The limits in force, and how much of each is used."""

    limits: Limits
    stake_currency: str
    total_exposure: Usage
    modes: tuple[ModeUsage, ...] = ()
    bots: tuple[BotUsage, ...]
    changed_at: AwareDatetime


class AnalysisView(View):
    """What the candles of a pair say: closes, change over a day, indicators of the last closed candle."""

    venue: str
    synthetic: bool
    pair: str
    timeframe: str
    price: Money
    change_24h_pct: Money
    high_24h: Money
    low_24h: Money
    volume_24h: Money
    """In the quote currency."""
    rsi_14: Money | None
    ema_20: Money | None
    ema_50: Money | None
    ema_200: Money | None
    atr_14_pct: Money | None
    """Average true range in percent of the price."""
    trend: Literal["up", "down", "flat"]
    """Up where price > EMA 20 > EMA 50, down where price < EMA 20 < EMA 50."""
    candle_at: AwareDatetime
    """When the last closed candle opened."""
    candles: tuple["CandleView", ...] = ()
    """The last 60 closed candles, oldest first."""


class CandleView(View):
    at: datetime
    open: Money
    high: Money
    low: Money
    close: Money
    volume: Money


class StrategyParameterView(View):
    name: str
    kind: str
    default: int | float | bool | str
    low: float | None
    high: float | None
    note: str


class StrategyView(View):
    """A strategy that a bot can run."""

    name: str
    summary: str
    doc: str
    timeframe: str
    parameters: tuple[StrategyParameterView, ...]


class PortfolioView(View):
    """All bots of one mode together; simulated and real are never added."""

    mode: str
    stake_currency: str
    bots: int
    running: int
    open_trades: int
    closed_trades: int
    open_exposure: Money
    realised_profit: Money
    unrealised_profit: Money
    wins: int
    losses: int


class VenueView(View):
    """Where prices come from."""

    name: str
    synthetic: bool
    reachable: bool
    chosen: Literal["set", "auto"]
    pairs: tuple[str, ...] = ()
