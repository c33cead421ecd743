import pytest

from tools.actions import (
    BotAction,
    BotChanges,
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
from tools.bot import Health, Mode, State
from tools.bots.lifecycle import next_state
from tools.errors import Problem
from tools.guard.limits import BotLimitsChange

ID = "0" * 12
START, RESUME, PAUSE, STOP, DELETE = (kind(bot_id=ID) for kind in (StartBot, ResumeBot, PauseBot, StopBot, DeleteBot))
TURN = ChangeMode(bot_id=ID, mode=Mode.REAL_MARKET_SPOT)
ENTER = ForceEntry(bot_id=ID, pair="BTC/USDT")
MANAGING = [
    ForceExit(bot_id=ID),
    CancelOrder(bot_id=ID, trade_id=1),
    LockPair(bot_id=ID, pair="BTC/USDT"),
    UnlockPair(bot_id=ID, pair="BTC/USDT"),
]
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
        (RESUME, State.PAUSED, UP, State.RUNNING),
        (PAUSE, State.RUNNING, UP, State.PAUSED),
        (STOP, State.RUNNING, UP, State.STOPPED),
        (STOP, State.RUNNING, DEAD, State.STOPPED),
        (STOP, State.PAUSED, UP, State.STOPPED),
        (DELETE, State.CREATED, DOWN, State.CREATED),
        (DELETE, State.STOPPED, DOWN, State.STOPPED),
        (EditBot(bot_id=ID, changes=BotChanges()), State.RUNNING, UP, State.RUNNING),
        (SetBotLimits(bot_id=ID, changes=BotLimitsChange()), State.RUNNING, DEAD, State.RUNNING),
        (TURN, State.CREATED, DOWN, State.CREATED),
        (TURN, State.STOPPED, DOWN, State.STOPPED),
        (ENTER, State.RUNNING, UP, State.RUNNING),
        *((action, State.RUNNING, UP, State.RUNNING) for action in MANAGING),
        *((action, State.PAUSED, UP, State.PAUSED) for action in MANAGING),
    ],
)
def test_next_state_when_allowed_then_is(action: BotAction, state: State, health: Health, after: State) -> None:
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
        (RESUME, State.RUNNING, UP),
        (RESUME, State.STOPPED, DOWN),
        (RESUME, State.PAUSED, DEAD),
        (TURN, State.RUNNING, UP),
        (TURN, State.PAUSED, DEAD),
        (ENTER, State.PAUSED, UP),
        (ENTER, State.RUNNING, DEAD),
        (ENTER, State.STOPPED, DOWN),
        *((action, State.STOPPED, DOWN) for action in MANAGING),
        *((action, State.RUNNING, DEAD) for action in MANAGING),
    ],
)
def test_next_state_when_the_state_does_not_allow_it_then_says_so(
    action: BotAction, state: State, health: Health
) -> None:
    with pytest.raises(Problem) as raised:
        next_state(action, "alpha", state, health)
    assert (raised.value.kind, raised.value.status) == ("wrong_state", 409)
    assert raised.value.numbers == {"name": "alpha", "state": state, "action": action.kind}
