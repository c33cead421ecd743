"""Who comes through which door, in the proofs."""

from tools.guard.actor import OWNER, Actor, Scope

OPERATE: frozenset[Scope] = frozenset({"read", "operate"})

PEOPLE = (
    Actor(door="web", caller="owner"),
    Actor(door="telegram", caller="owner"),
    Actor(door="cli", caller="owner"),
    Actor(door="rest", caller="token"),
)
"""Whose word counts."""

RECOVERY = Actor(door="recovery", scopes=OPERATE)

NO_WORD = (
    Actor(door="rest", scopes=OPERATE, caller="without confirm"),
    Actor(door="telegram", scopes=OPERATE, caller="a chat that is not the owner's"),
    Actor(door="web", scopes=frozenset(), caller="nobody"),
    Actor(door="mcp", scopes=OWNER),
    Actor(door="mcp", scopes=OWNER, agent=True),
    RECOVERY,
    Actor(door="guard", scopes=OPERATE),
    Actor(door="bot", scopes=OWNER),
    Actor(door="web", scopes=OWNER, agent=True),
    Actor(door="telegram", scopes=OWNER, agent=True),
)
"""Whose word does not count, whatever they hold."""

ASKERS = (
    *PEOPLE,
    *NO_WORD[:6],
    Actor(door="recovery", scopes=OPERATE, tainted=True),
    Actor(door="web", agent=True),
    Actor(door="web", agent=True, tainted=True),
    Actor(door="telegram", agent=True, tainted=True),
    Actor(door="mcp", agent=True, tainted=True),
    Actor(door="web", tainted=True),
)


def has_word(actor: Actor) -> bool:
    """Written apart from the product's own answer."""
    return actor in PEOPLE


def may_ask_for_more(actor: Actor) -> bool:
    """A person at their own door, who may at least propose to loosen."""
    return not actor.agent and actor.door in ("web", "telegram", "cli", "rest")
