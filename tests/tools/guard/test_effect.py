from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from tests.tools.guard.samples import ID, LIVE, OTHER, bot, money, snapshot, spec, worlds
from tools.actions import Action, CreateBot, EditBot, SetLimits, StartBot, read_action
from tools.bot import Mode, State
from tools.guard.effect import find_effect
from tools.guard.limits import Limits, LimitsChange
from tools.guard.snapshot import BotFacts, Snapshot

HALF = {"stake": 50, "trades": 2, "stoploss_pct": 10}
"""Holds 100 USDT at most, and loses 10 of them at its stop-loss."""


def told(action: Action, *bots: BotFacts) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    view = find_effect(action, snapshot(Limits(), *bots))
    assert view is not None
    return view.exposure_before, view.exposure_after, view.stop_loss_before, view.stop_loss_after


def action(kind: str, **more: Any) -> Action:
    return read_action({"kind": kind, "bot_id": ID, **more})


STOPPED, RUNNING = bot(State.STOPPED, of=HALF), bot(of=HALF)
OTHERS = bot(of={"stake": 20, "trades": 1})


@pytest.mark.parametrize(
    ("asked", "bots", "numbers"),
    [
        (action("start_bot"), (STOPPED,), (0, 100, 0, 10)),
        (action("resume_bot"), (bot(State.PAUSED, 30, of=HALF),), (30, 100, 3, 10)),
        (action("start_bot"), (STOPPED, OTHERS), (20, 120, 20, 30)),
        (CreateBot(spec=spec(**HALF)), (OTHERS,), (20, 120, 20, 30)),
        (action("edit_bot", changes={"stake": "70"}), (RUNNING,), (100, 140, 10, 14)),
        (action("edit_bot", changes={"stoploss_pct": "0"}), (RUNNING,), (100, 100, 10, 100)),
        (action("force_entry", pair="BTC/USDT"), (bot(State.PAUSED, 30, of=HALF),), (30, 80, 3, 8)),
        (
            action("force_entry", pair="BTC/USDT", stake="5"),
            (bot(State.PAUSED, 30, of=HALF),),
            (30, 35, 3, Decimal("3.5")),
        ),
        (action("pause_bot"), (RUNNING,), (100, 0, 10, 0)),
        (action("stop_bot"), (bot(State.RUNNING, 30, of=HALF), OTHERS), (120, 50, 30, 23)),
        (action("delete_bot"), (bot(State.STOPPED, 30, of=HALF),), (30, 0, 3, 0)),
        (action("lock_pair", pair="BTC/USDT"), (RUNNING,), (100, 100, 10, 10)),
    ],
)
def test_effect_when_asked_then_says_what_could_be_held_and_lost_before_and_after(
    asked: Action, bots: tuple[BotFacts, ...], numbers: tuple[object, ...]
) -> None:
    assert told(asked, *bots) == tuple(map(money, numbers))


def test_effect_when_a_bot_turns_to_real_money_then_it_is_counted_there() -> None:
    view = find_effect(action("change_mode", mode="REAL_MARKET_SPOT"), snapshot(Limits(), STOPPED, OTHERS))
    assert view is not None
    assert (view.mode, view.exposure_before, view.exposure_after) == (LIVE, 0, 100)


def test_effect_when_no_bot_is_meant_then_there_is_none() -> None:
    assert find_effect(SetLimits(changes=LimitsChange()), snapshot(Limits(), RUNNING)) is None
    assert find_effect(StartBot(bot_id="f" * 12), snapshot(Limits(), RUNNING)) is None


@given(worlds())
def test_effect_when_a_bot_starts_then_what_could_be_held_is_never_told_too_low(known: Snapshot) -> None:
    for bot_id in known.bots:
        view = find_effect(StartBot(bot_id=bot_id), known)
        assert view is not None
        after = known.with_state(bot_id, State.RUNNING)
        mode = Mode(view.mode)
        assert view.exposure_after == after.committed_by_others(None, mode)
        assert view.exposure_before == known.committed_by_others(None, mode)
        assert 0 <= view.stop_loss_after <= view.exposure_after


def test_effect_when_an_edit_makes_it_smaller_then_what_it_holds_still_counts() -> None:
    edit = EditBot.model_validate({"bot_id": ID, "changes": {"stake": "1"}})
    assert told(edit, bot(State.RUNNING, 80, of=HALF))[:2] == (100, 80)
    assert OTHER not in snapshot(Limits(), RUNNING).bots
