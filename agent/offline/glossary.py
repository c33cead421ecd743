"""The small glossary: what a word of the trade means, read from the prompts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import prompts
from agent.offline.marks import Mark
from agent.offline.tokens import plain
from agent.words import LANGUAGES, Language

_ASKING = ("define", "difference")
_AROUND = (
    "define",
    "defined",
    "difference",
    "lead",
    "comma",
    "filler",
    "a",
    "the",
    "polite",
    "conj",
    "or",
    "of",
    "ask",
    "aux",
)


@dataclass(frozen=True)
class Entry:
    """A word and what it means; `key` is the same in both languages."""

    key: str
    terms: tuple[str, ...]
    text: str


@cache
def entries(language: Language) -> tuple[Entry, ...]:
    """The entries of a language: a heading with the key and its terms, and a paragraph."""
    sections = prompts.read(f"glossary.{language}").split("\n## ")[1:]
    return tuple(_entry(section) for section in sections)


def _entry(section: str) -> Entry:
    heading, _, text = section.partition("\n")
    terms = tuple(plain(term.strip()) for term in heading.split("|"))
    return Entry(terms[0], terms, text.strip())


@cache
def _keys(language: Language) -> dict[str, str]:
    """Every term in either language, with this one's meaning first."""
    others = [other for other in LANGUAGES if other != language]
    ordered = [entry for one in (*others, language) for entry in entries(one)]
    return {term.replace("-", " "): entry.key for entry in ordered for term in entry.terms}


def explain(language: Language, key: str) -> str:
    """The texts of one entry, or of several with "+" between."""
    texts = {entry.key: entry.text for entry in entries(language)}
    return "\n\n".join(texts[one] for one in key.split("+") if one in texts)


def asked_term(marks: Sequence[Mark], language: Language) -> str | None:
    """The entries that a message asks about and nothing else: "what is a drawdown?"."""
    if not any(mark.has(*_ASKING) for mark in marks):
        return None
    keys: list[str] = []
    for start, end, key in _terms(marks, language):
        rest = [mark for i, mark in enumerate(marks) if not start <= i < end]
        keys.append(key)
        if all(mark.has(*_AROUND, "break") or _key([mark], language) for mark in rest) and not any(
            mark.pair for mark in rest
        ):
            continue
        return None
    return "+".join(dict.fromkeys(keys)) or None


def _terms(marks: Sequence[Mark], language: Language) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    i = 0
    while i < len(marks):
        for length in (3, 2, 1):
            key = _key(marks[i : i + length], language)
            if key and i + length <= len(marks):
                found.append((i, i + length, key))
                i += length - 1
                break
        i += 1
    return found


def _key(marks: Sequence[Mark], language: Language) -> str | None:
    return _keys(language).get(" ".join(mark.words for mark in marks).replace("-", " "))
