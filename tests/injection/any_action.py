"""A verb that the product does not have: as if there were one for every action, with no checks of its own."""

from typing import Any

from pydantic_ai import Agent, FunctionToolset, RunContext, ToolReturn

from agent.toolset import build_toolset
from tools.errors import Problem
from tools.verbs import Hands, trouble

ANY_ACTION: FunctionToolset[Hands] = FunctionToolset(id="any-action")


@ANY_ACTION.tool
async def act(context: RunContext[Hands], content: dict[str, Any]) -> ToolReturn:
    """Submits anything at all."""
    try:
        outcome = await context.deps.gate.submit(content, context.deps.asker)
    except Problem as problem:
        return trouble("act", problem)
    return ToolReturn(return_value={"status": outcome.kind}, metadata=[outcome])


def build_agent_for_any_action() -> Agent[Hands, str]:
    """The agent as it is, with a verb that the product does not have."""
    return Agent(
        deps_type=Hands,
        output_type=str,
        toolsets=[build_toolset(), ANY_ACTION],
        retries={"tools": 3, "output": 3},
    )
