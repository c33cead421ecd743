"""What a run of crashes came to."""

from collections import Counter
from dataclasses import dataclass, field

from tests.soak.tables import print_table, say


@dataclass
class Tally:
    outcomes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By victim, where the order was when it was hit, and what became of it."""
    answers: Counter[str] = field(default_factory=Counter)
    differences: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    """What the product found by itself."""
    tidied: Counter[str] = field(default_factory=Counter)
    unfound: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    looks: int = 0
    restarts: int = 0
    """Of bots that were not killed."""


def report(tally: Tally, seed: int, seconds: float) -> bool:
    """Prints; whether all held."""
    hits = sum(tally.outcomes.values())
    say(f"\n{hits} moments with seed {seed} in {seconds / 60:.1f} minutes, {tally.looks} looks at what always holds")
    print_table(("victim", "order when it was hit", "what became of it"), tally.outcomes)
    print_table(("what the API answered",), tally.answers)
    print_table(("differences between a bot and the ledger",), tally.differences)
    print_table(("what the product's reconciliation found",), tally.findings)
    print_table(("how the next moment got a known state",), tally.tidied)
    say(f"bots started again beyond those that were killed: {tally.restarts}")
    for line in (*tally.broken, *(f"not found by the product: {line}" for line in tally.unfound)):
        say(f"BROKEN: {line}")
    return not (tally.broken or tally.unfound)
