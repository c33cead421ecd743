"""Something on which two sides do not agree."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Kind = Literal[
    "order_not_in_ledger",
    "foreign_order",
    "order_not_at_exchange",
    "fills_missing",
    "balance_short",
    "balance_changed",
    "bot_holds_more",
    "bot_holds_less",
    "order_not_in_bot",
    "order_only_in_bot",
    "left_over",
]

HARMLESS: frozenset[Kind] = frozenset({"foreign_order", "balance_changed", "left_over"})
"""What is to be known, and leaves nothing open."""

SETTLED_HERE: frozenset[Kind] = frozenset(
    {"order_not_in_ledger", "order_not_at_exchange", "balance_short", "balance_changed", "bot_holds_less",
     "order_not_in_bot", "left_over"}
)  # fmt: skip
"""What the gateway can put right once a person says so."""

SETTLED_BY_BOT: frozenset[Kind] = frozenset({"bot_holds_more", "order_only_in_bot"})
"""Where it is the bot that is wrong."""


@dataclass(frozen=True)
class Finding:
    """One difference: of a bot, or with None of the account; numbers as strings, ready for a sentence."""

    kind: Kind
    bot_id: str | None
    pair: str | None
    numbers: Mapping[str, str]

    @cached_property
    def id(self) -> str:
        """The same for the same difference, and another as soon as a number of it is another."""
        content = json.dumps([self.kind, self.bot_id, self.pair, sorted(self.numbers.items())])
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @property
    def is_uncertain(self) -> bool:
        """Whether it is open what a bot has or owes."""
        return self.kind not in HARMLESS

    @property
    def can_settle(self) -> bool:
        """Whether a person can have it put right."""
        return self.kind in SETTLED_HERE or self.kind in SETTLED_BY_BOT
