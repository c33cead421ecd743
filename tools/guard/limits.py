"""What the owner allows, for all bots together and for single ones. All amounts are in the stake currency."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from tools.bot import WHOLE, Amount, BotId, Frozen, Pair, Switch
from tools.guard.patterns import PairPattern, covers, narrow

Count = Annotated[int, Field(ge=1, le=1000), WHOLE]
Rate = Annotated[int, Field(ge=1, le=100_000), WHOLE]
Seconds = Annotated[int, Field(ge=0, le=30 * 86_400), WHOLE]
BlockedPairs = Annotated[frozenset[Pair], Field(max_length=1000)]
AllowedPairs = Annotated[frozenset[PairPattern], Field(max_length=100)]

Sense = Literal["most", "least", "shut", "open", "switch"]
"""How a limit gets looser: a larger `most`, a smaller `least`, fewer `shut`, more `open`, a `switch` turned on."""

SENSES: Mapping[str, Sense] = {
    "max_trade": "most",
    "max_bot_exposure": "most",
    "max_total_exposure": "most",
    "max_open_trades": "most",
    "max_daily_loss": "most",
    "max_drawdown": "most",
    "max_loss_streak": "most",
    "max_entries_per_minute": "most",
    "max_entries_per_hour": "most",
    "reentry_cooldown_s": "least",
    "blocked_pairs": "shut",
    "allowed_pairs": "open",
    "live_enabled": "switch",
}
"""Every limit; one that is not here does not exist."""


class BotLimits(Frozen):
    """What the owner allows a single bot beyond the limits of all; None leaves it to those."""

    max_trade: Amount | None = None
    max_bot_exposure: Amount | None = None
    max_open_trades: Count | None = None
    max_daily_loss: Amount | None = None
    max_drawdown: Amount | None = None
    max_loss_streak: Count | None = None
    max_entries_per_minute: Rate | None = None
    max_entries_per_hour: Rate | None = None
    reentry_cooldown_s: Seconds | None = None
    blocked_pairs: BlockedPairs | None = None
    """Besides those that are blocked for all."""
    allowed_pairs: AllowedPairs | None = None
    """Of those that are allowed for all."""


class Limits(Frozen):
    """The owner's limits, safe as they come. Simulated and real money are each held to them, never added up."""

    max_trade: Amount = Decimal(100)
    """The most that goes into a single trade, its additions included."""
    max_bot_exposure: Amount = Decimal(500)
    """The most that one bot may have in open trades and entry orders."""
    max_total_exposure: Amount = Decimal(1000)
    """The most that all bots together may have in open trades and entry orders."""
    max_open_trades: Count = 50
    """Of all bots together."""
    max_daily_loss: Amount = Decimal(100)
    """What all bots together may lose with the trades that close within a UTC day; then no bot enters that day."""
    max_drawdown: Amount = Decimal(250)
    """How far the profit of all bots together, open trades included, may fall below its peak."""
    max_loss_streak: Count = 12
    """How many trades of a bot may close with a loss in a row before it is paused."""
    max_entries_per_minute: Rate = 30
    """Entry orders of all bots together."""
    max_entries_per_hour: Rate = 300
    """Entry orders of all bots together."""
    reentry_cooldown_s: Seconds = 0
    """How long a bot keeps out of a pair after a trade in it closed."""
    blocked_pairs: BlockedPairs = frozenset()
    allowed_pairs: AllowedPairs = frozenset({"*/*"})
    """Patterns; a pair that fits none is refused."""
    live_enabled: Switch = False
    """Whether bots may trade with real money."""
    bots: dict[BotId, BotLimits] = Field(default_factory=dict, max_length=1000)
    """Tighter limits of single bots, by id."""

    @model_validator(mode="after")
    def _do_not_contradict(self) -> Self:
        if not self.max_trade <= self.max_bot_exposure <= self.max_total_exposure:
            _contradict(f"{self.max_trade:f} / {self.max_bot_exposure:f} / {self.max_total_exposure:f}")
        _check_rates(self.max_entries_per_minute, self.max_entries_per_hour)
        for bot_id in self.bots:
            self._check_bot(bot_id)
        return self

    def _check_bot(self, bot_id: str) -> None:
        """No limit of a bot is above that of all, where it would only seem to hold."""
        _check_rates(self.bots[bot_id].max_entries_per_minute, self.bots[bot_id].max_entries_per_hour)
        for name, own in _given(self.bots[bot_id]):
            for_all = getattr(self, name)
            if is_looser(name, own, for_all) and SENSES[name] != "shut":
                told = f"{name}: {_shown(own)} / {_shown(for_all)}"
                raise PydanticCustomError("bot_above_all", "a bot's limit is above that of all", {"told": told})
        bounds = self.of(bot_id)
        if bounds.max_trade > bounds.max_bot_exposure:
            _contradict(f"{bounds.max_trade:f} / {bounds.max_bot_exposure:f}")

    def of(self, bot_id: str | None) -> "Limits":
        """What holds for one bot: its own limits where it has some, and those of all for the rest."""
        own = self.bots.get(bot_id or "")
        if own is None:
            return self
        values: dict[str, Any] = dict(_given(own))
        if own.blocked_pairs is not None:
            values["blocked_pairs"] = self.blocked_pairs | own.blocked_pairs
        if own.max_bot_exposure is not None and own.max_trade is None:
            values["max_trade"] = min(self.max_trade, own.max_bot_exposure)
        return self.model_copy(update=values)

    def loosened_from(self, other: "Limits") -> tuple[str, str, str] | None:
        """The first limit that is looser here than in `other`: its name, the other's value, this one's."""
        for name in SENSES:
            before, after = getattr(other, name), getattr(self, name)
            if is_looser(name, after, before):
                return name, _shown(before), _shown(after)
        for bot_id in {*self.bots, *other.bots}:
            mine, others = self.of(bot_id), other.of(bot_id)
            for name in SENSES:
                before, after = getattr(others, name), getattr(mine, name)
                if after != before and is_looser(name, after, before):
                    return f"bots.{bot_id}.{name}", _shown(before), _shown(after)
        return None


