"""Tells the desk and the conversations what happens to bots."""

import time

from agent.events import DESK, ConversationEvents, redraw
from tools.bots.registry import Registry
from tools.cards import BotCard, GuardCard, HealthCard, ProposalCard, RefusalCard, TradeCard
from tools.errors import Problem
from tools.store.events import EventLog
from tools.views import (
    BotView,
    GuardView,
    LimitsView,
    OrderRefusalView,
    ProposalView,
    ReconciliationView,
    TradeView,
)

REPEATED_WITHIN_S = 60.0
"""A strategy that is refused asks again with every candle or sooner: meanwhile that is shown but not kept."""


class Notices:
    """The audience of the bots room: all becomes a numbered event, and a card in the conversation that made the bot."""

    def __init__(self, log: EventLog, registry: Registry) -> None:
        self._log = log
        self._registry = registry
        self._refused: dict[str, float] = {}

    def bot_changed(self, bot: BotView) -> None:
        """One message where the guard has paused the bot; the rest is for the desk."""
        self._log.append(DESK, "bot", bot.model_dump(mode="json"))
        conversation_id = self._conversation(bot.id) if bot.hold else None
        if bot.hold and conversation_id is not None:
            run_id = f"hold-{bot.id}-{bot.hold.at.timestamp():.0f}"
            if not self._log.has_run(conversation_id, run_id):
                self._tell(conversation_id).notice(run_id, run_id, BotCard(bot=bot))

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
        currency = trade.pair.partition("/")[2]
        told = self._log.has_run(conversation_id, run_id)
        tell = self._tell(conversation_id)
        (tell.card if told else tell.notice)(run_id, run_id, TradeCard(stake_currency=currency, trade=trade))

    def proposal_changed(self, proposal: ProposalView) -> None:
        """A new one is shown by the verb that made it; its later states are drawn in its place."""
        self._log.append(DESK, "proposal", proposal.model_dump(mode="json"))
        redraw(self._log, ProposalCard(proposal=proposal))

    def guard_changed(self, guard: GuardView) -> None:
        self._log.append(DESK, "guard", guard.model_dump(mode="json"))

    def order_refused(self, refusal: OrderRefusalView, conversation_id: str | None) -> None:
        """One message a day for each bot, pair and rule; while the bot goes on asking, its card changes in place."""
        key = f"refused-{refusal.bot_id}-{refusal.pair}-{refusal.rule}"
        data = refusal.model_dump(mode="json")
        if self._is_repeated(key):
            self._log.flash(DESK, "order_refused", data)
            return
        self._log.append(DESK, "order_refused", data)
        if conversation_id is None:
            return
        run_id = f"{key}-{refusal.at:%Y-%m-%d}"
        told = self._log.has_run(conversation_id, run_id)
        tell = self._tell(conversation_id)
        card = GuardCard(guard=GuardView(panic=None, refused_orders=(refusal,)))
        (tell.card if told else tell.notice)(run_id, run_id, card)

    def kept_out(self, refusal: RefusalCard, bot: BotView) -> None:
        """One message, though several may find it at the same time."""
        self._log.append(DESK, "kept_out", {"bot_id": bot.id, **refusal.model_dump(mode="json")})
        self.bot_changed(bot)
        conversation_id = self._conversation(bot.id)
        run_id = f"kept-out-{bot.id}-{refusal.rule}-{refusal.numbers.get('reason', '')}-{refusal.at:%Y-%m-%dT%H:%M}"
        if conversation_id is not None and not self._log.has_run(conversation_id, run_id):
            self._tell(conversation_id).notice(run_id, run_id, refusal)

    def reconciled(self, found: ReconciliationView) -> None:
        self._log.append(DESK, "reconciliation", found.model_dump(mode="json"))

    def is_watching(self) -> bool:
        return self._log.has_followers(DESK)

    def ticked(self, bots: list[BotView], open_trades: list[TradeView]) -> None:
        data = {
            "bots": [bot.model_dump(mode="json") for bot in bots],
            "trades": [trade.model_dump(mode="json") for trade in open_trades],
        }
        self._log.flash(DESK, "tick", data)

    def _is_repeated(self, key: str) -> bool:
        """Whether the same was told a short while ago; forgets what was told longer ago."""
        at = time.monotonic()
        self._refused = {one: then for one, then in self._refused.items() if at - then < REPEATED_WITHIN_S}
        repeated = key in self._refused
        self._refused.setdefault(key, at)
        return repeated

    def _tell(self, conversation_id: str) -> ConversationEvents:
        return ConversationEvents(self._log, conversation_id)

    def _conversation(self, bot_id: str) -> str | None:
        try:
            return self._registry.read(bot_id).conversation_id
        except Problem:
            return None
