import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.tools.guard.samples import (
    ID,
    OTHER,
    amounts,
    any_limits,
    any_order,
    counts,
    order,
    order_facts,
    pair_sets,
    patterns,
    worlds,
)
from tools.actions import Action, SetLimits, canonical, content_hash, read_action
from tools.errors import Problem
from tools.guard.limits import SENSES, BotLimits, BotLimitsChange, Limits, LimitsChange
from tools.guard.order import Order, OrderFacts
from tools.guard.order_checks import judge_order
from tools.guard.plan_checks import PLAN_CHECKS, SIZE_CHECKS, Plan, judge_plan
from tools.guard.snapshot import Snapshot
from tools.guard.verdict import Allow, Refuse

changes = st.builds(
    LimitsChange,
    max_trade=st.none() | amounts,
    max_bot_exposure=st.none() | amounts,
    max_total_exposure=st.none() | amounts,
    max_open_trades=st.none() | counts,
    max_entries_per_hour=st.none() | counts,
    reentry_cooldown_s=st.none() | st.integers(0, 3),
    blocked_pairs=st.none() | pair_sets,
    allowed_pairs=st.none() | patterns,
    live_enabled=st.none() | st.booleans(),
)
bot_changes = st.builds(
    BotLimitsChange.model_validate,
    st.fixed_dictionaries(
        {},
        optional={
            "max_trade": st.none() | amounts,
            "max_bot_exposure": st.none() | amounts,
            "max_loss_streak": st.none() | counts,
            "blocked_pairs": st.none() | pair_sets,
            "allowed_pairs": st.none() | patterns,
        },
    ),
)


def changed(change: LimitsChange | BotLimitsChange, limits: Limits) -> Limits:
    """The limits after a change that makes sense for them."""
    try:
        return change.applied_to(limits) if isinstance(change, LimitsChange) else change.applied_to(limits, ID)
    except ValidationError:
        assume(False)
        raise


