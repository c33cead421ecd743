"""What a bot is: the words that every room shares."""

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, Strict
from pydantic_core import PydanticCustomError

Timeframe = Literal["1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "1d"]

NUMBER_PATTERN = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?")
WHOLE_PATTERN = re.compile(r"-?[1-9][0-9]{0,17}|0")
DECIMALS = 8
"""Of an amount, as an exchange can express it."""
PAIR_PATTERN = re.compile(r"[A-Z0-9]{1,20}/[A-Z0-9]{2,10}")


class Mode(StrEnum):
    """Where a bot's orders go."""

    SIMULATED = "SIMULATED"
    """Freqtrade's dry-run: real market data, virtual balance."""
    REAL_MARKET_SPOT = "REAL_MARKET_SPOT"
    """Freqtrade live on spot: real orders."""


class State(StrEnum):
    """What the owner asked of a bot."""

    CREATED = "CREATED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    """No new entries; exits are still managed."""
    STOPPED = "STOPPED"


class Health(StrEnum):
    """What a bot's process is really doing."""

    OFF = "off"
    STARTING = "starting"
    HEALTHY = "healthy"
    CRASHED = "crashed"


class Frozen(BaseModel):
    """A value: cannot be changed, takes no field that it does not declare, no NaN and no infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _plain(value: Decimal) -> str:
    return format(value, "f")


def _pair(value: str) -> str:
    if not PAIR_PATTERN.fullmatch(value):
        raise PydanticCustomError("pair_format", "not a pair such as BTC/USDT")
    return value


def _without_tricks(value: str) -> str:
    for character in value:
        if unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in "\n\t":
            told = {"told": f"U+{ord(character):04X}"}
            raise PydanticCustomError("character", "the character {told} cannot be used here", told)
    return unicodedata.normalize("NFC", value)


def _without_repeats(pairs: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(pairs)) != len(pairs):
        raise PydanticCustomError("pair_twice", "a pair is named twice")
    return pairs


def _as_written(value: object) -> object:
    """Digits of ASCII alone, since others can be taken for them; no zero below zero; none beyond what is kept."""
    if isinstance(value, bool) or (isinstance(value, str) and not NUMBER_PATTERN.fullmatch(value)):
        raise PydanticCustomError("decimal_parsing", "not a number such as 12.5")
    if isinstance(value, str | float) and str(value).startswith("-") and float(value) == 0:
        raise PydanticCustomError("greater_than_equal", "below zero", {"ge": "0"})
    if isinstance(value, str) and len(value.lower().partition("e")[0].partition(".")[2]) > DECIMALS:
        raise PydanticCustomError("decimal_max_places", "too many decimal places", {"decimal_places": DECIMALS})
    return value


def _whole(value: object) -> object:
    """Digits of ASCII alone; no yes or no, and no zero below zero."""
    is_odd = isinstance(value, str) and not WHOLE_PATTERN.fullmatch(value)
    if is_odd or isinstance(value, bool) or (isinstance(value, float) and str(value).startswith("-0")):
        raise PydanticCustomError("int_type", "not a whole number")
    return value


def _not_binary(value: object) -> object:
    return _plain(Decimal(repr(value)).normalize()) if isinstance(value, float) else value


Money = Annotated[Decimal, BeforeValidator(_not_binary), PlainSerializer(_plain, return_type=str, when_used="json")]
"""An amount in the stake currency; a decimal string in JSON."""

Amount = Annotated[Money, BeforeValidator(_as_written), Field(gt=0, max_digits=24, decimal_places=DECIMALS)]
"""Money above zero, with what an exchange can express: at most 8 decimal places."""

Percent = Annotated[Money, BeforeValidator(_as_written), Field(max_digits=12, decimal_places=DECIMALS)]

WHOLE = BeforeValidator(_whole)
"""For whole numbers: as they are written, and nothing that only can be taken for one."""

Switch = Annotated[bool, Strict()]
"""On or off, of which no number or word is made."""

Pair = Annotated[str, Field(max_length=31, examples=["BTC/USDT"]), AfterValidator(_pair)]
"""BASE/QUOTE in capitals, as Freqtrade and ccxt write it."""

Text = Annotated[str, AfterValidator(_without_tricks)]
"""What a person wrote: normal form, and no character that steers a screen or hides another."""

BotId = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
Name = Annotated[Text, Field(min_length=1, max_length=60, pattern=r"^\S(.*\S)?$")]
Parameter = int | float | bool | str


class BotSpec(Frozen):
    """What the owner wants of a bot; all of it can be edited but the mode."""

    name: Name
    description: Annotated[Text, Field(max_length=500)] = ""
    mode: Mode = Mode.SIMULATED
    pairs: Annotated[tuple[Pair, ...], Field(min_length=1, max_length=50), AfterValidator(_without_repeats)]
    timeframe: Timeframe = "1m"
    strategy: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")] = "RsiMeanReversion"
    parameters: Annotated[dict[str, Parameter], Field(max_length=50)] = {}
    """Values for the strategy's tunable parameters; the rest keep its defaults."""
    stake: Amount
    """Spent on each entry, in the stake currency (the quote of every pair)."""
    max_open_trades: Annotated[int, Field(ge=1, le=50), WHOLE]
    stoploss_pct: Annotated[Percent, Field(gt=0, lt=100)] | None = None
    """Loss at which a trade is closed, in percent of its entry; the strategy's own where None."""
    take_profit_pct: Annotated[Percent, Field(gt=0, le=1000)] | None = None
    """Profit at which a trade is closed, in percent of its entry; the strategy's own where None."""

    @property
    def exposure(self) -> Decimal:
        """The most that this bot can have in open trades at once, in the stake currency."""
        return self.stake * self.max_open_trades

    @property
    def stake_currency(self) -> str:
        return self.pairs[0].split("/")[1]
