"""Patterns of pairs, such as `*/USDT`: each side is a name in which `*` stands for anything."""

import re
from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

PATTERN = re.compile(r"[A-Z0-9*]{1,20}/[A-Z0-9*]{1,10}")


def _pattern(value: str) -> str:
    if not PATTERN.fullmatch(value):
        raise PydanticCustomError("pair_pattern", "not a pattern such as */USDT")
    return value


PairPattern = Annotated[str, Field(max_length=31, examples=["*/USDT"]), AfterValidator(_pattern)]


def matches(pair: str, patterns: Iterable[str]) -> bool:
    """Whether a pair fits any of the patterns."""
    return any(covers(pattern, pair) for pattern in patterns)


def covers(wide: str, narrow: str) -> bool:
    """Whether every pair that fits `narrow`, a pair or a pattern, fits `wide` too; in doubt it says no."""
    sides = zip(wide.split("/"), narrow.split("/"), strict=True)
    return all(fnmatchcase(inner, outer) for outer, inner in sides)


def narrow(patterns: Iterable[str], within: Collection[str]) -> frozenset[str]:
    """Patterns for what fits both; where two overlap and neither side's name covers the other's, nothing of it."""
    found = ([*map(_narrower, one.split("/"), other.split("/"))] for one in patterns for other in within)
    return frozenset("/".join(sides) for sides in found if all(sides))


def _narrower(one: str, other: str) -> str:
    if fnmatchcase(one, other):
        return one
    return other if fnmatchcase(other, one) else ""
