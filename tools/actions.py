"""Everything that changes something, as one closed union: whatever door it came through, a write is one of these."""

from typing import Annotated, Any, Literal, get_args

from pydantic import Field, TypeAdapter, ValidationError

from tools.bot import Amount, BotSpec, Frozen, Money, Name, Pair, Parameter, Text, Timeframe
from tools.errors import Problem
from tools.guard.limits import LimitsChange
from tools.invalid import invalid as problem_of

BotId = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]


class BotChanges(Frozen):
    """What to change of a bot; None leaves a setting as it is."""

    name: Name | None = None
    description: Annotated[Text, Field(max_length=500)] | None = None
    pairs: Annotated[tuple[Pair, ...], Field(min_length=1, max_length=50)] | None = None
    timeframe: Timeframe | None = None
    strategy: str | None = None
    parameters: dict[str, Parameter] | None = None
    stake: Amount | None = None
    max_open_trades: Annotated[int, Field(ge=1, le=50)] | None = None
    stoploss_pct: Annotated[Money, Field(ge=0, lt=100)] | None = None
    """0: the strategy's own again."""
    take_profit_pct: Annotated[Money, Field(ge=0, le=1000)] | None = None
    """0: the strategy's own again."""

    @property
    def is_cosmetic(self) -> bool:
        """Whether a running bot need not be started again to take it up."""
        return set(self.model_dump(exclude_none=True)) <= {"name", "description"}

    def applied_to(self, spec: BotSpec) -> BotSpec:
        """The spec as it would be after this change. Raises `pydantic.ValidationError`."""
        changed = self.model_dump(exclude_none=True)
        for exit_ in ("stoploss_pct", "take_profit_pct"):
            if changed.get(exit_) == 0:
                changed[exit_] = None
        return BotSpec.model_validate({**dict(spec), **changed})


class CreateBot(Frozen):
    kind: Literal["create_bot"] = "create_bot"
    spec: BotSpec


class EditBot(Frozen):
    kind: Literal["edit_bot"] = "edit_bot"
    bot_id: BotId
    changes: BotChanges


class StartBot(Frozen):
    """Starts a bot that is off, and lets a paused one enter again."""

    kind: Literal["start_bot"] = "start_bot"
    bot_id: BotId
    paused: bool = False
    """Comes up to manage its open trades only."""


class PauseBot(Frozen):
    """No new entries; open trades are still managed."""

    kind: Literal["pause_bot"] = "pause_bot"
    bot_id: BotId


class StopBot(Frozen):
    """Ends the bot's process; simulated open trades stay as they are and go on when it is started again."""

    kind: Literal["stop_bot"] = "stop_bot"
    bot_id: BotId


class DeleteBot(Frozen):
    kind: Literal["delete_bot"] = "delete_bot"
    bot_id: BotId


class SetLimits(Frozen):
    kind: Literal["set_limits"] = "set_limits"
    changes: LimitsChange


Action = Annotated[
    CreateBot | EditBot | StartBot | PauseBot | StopBot | DeleteBot | SetLimits, Field(discriminator="kind")
]
ACTION: TypeAdapter[Action] = TypeAdapter(Action)

KINDS: frozenset[str] = frozenset(
    get_args(action.model_fields["kind"].annotation)[0] for action in get_args(get_args(Action)[0])
)


def read_action(content: Any) -> Action:
    """Reads an action from its JSON form.

    Raises `Problem("invalid")` where a field of a known kind cannot be read, and `UnknownAction` for another kind.
    """
    kind = content.get("kind") if isinstance(content, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise UnknownAction(str(kind))
    try:
        return ACTION.validate_python(content)
    except ValidationError as error:
        raise invalid(error) from error


class UnknownAction(Exception):
    """An action of a kind that nobody declared; the guard refuses it."""


def invalid(error: ValidationError) -> Problem:
    """The first thing that is wrong with an action."""
    return problem_of(error.errors(include_url=False)[0], KINDS)
