from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from tests.tools.guard.samples import ID, LIVE, OTHER, SIMULATED, bot, checked, refused, snapshot, spec, worlds
from tools.bot import Mode, State
from tools.guard.judge import find_beyond_limits
from tools.guard.limits import Limits
from tools.guard.plan_checks import PLAN_CHECKS, SIZE_CHECKS, Plan, judge_plan
from tools.guard.snapshot import BotFacts, ModeFacts, Snapshot
from tools.guard.verdict import Allow, NeedsConfirmation, Rule, Verdict, Why

OWN: dict[str, Any] = {
    "max_trade": 60, "max_bot_exposure": 200, "max_open_trades": 3, "max_daily_loss": 10, "max_drawdown": 20,
    "max_loss_streak": 4, "blocked_pairs": ["DOGE/USDT"], "allowed_pairs": ["*/USDT"],
}  # fmt: skip
OF_ALL = Limits.model_validate({**OWN, "max_total_exposure": 300})
OF_BOT = Limits.model_validate({"bots": {ID: OWN}})


def enter(limits: Limits, *, others: tuple[BotFacts, ...] = (), panic: bool = False, **facts: Any) -> Verdict:
    """The judgement of letting a stopped bot enter; `of` are its settings, `modes` what is true of all bots."""
    modes = facts.pop("modes", {})
    mine = bot(State.STOPPED, **facts)
    known = snapshot(limits, mine, *others, modes=modes, panic=panic)
    return judge_plan(Plan(mine.spec, ID, enters=True), known, PLAN_CHECKS)


@pytest.mark.parametrize("limits", [OF_ALL, OF_BOT], ids=["all", "bot"])
@pytest.mark.parametrize(
    ("rule", "at", "beyond"),
    [
        (Rule.TRADE_SIZE, {"of": {"stake": 60}}, {"of": {"stake": "60.00000001"}}),
        (Rule.BOT_EXPOSURE, {"of": {"stake": 50, "trades": 3}}, {"of": {"stake": "50.1", "trades": 4}}),
        (Rule.OPEN_TRADES, {"of": {"stake": 1, "trades": 3}}, {"of": {"stake": 1, "trades": 4}}),
        (Rule.PAIR_BLOCKED, {}, {"of": {"pairs": ["BTC/USDT", "DOGE/USDT"]}}),
        (Rule.PAIR_NOT_ALLOWED, {}, {"of": {"pairs": ["SOL/BTC"]}}),
        (Rule.DAILY_LOSS, {"lost_today": Decimal("9.99")}, {"lost_today": Decimal(10)}),
        (Rule.PANIC, {}, {"panic": True}),
    ],
)
def test_judge_when_a_bound_is_passed_then_refuses_and_at_it_allows(
    rule: Rule, at: dict[str, Any], beyond: dict[str, Any], limits: Limits
) -> None:
    assert enter(limits, **at) == Allow()
    assert refused(enter(limits, **beyond))[0] is rule


@pytest.mark.parametrize("limits", [OF_ALL, OF_BOT], ids=["all", "bot"])
@pytest.mark.parametrize(
    ("rule", "at", "beyond"),
    [
        (Rule.DRAWDOWN, {"drawdown": Decimal("19.99")}, {"drawdown": Decimal(20)}),
        (Rule.LOSS_STREAK, {"loss_streak": 3}, {"loss_streak": 4}),
        ("order_rate", {}, {"paused_for": "order_rate"}),
    ],
)
def test_judge_when_a_breaker_has_tripped_then_a_person_must_overrule_it(
    rule: str, at: dict[str, Any], beyond: dict[str, Any], limits: Limits
) -> None:
    assert enter(limits, **at) == Allow()
    assert enter(limits, **beyond) == NeedsConfirmation(Why.BREAKER, {"rule": rule})


def test_judge_when_all_bots_together_have_lost_enough_then_none_enters() -> None:
    lost = {SIMULATED: ModeFacts(lost_today=Decimal(10))}
    assert refused(enter(OF_ALL, modes=lost)) == (Rule.DAILY_LOSS, {"lost": "10", "max": "10", "currency": "USDT"})
    assert enter(OF_ALL, modes={LIVE: ModeFacts(lost_today=Decimal(10))}) == Allow()
    fallen = {SIMULATED: ModeFacts(drawdown=Decimal(20))}
    assert enter(OF_ALL, modes=fallen) == NeedsConfirmation(Why.BREAKER, {"rule": Rule.DRAWDOWN})


