"""Names that a person gives: after "called", in quotes, or as a word that no table knows."""

import re
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
    start, end = _stretch(text, marks, i)
    last = i
    while last + 1 < len(marks) and marks[i].start < marks[last + 1].start < end:
        last += 1
    while last + 1 < len(marks) and last - i < _MOST_WORDS and _goes_on(text, marks, last, end):
        last += 1
        end = _stretch(text, marks, last)[1]
    return text.between(start, end) or None, taken | set(range(i, last + 1))


def _stretch(text: Text, marks: Sequence[Mark], i: int) -> tuple[int, int]:
    """Where the word of a mark begins and ends with all that is glued to it: "moon-1.5", "my/bot"."""
    found = _WORD.search(text.raw, marks[i].start)
    end = found.end() if found else marks[i].end
    whole = marks[i].end > end and not (marks[i].has("each_one") or marks[i].value("do"))
    return marks[i].start, marks[i].end if whole else end


def _goes_on(text: Text, marks: Sequence[Mark], last: int, end: int) -> bool:
    following = marks[last + 1]
    return following.unknown and not text.raw[end : following.start].strip() and following.start >= end


_WORD = re.compile(r"[^\s,;]*[^\s,;.!?:)…]")
_POLITE = ("lead", "thanks", "comma", "filler", "break")


def whole_name(text: Text, tie: Mark, marks: Sequence[Mark]) -> str | None:
    """The name that is all that stands after "to", polite words apart; None where it does not show where it ends."""
    marks = list(marks)
    while marks and marks[-1].has("lead", "thanks", "comma") and len(marks) > 1:
        marks.pop()
    if not marks:
        return None
    if marks[0].quoted:
        return said(text, marks[0]) if all(mark.has(*_POLITE) for mark in marks[1:]) else None
    found = _WORD.search(text.raw, marks[-1].start)
    name = text.between(tie.end, max(found.end() if found else 0, marks[-1].end))
    unclear = _BREAK.search(name) or any(mark.has("reason", "cond", "but") for mark in marks)
    return None if unclear or len(name.split()) > _MOST_WORDS else name


_BREAK = re.compile(r"[.,;:!?…]\s|\n")


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
