"""Everything that changes something, as one closed union: whatever door it came through, a write is one of these."""

import hashlib
import json
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field, TypeAdapter, ValidationError

from tools.bot import (
    WHOLE,
    Amount,
    BotId,
    BotSpec,
    Frozen,
    Mode,
    Name,
    Pair,
    Parameter,
    Percent,
    Switch,
    Text,
    Timeframe,
)
from tools.errors import Problem
from tools.guard.limits import BotLimitsChange, LimitsChange
from tools.invalid import invalid as problem_of

TradeId = Annotated[int, Field(ge=1, le=2**53), WHOLE]


class BotChanges(Frozen):
    """What to change of a bot; None leaves a setting as it is."""

    name: Name | None = None
    description: Annotated[Text, Field(max_length=500)] | None = None
    pairs: Annotated[tuple[Pair, ...], Field(min_length=1, max_length=50)] | None = None
    timeframe: Timeframe | None = None
    strategy: str | None = None
    parameters: dict[str, Parameter] | None = None
    stake: Amount | None = None
    max_open_trades: Annotated[int, Field(ge=1, le=50), WHOLE] | None = None
    stoploss_pct: Annotated[Percent, Field(ge=0, lt=100)] | None = None
    """0: the strategy's own again."""
    take_profit_pct: Annotated[Percent, Field(ge=0, le=1000)] | None = None
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


class Risk(StrEnum):
    """What a verb or an action can touch at most."""

    READ = "read"
    SIMULATED = "simulated"
    """A bot; real money where the bot trades with it."""
    LIVE = "live"
    LIMITS = "limits"
    """What the owner allows, or what code may run."""


class CreateBot(Frozen):
    kind: Literal["create_bot"] = "create_bot"
    risk: ClassVar[Risk] = Risk.SIMULATED
    spec: BotSpec


class EditBot(Frozen):
    kind: Literal["edit_bot"] = "edit_bot"
    risk: ClassVar[Risk] = Risk.SIMULATED
    bot_id: BotId
    changes: BotChanges


class StartBot(Frozen):
    """Starts a bot that is off, and lets a paused one enter again."""

    kind: Literal["start_bot"] = "start_bot"
    risk: ClassVar[Risk] = Risk.SIMULATED
    bot_id: BotId
    paused: Switch = False
    """Comes up to manage its open trades only."""


class ResumeBot(Frozen):
    """Lets a paused bot enter again; one that is off stays off."""

    kind: Literal["resume_bot"] = "resume_bot"
    risk: ClassVar[Risk] = Risk.SIMULATED
    bot_id: BotId


class PauseBot(Frozen):
    """No new entries; open trades are still managed."""

    kind: Literal["pause_bot"] = "pause_bot"
    risk: ClassVar[Risk] = Risk.SIMULATED
    bot_id: BotId


class StopBot(Frozen):
    """Ends the bot's process; simulated open trades stay as they are and go on when it is started again."""

    kind: Literal["stop_bot"] = "stop_bot"
    risk: ClassVar[Risk] = Risk.SIMULATED
    bot_id: BotId


class DeleteBot(Frozen):
    kind: Literal["delete_bot"] = "delete_bot"
    risk: ClassVar[Risk] = Risk.SIMULATED
    bot_id: BotId


class ChangeMode(Frozen):
    """Turns a bot that is off, and holds nothing, from simulated to real money or back."""

    kind: Literal["change_mode"] = "change_mode"
    risk: ClassVar[Risk] = Risk.LIVE
    bot_id: BotId
    mode: Mode


class ForceEntry(Frozen):
    """Has a running bot enter a pair now, whatever its strategy says."""

    kind: Literal["force_entry"] = "force_entry"
    risk: ClassVar[Risk] = Risk.SIMULATED
    bot_id: BotId
    pair: Pair
    stake: Amount | None = None
    """The bot's own stake where None."""
    price: Amount | None = None
    """A limit order at this price; at the market's where None."""


class ForceExit(Frozen):
    """Has a bot sell now what a trade, or all its trades, hold."""

    kind: Literal["force_exit"] = "force_exit"
    risk: ClassVar[Risk] = Risk.SIMULATED
    bot_id: BotId
    trade_id: TradeId | None = None
    """All open trades where None."""
    amount: Amount | None = None
    """In the base currency; all of one trade where None."""


class CancelOrder(Frozen):
    """Takes back the open order of a trade."""

    kind: Literal["cancel_order"] = "cancel_order"
    risk: ClassVar[Risk] = Risk.SIMULATED
    bot_id: BotId
    trade_id: TradeId


