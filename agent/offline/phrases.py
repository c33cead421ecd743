"""The search over the tables of phrases.

A phrase stands under one tag or several. Both languages are searched at once, since people mix them.
"""

from functools import cache

from agent.offline.lexicon import en, en_guard, pt, pt_guard
from agent.offline.tokens import Token, plain

_LONGEST_PHRASE = 8


def _phrases() -> dict[tuple[str, ...], frozenset[str]]:
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for table in (en.PHRASES, en_guard.PHRASES, pt.PHRASES, pt_guard.PHRASES):
        for tag, phrases in table.items():
            for phrase in phrases.split("|"):
                words = tuple(plain(phrase).split())
                found[words] = found.get(words, frozenset()) | {tag}
    return found


@cache
def phrases() -> dict[tuple[str, ...], frozenset[str]]:
    """Every known phrase, as words without accents and case, with its tags."""
    return _phrases()


@cache
def vocabulary() -> frozenset[str]:
    """Every word that stands in some phrase."""
    return frozenset(word for words in phrases() for word in words)


@cache
def commands() -> dict[str, frozenset[str]]:
    """The one-word commands, for mending slips of the keyboard."""
    return {
        words[0]: tags
        for words, tags in phrases().items()
        if len(words) == 1 and any(t.startswith("do:") for t in tags)
    }


def longest(tokens: list[Token], at: int) -> tuple[int, frozenset[str]]:
    """How many tokens the longest known phrase at a position takes, and its tags; (0, nothing) where none begins."""
    words: tuple[str, ...] = ()
    best: tuple[int, frozenset[str]] = (0, frozenset())
    for token in tokens[at : at + _LONGEST_PHRASE]:
        if token.kind != "word":
            break
        words += (token.word,)
        if words not in _prefixes():
            break
        if words in phrases():
            best = (len(words), phrases()[words])
    return best


@cache
def _prefixes() -> frozenset[tuple[str, ...]]:
    return frozenset(words[:length] for words in phrases() for length in range(1, len(words) + 1))
