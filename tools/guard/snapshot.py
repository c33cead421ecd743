"""Frozen facts, fetched before a judgement."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from tools.bot import BotSpec, Mode, State
from tools.guard.limits import Limits


@dataclass(frozen=True)
class BotFacts:
    """What a bot holds and may come to hold, in the stake currency."""

    spec: BotSpec
    state: State
    open_exposure: Decimal
    """What its open trades hold."""
    claim: Decimal = Decimal(0)
    """What it may need besides while an action on it is under way."""

    @property
    def committed(self) -> Decimal:
        """The most that it can hold without a further action: all its slots while it may enter, else what is open."""
        held = max(self.open_exposure, self.claim)
        return max(self.spec.exposure, held) if self.state is State.RUNNING else held


@dataclass(frozen=True)
class Snapshot:
    """The world as it was when it was looked at."""

    limits: Limits
    bots: Mapping[str, BotFacts]
    stake_currency: str

    def with_state(self, bot_id: str, state: State) -> "Snapshot":
        """The same facts with one bot in another state."""
        return replace(self, bots={**self.bots, bot_id: replace(self.bots[bot_id], state=state)})

    def committed_by_others(self, bot_id: str | None, mode: Mode) -> Decimal:
        """What all bots of a mode but one can hold; simulated and real money are never added."""
        return sum(
            (bot.committed for key, bot in self.bots.items() if key != bot_id and bot.spec.mode is mode), Decimal(0)
        )
