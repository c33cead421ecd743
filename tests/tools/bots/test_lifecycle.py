import pytest

from tools.actions import BotChanges, DeleteBot, EditBot, PauseBot, StartBot, StopBot
from tools.bot import Health, State
from tools.bots.lifecycle import next_state
from tools.errors import Problem

ID = "0" * 12
START, PAUSE, STOP, DELETE = (kind(bot_id=ID) for kind in (StartBot, PauseBot, StopBot, DeleteBot))
UP, DOWN, DEAD = Health.HEALTHY, Health.OFF, Health.CRASHED


@pytest.mark.parametrize(
    ("action", "state", "health", "after"),
    [
        (START, State.CREATED, DOWN, State.RUNNING),
        (START, State.STOPPED, DOWN, State.RUNNING),
        (START, State.PAUSED, UP, State.RUNNING),
        (START, State.RUNNING, DEAD, State.RUNNING),
        (START, State.RUNNING, DOWN, State.RUNNING),
        (StartBot(bot_id=ID, paused=True), State.PAUSED, DOWN, State.PAUSED),
        (PAUSE, State.RUNNING, UP, State.PAUSED),
        (STOP, State.RUNNING, UP, State.STOPPED),
        (STOP, State.RUNNING, DEAD, State.STOPPED),
        (STOP, State.PAUSED, UP, State.STOPPED),
        (DELETE, State.CREATED, DOWN, State.CREATED),
        (DELETE, State.STOPPED, DOWN, State.STOPPED),
        (EditBot(bot_id=ID, changes=BotChanges()), State.RUNNING, UP, State.RUNNING),
    ],
)
def test_next_state_when_allowed_then_is(
    action: StartBot | PauseBot | StopBot | DeleteBot | EditBot, state: State, health: Health, after: State
) -> None:
    assert next_state(action, "alpha", state, health) is after


@pytest.mark.parametrize(
    ("action", "state", "health"),
    [
        (START, State.RUNNING, UP),
        (START, State.RUNNING, Health.STARTING),
        (PAUSE, State.CREATED, DOWN),
        (PAUSE, State.STOPPED, DOWN),
        (PAUSE, State.PAUSED, UP),
        (PAUSE, State.RUNNING, DEAD),
        (STOP, State.CREATED, DOWN),
        (STOP, State.STOPPED, DOWN),
        (DELETE, State.RUNNING, UP),
        (DELETE, State.PAUSED, UP),
        (DELETE, State.RUNNING, DEAD),
    ],
)
def test_next_state_when_the_state_does_not_allow_it_then_says_so(
    action: StartBot | PauseBot | StopBot | DeleteBot, state: State, health: Health
) -> None:
    with pytest.raises(Problem) as raised:
        next_state(action, "alpha", state, health)
    assert (raised.value.kind, raised.value.status) == ("wrong_state", 409)
    assert raised.value.numbers == {"name": "alpha", "state": state, "action": action.kind}
