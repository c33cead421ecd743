"""Which verbs a model has, with what each can touch. A verb that the person may not use is not there at all."""

from pydantic_ai import RunContext
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.toolsets import AbstractToolset, CombinedToolset

from tools.actions import Risk
from tools.bots import order_verbs, strategy_verbs
from tools.bots import verbs as bots
from tools.guard import verbs as guard
from tools.market import verbs as market
from tools.verbs import Hands

RISKS: dict[str, Risk] = {
    "list_bots": Risk.READ,
    "bot_status": Risk.READ,
    "bot_trades": Risk.READ,
    "bot_log": Risk.READ,
    "list_strategies": Risk.READ,
    "strategy_source": Risk.READ,
    "analyze_market": Risk.READ,
    "explain_limits": Risk.READ,
    "guard_status": Risk.READ,
    "live_status": Risk.READ,
    "list_proposals": Risk.READ,
    "create_bot": Risk.SIMULATED,
    "edit_bot": Risk.SIMULATED,
    "start_bot": Risk.SIMULATED,
    "resume_bot": Risk.SIMULATED,
    "pause_bot": Risk.SIMULATED,
    "stop_bot": Risk.SIMULATED,
    "delete_bot": Risk.SIMULATED,
    "change_mode": Risk.LIVE,
    "force_entry": Risk.SIMULATED,
    "force_exit": Risk.SIMULATED,
    "cancel_order": Risk.SIMULATED,
    "lock_pair": Risk.SIMULATED,
    "unlock_pair": Risk.SIMULATED,
    "panic": Risk.SIMULATED,
    "set_limits": Risk.LIMITS,
    "set_bot_limits": Risk.LIMITS,
    "block_pair": Risk.LIMITS,
    "unblock_pair": Risk.LIMITS,
    "release_panic": Risk.LIMITS,
    "store_strategy": Risk.LIMITS,
    "settle_finding": Risk.LIVE,
}
"""Every verb with the risk of its action; one that is missing here is never registered. None confirms or denies."""

TOOLSETS = (bots.toolset, order_verbs.toolset, strategy_verbs.toolset, market.toolset, guard.toolset)


def build_toolset() -> AbstractToolset[Hands]:
    """All verbs, filtered for each run by the scopes of whoever asks."""
    return CombinedToolset(TOOLSETS).filtered(_may)


def _may(context: RunContext[Hands], tool: ToolDefinition) -> bool:
    risk = RISKS.get(tool.name)
    return risk is Risk.READ or (risk is not None and "operate" in context.deps.actor.scopes)
