"""One order of a bot, and the facts that it is judged by: both can be kept as JSON and judged again later."""

from decimal import ROUND_CEILING, Context, Decimal
from typing import Literal

from tools.bot import BotId, Frozen, Mode, Money, Pair

Side = Literal["buy", "sell"]

ZERO = Decimal(0)
MONEY = Decimal("1e-8")
NOISE = Decimal("1e-11")
"""Below this stands only what Freqtrade's floating point makes up."""
WIDE = Context(prec=700)
"""Enough for the product of the two largest floats there are."""


class Order(Frozen):
    """What a bot's Freqtrade is about to send to its exchange, or to make up in dry-run. On spot, a sale is an exit."""

    bot_id: BotId
    pair: Pair
    side: Side
    type: Literal["limit", "market"]
    amount: Money
    """In the base currency."""
    rate: Money
    """The limit, or the price that a market order is expected to get; stake currency for one of the base."""

    def cost_at(self, price: Decimal) -> Decimal:
        """The most that it takes of the stake currency: a market order may get a worse price than it expects.

        To eight decimal places, as money is, and upwards: many orders together take no more than is counted of them.
        """
        cost = self.amount * (max(self.rate, price) if self.type == "market" else self.rate)
        return cost.quantize(NOISE, context=WIDE).quantize(MONEY, ROUND_CEILING, WIDE)


class OrderFacts(Frozen):
    """What is true of a bot and of all bots of its mode at the moment of an order. Amounts in the stake currency."""

    stake_currency: str
    mode: Mode
    enters: bool
    """Whether the owner lets the bot enter."""
    pairs: tuple[Pair, ...]
    """Which pairs the owner gave it."""
    exposure_cap: Money
    """Stake times slots: what the owner saw when it was allowed."""
    trade_held: Money = ZERO
    """What the bot has in this pair already: positions, open entry orders, reservations."""
    bot_held: Money = ZERO
    """The same of all its pairs."""
    total_held: Money = ZERO
    """The same of all bots of this mode."""
    bot_trades: int = 0
    """How many trades it has open or under way."""
    total_trades: int = 0
    bot_entries_minute: int = 0
    """How many entry orders it was allowed within the last minute."""
    bot_entries_hour: int = 0
    total_entries_minute: int = 0
    total_entries_hour: int = 0
    bot_lost_today: Money = ZERO
    """What its trades that closed this UTC day lost on the whole; zero where they won."""
    total_lost_today: Money = ZERO
    bot_drawdown: Money = ZERO
    """How far its profit, open trades included, is below its peak."""
    total_drawdown: Money = ZERO
    loss_streak: int = 0
    """How many of its last trades closed with a loss in a row."""
    closed_ago_s: float | None = None
    """Since a trade of its in this pair closed; None where none did."""
    price: Money | None = None
    """What the venue last told; None where it told nothing."""
    price_age_s: float | None = None
    facts_age_s: float = 0
    """How old the youngest look at the bot's trades is."""
    panic: bool = False
    paused_for: str | None = None
    """The rule for which the guard paused the bot, until a person resumes it."""
    mandate_void: str | None = None
    """Why the bot has no mandate that holds; None where it has, and where it needs none."""

    @property
    def opens_trade(self) -> bool:
        """Whether an entry would be a trade of its own, and not an addition."""
        return self.trade_held == 0
