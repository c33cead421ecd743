"""What a bot and the guard say to each other before an order: one JSON line each way over a Unix socket.

Imported in every bot's process, so it stands on the standard library and pydantic alone.
"""

import secrets
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, PlainSerializer, TypeAdapter, ValidationError

from tools.freqtrade.plain import read_plain
from tools.freqtrade.protocol import Message, socket_path

LINE_BYTES = 8 * 1024
ENTRY_BOUND_S = 4.0
"""How long a bot waits for leave to buy; after that it does not buy."""
EXIT_BOUND_S = 1.0
"""How long a bot waits before it sells, whatever the answer."""
TELL_BOUND_S = 1.0
SILENCE_S = 5.0
"""How long a guard that did not answer in time is given no more than `HASTE_S` for each further question.

A bot with many pairs would else spend its rounds waiting, and come late to its exits.
"""
HASTE_S = 0.05

PASS_FILE = "guard.json"  # noqa: S105

Word = Annotated[str, Field(min_length=1, max_length=200)]
Number = Annotated[
    Decimal,
    Field(gt=0, allow_inf_nan=False, max_digits=60),
    PlainSerializer(lambda value: format(value, "f"), return_type=str),
]


class AskedOrder(Message):
    """An order as Freqtrade is about to make it."""

    pair: Word
    side: Literal["buy", "sell"]
    type: Literal["limit", "market"]
    amount: Number
    """In the base currency."""
    rate: Number


class Ask(Message):
    """May this order be made?"""

    op: Literal["ask"] = "ask"
    bot_id: Word
    key: Annotated[str, Field(max_length=200, repr=False)]
    order: AskedOrder


Became = Literal["placed", "failed", "cancelled"]
"""The exchange took the order, or none was made, or it was taken back with nothing bought."""


class Tell(Message):
    """What became of an entry that was allowed; `order_id` is there unless no order was made."""

    op: Literal["tell"] = "tell"
    bot_id: Word
    key: Annotated[str, Field(max_length=200, repr=False)]
    permit: Word
    outcome: Became
    order_id: Word | None = None


Unheard = Literal["no_answer", "no_verdict", "too_many_callers", "too_slow"]
"""Why an entry was not judged: nobody answered in time, or only to say that it was not judged."""


class Missed(Message):
    """An entry that was not made since it could not be judged, told when the guard answers again."""

    op: Literal["missed"] = "missed"
    bot_id: Word
    key: Annotated[str, Field(max_length=200, repr=False)]
    order: AskedOrder
    """The last one of its pair."""
    reason: Unheard
    times: Annotated[int, Field(ge=1, le=10**9)]


Question = Annotated[Ask | Tell | Missed, Field(discriminator="op")]
QUESTION: TypeAdapter[Question] = TypeAdapter(Question)


class Answer(Message):
    """`permit` where an entry was allowed, `rule` and `numbers` where it was not."""

    ok: bool
    permit: str | None = None
    rule: str | None = None
    numbers: Mapping[str, str] = Field(default_factory=dict)


class Pass(Message):
    """How a bot finds the guard and shows who it is; made anew at each start, kept in the bot's folder."""

    socket: str
    bot_id: str
    key: Annotated[str, Field(min_length=32, repr=False)]

    @classmethod
    def issue(cls, bot_folder: Path) -> Self:
        """With a key that nothing else has."""
        return cls(
            socket=str(door_socket(bot_folder.parents[1])), bot_id=bot_folder.name, key=secrets.token_urlsafe(32)
        )

    @classmethod
    def read(cls, bot_folder: Path) -> Self | None:
        """None where there is none, or none that can be read."""
        try:
            return cls.model_validate_json(read_plain(bot_folder / PASS_FILE))
        except (OSError, ValidationError):
            return None


def door_socket(data_folder: Path) -> Path:
    """Where the guard of a data folder answers its bots."""
    return socket_path(data_folder / "permits")


def exact(value: object) -> Decimal:
    """The decimal that a float is written as; raises `ValueError` for what is no number.

    A float's own `repr` is asked for, since numpy's says more than the number.
    """
    return Decimal(repr(float(value)))  # type: ignore[arg-type]
