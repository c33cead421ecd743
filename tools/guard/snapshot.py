"""Frozen facts, fetched before a judgement."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tools.bot import BotSpec, Mode, State
from tools.guard.limits import Limits
from tools.guard.live_check import Checked
from tools.guard.order import OrderFacts

ZERO = Decimal(0)


@dataclass(frozen=True)
class BotFacts:
    """What a bot holds and may come to hold, in the stake currency."""

    spec: BotSpec
    state: State
    open_exposure: Decimal
    """What its open trades, its open entry orders and its reservations hold."""
    claim: Decimal = ZERO
    """What it may need besides while an action on it is under way."""
    paused_for: str | None = None
    """The rule for which the guard paused it, until a person resumes it."""
    lost_today: Decimal = ZERO
    drawdown: Decimal = ZERO
    loss_streak: int = 0
    rate_refusals: int = 0
    """How many of its entries within the last minute came too fast by its own measure."""
    mandate_void: str | None = None
    """Of a bot that trades with real money: why it has no mandate that holds."""

    @property
    def committed(self) -> Decimal:
        """The most that it can hold without a further action: all its slots while it may enter, else what is open."""
        held = max(self.open_exposure, self.claim)
        return max(self.spec.exposure, held) if self.state is State.RUNNING else held


@dataclass(frozen=True)
class ModeFacts:
    """What is true of all bots of a mode together, those that were deleted included."""

    lost_today: Decimal = ZERO
    drawdown: Decimal = ZERO


@dataclass(frozen=True)
class Snapshot:
    """The world as it was when it was looked at."""

    limits: Limits
    bots: Mapping[str, BotFacts]
    stake_currency: str
    modes: Mapping[Mode, ModeFacts] = field(default_factory=dict)
    panic: bool = False
    order: OrderFacts | None = None
    """For an action that is an order of its own: the facts of that order."""
    live_check: Checked | None = None
    """The last look at the exchange key."""

    def of_mode(self, mode: Mode) -> ModeFacts:
        return self.modes.get(mode, ModeFacts())

    def with_state(self, bot_id: str, state: State) -> "Snapshot":
        """The same facts with one bot in another state."""
        return replace(self, bots={**self.bots, bot_id: replace(self.bots[bot_id], state=state)})

    def with_bot(self, bot_id: str, bot: BotFacts) -> "Snapshot":
        return replace(self, bots={**self.bots, bot_id: bot})

    def committed_by_others(self, bot_id: str | None, mode: Mode) -> Decimal:
        """What all bots of a mode but one can hold; simulated and real money are never added."""
        return sum((bot.committed for key, bot in self.bots.items() if key != bot_id and bot.spec.mode is mode), ZERO)
