"""What a model may say of the limits."""

from pydantic_ai import FunctionToolset, ToolReturn

from tools.cards import LimitsCard
from tools.verbs import Context, Hands, told

toolset: FunctionToolset[Hands] = FunctionToolset(id="guard", require_parameter_descriptions=True)


@toolset.tool
async def explain_limits(context: Context) -> ToolReturn:
    """Tells the owner's limits and how much of them is used. They are not yours to change."""
    view = context.deps.desk.read_limits()
    value = {
        "limits": view.limits.model_dump(mode="json"),
        "stake_currency": view.stake_currency,
        "total_used": str(view.total_exposure.used),
        "total_committed": str(view.total_exposure.committed),
    }
    return told(value, LimitsCard(limits=view))
