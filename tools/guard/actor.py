"""Who asks."""

from typing import Literal

from tools.bot import Frozen

Door = Literal["web", "cli", "rest", "telegram", "mcp", "recovery", "guard", "gateway", "bot"]
Scope = Literal["read", "operate", "confirm"]
OWNER: frozenset[Scope] = frozenset({"read", "operate", "confirm"})
PERSONAL: frozenset[Door] = frozenset({"web", "cli", "rest", "telegram"})
"""Doors that a person comes through; a program that a person gave the confirm scope counts as that person."""


class Actor(Frozen):
    """Who asks, through which door, with which scopes."""

    door: Door
    agent: bool = False
    """Whether a model speaks for the person: it proposes, and never confirms or loosens."""
    scopes: frozenset[Scope] = OWNER
    tainted: bool = False
    """Whether this turn has read untrusted text."""
    caller: str | None = None
    """Which session or token, by the first digits of its secret's hash."""
    conversation_id: str | None = None
    run_id: str | None = None

    @property
    def may_confirm(self) -> bool:
        """Whether this is a person's own word."""
        return not self.agent and "confirm" in self.scopes and self.door in PERSONAL


GUARD = Actor(door="guard", scopes=frozenset({"operate"}))
"""The guard itself, by what it watches and the clock."""
