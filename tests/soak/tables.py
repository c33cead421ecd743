"""What a run prints."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def print_table(names: Sequence[str], counts: Mapping[Any, int]) -> None:
    """One row for each key, a word or several, in order, with its count; nothing where there is none."""
    rows = [(key if isinstance(key, tuple) else (key,), count) for key, count in sorted(counts.items())]
    if not rows:
        return
    widths = [max(len(name), *(len(key[place]) for key, _ in rows)) for place, name in enumerate(names)]
    say("\n" + "  ".join(name.ljust(width) for name, width in zip(names, widths, strict=True)))
    for key, count in rows:
        say("  ".join(word.ljust(width) for word, width in zip(key, widths, strict=True)) + f"  {count:>5}")
