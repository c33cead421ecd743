"""Sentences, and whether a command in one is meant: now, later, not at all, perhaps, or only asked about."""

from dataclasses import dataclass
from enum import Enum

from agent.offline.marks import Mark


class Force(Enum):
    """How a command is meant."""

    SURE = "sure"
    UNSURE = "unsure"
    DENIED = "denied"
    LATER = "later"
    ASKED = "asked"


@dataclass(frozen=True)
class Sentence:
    """The marks between two breaks."""

    marks: tuple[Mark, ...]
    asks: bool
    """Ends with a question mark."""
    reported: bool = False
    """Follows words that announce somebody else's: "the log says:"."""


_PREFIX = ("lead", "polite", "neg", "yes", "no", "but", "conj", "or", "greeting", "thanks", "comma", "nothing")
_BOUNDARY = ("comma", "conj", "but", "or", "greeting", "thanks", "yes")
_NEAR_NEGATIONS = frozenset(
    {"without", "sem", "nada de", "avoid", "evite", "neither", "no longer", "no one", "nobody", "ninguem"}
)


def split(marks: list[Mark]) -> list[Sentence]:
    """The sentences of a message."""
    sentences: list[Sentence] = []
    current: list[Mark] = []
    reported = False
    for mark in (*marks, _END):
        if not mark.has("break"):
            current.append(mark)
        elif current:
            sentences.append(Sentence(tuple(current), "?" in mark.words, reported))
            reported = reported or _announces(current)
            current = []
    return sentences


_END = Mark(frozenset({"break"}), "", 0, 0)


def _announces(marks: list[Mark]) -> bool:
    return marks[-1].words == ":" and any(mark.has("report", "ask") for mark in marks)


def clause_start(sentence: Sentence, at: int, *, heads: bool) -> tuple[int, bool]:
    """Where the clause of a command begins, and whether nothing but polite words stands before it there.

    "And" joins a command to one before it (`heads`); to something else it joins no command: "my bots come and start".
    """
    i = at
    while i > 0 and sentence.marks[i - 1].has(*_PREFIX):
        i -= 1
        joins = sentence.marks[i].has(*_BOUNDARY) and not sentence.marks[i].has("lead", "neg")
        if joins and (heads or not sentence.marks[i].has("conj")):
            return i, True
    return i, i == 0


@dataclass(frozen=True)
class Place:
    """Where a command stands in its sentence."""

    at: int
    since: int = -1
    """Where the command before it stands; -1 where there is none."""
    before: Force | None = None
    """How that one is meant."""
    runs_on: bool = False
    """Whether it follows that one without a word between."""
    describes: bool = False
    """Whether conditions may be part of what is asked for: "create a bot that buys when RSI is low"."""
    lasts: bool = False
    """Whether a duration may be part of it: "keep alpha out of SOL for an hour"."""


def judge(sentence: Sentence, place: Place) -> Force:
    """How a command is meant."""
    at, since, before = place.at, place.since, place.before
    start, clean = clause_start(sentence, at, heads=since >= 0)
    head = sentence.marks[start:at]
    earlier = sentence.marks[since + 1 : at]
    clause = _since_comma(sentence, at, since)
    if any(_negates(mark) for mark in (*head[_reply_length(head, start) :], *clause)):
        return Force.DENIED
    joined_by_or = bool(head) and head[0].has("or")
    if before is Force.DENIED and joined_by_or:
        return Force.DENIED
    polite = any(mark.has("polite") for mark in sentence.marks[:at])
    if _begins_with_condition(sentence):
        return Force.LATER
    if before is Force.ASKED or _is_question(sentence, at, head, since, polite=polite):
        return Force.ASKED
    if sentence.asks and not polite and not clean:
        return Force.ASKED
    if _is_conditional(sentence, place):
        return Force.LATER
    doubtful = (
        not (clean or place.runs_on)
        or (sentence.asks and not polite)
        or (before in (Force.DENIED, Force.UNSURE) and _joined_by_and(head))
        or any(
            _negates(mark) and mark.words not in _NEAR_NEGATIONS
            for mark in earlier[_reply_length(earlier, since + 1) :]
        )
        or sentence.reported
        or any(mark.has("report") for mark in (head if before is Force.SURE else sentence.marks[:at]))
    )
    return Force.UNSURE if doubtful else Force.SURE


def _since_comma(sentence: Sentence, at: int, since: int) -> tuple[Mark, ...]:
    """What stands between a command and the comma, conjunction or command before it; without what negates a noun."""
    start = at
    while start - 1 > since and not sentence.marks[start - 1].has("comma", "conj", "but"):
        start -= 1
    return tuple(mark for mark in sentence.marks[start:at] if mark.words not in _NEAR_NEGATIONS)


def _begins_with_condition(sentence: Sentence) -> bool:
    first = next((mark for mark in sentence.marks if not mark.has("lead", "comma", "greeting")), None)
    return (
        first is not None
        and first.words in ("if", "se", "when", "quando", "caso", "assim que", "once", "whenever")
        and not sentence.asks
    )


def _negates(mark: Mark) -> bool:
    refuses = mark.has("no") and not _NOT.isdisjoint(mark.words.split())
    return (mark.has("neg") or refuses) and not mark.has("polite")


_NOT = frozenset({"not", "dont", "nao", "never"})


def _reply_length(marks: tuple[Mark, ...], start: int) -> int:
    """How many marks a "No," at the very beginning takes: it answers, it does not negate."""
    replies = start == 0 and len(marks) > 1 and marks[0].has("no") and marks[1].has("comma")
    return 2 if replies else 0


def _joined_by_and(head: tuple[Mark, ...]) -> bool:
    return bool(head) and head[0].has("conj") and not head[0].has("but")


def _is_question(sentence: Sentence, at: int, head: tuple[Mark, ...], since: int, *, polite: bool) -> bool:
    if since < 0:
        words = [mark for mark in sentence.marks[:at] if mark.has("ask", "aux") and not mark.has("polite", "lead")]
        first = next((mark for mark in sentence.marks if not mark.has("lead", "comma", "greeting")), None)
        words = [mark for mark in words if not mark.has("filler") or mark is first]
    else:
        words = [mark for mark in head if mark.has("ask", "aux") and not mark.has("filler", "lead", "polite")]
    if polite and words and not any(mark.has("ask") for mark in words):
        return False
    return bool(words)


_TRADING = ("buy", "sell", "enter", "compr", "vend", "entr", "trad", "opera")


def _is_conditional(sentence: Sentence, place: Place) -> bool:
    marks = sentence.marks
    for i, mark in enumerate(marks):
        if place.describes and i and any(word in mark.words for word in _TRADING):
            return any(later.has("time") for later in marks)
        if mark.has("per_trade") and i and marks[i - 1].amount:
            continue
        following = marks[i + 1] if i + 1 < len(marks) else None
        counts = following is not None and following.amount is not None and mark.has("max", "to", "lead")
        if place.lasts and mark.value("lasts"):
            continue
        if mark.has("time") or (mark.has("cond") and not mark.has("lead") and not counts):
            return True
    return False