def test_defaults_when_nothing_is_set_then_they_are_safe() -> None:
    assert Limits().live_enabled is False
    assert set(SENSES) == set(Limits.model_fields) - {"bots"}
    assert set(BotLimits.model_fields) == set(SENSES) - {"max_total_exposure", "live_enabled"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"max_trade": "600"}, "must fit into"),
        ({"max_bot_exposure": "2000"}, "must fit into"),
        ({"max_total_exposure": "10"}, "must fit into"),
        ({"max_entries_per_minute": 301}, "an hour"),
    ],
)
def test_apply_when_limits_contradict_then_raises(change: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        LimitsChange.model_validate(change).applied_to(Limits())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"max_trade": "100.01"}, "above that of all"),
        ({"max_bot_exposure": "501"}, "above that of all"),
        ({"max_open_trades": 51}, "above that of all"),
        ({"max_loss_streak": 13}, "above that of all"),
        ({"max_trade": "60", "max_bot_exposure": "50"}, "must fit into"),
        ({"max_entries_per_minute": 20, "max_entries_per_hour": 10}, "an hour"),
    ],
)
def test_apply_when_a_bots_limit_is_above_that_of_all_or_contradicts_then_raises(
    change: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        BotLimitsChange.model_validate(change).applied_to(Limits(), ID)


def test_apply_when_a_bot_would_allow_what_is_not_for_all_then_raises() -> None:
    limits = Limits(allowed_pairs=frozenset({"*/USDT"}))
    with pytest.raises(ValidationError, match="above that of all"):
        BotLimitsChange(allowed_pairs=frozenset({"BTC/*"})).applied_to(limits, ID)


@pytest.mark.parametrize(
    "value",
    [
        "NaN", "Infinity", "-1", "0", "1e308", "0.123456789", "0." + "0" * 39 + "1", float("nan"), "-0", "1,5",
        "1." + "0" * 40, "1." + "0" * 9, "1.000000000e2", True, "yes", " 5", "5 ", "+5", "5_0", "１０", [], {},
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["max_trade", "max_total_exposure", "max_daily_loss", "max_drawdown"])
def test_read_when_an_amount_is_no_amount_then_raises(name: str, value: object) -> None:
    for kind in (LimitsChange, BotLimitsChange):
        with pytest.raises(ValidationError):
            kind.model_validate({name: value})


@pytest.mark.parametrize(
    "value",
    [
        True, False, "yes", "-0", -0.0, "-0.0", " 5", "5 ", "+5", "5_0", "05", "5.0", "1e1", "NaN", float("inf"), 1.5,
        "１０", "9" * 40, 10**40, -1, "-1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["max_open_trades", "max_entries_per_minute", "max_loss_streak", "reentry_cooldown_s"])
def test_read_when_a_count_is_no_count_then_raises(name: str, value: object) -> None:
    for kind in (LimitsChange, BotLimitsChange):
        with pytest.raises(ValidationError):
            kind.model_validate({name: value})


@pytest.mark.parametrize("value", [1, "1", 1.0, "50", 0.0, "0"])
def test_read_when_a_count_is_written_as_one_then_it_is_read(value: object) -> None:
    assert LimitsChange.model_validate({"reentry_cooldown_s": value}).reentry_cooldown_s == int(float(str(value)))


@pytest.mark.parametrize("value", ["yes", "on", "true", 1, 0, "1", 1.0])
def test_read_when_a_switch_is_no_yes_or_no_then_raises(value: object) -> None:
    with pytest.raises(ValidationError):
        LimitsChange.model_validate({"live_enabled": value})
    with pytest.raises(Problem):
        read_action({"kind": "panic", "exit": value})


@pytest.mark.parametrize("pair", ["btcusdt", "BTC-USDT", "BTCUSDT", "ＢＴＣ/USDT", "btc/usdt", "BTC/USDT ", "ΒTC/USDT"])
def test_read_when_a_pair_is_spelled_otherwise_then_raises_and_blocks_nothing_by_half(pair: str) -> None:
    with pytest.raises(ValidationError):
        LimitsChange.model_validate({"blocked_pairs": [pair]})
    with pytest.raises(ValidationError):
        LimitsChange.model_validate({"allowed_pairs": [pair]})


def test_of_when_a_bot_has_its_own_then_the_tighter_one_holds() -> None:
    own = BotLimits(max_trade=Decimal(10), blocked_pairs=frozenset({"ETH/USDT"}))
    limits = Limits(blocked_pairs=frozenset({"DOGE/USDT"}), bots={ID: own})
    assert limits.of(ID).max_trade == Decimal(10)
    assert limits.of(ID).blocked_pairs == {"DOGE/USDT", "ETH/USDT"}
    assert limits.of(OTHER) is limits
    assert limits.of(None) is limits
    assert Limits(bots={ID: BotLimits(max_bot_exposure=Decimal(30))}).of(ID).max_trade == Decimal(30)


@given(any_limits(), changes)
def test_apply_when_limits_of_all_tighten_then_no_bot_is_left_with_more(limits: Limits, change: LimitsChange) -> None:
    after = changed(change, limits)
    for bot_id in (ID, OTHER):
        own = after.of(bot_id)
        assert own.max_trade <= own.max_bot_exposure <= after.max_bot_exposure
        assert own.max_trade <= after.max_trade
        assert own.blocked_pairs >= after.blocked_pairs


def test_loosened_when_nothing_changes_then_none() -> None:
    limits = Limits.model_validate({"bots": {ID: {"max_trade": 1}}})
    assert limits.loosened_from(limits) is None


orders = st.lists(any_order(), min_size=10, max_size=10)


@given(any_limits(), changes | bot_changes, orders)
def test_loosened_when_none_then_no_order_is_allowed_that_was_refused_before(
    before: Limits, change: LimitsChange | BotLimitsChange, asked: list[tuple[Order, OrderFacts]]
) -> None:
    after = changed(change, before)
    for later, earlier in ((after, before), (before, after)):
        if later.loosened_from(earlier) is None:
            for one, facts in asked:
                refused = isinstance(judge_order(one, facts, earlier), Refuse)
                assert not refused or isinstance(judge_order(one, facts, later), Refuse)


@given(worlds(), changes | bot_changes)
def test_loosened_when_none_then_no_plan_is_allowed_that_was_refused_before(
    world: Snapshot, change: LimitsChange | BotLimitsChange
) -> None:
    after = changed(change, world.limits)
    under = Snapshot(after, world.bots, "USDT", world.modes, world.panic)
    for later, earlier in ((under, world), (world, under)):
        if later.limits.loosened_from(earlier.limits) is None:
            for bot_id, one in world.bots.items():
                for checks in (PLAN_CHECKS, SIZE_CHECKS):
                    plan = Plan(one.spec, bot_id, enters=True)
                    if judge_plan(plan, earlier, checks) != Allow():
                        assert judge_plan(plan, later, checks) != Allow()


WITNESSES: list[tuple[str, object, object, dict[str, Any]]] = [
    ("max_trade", 49, 50, {}),
    ("max_bot_exposure", 149, 150, {"bot_held": 100}),
    ("max_total_exposure", 549, 550, {"total_held": 500}),
    ("max_open_trades", 2, 3, {"bot_trades": 2, "total_trades": 2}),
    ("max_daily_loss", 9, 10, {"bot_lost_today": 9}),
    ("max_drawdown", 9, 10, {"bot_drawdown": 9}),
    ("max_loss_streak", 2, 3, {"loss_streak": 2}),
    ("max_entries_per_minute", 2, 3, {"bot_entries_minute": 2}),
    ("max_entries_per_hour", 30, 31, {"bot_entries_hour": 30}),
    ("reentry_cooldown_s", 6, 5, {"closed_ago_s": 5}),
    ("blocked_pairs", ["BTC/USDT"], [], {}),
    ("allowed_pairs", ["ETH/*"], ["BTC/*", "ETH/*"], {}),
    ("live_enabled", False, True, {"mode": "REAL_MARKET_SPOT"}),
]


def test_witnesses_when_counted_then_every_limit_has_one() -> None:
    assert {name for name, *_ in WITNESSES} == set(SENSES)


@pytest.mark.parametrize(
    ("of_bot", "name", "tight", "loose", "facts"),
    [(of_bot, *one) for one in WITNESSES for of_bot in (False, True) if not of_bot or one[0] in BotLimits.model_fields],
)
def test_loosened_when_an_order_is_let_in_that_was_refused_then_it_names_the_limit(
    of_bot: bool, name: str, tight: object, loose: object, facts: dict[str, Any]
) -> None:
    before, after = (
        Limits.model_validate({"bots": {ID: {name: value}}} if of_bot else {name: value}) for value in (tight, loose)
    )
    assert isinstance(judge_order(order(), order_facts(**facts), before), Refuse)
    assert judge_order(order(), order_facts(**facts), after) == Allow()
    found = after.loosened_from(before)
    assert found is not None
    assert found[0] == (f"bots.{ID}.{name}" if of_bot else name)
    assert before.loosened_from(after) is None


@given(any_limits(), changes | bot_changes)
def test_limits_when_kept_as_json_then_they_come_back_as_they_were(
    limits: Limits, change: LimitsChange | BotLimitsChange
) -> None:
    after = changed(change, limits)
    assert Limits.model_validate(after.model_dump(mode="json")) == after


@given(changes, st.randoms())
def test_hash_when_the_same_is_written_otherwise_then_it_stays(change: LimitsChange, random: Any) -> None:
    action: Action = SetLimits(changes=change)
    content = SetLimits(changes=change).model_dump(mode="json", exclude_none=True)
    shuffled = dict(sorted(content.items(), key=lambda _: random.random()))
    for name in ("blocked_pairs", "allowed_pairs"):
        if name in shuffled["changes"]:
            random.shuffle(shuffled["changes"][name])
    assert content_hash(read_action(shuffled)) == content_hash(action)
    assert canonical(read_action(json.loads(canonical(action)))) == canonical(action)
