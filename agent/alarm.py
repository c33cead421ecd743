"""The panic sentence, heard in a person's own words before any model is asked."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

from agent.offline.language import detect
from agent.offline.lexicon import word_set
from agent.offline.marks import Mark, read_marks
from agent.offline.reading import read
from agent.offline.requests import Reading
from agent.offline.tokens import read_text

Alarm = Literal["stop", "stop and sell"]

MOST_WORDS = 10
"""A longer message says more than that."""

_OF_IT = ("panic", "do:panic", "do:press", "do:stop", "do:pause", "comma", "break", "conj", "all")
_SELLS = ("do:sell", "do:close", "sells")
_NEVER = ("no", "neg", "or", "but")
_URGENT = word_set("now immediately once agora ja imediatamente")
_WHOLE = word_set("all everything tudo todas todos")
_BESIDE = frozenset(
    {
        *("please", "pls", "now", "right now", "right away", "immediately", "quickly", "just", "ok", "okay", "yes"),
        *("hey", "tradehelm", "the", "my", "activate", "enable", "turn on"),
        *("por favor", "agora", "ja", "imediatamente", "logo", "rapido", "sim", "ei", "o", "a", "as", "os"),
        *("meus", "minhas", "as minhas", "os meus", "acione", "aciona", "acionar", "ative", "ativa", "ativar"),
        *("ligue", "liga"),
    }
)
"""Words beside it that say no more than that it is meant."""

_QUOTED = re.compile(r"""\s*(?:"([^"“”\n]+)"|“([^"“”\n]+)”)\s*""")
_CRY = re.compile(r"\s*(?:help|socorro|ajuda)\s*[,!.…]+\s*", re.IGNORECASE)
_LAST_CRY = re.compile(r"(?<=[,!.…])\s*(?:help|socorro|ajuda)[!.…\s]*\Z", re.IGNORECASE)


def bare(said: str) -> str:
    """What was said, composed, without quotation marks around all of it and without a cry for help beside it."""
    text = unicodedata.normalize("NFC", said)
    if quoted := _QUOTED.fullmatch(text):
        text = quoted[1] or quoted[2]
    cry = _CRY.match(text)
    return _LAST_CRY.sub("", text[cry.end() if cry else 0 :])


def hear(said: str) -> Alarm | None:
    """What a message presses, where it is the panic sentence and nothing else; None for all that a model should read.

    It is read as the built-in interpreter reads it, and heard where no word is left that could mean anything more: no
    question, no negation, no quotation beside other words, no bot, no condition, no end of a panic.
    """
    said = bare(said)
    text = read_text(said)
    words = sum(token.kind == "word" for token in text.tokens)
    if not 0 < words <= MOST_WORDS or text.raw != said or "?" in unicodedata.normalize("NFKC", said):
        return None
    language = detect(text) or "en"
    marks = read_marks(text, language)
    sells = any(mark.has(*_SELLS) for mark in marks)
    if not (_is_named(marks) and all(_is_of_it(mark, sells=sells) for mark in marks)):
        return None
    exits = _pressed(read(said, language))
    if exits is None or exits is not sells:
        return None
    if not exits:
        return "stop"
    return "stop and sell" if any(_is_whole(mark) for mark in marks) else None


def _pressed(reading: Reading) -> bool | None:
    """Whether a reading that is the panic stop alone sells too; None where it is anything else."""
    if len(reading.steps) != 1 or reading.offered or reading.denied or reading.talk or reading.answer:
        return None
    (step,) = reading.steps
    return bool(step.settings.get("exit")) if step.verb == "panic" else None


def _is_named(marks: Sequence[Mark]) -> bool:
    """Whether it is called by its name, or all is to stop this moment."""
    return any(mark.has("panic") or (mark.has("do:panic") and mark.words.split()[-1] in _URGENT) for mark in marks)


def _is_of_it(mark: Mark, *, sells: bool) -> bool:
    if mark.words in _BESIDE or (sells and mark.has(*_SELLS, "position")):
        return not mark.has("neg")
    return mark.has(*_OF_IT) and not mark.has(*_NEVER)


def _is_whole(mark: Mark) -> bool:
    """Whether all is to be sold, in so many words."""
    return mark.has("all", "sells") or not _WHOLE.isdisjoint(mark.words.split())
