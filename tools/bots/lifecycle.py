"""Which state follows which: pure."""

from tools.actions import (
    BotAction,
    CancelOrder,
    ChangeMode,
    DeleteBot,
    EditBot,
    ForceEntry,
    ForceExit,
    LockPair,
    PauseBot,
    ResumeBot,
    SetBotLimits,
    StartBot,
    StopBot,
    UnlockPair,
)
from tools.bot import Health, State
from tools.errors import Problem


def next_state(action: BotAction, name: str, state: State, health: Health) -> State:
    """The state after an action on a bot; unchanged where it changes none.

    A bot that should be running but whose process is gone may be started again. Raises `Problem("wrong_state")`.
    """
    lives = health in (Health.STARTING, Health.HEALTHY)
    match action, state:
        case StartBot(), State.RUNNING if lives:
            pass
        case StartBot(paused=paused), _:
            return State.PAUSED if paused else State.RUNNING
        case ResumeBot(), State.PAUSED if lives:
            return State.RUNNING
        case PauseBot(), State.RUNNING if lives:
            return State.PAUSED
        case StopBot(), State.RUNNING | State.PAUSED:
            return State.STOPPED
        case DeleteBot() | ChangeMode(), State.CREATED | State.STOPPED:
            return state
        case ForceEntry(), State.RUNNING if lives:
            return state
        case ForceExit() | CancelOrder() | LockPair() | UnlockPair(), State.RUNNING | State.PAUSED if lives:
            return state
        case EditBot() | SetBotLimits(), _:
            return state
    raise Problem("wrong_state", 409, name=name, state=state, action=action.kind)
