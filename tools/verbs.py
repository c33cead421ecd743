"""What all verbs share: short data for the model, cards for the person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic_ai import RunContext, ToolReturn

from tools.bots.desk import Desk
from tools.cards import Card, ProblemCard, ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.freqtrade.catalogue import Catalogue
from tools.guard.actor import Actor
from tools.guard.gate import Gate
from tools.market.analysis import Analyst
from tools.views import BotView


@dataclass(frozen=True)
class Hands:
    """What verbs work with. Who asks stands here, never in what a model says."""

    gate: Gate
    desk: Desk
    analyst: Analyst
    read_catalogue: Callable[[], Catalogue]
    actor: Actor


Context = RunContext[Hands]


def told(value: dict[str, Any], *cards: Card) -> ToolReturn:
    """A tool's return: `value` for the model, `cards` for the person."""
    return ToolReturn(return_value=value, metadata=list(cards))


async def submit(context: Context, kind: str, **content: Any) -> ToolReturn:
    """Has an action judged and done; a refusal and a problem are answers too, so that the model can tell of them."""
    try:
        outcome = await context.deps.gate.submit({"kind": kind, **content}, context.deps.actor)
    except Problem as problem:
        return trouble(kind, problem)
    match outcome:
        case RefusalCard():
            value = {"status": "refused", "action": kind, "rule": outcome.rule, "numbers": outcome.numbers}
            return told(value, outcome)
        case ReceiptCard():
            bot = {"bot": brief(outcome.bot)} if outcome.bot else {}
            return told({"status": "done", "action": kind, **bot}, outcome)


def trouble(kind: str, problem: Problem) -> ToolReturn:
    """A request that could not be done, for the model and the person."""
    numbers = dict(problem.numbers)
    card = ProblemCard(action=kind, at=datetime.now(UTC), problem=problem.kind, numbers=numbers)
    return told({"status": "problem", "action": kind, "problem": problem.kind, "numbers": numbers}, card)


def brief(bot: BotView) -> dict[str, Any]:
    """A bot in the few words that a model needs."""
    view = bot.model_dump(mode="json", exclude={"spec", "log_tail", "venue", "created_at", "started_at"})
    spec = bot.spec.model_dump(mode="json", exclude={"description", "parameters"}, exclude_none=True)
    return {**spec, **view}
