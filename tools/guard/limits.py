"""What the owner allows. All amounts are in the stake currency."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from tools.bot import Amount, Frozen, Pair

BlockedPairs = Annotated[frozenset[Pair], Field(max_length=1000)]


class Limits(Frozen):
    """The owner's limits, safe as they come."""

    max_trade: Amount = Decimal(100)
    """The largest single trade."""
    max_bot_exposure: Amount = Decimal(500)
    """The most that one bot may have in open trades."""
    max_total_exposure: Amount = Decimal(1000)
    """The most that all bots together may have in open trades."""
    blocked_pairs: BlockedPairs = frozenset()
    live_enabled: bool = False

    @model_validator(mode="after")
    def _do_not_contradict(self) -> Self:
        if not self.max_trade <= self.max_bot_exposure <= self.max_total_exposure:
            told = f"{self.max_trade:f} / {self.max_bot_exposure:f} / {self.max_total_exposure:f}"
            raise PydanticCustomError(
                "limits_contradict", "a trade must fit into a bot, a bot into all", {"told": told}
            )
        return self

    def loosened_from(self, other: "Limits") -> tuple[str, str, str] | None:
        """The first limit that is looser here than in `other`: its name, the other's value, this one's."""
        for name in ("max_trade", "max_bot_exposure", "max_total_exposure", "live_enabled"):
            before, after = getattr(other, name), getattr(self, name)
            if after > before:
                return name, str(before), str(after)
        freed = sorted(other.blocked_pairs - self.blocked_pairs)
        return ("blocked_pairs", freed[0], "-") if freed else None


class LimitsChange(Frozen):
    """What to change of the limits; None leaves one as it is."""

    max_trade: Amount | None = None
    max_bot_exposure: Amount | None = None
    max_total_exposure: Amount | None = None
    blocked_pairs: BlockedPairs | None = None

    def applied_to(self, limits: Limits) -> Limits:
        """The limits as they would be after this change.

        Raises `pydantic.ValidationError` where they would contradict each other.
        """
        return Limits.model_validate({**dict(limits), **self.model_dump(exclude_none=True)})
