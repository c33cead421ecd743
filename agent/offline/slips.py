"""Slips of the keyboard in a command: "pasue", "crate"."""

from functools import lru_cache

from agent.offline import phrases

_ENDINGS = ("s", "d", "ed", "r", "rs", "m", "i", "ing")
"""Another form of a command ("changed", "iniciam", "iniciei") is no slip: it tells, it does not ask."""
_SWAPPED_FROM = 4
_MISSING_FROM = 6


@lru_cache(maxsize=4096)
def mend(word: str) -> frozenset[str]:
    """The tags of the one command that a word misses by a slip: two letters swapped, one left out or one too many."""
    if any(word.removesuffix(ending) in phrases.commands() for ending in _ENDINGS):
        return frozenset()
    if not _SWAPPED_FROM <= len(word) <= 12 or not word.isalpha():
        return frozenset()
    meant = {frozenset(tags) for command, tags in phrases.commands().items() if _slipped(word, command)}
    return meant.pop() if len(meant) == 1 else frozenset()


def _slipped(word: str, command: str) -> bool:
    if len(word) == len(command):
        apart = [i for i, (a, b) in enumerate(zip(word, command, strict=True)) if a != b]
        swapped = len(apart) == 2 and apart[1] == apart[0] + 1
        return swapped and word[apart[0]] == command[apart[1]] and word[apart[1]] == command[apart[0]]
    long, short = (word, command) if len(word) > len(command) else (command, word)
    if len(long) - len(short) != 1 or len(command) < _MISSING_FROM:
        return False
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
