"""Which state follows which: pure."""

from tools.actions import Action, CreateBot, DeleteBot, EditBot, PauseBot, SetLimits, StartBot, StopBot
from tools.bot import Health, State
from tools.errors import Problem


def next_state(action: Action, name: str, state: State, health: Health) -> State:
    """The state after an action on a bot; unchanged where it changes none.

    A bot that should be running but whose process is gone may be started again. Raises `Problem("wrong_state")`.
    """
    lives = health in (Health.STARTING, Health.HEALTHY)
    match action, state:
        case StartBot(), State.RUNNING if lives:
            pass
        case StartBot(paused=paused), _:
            return State.PAUSED if paused else State.RUNNING
        case PauseBot(), State.RUNNING if lives:
            return State.PAUSED
        case StopBot(), State.RUNNING | State.PAUSED:
            return State.STOPPED
        case DeleteBot(), State.CREATED | State.STOPPED:
            return state
        case EditBot() | CreateBot() | SetLimits(), _:
            return state
    raise Problem("wrong_state", 409, name=name, state=state, action=action.kind)