class LockPair(Frozen):
    """Keeps a bot out of a pair for some time."""

    kind: Literal["lock_pair"] = "lock_pair"
    risk: ClassVar[Risk] = Risk.SIMULATED
    bot_id: BotId
    pair: Pair
    minutes: Annotated[int, Field(ge=1, le=60 * 24 * 365), WHOLE] = 60


class UnlockPair(Frozen):
    """Lets a bot back into a pair that was locked."""

    kind: Literal["unlock_pair"] = "unlock_pair"
    risk: ClassVar[Risk] = Risk.SIMULATED
    bot_id: BotId
    pair: Pair


class SetLimits(Frozen):
    kind: Literal["set_limits"] = "set_limits"
    risk: ClassVar[Risk] = Risk.LIMITS
    changes: LimitsChange


class SetBotLimits(Frozen):
    kind: Literal["set_bot_limits"] = "set_bot_limits"
    risk: ClassVar[Risk] = Risk.LIMITS
    bot_id: BotId
    changes: BotLimitsChange


class BlockPair(Frozen):
    """No bot enters the pair any more; open trades in it can be closed."""

    kind: Literal["block_pair"] = "block_pair"
    risk: ClassVar[Risk] = Risk.LIMITS
    pair: Pair


class UnblockPair(Frozen):
    kind: Literal["unblock_pair"] = "unblock_pair"
    risk: ClassVar[Risk] = Risk.LIMITS
    pair: Pair


class Panic(Frozen):
    """No new entries anywhere, at once and until a person lifts it."""

    kind: Literal["panic"] = "panic"
    risk: ClassVar[Risk] = Risk.SIMULATED
    exit: Switch = False
    """Also sells at market all that the bots hold."""


class ReleasePanic(Frozen):
    """Entries are possible again; the bots stay paused until each is resumed."""

    kind: Literal["release_panic"] = "release_panic"
    risk: ClassVar[Risk] = Risk.LIMITS


class StoreStrategy(Frozen):
    """Keeps a strategy's source so that bots can run it: code that will run on this machine."""

    kind: Literal["store_strategy"] = "store_strategy"
    risk: ClassVar[Risk] = Risk.LIMITS
    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
    source: Annotated[str, Field(min_length=1, max_length=50_000)]


class SettleFinding(Frozen):
    """Where the record, a bot and the exchange differ, what the exchange says is accepted; nothing is bought or sold.

    It names all that a person was shown: a difference with other numbers is another one.
    """

    kind: Literal["settle_finding"] = "settle_finding"
    risk: ClassVar[Risk] = Risk.LIVE
    finding: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    difference: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")] = "unknown"
    """What kind of difference it is."""
    of_bot: BotId | None = None
    pair: Pair | None = None
    numbers: Annotated[dict[str, Annotated[str, Field(max_length=100)]], Field(max_length=12, default_factory=dict)]


BotAction = (
    EditBot
    | StartBot
    | ResumeBot
    | PauseBot
    | StopBot
    | DeleteBot
    | ChangeMode
    | ForceEntry
    | ForceExit
    | CancelOrder
    | LockPair
    | UnlockPair
    | SetBotLimits
)
"""Each has a `bot_id`."""

Action = Annotated[
    CreateBot
    | EditBot
    | StartBot
    | ResumeBot
    | PauseBot
    | StopBot
    | DeleteBot
    | ChangeMode
    | ForceEntry
    | ForceExit
    | CancelOrder
    | LockPair
    | UnlockPair
    | SetLimits
    | SetBotLimits
    | BlockPair
    | UnblockPair
    | Panic
    | ReleasePanic
    | StoreStrategy
    | SettleFinding,
    Field(discriminator="kind"),
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


def canonical(action: Action) -> str:
    """The one JSON text of an action: sorted keys, plain decimals, nothing left out but what was not given."""
    content = ACTION.dump_python(action, mode="json", exclude_unset=False)
    if isinstance(action, SetBotLimits):
        content["changes"] = action.changes.model_dump(mode="json", exclude_unset=True)
    return json.dumps(_sorted(content), sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def content_hash(action: Action) -> str:
    """The SHA-256 of an action's canonical JSON: what a person is shown is what will be done."""
    return hashlib.sha256(canonical(action).encode()).hexdigest()


def _sorted(content: Any) -> Any:
    """Sets of pairs have no order of their own."""
    if isinstance(content, dict):
        return {
            key: sorted(value) if key in ("blocked_pairs", "allowed_pairs") and value else _sorted(value)
            for key, value in content.items()
        }
    return content


class UnknownAction(Exception):
    """An action of a kind that nobody declared; the guard refuses it."""


def invalid(error: ValidationError) -> Problem:
    """The first thing that is wrong with an action."""
    return problem_of(error.errors(include_url=False)[0], KINDS)
