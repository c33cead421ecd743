"""The agent: instructions and verbs; the model comes with each run."""

from pydantic_ai import Agent

from agent.toolset import build_toolset
from tools.verbs import Hands


def build_agent() -> Agent[Hands, str]:
    """An agent that answers in text and acts by its verbs; it works for any model."""
    return Agent(
        deps_type=Hands,
        output_type=str,
        name="tradehelm",
        toolsets=[build_toolset()],
        retries={"tools": 3, "output": 3},
    )
