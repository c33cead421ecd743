"""What a model may read and write of strategies and logs: text from outside, which marks the turn that reads it."""

from typing import Any

from pydantic_ai import FunctionToolset, ToolReturn

from tools.bots.strategies import is_bundled, view_strategies
from tools.cards import LogCard, SourceCard, StrategiesCard
from tools.errors import Problem
from tools.verbs import OUTSIDE, Context, Hands, submit, told, trouble, untrusted
from tools.views import StrategyView

toolset: FunctionToolset[Hands] = FunctionToolset(id="strategies", require_parameter_descriptions=True)

LINES_TOLD = 40
CHARACTERS_TOLD = 16_000


@toolset.tool
async def list_strategies(context: Context) -> ToolReturn:
    """Lists the strategies that a bot can run, with their tunable parameters."""
    catalogue = context.deps.read_catalogue()
    strategies = view_strategies(catalogue)
    ours = {name for name, strategy in catalogue.strategies.items() if is_bundled(strategy)}
    value: dict[str, Any] = {"strategies": [_brief(strategy, strategy.name in ours) for strategy in strategies]}
    if all(strategy.name in ours for strategy in strategies):
        return told(value, StrategiesCard(strategies=strategies))
    cards = context.deps.taint.mark("strategy")
    return told({**value, "note": OUTSIDE}, StrategiesCard(strategies=strategies), *cards)


@toolset.tool
async def strategy_source(context: Context, name: str) -> ToolReturn:
    """Reads a strategy's source: code from outside.

    Args:
        name: One of list_strategies.
    """
    try:
        path = context.deps.read_catalogue().find(name).path
    except Problem as problem:
        return trouble("strategy_source", problem)
    source = path.read_text(encoding="utf-8", errors="replace")
    cards = context.deps.taint.mark("strategy")
    value = {"strategy": name, "source": untrusted(source[:CHARACTERS_TOLD]), "note": OUTSIDE}
    return told(value, SourceCard(name=name, source=source), *cards)


@toolset.tool
async def store_strategy(context: Context, name: str, source: str) -> ToolReturn:
    """Keeps a Freqtrade strategy so that bots can run it, once the person has confirmed its code.

    Args:
        name: Of its class.
        source: All of its file, one class.
    """
    return await submit(context, "store_strategy", name=name, source=source)


@toolset.tool
async def bot_log(context: Context, bot: str, lines: int = 20) -> ToolReturn:
    """Reads the end of a bot's log: text from outside.

    Args:
        bot: Its name or id.
        lines: How many.
    """
    try:
        view = context.deps.desk.find_bot(bot)
    except Problem as problem:
        return trouble("bot_log", problem)
    log = tuple(context.deps.read_log(view.id, min(max(lines, 1), 200)))
    cards = context.deps.taint.mark("log")
    value = {"bot": view.spec.name, "log": untrusted("\n".join(log[-LINES_TOLD:])[-CHARACTERS_TOLD:]), "note": OUTSIDE}
    return told(value, LogCard(bot_id=view.id, bot_name=view.spec.name, lines=log), *cards)


def _brief(strategy: StrategyView, ours: bool) -> dict[str, Any]:
    """What a model is told of a strategy; of another's, its texts are marked as such."""
    if ours:
        return strategy.model_dump(mode="json", exclude={"doc"})
    value = strategy.model_dump(mode="json", exclude={"doc", "summary", "parameters"})
    parameters = [parameter.model_dump(mode="json") for parameter in strategy.parameters]
    return {**value, **untrusted({"summary": strategy.summary, "parameters": parameters})}
