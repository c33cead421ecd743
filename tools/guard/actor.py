"""Who asks."""

from typing import Literal

from tools.bot import Frozen

Door = Literal["web", "cli", "rest", "telegram", "mcp", "recovery", "guard"]
Scope = Literal["read", "operate", "confirm"]
OWNER: frozenset[Scope] = frozenset({"read", "operate", "confirm"})


class Actor(Frozen):
    """Who asks, through which door, with which scopes."""

    door: Door
    agent: bool = False
    """Whether a model speaks for the person: it proposes, and never confirms or loosens."""
    scopes: frozenset[Scope] = OWNER
    tainted: bool = False
    """Whether this turn has read untrusted text."""
    conversation_id: str | None = None
    run_id: str | None = None
