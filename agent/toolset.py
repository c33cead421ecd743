"""Which verbs a model has, with what each can touch. A verb that the person may not use is not there at all."""

from enum import StrEnum

from pydantic_ai import RunContext
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.toolsets import AbstractToolset, CombinedToolset

from tools.bots import verbs as bots
from tools.guard import verbs as guard
from tools.market import verbs as market
from tools.verbs import Hands


class Risk(StrEnum):
    """What a verb can change."""

    READ = "read"
    WRITE = "write"


RISKS: dict[str, Risk] = {
    "list_bots": Risk.READ,
    "list_strategies": Risk.READ,
    "bot_status": Risk.READ,
    "bot_trades": Risk.READ,
    "analyze_market": Risk.READ,
    "explain_limits": Risk.READ,
    "create_bot": Risk.WRITE,
    "edit_bot": Risk.WRITE,
    "start_bot": Risk.WRITE,
    "pause_bot": Risk.WRITE,
    "stop_bot": Risk.WRITE,
    "delete_bot": Risk.WRITE,
}
"""Every verb; one that is missing here is never registered."""


def build_toolset() -> AbstractToolset[Hands]:
    """All verbs, filtered for each run by the scopes of whoever asks."""
    return CombinedToolset([bots.toolset, market.toolset, guard.toolset]).filtered(_may)


def _may(context: RunContext[Hands], tool: ToolDefinition) -> bool:
    risk = RISKS.get(tool.name)
    return risk is Risk.READ or (risk is Risk.WRITE and "operate" in context.deps.actor.scopes)
