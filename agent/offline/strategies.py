"""The strategies by the ideas that people name."""

from collections.abc import Sequence

from agent.offline import names
from agent.offline.found import Settings
from agent.offline.marks import Mark
from agent.offline.tokens import Text

STRATEGIES = {
    "rsi": "RsiMeanReversion",
    "ema": "EmaCross",
    "bollinger": "BollingerBreakout",
    "breakout": "BollingerBreakout",
}
"""An idea that is not here is passed on by its name: the verb tells which strategies there are."""


def read_strategy(text: Text, marks: Sequence[Mark], settings: Settings) -> None:
    """The strategy that is named, by its name or by its idea."""
    for i, mark in enumerate(marks):
        if i in settings.taken or not mark.has("set:strategy"):
            continue
        if (beside := _named_beside(text, marks, i, settings.taken)) is not None:
            settings.take("strategy", beside[0], i, *beside[1])
    for i, mark in enumerate(marks):
        idea = mark.value("strategy") if i not in settings.taken else None
        if idea:
            settings.take("strategy", STRATEGIES.get(idea) or as_class(names.said(text, mark)), i)


def _named_beside(text: Text, marks: Sequence[Mark], label: int, taken: set[int]) -> tuple[str, set[int]] | None:
    """A strategy that is named beside the word "strategy" and that no table knows."""
    if any(mark.value("strategy") for mark in marks[max(0, label - 1) :]):
        return None
    for i in (label - 1, label + 1, label + 2):
        if 0 <= i < len(marks) and i not in taken and (marks[i].unknown or marks[i].quoted):
            between = marks[min(i, label) + 1 : max(i, label)]
            if all(mark.has("set:name") or mark.words in (":", "=") for mark in between):
                return as_class(names.said(text, marks[i])), {i}
    return None


def as_class(said: str) -> str:
    """As a strategy's name is written: "ma cross" is MaCross, MACD stays."""
    return "".join(word[:1].upper() + word[1:] for word in said.replace("-", " ").replace("_", " ").split())
