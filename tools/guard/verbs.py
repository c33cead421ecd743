"""What a model may say of the limits, the pairs that are shut, the panic stop, and what waits for a person."""

from typing import Any

from pydantic_ai import FunctionToolset, ToolReturn

from tools.bots.requests import describe_finding
from tools.cards import BotsCard, GuardCard, LimitsCard, ProposalCard
from tools.verbs import Context, Hands, brief, brief_guard, brief_proposal, pair_of, submit, submit_for, told

toolset: FunctionToolset[Hands] = FunctionToolset(id="guard", require_parameter_descriptions=True)

Changes = dict[str, int | float | bool | str | list[str] | None]
ORDERS_TOLD = 10
PROPOSALS_TOLD = 10


@toolset.tool
async def explain_limits(context: Context) -> ToolReturn:
    """Tells the owner's limits and how much of them is used."""
    view = context.deps.desk.read_limits()
    names = {bot.bot_id: bot.bot_name for bot in view.bots}
    own = view.limits.bots.items()
    value = {
        "limits": view.limits.model_dump(mode="json", exclude={"bots"}),
        "own_limits": {names.get(key, key): one.model_dump(mode="json", exclude_none=True) for key, one in own},
        "modes": [mode.model_dump(mode="json") for mode in view.modes],
        "stake_currency": view.stake_currency,
        "total_used": str(view.total_exposure.used),
        "total_committed": str(view.total_exposure.committed),
    }
    return told(value, LimitsCard(limits=view))


@toolset.tool
async def set_limits(context: Context, changes: Changes) -> ToolReturn:
    """Makes the limits of all bots together tighter; looser is refused, that is the person's.

    Args:
        changes: Any of max_trade, max_bot_exposure, max_total_exposure, max_open_trades, max_daily_loss, max_drawdown,
            max_loss_streak, max_entries_per_minute, max_entries_per_hour, reentry_cooldown_s, blocked_pairs,
            allowed_pairs (patterns such as */USDT), live_enabled. Money in the stake currency.
    """
    return await submit(context, "set_limits", changes=_with_pairs(context, changes))


@toolset.tool
async def set_bot_limits(context: Context, bot: str, changes: Changes) -> ToolReturn:
    """Gives one bot tighter limits of its own; looser is refused.

    Args:
        bot: Its name or id.
        changes: As in set_limits, but max_total_exposure and live_enabled.
    """
    return await submit_for(context, "set_bot_limits", bot, changes=_with_pairs(context, changes))


@toolset.tool
async def block_pair(context: Context, pair: str) -> ToolReturn:
    """Lets no bot enter a pair any more.

    Args:
        pair: Such as DOGE/USDT.
    """
    return await submit(context, "block_pair", pair=pair_of(context, pair))


@toolset.tool
async def unblock_pair(context: Context, pair: str) -> ToolReturn:
    """Opens a blocked pair again: refused to you, since only the person loosens.

    Args:
        pair: Such as DOGE/USDT.
    """
    return await submit(context, "unblock_pair", pair=pair_of(context, pair))


@toolset.tool
async def panic(context: Context, exit: bool = False) -> ToolReturn:  # noqa: A002  the action's word
    """The panic stop: no bot enters anything, at once, until the person lifts it.

    Args:
        exit: Also sells all that the bots hold, at the market.
    """
    return await submit(context, "panic", exit=exit)


@toolset.tool
async def release_panic(context: Context) -> ToolReturn:
    """Lifts the panic stop: refused to you, the person has the button."""
    return await submit(context, "release_panic")


@toolset.tool
async def guard_status(context: Context) -> ToolReturn:
    """Tells whether the panic stop is on, and the newest orders of bots that the guard refused."""
    guard = context.deps.desk.read_guard()
    told_of = {"bot_name", "mode", "pair", "stake", "rule", "numbers", "at"}
    orders = [order.model_dump(mode="json", include=told_of) for order in guard.refused_orders[:ORDERS_TOLD]]
    return told({**brief_guard(guard), "refused_orders": orders}, GuardCard(guard=guard))


@toolset.tool
async def live_status(context: Context) -> ToolReturn:
    """Tells whether real money can be traded, which bots do, and where records and exchange differ."""
    live = context.deps.desk.read_live()
    check = live.check.model_dump(mode="json", exclude={"balances"}) if live.check else None
    bots = [brief(bot) for bot in live.bots]
    value = {**live.model_dump(mode="json", include={"enabled", "passed", "rule", "numbers"}), "check": check}
    found = context.deps.read_reconciliation()
    differences = [one.model_dump(mode="json", exclude={"bot_id"}) for one in found.findings]
    return told(
        {**value, "bots": bots, "agrees": found.agrees, "differences": differences},
        *([BotsCard(bots=live.bots)] if live.bots else []),
    )


@toolset.tool
async def settle_finding(context: Context, finding: str) -> ToolReturn:
    """Accepts what the exchange says in a difference that live_status tells; the person confirms it.

    Args:
        finding: Its id.
    """
    return await submit(context, "settle_finding", **describe_finding(context.deps.read_reconciliation(), finding))


@toolset.tool
async def list_proposals(context: Context) -> ToolReturn:
    """Lists what waits for the person's word. You can neither confirm nor deny it."""
    proposals = context.deps.proposals.read_open()[:PROPOSALS_TOLD]
    value = [{**brief_proposal(proposal), "status": proposal.status} for proposal in proposals]
    return told({"proposals": value}, *(ProposalCard(proposal=proposal) for proposal in proposals))


def _with_pairs(context: Context, changes: Changes) -> dict[str, Any]:
    """The changes with pairs as they are written here; a pattern stays as it is."""
    return {
        name: [pair if "*" in pair else pair_of(context, pair) for pair in value] if isinstance(value, list) else value
        for name, value in changes.items()
    }