def test_judge_when_the_running_bots_leave_just_enough_then_allows_and_one_cent_more_is_refused() -> None:
    running = bot(of={"stake": 50, "trades": 4})
    assert enter(OF_ALL, others=(running,)) == Allow()
    rule, numbers = refused(enter(OF_ALL, others=(replace(running, open_exposure=Decimal("200.01")),)))
    assert (rule, numbers["asked"], numbers["committed"], numbers["max"]) == (
        Rule.TOTAL_EXPOSURE, "100", "200.01", "300",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("other", "committed"),
    [
        (bot(State.RUNNING, of={"stake": 10}), "20"),
        (bot(State.PAUSED, 15, of={"stake": 10}), "15"),
        (bot(State.STOPPED, 15, claim=Decimal(30)), "30"),
        (bot(State.RUNNING, 45, of={"stake": 10}), "45"),
        (bot(State.RUNNING, 45, of={"mode": LIVE}), "0"),
    ],
)
def test_judge_when_others_are_in_other_states_then_they_count_with_what_they_can_hold(
    other: BotFacts, committed: str
) -> None:
    limits = Limits.model_validate({"max_total_exposure": 100, "max_bot_exposure": 100})
    verdict = enter(limits, others=(other,), of={"stake": 50})
    assert verdict == Allow() if committed == "0" else refused(verdict)[1]["committed"] == committed


@pytest.mark.parametrize("enters", [False, True])
@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("can_withdraw", [False, True])
def test_judge_when_a_key_can_withdraw_then_nothing_enters_with_real_money(
    enters: bool, mode: Mode, can_withdraw: bool
) -> None:
    plan = Plan(spec(mode=mode), ID, enters=enters)
    known = snapshot(Limits(live_enabled=True), live_check=checked(can_withdraw=can_withdraw))
    verdict = judge_plan(plan, known, PLAN_CHECKS)
    if can_withdraw and enters and mode is LIVE:
        assert refused(verdict) == (Rule.KEY_CAN_WITHDRAW, {"can_withdraw": "true"})
    else:
        assert verdict == Allow()
    assert judge_plan(plan, known, SIZE_CHECKS) == Allow()


def test_judge_when_a_bot_does_not_enter_then_only_its_own_size_counts() -> None:
    plan = Plan(spec(), None, enters=False)
    crowded = snapshot(Limits(), bot(of={"stake": 100, "trades": 10}), panic=True)
    assert judge_plan(plan, crowded, PLAN_CHECKS) == Allow()


def test_find_beyond_when_limits_tighten_then_the_newest_give_way_until_the_rest_fits() -> None:
    bots = [bot() for _ in range(4)]
    assert find_beyond_limits(snapshot(Limits(), *bots)) == []
    tight = Limits(max_total_exposure=Decimal(250), max_bot_exposure=Decimal(250))
    beyond = find_beyond_limits(snapshot(tight, *bots))
    assert [bot_id for bot_id, _ in beyond] == ["3" * 12, "2" * 12]
    assert refused(beyond[1][1]) == (
        Rule.TOTAL_EXPOSURE, {"asked": "100", "committed": "200", "max": "250", "currency": "USDT"}
    )  # fmt: skip


def test_find_beyond_when_a_pair_is_blocked_then_the_bots_that_trade_it() -> None:
    bots = bot(), bot(of={"pairs": ["ETH/USDT"]})
    (first, why), *more = find_beyond_limits(snapshot(Limits(blocked_pairs=frozenset({"BTC/USDT"})), *bots))
    assert (first, *refused(why), more) == (ID, Rule.PAIR_BLOCKED, {"pair": "BTC/USDT"}, [])
    own = Limits.model_validate({"bots": {OTHER: {"max_trade": 1}}})
    assert [bot_id for bot_id, _ in find_beyond_limits(snapshot(own, *bots))] == [OTHER]


@given(worlds())
def test_find_beyond_when_those_are_paused_then_all_that_run_fit(world: Snapshot) -> None:
    for bot_id, _ in find_beyond_limits(world):
        world = world.with_state(bot_id, State.PAUSED)
    assert find_beyond_limits(world) == []
    for bot_id, one in world.bots.items():
        if one.state is State.RUNNING:
            others = world.committed_by_others(bot_id, one.spec.mode)
            assert one.spec.exposure + others <= world.limits.max_total_exposure
            assert one.spec.exposure <= world.limits.of(bot_id).max_bot_exposure


@given(worlds())
def test_judge_when_a_plan_is_allowed_then_every_single_rule_allows_it(world: Snapshot) -> None:
    for bot_id, one in world.bots.items():
        plan = Plan(one.spec, bot_id, enters=True)
        if judge_plan(plan, world, PLAN_CHECKS) == Allow():
            assert all(check(plan, world) == Allow() for check in SIZE_CHECKS)


@pytest.mark.parametrize("stake", ["NaN", "inf", "-5", "0", "-0", "1e308", "0." + "0" * 39 + "1", "50,5", True])
def test_read_when_a_stake_is_no_amount_then_no_spec_comes_of_it(stake: object) -> None:
    with pytest.raises(ValueError, match="stake"):
        spec(stake=stake)
