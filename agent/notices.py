"""Tells the desk and the conversations what happens to bots."""

from agent.events import DESK, ConversationEvents
from tools.bots.registry import Registry
from tools.cards import HealthCard, TradeCard
from tools.errors import Problem
from tools.store.events import EventLog
from tools.views import BotView, LimitsView, TradeView


class Notices:
    """The audience of the bots room: all becomes a numbered event, and a card in the conversation that made the bot."""

    def __init__(self, log: EventLog, registry: Registry) -> None:
        self._log = log
        self._registry = registry

    def bot_changed(self, bot: BotView) -> None:
        self._log.append(DESK, "bot", bot.model_dump(mode="json"))

    def bot_removed(self, bot_id: str) -> None:
        self._log.append(DESK, "bot_deleted", {"id": bot_id})

    def limits_changed(self, limits: LimitsView) -> None:
        self._log.append(DESK, "limits", limits.model_dump(mode="json"))

    def bot_crashed(self, bot: BotView) -> None:
        self.bot_changed(bot)
        conversation_id = self._conversation(bot.id)
        if conversation_id is not None:
            seq = self._log.read_last_seq(conversation_id)
            self._tell(conversation_id).notice(f"health-{bot.id}-{seq}", f"health-{bot.id}-{seq}", HealthCard(bot=bot))

    def trade_turned(self, trade: TradeView, conversation_id: str | None) -> None:
        """One message a trade: it comes when the trade opens, and its card changes in place when the trade closes."""
        self._log.append(DESK, "trade", trade.model_dump(mode="json"))
        if conversation_id is None:
            return
        run_id = f"trade-{trade.bot_id}-{trade.trade_id}"
        currency = trade.pair.split("/")[1]
        told = self._log.has_run(conversation_id, run_id)
        tell = self._tell(conversation_id)
        (tell.card if told else tell.notice)(run_id, run_id, TradeCard(stake_currency=currency, trade=trade))

    def is_watching(self) -> bool:
        return self._log.has_followers(DESK)

    def ticked(self, bots: list[BotView], open_trades: list[TradeView]) -> None:
        data = {
            "bots": [bot.model_dump(mode="json") for bot in bots],
            "trades": [trade.model_dump(mode="json") for trade in open_trades],
        }
        self._log.flash(DESK, "tick", data)

    def _tell(self, conversation_id: str) -> ConversationEvents:
        return ConversationEvents(self._log, conversation_id)

    def _conversation(self, bot_id: str) -> str | None:
        try:
            return self._registry.read(bot_id).conversation_id
        except Problem:
            return None
