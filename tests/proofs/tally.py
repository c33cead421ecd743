"""What the proofs have counted; the terminal prints it at the end."""

from collections import Counter
from dataclasses import dataclass, field

STEPS = "steps"


@dataclass
class Tally:
    """Counts by name, refusals by rule, and requests that made no sense by their kind."""

    counts: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)

    def count(self, name: str, times: int = 1) -> None:
        self.counts[name] += times

    def add(self, other: "Tally") -> None:
        """What was counted elsewhere."""
        self.counts.update(other.counts)
        self.refusals.update(other.refusals)
        self.problems.update(other.problems)

    def lines(self) -> list[str]:
        """As they are printed."""
        told = list(self.notes)
        if steps := self.counts[STEPS]:
            a_second = steps / max(self.seconds, 0.001)
            told.append(f"the siege: {steps:,} steps in {self.seconds:.0f} s, {a_second:.0f} a second")
            told.append(_listed("what happened", self.counts, STEPS))
            told.append(_listed("refusals", self.refusals))
            told.append(_listed("requests that made no sense", self.problems))
        return told


TALLY = Tally()
"""Of the product as it is; machines with planted bugs count elsewhere."""


def _listed(what: str, counts: Counter[str], *but: str) -> str:
    shown = [(name, count) for name, count in counts.most_common() if name not in but]
    total = sum(count for _, count in shown)
    return f"{what}, {total:,}: " + ", ".join(f"{name} {count:,}" for name, count in shown)
