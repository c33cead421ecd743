"""What a bot's REST server answers: money as Decimal, times aware and in UTC."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


def _from_ms(value: object) -> object:
    return datetime.fromtimestamp(float(value) / 1000, UTC) if isinstance(value, (int, Decimal)) else value


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Timestamp = Annotated[datetime, BeforeValidator(_from_ms), AfterValidator(_utc)]
"""Milliseconds since 1970 in the answer."""


class Answer(BaseModel):
    """Takes what it knows and leaves the rest, since Freqtrade adds fields from one version to the next."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class ShowConfig(Answer):
    version: str
    state: str
    """`running`, `paused`, `stopped` or `reload_config`."""
    dry_run: bool
    strategy: str | None = None
    timeframe: str | None = None
    exchange: str
    stake_currency: str
    stake_amount: str
    max_open_trades: int
    available_capital: Decimal | None = None
    stoploss: Decimal | None = None
    minimal_roi: dict[str, Decimal]
    bot_name: str
    force_entry_enable: bool
    position_adjustment_enable: bool


class Trade(Answer):
    """An open or a closed trade; rates, stake and profit in the stake currency, `amount` in the base currency."""

    trade_id: int
    pair: str
    is_open: bool
    strategy: str
    amount: Decimal
    stake_amount: Decimal
    open_rate: Decimal
    open_date: Timestamp = Field(validation_alias="open_timestamp")
    close_rate: Decimal | None = None
    close_date: Timestamp | None = Field(default=None, validation_alias="close_timestamp")
    current_rate: Decimal | None = None
    """Only of an open trade, and None while the exchange gives no price."""
    profit_abs: Decimal | None = None
    """Fees included; unrealised while the trade is open, None without a price."""
    profit_ratio: Decimal | None = None
    enter_tag: str | None = None
    exit_reason: str | None = None
    fee_open: Decimal | None = None
    """Ratio of the value."""
    fee_open_cost: Decimal | None = None
    fee_open_currency: str | None = None
    fee_close: Decimal | None = None
    fee_close_cost: Decimal | None = None
    fee_close_currency: str | None = None
    stop_loss_abs: Decimal | None = None
    has_open_orders: bool = False


class TradePage(Answer):
    trades: list[Trade]
    total_trades: int


class Profit(Answer):
    """Over the whole life of the bot's database."""

    profit_closed_coin: Decimal
    """Realised, in the stake currency."""
    profit_all_coin: Decimal
    """Realised and unrealised."""
    trade_count: int
    closed_trade_count: int
    winning_trades: int
    losing_trades: int
    winrate: Decimal | None = None
    profit_factor: Decimal | None = None
    expectancy: Decimal | None = None
    max_drawdown: Decimal | None = None
    """Ratio."""
    max_drawdown_abs: Decimal | None = None


class Currency(Answer):
    currency: str
    free: Decimal
    used: Decimal
    balance: Decimal
    est_stake: Decimal
    """Its worth in the stake currency."""


class Balance(Answer):
    currencies: list[Currency]
    total: Decimal
    """In the stake currency."""
    total_bot: Decimal
    starting_capital: Decimal
    stake: str
    """The stake currency."""


class Count(Answer):
    current: int
    max: int
    total_stake: Decimal


class LastRound(Answer):
    last_process: Annotated[datetime, AfterValidator(_utc)] | None = None


class LogLine(Answer):
    at: Timestamp
    logger: str
    level: str
    message: str
