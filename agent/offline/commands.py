"""The commands of a message: where each stands, how it is meant, and the words that belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.offline.marks import Mark
from agent.offline.sentences import Force, Place, Sentence, clause_start, judge

_LOOK_AHEAD = 4
_DESCRIBES = frozenset({"create", "edit", "make", "trade", "add", "more", "less", "show", "analyze", "use"})
_LIFECYCLE = frozenset({"start", "pause", "stop", "delete", "restart", "show"})
_OF_TRADES = frozenset({"sell", "close", "cancel", "limit", "only", "block"})
"""After these, a "trade" is a thing."""
_BEFORE_PAIR = frozenset({"enter", "exit", "entre em", "entra em", "entrar em", "entre no", "entra no"})
"""Commands right before a pair; elsewhere they tell how a bot trades."""
_PRIORITY = (
    "panic",
    "press",
    "release",
    "resume",
    "only",
    "create",
    "delete",
    "remove",
    "pause",
    "stop",
    "start",
    "restart",
    "more",
    "less",
    "double",
    "halve",
    "rename",
    "withdraw",
    "edit",
    "add",
    "make",
    "block",
    "unblock",
    "lock",
    "unlock",
    "cancel",
    "close",
    "limit",
    "stay",
    "trade",
    "buy",
    "sell",
    "clone",
    "analyze",
    "show",
)


@dataclass(frozen=True)
class Command:
    """A verb with what belongs to it."""

    intent: str
    force: Force
    words: tuple[Mark, ...]
    """The marks that belong to it, the verb apart."""
    before: tuple[Mark, ...]
    """Those of its sentence that stand before it: "alpha: stop"."""
    how: Mark
    sentence: Sentence


@dataclass(frozen=True)
class _Found:
    intent: str
    force: Force
    sentence: int
    at: int
    begins: int
    """Where its clause begins, and so what belongs to the command before it ends."""


def find_commands(sentences: Sequence[Sentence]) -> list[Command]:
    """Every command, in order, whatever its force."""
    found: list[_Found] = []
    for number, sentence in enumerate(sentences):
        _find_in(sentence, number, found)
    return [_with_words(sentences, found, i) for i in range(len(found))]


def _find_in(sentence: Sentence, number: int, found: list[_Found]) -> None:
    last: _Found | None = None
    for i in range(len(sentence.marks)):
        intent = _intent_at(sentence, i, last.intent if last else None)
        if intent is None:
            continue
        start, clean = clause_start(sentence, i, heads=last is not None)
        runs_on = not clean and last is not None
        if runs_on and not _runs_on(sentence, i, last):
            continue
        since, before = (last.at, last.force) if last else (-1, None)
        place = Place(
            i, since, before, runs_on, describes=intent in ("create", "trade"), lasts=_may_last(sentence, intent)
        )
        force = judge(sentence, place)
        force = Force.ASKED if sentence.marks[i].value("first") else force
        last = _Found(intent, force, number, i, start if last else (0 if clean else i))
        found.append(last)


def _may_last(sentence: Sentence, intent: str) -> bool:
    """Whether a command may be said to hold for some time: a pair that a bot is kept out of."""
    kept_out = any(mark.has("outof", "do:block") for mark in sentence.marks)
    return intent in ("lock", "block") or (intent in ("make", "stay") and kept_out)


def _runs_on(sentence: Sentence, i: int, last: _Found | None) -> bool:
    """Whether a verb in the middle of a clause is a command of its own: "stop alpha start beta"."""
    following = sentence.marks[i + 1 : i + 3]
    if last is None or last.intent not in _DESCRIBES:
        return last is None or any(
            mark.unknown or mark.quoted or mark.has("it", "them", "both", "all") for mark in following
        )
    return bool(following) and following[0].has("it", "them", "both") and not following[0].has("the")


def _intent_at(sentence: Sentence, i: int, last: str | None) -> str | None:
    marks, mark = sentence.marks, sentence.marks[i]
    if i and marks[i - 1].words.endswith(("mind", "importa de")) and mark.value("gerund"):
        return mark.value("gerund")
    if mark.value("first"):
        return mark.value("first")
    intents = [intent for intent in _PRIORITY if f"do:{intent}" in mark.tags]
    if mark.has("do:stop?"):
        return "stop" if _is_para_a_verb(marks, i, last) else None
    if not intents:
        return "create" if _is_new_bot(sentence, i) else None
    if i and marks[i - 1].has("the", "a") and not marks[i - 1].has("lead", "it", "no", "conj"):
        return None
    if mark.has("set:stoploss_pct") and (_is_beside_percent(marks, i) or _is_removed(marks, i, last)):
        return None
    if _is_a_thing(marks, i, intents[0], last):
        return None
    if intents[0] == "trade" and not any(one.pair for one in marks[i + 1 :]):
        return "start" if mark.words.startswith(("start", "comec")) else None
    if len(intents) > 1 and "create" in intents and not is_new_bot(marks[i + 1 : i + 1 + _LOOK_AHEAD]):
        return intents[1]
    return intents[0]


def _is_a_thing(marks: Sequence[Mark], i: int, intent: str, last: str | None) -> bool:
    """Whether a word is no command here: the "trade" that is closed, the "exit" that a bot makes by itself."""
    if intent == "trade" and last in _OF_TRADES:
        return True
    return marks[i].words in _BEFORE_PAIR and not any(one.pair for one in marks[i + 1 : i + 3])


def _is_para_a_verb(marks: Sequence[Mark], i: int, last: str | None) -> bool:
    """Portuguese "para" is "stop" at the head of a clause that names a bot, and "for" elsewhere."""
    if (last is not None and last not in _LIFECYCLE) or any(mark.value("lim") for mark in marks[:i]):
        return False
    rest = [mark for mark in marks[i + 1 : i + 4] if not mark.has("the") or mark.has("it", "bots", "bot")]
    if not rest:
        return len(marks) == 1
    head = rest[0]
    return (
        head.unknown
        or head.quoted
        or head.has("bot", "bots", "all", "both", "it", "them")
        or (head.has("lead", "filler") and i == 0 and len(marks) <= 3)
    )


def _is_beside_percent(marks: Sequence[Mark], i: int) -> bool:
    before = marks[i - 1] if i else None
    after = next((mark for mark in marks[i + 1 : i + 4] if not mark.has("of", "sign", "max")), None)
    percent = any(mark is not None and mark.amount is not None and mark.amount.unit is None for mark in (after,))
    return percent or bool(
        before and ((before.amount and before.amount.percent) or before.words in ("um", "sem", "com", "o", "a"))
    )


def _is_removed(marks: Sequence[Mark], i: int, last: str | None) -> bool:
    """Whether "stop" is the stop loss that is taken away: "remove stop from alpha"."""
    following = marks[i + 1] if i + 1 < len(marks) else None
    of = following is not None and following.words in ("of", "from", "on", "de", "do", "da", "no", "na")
    return last in ("remove", "delete") and (of or marks[i - 1].has("do:remove", "do:delete"))


def is_new_bot(marks: Sequence[Mark]) -> bool:
    """Whether the first of these marks speak of a bot that is not there yet: "a bot", "a simulated RSI bot"."""
    if not marks:
        return False
    if marks[0].has("abot"):
        return True
    if marks[0].amount and marks[0].amount.number == 1:
        return len(marks) > 1 and marks[1].has("bot")
    if not marks[0].has("a", "new") or marks[0].has("it"):
        return False
    for mark in marks[1 : 1 + _LOOK_AHEAD]:
        if mark.has("bot", "abot"):
            return True
        if mark.has("do:start", "conj", "comma", "bots") and not mark.value("mode"):
            return False
    return False


SEVERAL = frozenset({"bots", "robots", "trading bots", "traders", "robos"})
"""Bots that are not there yet; "my bots" are."""
_BARE_BOT = frozenset({"bot", "robo", "robot", "trading bot", "trader"})


def _is_new_bot(sentence: Sentence, i: int) -> bool:
    """Whether a clause without a verb asks for a bot: "a bollinger bot on BTC with 60 usdt"."""
    if clause_start(sentence, i, heads=False) != (0, True):
        return False
    marks = sentence.marks[i:]
    several = marks[0].amount is not None and any(mark.words in SEVERAL for mark in marks[1:_LOOK_AHEAD])
    ordered = (
        (several or marks[0].words in _BARE_BOT)
        and any(mark.pair for mark in marks)
        and any(mark.amount for mark in marks[1:])
    )
    asks = sentence.asks and not any(mark.has("polite") for mark in sentence.marks[:i])
    return not asks and (ordered or is_new_bot(marks))


def _with_words(sentences: Sequence[Sentence], found: Sequence[_Found], i: int) -> Command:
    """The command with its words: up to the next one, and those of its sentence before the first one."""
    here = found[i]
    sentence = sentences[here.sentence]
    following = found[i + 1] if i + 1 < len(found) else None
    first = not any(one.sentence == here.sentence for one in found[:i])
    before = sentence.marks[: here.at] if first else ()
    noun = sentence.marks[here.at].has("abot", "a", "new", "amount") and here.intent == "create"
    at = here.at if noun and not sentence.marks[here.at].value("do") else here.at + 1
    if following is not None and following.sentence == here.sentence:
        words = sentence.marks[at : max(following.begins, at)]
    else:
        words = sentence.marks[at:]
        last = following.sentence if following else len(sentences)
        for later in sentences[here.sentence + 1 : last]:
            words += () if later.asks else later.marks
    if here.intent in ("create", "trade"):
        words, before = (*words, *before), ()
    return Command(here.intent, here.force, words, before, sentence.marks[here.at], sentence)
