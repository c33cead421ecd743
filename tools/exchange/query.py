"""Reads a request's parameters and refuses what Binance refuses, with its codes."""

import json
import re
from collections.abc import Collection

from starlette.datastructures import QueryParams

from tools.exchange import errors
from tools.exchange.clock import MINUTE_MS
from tools.exchange.intervals import INTERVALS, Interval
from tools.exchange.symbols import Symbol

INTEGER = "^[0-9]{1,20}$"
SYMBOL = "^[A-Z0-9-_.]{1,20}$"
SYMBOLS = r"^\[(\"[A-Z0-9-_.]{1,20}\"(,\"[A-Z0-9-_.]{1,20}\"){0,}){0,1}\]$"
WORD = "^[A-Za-z0-9-_.]{1,40}$"
TIME_ZONE = r"^([+-]?)(\d{1,2})(?::([0-5]\d))?$"
LARGEST_LONG = 2**63 - 1
EARLIEST_ZONE_MIN, LATEST_ZONE_MIN = -12 * 60, 14 * 60


class Query:
    """The parameters of one request, of which only those in `known` may be sent, and each once and not empty."""

    def __init__(self, params: QueryParams, known: Collection[str]) -> None:
        self._values = dict(params)
        names = [name for name, _ in params.multi_items()]
        if unread := [name for name in names if name not in known]:
            raise errors.unread_parameters(len(names) - len(unread), len(names))
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise errors.duplicate_values(twice)
        if blank := next((name for name, value in self._values.items() if not value), None):
            raise errors.empty(blank)

    def has(self, *names: str) -> bool:
        """Whether any of the parameters was sent."""
        return any(name in self._values for name in names)

    def sent(self) -> dict[str, str]:
        """All parameters as they were sent."""
        return dict(self._values)

    def text(self, name: str, default: str | None = None) -> str:
        """A parameter as it was sent; without a default it is mandatory."""
        value = self._values.get(name, default)
        if value is None:
            raise errors.missing(name)
        return value

    def integer(self, name: str) -> int | None:
        """A whole number that is not negative, or None where it was not sent."""
        if not self.has(name):
            return None
        number = int(_matching(name, self.text(name), INTEGER))
        if number > LARGEST_LONG:
            raise errors.invalid(name)
        return number

    def limit(self, default: int, largest: int) -> int:
        """The parameter `limit`: at least 1, and cut to the largest."""
        number = self.integer("limit")
        if number == 0:
            raise errors.invalid("limit")
        return min(default if number is None else number, largest)

    def interval(self) -> Interval:
        """The mandatory kline interval, counted in the time zone that was sent."""
        interval = INTERVALS.get(self.text("interval"))
        if interval is None:
            raise errors.bad_interval()
        return interval.at_offset(self._time_zone_min() * MINUTE_MS)

    def _time_zone_min(self) -> int:
        match = re.fullmatch(TIME_ZONE, self.text("timeZone", "0"), re.ASCII)
        if match is None:
            raise errors.invalid("timeZone")
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        offset = -minutes if match[1] == "-" else minutes
        if not EARLIEST_ZONE_MIN <= offset <= LATEST_ZONE_MIN:
            raise errors.invalid("timeZone")
        return offset

    def choice(self, name: str, choices: Collection[str], default: str | None, error: errors.ApiError) -> str:
        """One of the choices; anything else is refused with `error`. Without a default it is mandatory."""
        value = self.text(name, default)
        if value not in choices:
            raise error
        return value

    def flag(self, name: str) -> bool:
        """A boolean, false where it was not sent."""
        return self.choice(name, ("true", "false"), "false", errors.invalid(name)) == "true"

    def words(self, name: str) -> list[str]:
        """A parameter that is one word, or a JSON list of words."""
        value = self.text(name)
        return _listed(name, value) if value.startswith("[") else [_matching(name, value, WORD)]

    def symbol(self, listed: dict[str, Symbol]) -> Symbol:
        """The mandatory symbol, which must be listed."""
        return _find(_matching("symbol", self.text("symbol"), SYMBOL), listed)

    def symbols(self, listed: dict[str, Symbol]) -> list[Symbol]:
        """The symbols of `symbol` or `symbols`; all that are listed where neither was sent."""
        if self.has("symbol") and self.has("symbols"):
            raise errors.bad_combination()
        if self.has("symbol"):
            return [self.symbol(listed)]
        return self._list_of_symbols(listed) if self.has("symbols") else list(listed.values())

    def _list_of_symbols(self, listed: dict[str, Symbol]) -> list[Symbol]:
        names = _listed("symbols", _matching("symbols", self.text("symbols").replace(" ", ""), SYMBOLS))
        if not names:
            raise errors.empty("symbols")
        if len(set(names)) < len(names):
            raise errors.duplicate_symbols()
        return [_find(name, listed) for name in names]


def _matching(name: str, value: str, legal: str) -> str:
    if not re.fullmatch(legal, value, re.ASCII):
        raise errors.illegal_characters(name, legal)
    return value


def _listed(name: str, value: str) -> list[str]:
    try:
        words = json.loads(value)
    except ValueError as error:
        raise errors.illegal_characters(name, SYMBOLS) from error
    return [_matching(name, str(word), WORD) for word in words]


def _find(name: str, listed: dict[str, Symbol]) -> Symbol:
    if name not in listed:
        raise errors.bad_symbol()
    return listed[name]
