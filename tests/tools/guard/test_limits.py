from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tools.guard.limits import Limits, LimitsChange

amounts = st.decimals(min_value="0.01", max_value="100000", places=2)
pairs = st.frozensets(st.sampled_from(["BTC/USDT", "ETH/USDT", "DOGE/USDT"]))


@st.composite
def limits(draw: st.DrawFn) -> Limits:
    trade, bot, total = sorted(draw(st.lists(amounts, min_size=3, max_size=3)))
    return Limits(
        max_trade=trade,
        max_bot_exposure=bot,
        max_total_exposure=total,
        blocked_pairs=draw(pairs),
        live_enabled=draw(st.booleans()),
    )


def test_defaults_when_nothing_is_set_then_live_is_off() -> None:
    assert Limits().live_enabled is False


@pytest.mark.parametrize(
    "change",
    [
        {"max_trade": "600"},
        {"max_bot_exposure": "2000"},
        {"max_total_exposure": "10"},
    ],
)
def test_apply_when_limits_contradict_then_raises(change: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="must fit into"):
        LimitsChange.model_validate(change).applied_to(Limits())


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-1", "0", "1e308", "0.123456789", float("nan"), "-0"])
def test_read_when_an_amount_is_no_amount_then_raises(value: object) -> None:
    with pytest.raises(ValidationError):
        LimitsChange.model_validate({"max_trade": value})


@given(limits(), limits())
def test_loosened_when_none_then_nothing_is_allowed_that_was_not(after: Limits, before: Limits) -> None:
    if after.loosened_from(before) is None:
        assert after.max_trade <= before.max_trade
        assert after.max_bot_exposure <= before.max_bot_exposure
        assert after.max_total_exposure <= before.max_total_exposure
        assert after.blocked_pairs >= before.blocked_pairs
        assert before.live_enabled or not after.live_enabled


@given(limits())
def test_loosened_when_nothing_changes_then_none(same: Limits) -> None:
    assert same.loosened_from(same) is None


def test_loosened_when_a_pair_is_freed_then_it_is_named() -> None:
    before = Limits(blocked_pairs=frozenset({"DOGE/USDT"}))
    assert Limits().loosened_from(before) == ("blocked_pairs", "DOGE/USDT", "-")


def test_loosened_when_a_trade_may_be_larger_then_its_numbers_are_told() -> None:
    assert Limits(max_trade=Decimal(200)).loosened_from(Limits()) == ("max_trade", "100", "200")
