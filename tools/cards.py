"""Typed blocks for the screen, as one closed union: a door knows how to draw each of these and nothing else."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from tools.views import (
    AnalysisView,
    BotView,
    GuardView,
    LimitsView,
    ProposalView,
    ReconciliationView,
    StrategyView,
    TradeView,
    View,
)


class BotCard(View):
    kind: Literal["bot"] = "bot"
    bot: BotView


class BotsCard(View):
    kind: Literal["bots"] = "bots"
    bots: tuple[BotView, ...]


class TradesCard(View):
    """Trades that were asked for."""

    kind: Literal["trades"] = "trades"
    bot_id: str
    bot_name: str
    stake_currency: str
    trades: tuple[TradeView, ...]


class TradeCard(View):
    """One trade that the bot made; drawn anew in place when it closes."""

    kind: Literal["trade"] = "trade"
    stake_currency: str
    trade: TradeView


class AnalysisCard(View):
    kind: Literal["analysis"] = "analysis"
    analysis: AnalysisView


class LimitsCard(View):
    kind: Literal["limits"] = "limits"
    limits: LimitsView


class StrategiesCard(View):
    kind: Literal["strategies"] = "strategies"
    strategies: tuple[StrategyView, ...]


class ReceiptCard(View):
    """What was really done, read back from the thing that was changed."""

    kind: Literal["receipt"] = "receipt"
    audit_id: int
    action: str
    """The kind of the action."""
    at: AwareDatetime
    bot: BotView | None = None
    limits: LimitsView | None = None
    guard: GuardView | None = None
    strategy: StrategyView | None = None
    reconciliation: ReconciliationView | None = None


class RefusalCard(View):
    """What the guard refused: the rule and its numbers; the words are made by whoever shows it."""

    kind: Literal["refusal"] = "refusal"
    audit_id: int
    action: str
    at: AwareDatetime
    rule: str
    numbers: dict[str, str]


class ProblemCard(View):
    """A request that could not be done as it stood."""

    kind: Literal["problem"] = "problem"
    action: str
    at: AwareDatetime
    problem: str
    numbers: dict[str, str]


class HealthCard(View):
    """A bot that crashed or came back, told without being asked."""

    kind: Literal["health"] = "health"
    bot: BotView


class ProposalCard(View):
    """An action that waits for a person; drawn anew in place whenever its status changes."""

    kind: Literal["proposal"] = "proposal"
    proposal: ProposalView


class TaintCard(View):
    """This turn has read text from outside: from now on it can only propose."""

    kind: Literal["taint"] = "taint"
    source: Literal["log", "strategy", "tags", "earlier"]
    """What was read; `earlier`: the conversation has read such text before."""


class LogCard(View):
    """The last lines of a bot's log."""

    kind: Literal["log"] = "log"
    bot_id: str
    bot_name: str
    lines: tuple[str, ...]


class SourceCard(View):
    """A strategy's source."""

    kind: Literal["source"] = "source"
    name: str
    source: str


class GuardCard(View):
    """What the guard keeps from happening now: the panic stop, and orders that it refused."""

    kind: Literal["guard"] = "guard"
    guard: GuardView


Card = Annotated[
    BotCard
    | BotsCard
    | TradesCard
    | TradeCard
    | AnalysisCard
    | LimitsCard
    | StrategiesCard
    | ReceiptCard
    | RefusalCard
    | ProblemCard
    | HealthCard
    | ProposalCard
    | TaintCard
    | LogCard
    | SourceCard
    | GuardCard,
    Field(discriminator="kind"),
]
CARD: TypeAdapter[Card] = TypeAdapter(Card)
