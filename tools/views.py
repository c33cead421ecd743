"""What is shown of bots, trades, limits and the market: the same shapes in REST answers, cards and verbs' returns."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

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


class BotView(View):
    """A bot with what its process does now."""

    id: str
    spec: BotSpec
    state: State
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


class LimitsView(View):
    """The limits in force, and how much of each is used."""

    limits: Limits
    stake_currency: str
    total_exposure: Usage
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
