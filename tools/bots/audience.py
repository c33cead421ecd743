"""Who is told of what happens to bots, and of what the guard keeps from happening."""

from typing import Protocol

from tools.cards import RefusalCard
from tools.views import BotView, GuardView, LimitsView, OrderRefusalView, ProposalView, ReconciliationView, TradeView


class Audience(Protocol):
    """Told after the fact; must not fail and must not wait."""

    def bot_changed(self, bot: BotView) -> None: ...

    def bot_removed(self, bot_id: str) -> None: ...

    def bot_crashed(self, bot: BotView) -> None:
        """A process ended, or stopped answering, without being asked to."""

    def trade_turned(self, trade: TradeView, conversation_id: str | None) -> None:
        """A trade opened or closed."""

    def limits_changed(self, limits: LimitsView) -> None: ...

    def proposal_changed(self, proposal: ProposalView) -> None:
        """An action began to wait for a person, or its waiting came to something."""

    def guard_changed(self, guard: GuardView) -> None:
        """The panic stop was pressed, came to something, or was lifted."""

    def order_refused(self, refusal: OrderRefusalView, conversation_id: str | None) -> None:
        """The guard did not let a bot make an entry order."""

    def kept_out(self, refusal: RefusalCard, bot: BotView) -> None:
        """A bot does not enter with real money any more, and why: mostly it is not what a person confirmed."""

    def reconciled(self, found: ReconciliationView) -> None:
        """What was recorded, the bots and the exchange agree where they did not, or the other way round."""

    def is_watching(self) -> bool:
        """Whether anyone would see a tick: profits are not worked out for nobody."""

    def ticked(self, bots: list[BotView], open_trades: list[TradeView]) -> None:
        """Profits moved with the prices."""
