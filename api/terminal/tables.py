"""Tables in a terminal: what is narrow is folded, numbers are kept whole and written as the language does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from rich.table import Table

from agent.offline.phrasing import number as write
from agent.words import Language, name_values, say
from api.terminal.plain import plain

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_NAMES = ("name", "bot", "trade", "known", "open", "id", "proposal")
"""Blanks that may hold a name or an id, which may be all digits."""
_COMMAS = str.maketrans(",.", ".,")


@dataclass(frozen=True)
class Column:
    """A heading, a line for each name; `whole` where the other columns are folded first."""

    names: tuple[str, ...]
    whole: bool


def text(*names: str) -> Column:
    return Column(names, whole=False)


def numbers(*names: str) -> Column:
    return Column(names, whole=True)


def table(language: Language, *columns: Column) -> Table:
    """A table with the words of its columns as headings."""
    made = Table()
    for column in columns:
        heading = "\n".join(say(language, f"column.{name}") for name in column.names)
        made.add_column(plain(heading), no_wrap=column.whole)
    return made


def pairs() -> Table:
    """A table of names and values, without headings."""
    made = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    made.add_column(no_wrap=False)
    made.add_column(no_wrap=False, overflow="fold")
    return made


def money(amount: Decimal, language: Language, *, signed: bool = False) -> str:
    return _local(f"{amount:+,.2f}" if signed else f"{amount:,.2f}", language)


def percent(value: Decimal, language: Language) -> str:
    return f"{money(value, language, signed=True)} %"


def number(value: Decimal | None, language: Language) -> str:
    return "-" if value is None else _local(f"{value:,f}", language)


def as_said(values: Mapping[str, str], language: Language) -> dict[str, str]:
    """The values of a sentence: our names in words, amounts as the language writes them."""
    named = name_values(language, values)
    return {
        blank: write(language, value) if blank not in _NAMES and _DECIMAL.fullmatch(value) else value
        for blank, value in named.items()
    }


def _local(written: str, language: Language) -> str:
    """Digits as English writes them, with the marks of the language."""
    return written.translate(_COMMAS) if language == "pt-BR" else written


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