class LimitsChange(Frozen):
    """What to change of the limits of all bots; None leaves one as it is."""

    max_trade: Amount | None = None
    max_bot_exposure: Amount | None = None
    max_total_exposure: Amount | None = None
    max_open_trades: Count | None = None
    max_daily_loss: Amount | None = None
    max_drawdown: Amount | None = None
    max_loss_streak: Count | None = None
    max_entries_per_minute: Rate | None = None
    max_entries_per_hour: Rate | None = None
    reentry_cooldown_s: Seconds | None = None
    blocked_pairs: BlockedPairs | None = None
    allowed_pairs: AllowedPairs | None = None
    live_enabled: Switch | None = None

    def applied_to(self, limits: Limits) -> Limits:
        """The limits as they would be after this change; a bot's own that would be looser come down to them.

        Raises `pydantic.ValidationError` where they would contradict each other.
        """
        values = {**dict(limits), **self.model_dump(exclude_none=True)}
        bots = {bot_id: _within(own, values) for bot_id, own in limits.bots.items()}
        return Limits.model_validate({**values, "bots": bots})


class BotLimitsChange(BotLimits):
    """What to change of a bot's own limits: one that is not named stays, null leaves it to the limits of all again."""

    def applied_to(self, limits: Limits, bot_id: str) -> Limits:
        """The limits of all with this bot's changed.

        Raises `pydantic.ValidationError` where they would contradict each other.
        """
        before = limits.bots.get(bot_id, BotLimits())
        own = BotLimits.model_validate({**dict(before), **self.model_dump(exclude_unset=True)})
        bots = {key: value for key, value in limits.bots.items() if key != bot_id}
        if own != BotLimits():
            bots[bot_id] = own
        return Limits.model_validate({**dict(limits), "bots": bots})


def is_looser(name: str, after: Any, before: Any) -> bool:
    """Whether a limit with this name lets more pass after than before."""
    match SENSES[name]:
        case "most" | "switch":
            return bool(after > before)
        case "least":
            return bool(after < before)
        case "shut":
            return not after >= before
        case "open" if after <= before:
            return False
        case "open":
            return not all(any(covers(wide, narrow) for wide in before) for narrow in after)


def _within(own: BotLimits, for_all: Mapping[str, Any]) -> BotLimits:
    """A bot's own limits, none looser than those of all; none is dropped, since it would be missed later."""
    return BotLimits(**{name: _tighter(name, value, for_all[name]) for name, value in _given(own)})


def _tighter(name: str, own: Any, for_all: Any) -> Any:
    if SENSES[name] == "open":
        return narrow(own, for_all)
    return for_all if SENSES[name] != "shut" and is_looser(name, own, for_all) else own


def _given(limits: BotLimits) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in limits if value is not None)


def _check_rates(minute: int | None, hour: int | None) -> None:
    if minute is not None and hour is not None and minute > hour:
        told = {"told": f"{minute} > {hour}"}
        raise PydanticCustomError("rates_contradict", "a minute's entries must fit into an hour's", told)


def _contradict(told: str) -> None:
    raise PydanticCustomError("limits_contradict", "a trade must fit into a bot, a bot into all", {"told": told})


def _shown(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "-"
    return str(value).lower() if isinstance(value, bool) else str(value)
