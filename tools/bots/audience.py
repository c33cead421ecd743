"""Who is told of what happens to bots."""

from typing import Protocol

from tools.views import BotView, LimitsView, TradeView


class Audience(Protocol):
    """Told after the fact; must not fail and must not wait."""

    def bot_changed(self, bot: BotView) -> None: ...

    def bot_removed(self, bot_id: str) -> None: ...

    def bot_crashed(self, bot: BotView) -> None:
        """A process ended, or stopped answering, without being asked to."""

    def trade_turned(self, trade: TradeView, conversation_id: str | None) -> None:
        """A trade opened or closed."""

    def limits_changed(self, limits: LimitsView) -> None: ...

    def is_watching(self) -> bool:
        """Whether anyone would see a tick: profits are not worked out for nobody."""

    def ticked(self, bots: list[BotView], open_trades: list[TradeView]) -> None:
        """Profits moved with the prices."""
