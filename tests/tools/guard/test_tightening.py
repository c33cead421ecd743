from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from tests.tools.guard.samples import ID, any_limits
from tests.tools.guard.test_limits import bot_changes, changes
from tools.actions import SetBotLimits, SetLimits
from tools.guard.judge import apply_limits
from tools.guard.limits import BotLimitsChange, Limits, LimitsChange
from tools.guard.tightening import split

Change = SetLimits | SetBotLimits


def of_all(**values: Any) -> SetLimits:
    return SetLimits(changes=LimitsChange.model_validate(values))


def of_bot(**values: Any) -> SetBotLimits:
    return SetBotLimits(bot_id=ID, changes=BotLimitsChange.model_validate(values))


def given_in(action: Change | None) -> dict[str, Any]:
    return action.changes.model_dump(exclude_unset=True) if action else {}


@given(any_limits(), changes | bot_changes)
def test_split_when_a_change_does_both_then_the_first_part_loosens_nothing_and_both_come_to_the_whole(
    limits: Limits, change: LimitsChange | BotLimitsChange
) -> None:
    action = SetLimits(changes=change) if isinstance(change, LimitsChange) else SetBotLimits(bot_id=ID, changes=change)
    try:
        whole = apply_limits(action, limits)
    except ValidationError:
        return
    part, rest = split(action, limits)
    between = apply_limits(part, limits) if part else limits
    assert between.loosened_from(limits) is None
    assert apply_limits(rest, between) == whole
    assert part is None or given_in(part)


def test_split_when_numbers_go_both_ways_then_each_goes_into_its_part() -> None:
    part, rest = split(of_all(max_trade=50, max_daily_loss=200, max_drawdown=250), Limits())
    assert (given_in(part), given_in(rest)) == ({"max_trade": Decimal(50)}, {"max_daily_loss": Decimal(200)})


def test_split_when_a_bots_numbers_go_both_ways_then_each_goes_into_its_part() -> None:
    limits = Limits.model_validate({"bots": {ID: {"max_trade": 10, "max_daily_loss": 20}}})
    part, rest = split(of_bot(max_trade=None, max_daily_loss=5, max_drawdown=30), limits)
    assert given_in(part) == {"max_daily_loss": Decimal(5), "max_drawdown": Decimal(30)}
    assert given_in(rest) == {"max_trade": None}
    assert isinstance(part, SetBotLimits)
    assert part.bot_id == ID


@pytest.mark.parametrize("change", [of_all, of_bot])
def test_split_when_a_set_of_blocked_pairs_is_replaced_then_the_new_ones_are_blocked_at_once(change: Any) -> None:
    blocked = {"blocked_pairs": ["BTC/USDT", "ETH/USDT"]}
    limits = Limits.model_validate(blocked if change is of_all else {"bots": {ID: blocked}})
    part, rest = split(change(blocked_pairs=["ETH/USDT", "SOL/USDT"]), limits)
    assert given_in(part) == {"blocked_pairs": {"BTC/USDT", "ETH/USDT", "SOL/USDT"}}
    assert given_in(rest) == {"blocked_pairs": {"ETH/USDT", "SOL/USDT"}}


@pytest.mark.parametrize("change", [of_all, of_bot])
def test_split_when_a_set_of_allowed_pairs_is_replaced_then_the_others_are_not_allowed_any_more(change: Any) -> None:
    allowed = {"allowed_pairs": ["BTC/USDT", "ETH/USDT"]}
    limits = Limits.model_validate(allowed if change is of_all else {"bots": {ID: allowed}})
    part, rest = split(change(allowed_pairs=["ETH/USDT", "SOL/USDT"]), limits)
    assert given_in(part) == {"allowed_pairs": {"ETH/USDT"}}
    assert given_in(rest) == {"allowed_pairs": {"ETH/USDT", "SOL/USDT"}}


def test_split_when_nothing_of_what_is_allowed_would_be_left_then_it_is_not_split() -> None:
    limits = Limits.model_validate({"allowed_pairs": ["BTC/USDT"]})
    action = of_all(allowed_pairs=["SOL/USDT"])
    assert split(action, limits) == (None, action)


def test_split_when_more_would_be_blocked_than_can_be_then_it_is_not_split() -> None:
    limits = Limits.model_validate({"blocked_pairs": [f"A{number}/USDT" for number in range(600)]})
    action = of_all(blocked_pairs=[f"B{number}/USDT" for number in range(600)])
    assert split(action, limits) == (None, action)


def test_split_when_everything_loosens_then_what_changes_nothing_is_left_out() -> None:
    assert split(of_all(max_trade=200, max_drawdown=250), Limits()) == (None, of_all(max_trade=200))


def test_split_when_the_parts_contradict_each_other_on_their_own_then_it_is_not_split() -> None:
    limits = Limits.model_validate({"max_trade": 10, "max_bot_exposure": 20, "max_total_exposure": 30})
    action = of_all(max_trade=25, max_bot_exposure=25, max_total_exposure=25)
    part, rest = split(action, limits)
    assert given_in(part) == {"max_total_exposure": Decimal(25)}
    assert apply_limits(rest, apply_limits(part, limits)) == apply_limits(action, limits) if part else False
    lower = of_all(max_trade=100, max_bot_exposure=100, max_total_exposure=100, max_daily_loss=1)
    assert given_in(split(lower, limits)[0]) == {"max_daily_loss": Decimal(1)}


def test_split_when_allowed_pairs_of_all_tighten_then_a_bot_keeps_to_its_own() -> None:
    limits = Limits.model_validate({"bots": {ID: {"allowed_pairs": ["BTC/*"]}}})
    after = LimitsChange(allowed_pairs=frozenset({"*/USDT"})).applied_to(limits)
    assert after.of(ID).allowed_pairs == {"BTC/USDT"}
    assert after.loosened_from(limits) is None
