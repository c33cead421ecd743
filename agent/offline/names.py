"""Names that a person gives: after "called", in quotes, or as a word that no table knows."""

from collections.abc import Sequence

from agent.offline.marks import Mark
from agent.offline.tokens import Text

_MOST_WORDS = 6
_SKIPPED = ("of", "the")


def said(text: Text, mark: Mark) -> str:
    """A mark as it was written, without the quotes around it."""
    raw = text.raw[mark.start : mark.end]
    return raw[1:-1].strip() if mark.quoted else raw.strip()


def given_name(text: Text, marks: Sequence[Mark], label: int) -> tuple[str | None, set[int]]:
    """The name after a label such as "called", and the marks that it takes with its label."""
    taken = {label}
    i = label + 1
    while i < len(marks) and (marks[i].words in (":", "=", "-") or (marks[i].has(*_SKIPPED) and not marks[i].unknown)):
        taken.add(i)
        i += 1
    if i >= len(marks) or marks[i].has("comma"):
        return None, taken
    if marks[i].quoted:
        return said(text, marks[i]), taken | {i}
    last = i
    while last + 1 < len(marks) and marks[last + 1].unknown and last - i < _MOST_WORDS:
        last += 1
    return text.between(marks[i].start, marks[last].end), taken | set(range(i, last + 1))


def unknown_groups(text: Text, marks: Sequence[Mark], but: set[int]) -> list[tuple[str, set[int]]]:
    """Neighbouring words that no table knows, as they were written, and quoted text; with the marks they take."""
    groups: list[tuple[int, int]] = []
    for i, mark in enumerate(marks):
        if i in but or not (mark.unknown or mark.quoted):
            continue
        if groups and groups[-1][1] == i - 1 and not mark.quoted and not marks[i - 1].quoted:
            groups[-1] = (groups[-1][0], i)
        else:
            groups.append((i, i))
    return [(_written(text, marks, first, last), set(range(first, last + 1))) for first, last in groups]


def _written(text: Text, marks: Sequence[Mark], first: int, last: int) -> str:
    return said(text, marks[first]) if first == last else text.between(marks[first].start, marks[last].end)
