"""Which moments of an order's life a process is killed in: drawn from a seed, over lengths that were measured."""

import random
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Victim = Literal["bot", "gateway", "api", "exchange"]
Operation = Literal["enter", "rest", "cancel", "exit"]
Stage = Literal["before", "flight", "noted", "after", "stop"]

VICTIMS: tuple[Victim, ...] = ("bot", "gateway", "api", "exchange")
STAGES: tuple[Stage, ...] = ("before", "flight", "flight", "flight", "noted", "after", "stop")
SLOWED = (None, "latency", "delayed_answer")
"""What the exchange does to orders meanwhile, so that some of them are hit on their way: late to it, or late back."""
SLOW_S = 0.5
FLIGHT_S = 0.012
"""How long an order is on its way where nothing is slowed."""
NOTED_S = 0.08
"""So soon after the gateway knows of it the bot should know too."""


@dataclass(frozen=True)
class Length:
    """Of an operation, in seconds from its beginning: until its order is written down, and until all is done."""

    sent_s: float
    done_s: float


def median(lengths: Sequence[Length]) -> Length:
    return Length(*(statistics.median(getattr(one, name) for one in lengths) for name in ("sent_s", "done_s")))


@dataclass(frozen=True)
class Hit:
    """When one bot's order is hit. `rests` is whether an entry is to rest, `at` where in its stage it is hit."""

    stage: Stage
    at: float
    rests: bool

    def begins_s(self, operation: Operation, lengths: Mapping[Operation, Length], slowed: str | None) -> float:
        """When its stage begins, from the operation's beginning, as far as can be told before."""
        length, slow_s = lengths[operation], SLOW_S if slowed else 0.0
        match self.stage:
            case "before":
                return 0.0
            case "flight":
                return length.sent_s
            case "stop" if operation == "enter":
                return length.done_s + slow_s
        return length.sent_s + slow_s

    def lasts_s(self, operation: Operation, lengths: Mapping[Operation, Length], slowed: str | None) -> float:
        length, slow_s = lengths[operation], SLOW_S if slowed else 0.0
        match self.stage:
            case "before":
                return length.sent_s
            case "noted":
                return NOTED_S
            case "after":
                return length.done_s - length.sent_s + slow_s
        return FLIGHT_S + slow_s

    def delay_s(self, operation: Operation, lengths: Mapping[Operation, Length], slowed: str | None) -> float:
        """From the operation's beginning to the kill."""
        begins_s = self.begins_s(operation, lengths, slowed)
        return begins_s + self.at * self.lasts_s(operation, lengths, slowed)


@dataclass(frozen=True)
class Round:
    """One kill, and what it hits: an order of each bot. By the `lead`'s order its moment is chosen."""

    victim: Victim
    slowed: str | None
    slows: Literal["POST", "DELETE"]
    lead: int
    hits: tuple[Hit, ...]


def draw_rounds(seed: int, bots: int) -> Iterator[Round]:
    """Without end, and the same for the same numbers; victims take turns."""
    chance = random.Random(seed)
    while True:
        for victim in chance.sample(VICTIMS, len(VICTIMS)):
            slowed = chance.choice(SLOWED)
            hits = tuple(Hit(chance.choice(STAGES), chance.random(), chance.random() < 0.3) for _ in range(bots))
            yield Round(victim, slowed, chance.choice(("POST", "POST", "DELETE")), chance.randrange(bots), hits)
