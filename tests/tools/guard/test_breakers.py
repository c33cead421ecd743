from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from tests.tools.guard.samples import ID, LIVE, OTHER, SIMULATED, bot, snapshot, worlds
from tools.bot import Mode, State
from tools.guard.breakers import find_trips
from tools.guard.limits import Limits
from tools.guard.snapshot import ModeFacts, Snapshot
from tools.guard.verdict import Rule

TIGHT = {"max_daily_loss": 10, "max_drawdown": 20, "max_loss_streak": 4}
OF_ALL = Limits.model_validate(TIGHT)
OF_BOT = Limits.model_validate({"bots": {ID: TIGHT}})


def rules(known: Snapshot) -> dict[str, Rule]:
    return {trip.bot_id: trip.rule for trip in find_trips(known)}


@pytest.mark.parametrize("limits", [OF_ALL, OF_BOT], ids=["all", "bot"])
@pytest.mark.parametrize(
    ("rule", "below", "at"),
    [
        (Rule.DAILY_LOSS, {"lost_today": Decimal("9.99999999")}, {"lost_today": Decimal(10)}),
        (Rule.DRAWDOWN, {"drawdown": Decimal("19.99999999")}, {"drawdown": Decimal(20)}),
        (Rule.LOSS_STREAK, {"loss_streak": 3}, {"loss_streak": 4}),
        (Rule.ORDER_RATE, {"rate_refusals": 2}, {"rate_refusals": 3}),
    ],
)
def test_find_when_a_bound_is_reached_then_the_bot_trips_and_below_it_does_not(
    rule: Rule, below: dict[str, Any], at: dict[str, Any], limits: Limits
) -> None:
    assert rules(snapshot(limits, bot(**below))) == {}
    (trip,) = find_trips(snapshot(limits, bot(**at)))
    assert (trip.bot_id, trip.rule) == (ID, rule)
    assert all(isinstance(value, str) for value in trip.numbers.values())


def test_find_when_only_one_bots_own_limit_is_reached_then_only_that_one_trips() -> None:
    lost = {"lost_today": Decimal(50)}
    assert rules(snapshot(OF_BOT, bot(**lost), bot(**lost))) == {ID: Rule.DAILY_LOSS}


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("facts", "rule"),
    [(ModeFacts(lost_today=Decimal(10)), Rule.DAILY_LOSS), (ModeFacts(drawdown=Decimal(20)), Rule.DRAWDOWN)],
)
def test_find_when_all_bots_of_a_mode_reach_a_bound_together_then_all_of_that_mode_trip(
    facts: ModeFacts, rule: Rule, mode: Mode
) -> None:
    bots = bot(of={"mode": SIMULATED}), bot(of={"mode": LIVE})
    assert rules(snapshot(OF_ALL, *bots, modes={mode: facts})) == {ID if mode is SIMULATED else OTHER: rule}


@pytest.mark.parametrize("state", [State.CREATED, State.PAUSED, State.STOPPED])
def test_find_when_a_bot_does_not_enter_then_it_does_not_trip(state: State) -> None:
    assert rules(snapshot(OF_ALL, bot(state, lost_today=Decimal(99)))) == {}


@given(worlds())
def test_find_when_looked_at_then_at_most_one_trip_for_each_running_bot(known: Snapshot) -> None:
    trips = find_trips(known)
    assert len({trip.bot_id for trip in trips}) == len(trips)
    assert all(known.bots[trip.bot_id].state is State.RUNNING for trip in trips)
