"""What a person asked for, read from their words and not yet looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Verb = Literal[
    "create_bot",
    "edit_bot",
    "start_bot",
    "pause_bot",
    "stop_bot",
    "delete_bot",
    "list_bots",
    "bot_status",
    "bot_trades",
    "analyze_market",
    "explain_limits",
    "list_strategies",
    "resume_bot",
    "change_mode",
    "force_entry",
    "force_exit",
    "cancel_order",
    "lock_pair",
    "unlock_pair",
    "block_pair",
    "unblock_pair",
    "set_limits",
    "set_bot_limits",
    "panic",
    "release_panic",
    "guard_status",
    "live_status",
    "list_proposals",
    "bot_log",
    "strategy_source",
]
READS: frozenset[Verb] = frozenset(
    {
        "list_bots",
        "bot_status",
        "bot_trades",
        "bot_log",
        "analyze_market",
        "explain_limits",
        "list_strategies",
        "strategy_source",
        "guard_status",
        "live_status",
        "list_proposals",
    }
)
"""The verbs that change nothing."""


@dataclass(frozen=True)
class Doubt:
    """Something said that is asked about rather than taken; `key` says how that is told."""

    key: str
    said: str = ""


@dataclass(frozen=True)
class Target:
    """Which bots are meant, as far as the words say."""

    names: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    strategy: str | None = None
    mode: str | None = None
    states: frozenset[str] = frozenset()
    crashed: bool = False
    every: bool = False
    both: bool = False
    it: bool = False
    them: bool = False
    one: bool = False
    """"The bot", whichever that is."""
    nth: int | None = None
    loose: bool = False
    """Whether a name may be longer than the words that no table knows: the list of bots tells."""
    spoken: str = ""
    """The words of this part of the message, to find names in that are made of known words."""
    but: tuple[str, ...] = ()
    deictic: bool = False
    """Whether "all" stands without "bots": all of what was talked of, where something was."""
    others: bool = False
    """All but those that were talked of."""

    @property
    def described(self) -> bool:
        """Whether it tells bots apart by something other than their name."""
        return bool(self.pairs or self.strategy or self.mode or self.states or self.crashed or self.nth)

    @property
    def named(self) -> bool:
        """Whether it tells whom, by more than a pair: a pair may be what is traded instead."""
        told = self.names or self.strategy or self.mode or self.states or self.crashed or self.nth
        return bool(told or self.both or self.it or self.them or self.one or (self.every and not self.deictic))

    @property
    def empty(self) -> bool:
        return not (self.names or self.described or self.every or self.both or self.it or self.them or self.one)


@dataclass(frozen=True)
class Nudge:
    """A change of a number relative to what it is: by an amount, by a percentage or by a factor."""

    setting: str
    plus: float = 0
    times: float = 1


@dataclass(frozen=True)
class Step:
    """One thing to do."""

    verb: Verb
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of the verb, the bot apart."""
    target: Target = Target()
    add_pairs: tuple[str, ...] = ()
    drop_pairs: tuple[str, ...] = ()
    nudge: Nudge | None = None
    confirmed: bool = False
    """Whether the person has said yes to just this."""
    doubts: tuple[Doubt, ...] = ()
    """What keeps it from being done until that is asked."""
    unread: tuple[str, ...] = ()
    """Parts of what was said that nobody understood and that it does without."""
    about: Literal["", "profit", "confirm", "held"] = ""
    """What of an answer is asked for."""


@dataclass(frozen=True)
class Reading:
    """A message, understood as far as it goes."""

    steps: tuple[Step, ...] = ()
    """To be done now."""
    offered: tuple[Step, ...] = ()
    """Perhaps asked for: to be offered, not done."""
    denied: tuple[Step, ...] = ()
    """Asked not to be done."""
    talk: str | None = None
    """A sentence to answer with, by the end of its key."""
    topic: str | None = None
    """The glossary's entry that is asked for."""
    unread: tuple[str, ...] = ()
    """Parts that were not understood beside others that were."""
    answer: Literal["yes", "no", "cancel"] | None = None
    confirms: bool = False
    """Whether it is the word that a proposal waits for, which is not ours to pass on."""
    explicit: bool = False
    """Whether it asks for something in so many words, rather than by naming it."""
