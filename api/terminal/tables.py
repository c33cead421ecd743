"""Tables in a terminal: what is narrow is folded, numbers are kept whole."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from rich.table import Table

from agent.words import Language, say
from api.terminal.plain import plain


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


def money(amount: Decimal, *, signed: bool = False, places: int = 2) -> str:
    return f"{amount:+,.{places}f}" if signed else f"{amount:,.{places}f}"


def number(value: Decimal | None) -> str:
    return "-" if value is None else f"{value:,f}"


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
