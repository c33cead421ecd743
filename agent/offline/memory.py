"""What is known from the turns before: the bots that were talked of, and what was asked or offered last."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from agent.offline.requests import Step
from agent.words import Language

Missing = Literal["pairs_and_stake", "pairs", "stake", "bot", "changes", "pair"]


@dataclass(frozen=True)
class Pending:
    """A request that waits for something to be told; its first step is the one that lacks it."""

    missing: Missing
    steps: tuple[Step, ...]
    options: tuple[str, ...] = ()
    """The bots that were named to choose from."""


@dataclass(frozen=True)
class Memory:
    """What one turn leaves for the next."""

    language: Language | None = None
    focus: tuple[str, ...] = ()
    """Names of the bots that were talked of last."""
    known: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Bots by their plain name, as they were last seen."""
    pending: Pending | None = None
    offer: tuple[Step, ...] = ()
    proposed: bool = False
    """Whether something was asked for that waits for the person's own word."""
    question: str = ""
    """The words of what was asked or offered."""
