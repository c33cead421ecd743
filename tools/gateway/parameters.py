"""What a parameter of a public endpoint may hold: each check gives the value as it is sent on, or raises ApiError."""

import json
import re
from collections.abc import Callable

from tools.gateway import errors
from tools.gateway.intervals import INTERVALS

INTEGER = "^[0-9]{1,20}$"
SYMBOL = r"^[\w\-.]{1,50}$"
WORD = "^[A-Za-z0-9_-]{1,40}$"
TIME_ZONE = r"^([+-]?)(\d{1,2})(?::([0-5]\d))?$"
LARGEST_LONG = 2**63 - 1
EARLIEST_ZONE_MIN, LATEST_ZONE_MIN = -12 * 60, 14 * 60

Check = Callable[[str, str], str]
"""(the parameter's name, its decoded value) to the value that goes upstream."""


def check_symbol(name: str, value: str) -> str:
    """Letters of any script but small Latin ones, digits, `-`, `_` and `.`: at most fifty."""
    if not re.fullmatch(SYMBOL, value) or re.search("[a-z]", value):
        raise errors.illegal_characters(name, "^[A-Z0-9-_.]{1,50}$")
    return value


def check_symbols(name: str, value: str) -> str:
    """A JSON list of symbols, each once; blanks are dropped."""
    names = [check_symbol(name, each) for each in _read_words(name, value)]
    if not names:
        raise errors.empty(name)
    if len(set(names)) < len(names):
        raise errors.duplicate_symbols()
    return write_words(names)


def check_permissions(name: str, value: str) -> str:
    """One word, or a JSON list of words."""
    words = _read_words(name, value) if value.startswith("[") else [value]
    if not all(re.fullmatch(WORD, word, re.ASCII) for word in words):
        raise errors.illegal_characters(name, WORD)
    return write_words(words) if value.startswith("[") else value


def check_integer(name: str, value: str) -> str:
    """A whole number from 0 to 2^63 - 1."""
    if not re.fullmatch(INTEGER, value, re.ASCII):
        raise errors.illegal_characters(name, INTEGER)
    if int(value) > LARGEST_LONG:
        raise errors.invalid(name)
    return str(int(value))


def check_interval(_: str, value: str) -> str:
    """One of Binance's kline intervals."""
    if value not in INTERVALS:
        raise errors.bad_interval()
    return value


def check_time_zone(name: str, value: str) -> str:
    """Hours, or hours and minutes, from -12:00 to +14:00."""
    match = re.fullmatch(TIME_ZONE, value, re.ASCII)
    if match is None:
        raise errors.invalid(name)
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if not EARLIEST_ZONE_MIN <= (-minutes if match[1] == "-" else minutes) <= LATEST_ZONE_MIN:
        raise errors.invalid(name)
    return value


def check_choice(error: Callable[[], errors.ApiError], *choices: str) -> Check:
    """One of the choices; anything else is refused with `error`."""

    def check(_: str, value: str) -> str:
        if value not in choices:
            raise error()
        return value

    return check


def read_symbols(value: str) -> list[str]:
    """The names in a checked list."""
    names: list[str] = json.loads(value)
    return names


def write_words(words: list[str]) -> str:
    """A JSON list as Binance takes it: without blanks."""
    return json.dumps(words, separators=(",", ":"), ensure_ascii=False)


def _read_words(name: str, value: str) -> list[str]:
    try:
        words = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise errors.illegal_characters(name, "a JSON list of words") from error
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise errors.illegal_characters(name, "a JSON list of words")
    return words
