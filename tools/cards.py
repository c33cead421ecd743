"""Typed blocks for the screen, as one closed union: a door knows how to draw each of these and nothing else."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from tools.views import AnalysisView, BotView, LimitsView, StrategyView, TradeView, View


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
    | HealthCard,
    Field(discriminator="kind"),
]
CARD: TypeAdapter[Card] = TypeAdapter(Card)
