"""What a bot's REST server answers: money as Decimal, times aware and in UTC."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from tools.bot import PAIR_PATTERN

MOST_DIGITS = 40
"""Before or behind the point."""
UNREADABLE_PAIR = "UNREADABLE/PAIR"


def _from_ms(value: object) -> object:
    return datetime.fromtimestamp(float(value) / 1000, UTC) if isinstance(value, (int, Decimal)) else value


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _buys(value: object) -> object:
    return value == "buy" if isinstance(value, str) else value


def _or_zero(value: object) -> object:
    return 0 if value is None else value


def _reported_number(value: Decimal) -> Decimal:
    """A strategy shares the process that tells of it: what nobody ever counted would fill the memory if written out."""
    digits = value.adjusted() if value.is_finite() and value else 0
    if not value.is_finite() or abs(digits) > MOST_DIGITS or len(value.as_tuple().digits) > 2 * MOST_DIGITS:
        raise ValueError("not a number of money")
    return value


def _reported_pair(value: str) -> str:
    """A strategy shares the process that tells of it: what is no pair is not passed on, and still counts as a trade."""
    return value if PAIR_PATTERN.fullmatch(value) else UNREADABLE_PAIR


Number = Annotated[Decimal, AfterValidator(_reported_number)]
"""An amount, a rate or a ratio."""
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
    available_capital: Number | None = None
    stoploss: Number | None = None
    minimal_roi: dict[str, Number]
    bot_name: str
    force_entry_enable: bool
    position_adjustment_enable: bool


class TradeOrder(Answer):
    """An order of a trade that is open, or filled at least in part; `amount` in the base currency."""

    order_id: str
    is_entry: Annotated[bool, BeforeValidator(_buys)] = Field(validation_alias="ft_order_side")
    is_open: bool
    amount: Number
    filled: Annotated[Number, BeforeValidator(_or_zero)] = Decimal(0)
    price: Number = Field(validation_alias="safe_price")
    """What was paid on average, or the limit where nothing was."""
    at: Timestamp | None = Field(default=None, validation_alias="order_timestamp")

    @property
    def remaining(self) -> Decimal:
        return self.amount - self.filled

    @property
    def cost(self) -> Decimal:
        """Of the whole order, filled or not, in the stake currency."""
        return self.amount * self.price


class Trade(Answer):
    """An open or a closed trade; rates, stake and profit in the stake currency, `amount` in the base currency."""

    trade_id: int
    pair: Annotated[str, AfterValidator(_reported_pair)]
    is_open: bool
    strategy: str
    amount: Number
    stake_amount: Number
    open_rate: Number
    open_date: Timestamp = Field(validation_alias="open_timestamp")
    close_rate: Number | None = None
    close_date: Timestamp | None = Field(default=None, validation_alias="close_timestamp")
    current_rate: Number | None = None
    """Only of an open trade, and None while the exchange gives no price."""
    profit_abs: Number | None = None
    """Fees included; unrealised while the trade is open, None without a price."""
    profit_ratio: Number | None = None
    enter_tag: str | None = None
    exit_reason: str | None = None
    fee_open: Number | None = None
    """Ratio of the value."""
    fee_open_cost: Number | None = None
    fee_open_currency: str | None = None
    fee_close: Number | None = None
    fee_close_cost: Number | None = None
    fee_close_currency: str | None = None
    stop_loss_abs: Number | None = None
    has_open_orders: bool = False
    orders: tuple[TradeOrder, ...] = ()

    @property
    def pending(self) -> Decimal:
        """What its open entry orders may still take beyond `stake_amount`, in the stake currency.

        Freqtrade counts an order into `stake_amount` when it is no longer open; before the first one is,
        `stake_amount` is what was planned.
        """
        entries = [order for order in self.orders if order.is_entry]
        opened = sum((order.cost for order in entries if order.is_open), Decimal(0))
        entered = any(order.filled > 0 for order in entries if not order.is_open)
        return opened if entered else max(opened - self.stake_amount, Decimal(0))


class TradePage(Answer):
    trades: list[Trade]
    total_trades: int


class Profit(Answer):
    """Over the whole life of the bot's database."""

    profit_closed_coin: Number
    """Realised, in the stake currency."""
    profit_all_coin: Number
    """Realised and unrealised."""
    trade_count: int
    closed_trade_count: int
    winning_trades: int
    losing_trades: int
    winrate: Number | None = None
    profit_factor: Number | None = None
    expectancy: Number | None = None
    max_drawdown: Number | None = None
    """Ratio."""
    max_drawdown_abs: Number | None = None


class Currency(Answer):
    currency: str
    free: Number
    used: Number
    balance: Number
    est_stake: Number
    """Its worth in the stake currency."""


class Balance(Answer):
    currencies: list[Currency]
    total: Number
    """In the stake currency."""
    total_bot: Number
    starting_capital: Number
    stake: str
    """The stake currency."""


class Count(Answer):
    current: int
    max: int
    total_stake: Number


class Lock(Answer):
    """Keeps the bot out of a pair, or with `*` out of all."""

    id: int
    pair: str
    active: bool
    until: Timestamp = Field(validation_alias="lock_end_timestamp")
    reason: str | None = None


class Locks(Answer):
    locks: list[Lock]


class LastRound(Answer):
    last_process: Annotated[datetime, AfterValidator(_utc)] | None = None


class LogLine(Answer):
    at: Timestamp
    logger: str
    level: str
    message: str
