"""What an action would change of what can be lost: pure."""

from dataclasses import replace
from decimal import Decimal

from tools.actions import (
    Action,
    ChangeMode,
    CreateBot,
    DeleteBot,
    EditBot,
    ForceEntry,
    PauseBot,
    ResumeBot,
    StartBot,
    StopBot,
)
from tools.bot import BotSpec, Mode, State
from tools.guard.snapshot import BotFacts, Snapshot
from tools.views import EffectView

WHOLE = Decimal(100)
ZERO = Decimal(0)


def find_effect(action: Action, facts: Snapshot) -> EffectView | None:
    """Exposure, and the loss if every stop-loss is hit, before and after; None where the action is of no bot.

    A stop-loss that is left to the strategy counts as none: the whole exposure.
    """
    found = _after(action, facts)
    if found is None:
        return None
    bot_id, after = found
    before = facts.bots.get(bot_id)
    mode = after.spec.mode
    others = [bot for key, bot in facts.bots.items() if key != bot_id and bot.spec.mode is mode]
    exposure = sum((bot.committed for bot in others), ZERO)
    stop_loss = sum((_at_stop(bot) for bot in others), ZERO)
    counted = before if before is not None and before.spec.mode is mode else None
    return EffectView(
        mode=mode,
        exposure_before=exposure + (counted.committed if counted else ZERO),
        exposure_after=exposure + after.committed,
        stop_loss_before=stop_loss + (_at_stop(counted) if counted else ZERO),
        stop_loss_after=stop_loss + _at_stop(after),
    )


def _after(action: Action, facts: Snapshot) -> tuple[str, BotFacts] | None:
    """The bot as it would be, with what it could hold then; one that is made is told as if it were started."""
    if isinstance(action, CreateBot):
        return "", BotFacts(action.spec, State.RUNNING, ZERO)
    bot = facts.bots.get(getattr(action, "bot_id", ""))
    match action:
        case _ if bot is None:
            return None
        case EditBot():
            return action.bot_id, replace(bot, spec=action.changes.applied_to(bot.spec))
        case StopBot() | PauseBot():
            return action.bot_id, replace(bot, state=State.PAUSED)
        case DeleteBot():
            return action.bot_id, replace(bot, state=State.STOPPED, open_exposure=ZERO, claim=ZERO)
        case StartBot(paused=False) | ResumeBot():
            return action.bot_id, replace(bot, state=State.RUNNING)
        case ChangeMode():
            spec: BotSpec = bot.spec.model_copy(update={"mode": Mode(action.mode)})
            return action.bot_id, replace(bot, spec=spec, state=State.RUNNING)
        case ForceEntry():
            stake = action.stake or bot.spec.stake
            return action.bot_id, replace(bot, open_exposure=bot.open_exposure + stake)
    return getattr(action, "bot_id", ""), bot


def _at_stop(bot: BotFacts) -> Decimal:
    percent = bot.spec.stoploss_pct if bot.spec.stoploss_pct is not None else WHOLE
    return bot.committed * percent / 100
