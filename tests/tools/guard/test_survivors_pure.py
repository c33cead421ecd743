"""What mutation testing found unheld in the pure rules: the numbers that a refusal tells, and rules at their seams."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from tests.tools.guard.samples import (
    ID,
    LIVE,
    MODEL,
    OTHER,
    PERSON,
    SIMULATED,
    bot,
    order,
    order_facts,
    refused,
    snapshot,
    spec,
)
from tools.actions import ChangeMode, DeleteBot, ForceEntry, ReleasePanic, ResumeBot, Risk, StartBot
from tools.bot import State
from tools.guard.breakers import find_trips
from tools.guard.effect import find_effect
from tools.guard.judge import judge, risk_of
from tools.guard.limits import BotLimits, BotLimitsChange, Limits, LimitsChange
from tools.guard.order_checks import judge_order, rate_is_near_the_price
from tools.guard.patterns import covers
from tools.guard.plan_checks import PLAN_CHECKS, Plan, judge_plan
from tools.guard.snapshot import BotFacts, ModeFacts
from tools.guard.verdict import Allow, NeedsConfirmation, Rule, Verdict, Why

TIGHT: dict[str, Any] = {
    "max_trade": "60.5", "max_bot_exposure": 200, "max_total_exposure": 300, "max_open_trades": 3,
    "max_daily_loss": 10, "max_drawdown": 20, "max_loss_streak": 4, "max_entries_per_minute": 2,
    "max_entries_per_hour": 5, "reentry_cooldown_s": 60, "blocked_pairs": ["DOGE/USDT"],
    "allowed_pairs": ["ETH/*", "*/USDT"],
}  # fmt: skip
ALL = Limits.model_validate(TIGHT)
MONEY = {"currency": "USDT"}
PAIR = {"pair": "BTC/USDT"}

ORDERS: list[tuple[dict[str, Any], dict[str, Any], Rule, dict[str, str]]] = [
    ({}, {"panic": True}, Rule.PANIC, {}),
    ({}, {"enters": False}, Rule.NOT_ENTERING, {"state": "PAUSED"}),
    ({}, {"paused_for": "drawdown"}, Rule.NOT_ENTERING, {"state": "drawdown"}),
    ({}, {"mode": LIVE}, Rule.LIVE_DISABLED, {"mode": "REAL_MARKET_SPOT"}),
    ({}, {"pairs": ["ETH/USDT", "SOL/BTC"]}, Rule.PAIR_NOT_OF_BOT, {**PAIR, "pairs": "ETH/USDT, SOL/BTC"}),
    ({"pair": "DOGE/USDT"}, {"pairs": ["DOGE/USDT"]}, Rule.PAIR_BLOCKED, {"pair": "DOGE/USDT"}),
    (
        {"pair": "SOL/BTC"}, {"pairs": ["SOL/BTC"]}, Rule.PAIR_NOT_ALLOWED,
        {"pair": "SOL/BTC", "allowed": "*/USDT, ETH/*"},
    ),
    ({}, {"facts_age_s": 61.4}, Rule.STALE_SNAPSHOT, {"age_s": "61", "max_s": "60"}),
    ({}, {"facts_age_s": 1e12}, Rule.STALE_SNAPSHOT, {"age_s": "1000000000", "max_s": "60"}),
    ({}, {"price": None}, Rule.UNKNOWN_PRICE, PAIR),
    ({}, {"price": 0}, Rule.UNKNOWN_PRICE, PAIR),
    ({}, {"price_age_s": 30.6}, Rule.STALE_SNAPSHOT, {**PAIR, "age_s": "31", "max_s": "30"}),
    ({}, {"price_age_s": 1e12}, Rule.STALE_SNAPSHOT, {**PAIR, "age_s": "1000000000", "max_s": "30"}),
    ({}, {"price_age_s": None}, Rule.STALE_SNAPSHOT, {**PAIR, "age_s": "-", "max_s": "30"}),
    ({"rate": "105.01"}, {}, Rule.PRICE_BAND, {**PAIR, "rate": "105.01", "price": "100", "max_pct": "5"}),
    ({}, {"trade_held": "10.6"}, Rule.TRADE_SIZE, {**PAIR, **MONEY, "asked": "60.6", "max": "60.5"}),
    ({}, {"bot_held": "160.5"}, Rule.BOT_EXPOSURE, {**MONEY, "asked": "50", "held": "160.5", "max": "200"}),
    ({}, {"exposure_cap": "20.5"}, Rule.BOT_EXPOSURE, {**MONEY, "asked": "50", "held": "0", "max": "20.5"}),
    ({}, {"total_held": "251"}, Rule.TOTAL_EXPOSURE, {**MONEY, "asked": "50", "held": "251", "max": "300"}),
    ({}, {"bot_trades": 4}, Rule.OPEN_TRADES, {"asked": "5", "max": "3"}),
    ({}, {"total_trades": 3}, Rule.OPEN_TRADES, {"asked": "4", "max": "3"}),
    ({}, {"bot_lost_today": "10.5"}, Rule.DAILY_LOSS, {**MONEY, "lost": "10.5", "max": "10"}),
    ({}, {"total_lost_today": 12}, Rule.DAILY_LOSS, {**MONEY, "lost": "12", "max": "10"}),
    ({}, {"bot_drawdown": "20.25"}, Rule.DRAWDOWN, {**MONEY, "drawdown": "20.25", "max": "20"}),
    ({}, {"total_drawdown": 100}, Rule.DRAWDOWN, {**MONEY, "drawdown": "100", "max": "20"}),
    ({}, {"loss_streak": 5}, Rule.LOSS_STREAK, {"losses": "5", "max": "4"}),
    ({}, {"bot_entries_minute": 2}, Rule.ORDER_RATE, {"count": "3", "max": "2", "window_s": "60", "of": "bot"}),
    ({}, {"bot_entries_hour": 6}, Rule.ORDER_RATE, {"count": "7", "max": "5", "window_s": "3600", "of": "bot"}),
    ({}, {"total_entries_minute": 2}, Rule.ORDER_RATE, {"count": "3", "max": "2", "window_s": "60", "of": "all"}),
    ({}, {"total_entries_hour": 5}, Rule.ORDER_RATE, {"count": "6", "max": "5", "window_s": "3600", "of": "all"}),
    ({}, {"closed_ago_s": 17.6}, Rule.COOLDOWN, {**PAIR, "wait_s": "42", "cooldown_s": "60"}),
    ({}, {"closed_ago_s": 59.5}, Rule.COOLDOWN, {**PAIR, "wait_s": "0", "cooldown_s": "60"}),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "facts", "rule", "numbers"), ORDERS)
def test_judge_order_when_refused_then_tells_these_numbers_and_no_others(
    asked: dict[str, Any], facts: dict[str, Any], rule: Rule, numbers: dict[str, str]
) -> None:
    assert refused(judge_order(order(**asked), order_facts(**facts), ALL)) == (rule, numbers)


def test_judge_order_when_no_pair_is_allowed_at_all_then_says_so() -> None:
    nothing = Limits(allowed_pairs=frozenset())
    assert refused(judge_order(order(), order_facts(), nothing))[1]["allowed"] == "-"
    plan = Plan(spec(), ID, enters=True)
    assert refused(judge_plan(plan, snapshot(nothing, bot()), PLAN_CHECKS))[1] == {**PAIR, "allowed": "-"}


@pytest.mark.parametrize("changes", [{"amount": "0.00000001"}, {"rate": "0.5", "amount": "1"}])
def test_judge_order_when_an_amount_or_rate_is_small_then_it_is_still_an_order(changes: dict[str, Any]) -> None:
    assert judge_order(order(**changes), order_facts(), ALL) == Allow()


@pytest.mark.parametrize("rate", ["0.01", "1", "100"])
def test_rate_is_near_when_there_is_no_price_then_no_rate_is(rate: str) -> None:
    told = {**PAIR, "rate": rate, "price": "0", "max_pct": "5"}
    verdict = rate_is_near_the_price(order(rate=rate), order_facts(price=None), ALL)
    assert refused(verdict) == (Rule.PRICE_BAND, told)


def test_judge_order_when_the_venues_price_is_below_one_then_it_is_a_price() -> None:
    assert judge_order(order(rate="0.5", amount="1"), order_facts(price="0.5"), ALL) == Allow()


PLANS: list[tuple[dict[str, Any], Rule, dict[str, str]]] = [
    ({"of": {"mode": LIVE}}, Rule.LIVE_DISABLED, {"mode": "REAL_MARKET_SPOT"}),
    ({"panic": True}, Rule.PANIC, {}),
    ({"of": {"pairs": ["DOGE/USDT", "BTC/USDT"]}}, Rule.PAIR_BLOCKED, {"pair": "DOGE/USDT"}),
    (
        {"of": {"pairs": ["BTC/USDT", "SOL/BTC"]}}, Rule.PAIR_NOT_ALLOWED,
        {"pair": "SOL/BTC", "allowed": "*/USDT, ETH/*"},
    ),
    ({"of": {"stake": "60.75"}}, Rule.TRADE_SIZE, {**MONEY, "asked": "60.75", "max": "60.5"}),
    (
        {"of": {"stake": 60, "trades": 4}}, Rule.BOT_EXPOSURE,
        {**MONEY, "asked": "240", "max": "200", "stake": "60", "trades": "4"},
    ),
    ({"others": 250}, Rule.TOTAL_EXPOSURE, {**MONEY, "asked": "100", "committed": "250", "max": "300"}),
    ({"of": {"stake": 10, "trades": 4}}, Rule.OPEN_TRADES, {"asked": "4", "max": "3"}),
    ({"lost_today": Decimal("10.5")}, Rule.DAILY_LOSS, {**MONEY, "lost": "10.5", "max": "10"}),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "rule", "numbers"), PLANS)
def test_judge_plan_when_refused_then_tells_these_numbers_and_no_others(
    facts: dict[str, Any], rule: Rule, numbers: dict[str, str]
) -> None:
    facts = dict(facts)
    panic, others = facts.pop("panic", False), facts.pop("others", 0)
    mine = bot(State.STOPPED, **facts)
    known = snapshot(ALL, mine, bot(State.PAUSED, others), panic=panic)
    assert refused(judge_plan(Plan(mine.spec, ID, enters=True), known, PLAN_CHECKS)) == (rule, numbers)


def test_judge_plan_when_a_bot_is_not_there_yet_then_it_is_judged_as_one_that_has_done_nothing() -> None:
    known = snapshot(ALL, bot(lost_today=Decimal(50), drawdown=Decimal(50), loss_streak=9))
    assert judge_plan(Plan(spec(), None, enters=True), known, PLAN_CHECKS) == Allow()


def test_judge_plan_when_a_bot_does_not_enter_then_a_lost_day_and_its_breakers_do_not_matter() -> None:
    known = snapshot(ALL, bot(lost_today=Decimal(50), drawdown=Decimal(50)))
    assert judge_plan(Plan(spec(), ID, enters=False), known, PLAN_CHECKS) == Allow()


def test_judge_plan_when_a_bot_does_not_enter_then_it_may_fill_the_total_to_the_last_by_itself() -> None:
    limits = Limits.model_validate({"max_bot_exposure": 100, "max_total_exposure": 100})
    known = snapshot(limits, bot(State.STOPPED), bot())
    assert judge_plan(Plan(spec(), ID, enters=False), known, PLAN_CHECKS) == Allow()
    verdict = judge_plan(Plan(spec(), ID, enters=True), known, PLAN_CHECKS)
    assert refused(verdict) == (Rule.TOTAL_EXPOSURE, {**MONEY, "asked": "100", "committed": "100", "max": "100"})


TRIPS: list[tuple[dict[str, Any], Rule, dict[str, str]]] = [
    ({"lost_today": Decimal("10.50")}, Rule.DAILY_LOSS, {**MONEY, "lost": "10.5", "max": "10"}),
    ({"drawdown": Decimal("30.00")}, Rule.DRAWDOWN, {**MONEY, "drawdown": "30", "max": "20"}),
    ({"loss_streak": 6}, Rule.LOSS_STREAK, {"losses": "6", "max": "4"}),
    ({"rate_refusals": 5}, Rule.ORDER_RATE, {"count": "5", "max": "2", "window_s": "60"}),
]


@pytest.mark.parametrize(("facts", "rule", "numbers"), TRIPS)
def test_find_trips_when_one_trips_then_tells_these_numbers_and_no_others(
    facts: dict[str, Any], rule: Rule, numbers: dict[str, str]
) -> None:
    (trip,) = find_trips(snapshot(ALL, bot(**facts)))
    assert (trip.bot_id, trip.rule, dict(trip.numbers)) == (ID, rule, numbers)


@pytest.mark.parametrize("enough", [{"lost_today": Decimal(100)}, {"drawdown": Decimal(250)}])
def test_find_trips_when_a_bots_own_limit_is_tighter_then_that_of_all_is_told_for_all(enough: dict[str, Any]) -> None:
    limits = Limits.model_validate({"bots": {ID: {"max_daily_loss": 10, "max_drawdown": 20}}})
    (trip,) = find_trips(snapshot(limits, bot(), modes={SIMULATED: ModeFacts(**enough)}))
    assert trip.numbers["max"] in ("100", "250")


ALIKE = {"paused_for": "drawdown", "of": {"name": "beta", "pairs": ["ETH/USDT", "BTC/USDT"]}}


def like(**changes: Any) -> Any:
    """The other bot, which the guard paused, but for what is named."""
    made = {**ALIKE, **changes, "of": {**ALIKE["of"], **changes.get("of", {})}}  # type: ignore[dict-item]
    return bot(State.PAUSED, **made)


@pytest.mark.parametrize("kind", [StartBot, ResumeBot])
def test_judge_when_a_model_starts_one_that_is_like_a_paused_one_then_a_person_is_asked(kind: Any) -> None:
    known = snapshot(None, bot(State.STOPPED), like())
    asked = judge(kind(bot_id=ID), MODEL, known)
    assert asked == NeedsConfirmation(Why.BREAKER, {"rule": "drawdown", "bot": "beta"})
    assert judge(kind(bot_id=ID), PERSON, known) == Allow()


@pytest.mark.parametrize(
    "changes",
    [
        {"paused_for": None},
        {"of": {"pairs": ["ETH/USDT"]}},
        {"of": {"strategy": "Another"}},
        {"of": {"mode": LIVE}},
    ],
)
def test_judge_when_the_paused_one_is_another_kind_of_bot_then_a_model_may_start_this_one(
    changes: dict[str, Any],
) -> None:
    known = snapshot(Limits(live_enabled=True), bot(State.STOPPED), like(**changes))
    assert judge(StartBot(bot_id=ID), MODEL, known) == Allow()


def test_judge_when_a_start_is_refused_then_a_likeness_does_not_matter() -> None:
    known = snapshot(Limits(max_trade=Decimal(1)), bot(State.STOPPED), like())
    assert refused(judge(StartBot(bot_id=ID), MODEL, known))[0] is Rule.TRADE_SIZE


def test_judge_when_a_paused_bot_is_deleted_then_a_model_has_to_ask_and_a_person_has_not() -> None:
    known = snapshot(None, bot(State.PAUSED, paused_for="loss_streak"), bot())
    assert judge(DeleteBot(bot_id=ID), MODEL, known) == NeedsConfirmation(Why.BREAKER, {"rule": "loss_streak"})
    assert judge(DeleteBot(bot_id=ID), PERSON, known) == Allow()
    assert judge(DeleteBot(bot_id=OTHER), MODEL, known) == Allow()


def test_judge_when_a_model_would_lift_the_panic_stop_then_is_told_what_it_asked_for() -> None:
    known = replace(snapshot(), panic=True)
    assert refused(judge(ReleasePanic(), MODEL, known)) == (
        Rule.AGENT_CANNOT_LOOSEN, {"limit": "panic", "from": "on", "to": "off"},
    )  # fmt: skip
    assert judge(ReleasePanic(), PERSON, known) == NeedsConfirmation(Why.PANIC)


@pytest.mark.parametrize("price", [None, Decimal(0), Decimal(-1)])
def test_judge_when_an_entry_is_forced_without_a_price_of_the_venue_then_tells_the_pair(price: Decimal | None) -> None:
    known = replace(snapshot(None, bot()), order=order_facts(price=price))
    asked = ForceEntry(bot_id=ID, pair="BTC/USDT", price=Decimal(100))
    assert refused(judge(asked, PERSON, known)) == (Rule.UNKNOWN_PRICE, PAIR)


def test_judge_when_an_entry_is_forced_then_its_own_pair_stake_and_bot_are_judged() -> None:
    limits = Limits.model_validate({"bots": {ID: {"max_trade": 40}}})
    known = replace(snapshot(limits, bot(), bot()), order=order_facts(pairs=["BTC/USDT"], price="0.5"))
    assert refused(judge(ForceEntry(bot_id=ID, pair="BTC/USDT"), PERSON, known)) == (
        Rule.TRADE_SIZE, {**PAIR, **MONEY, "asked": "50", "max": "40"},
    )  # fmt: skip
    assert judge(ForceEntry(bot_id=OTHER, pair="BTC/USDT"), PERSON, known) == Allow()
    assert judge(ForceEntry(bot_id=ID, pair="BTC/USDT", stake=Decimal(40)), PERSON, known) == Allow()
    assert refused(judge(ForceEntry(bot_id=ID, pair="ETH/USDT"), PERSON, known))[0] is Rule.PAIR_NOT_OF_BOT


def test_with_bot_when_a_bot_is_replaced_then_only_that_one_is() -> None:
    known = snapshot(None, bot(), bot())
    other = bot(State.PAUSED, 7)
    assert known.with_bot(ID, other).bots == {ID: other, OTHER: known.bots[OTHER]}
    assert known.with_bot(ID, other).limits is known.limits


def test_apply_when_one_limit_of_a_bot_changes_then_its_others_stay() -> None:
    own = {"max_trade": "10", "max_loss_streak": 3, "blocked_pairs": ["ETH/USDT"]}
    limits = Limits.model_validate({"bots": {ID: own, OTHER: {"max_trade": "7"}}})
    after = BotLimitsChange.model_validate({"max_trade": "5", "max_loss_streak": None}).applied_to(limits, ID)
    assert after.bots[ID] == BotLimits.model_validate({"max_trade": "5", "blocked_pairs": ["ETH/USDT"]})
    assert after.bots[OTHER] == limits.bots[OTHER]
    freed = BotLimitsChange.model_validate(dict.fromkeys(own)).applied_to(limits, ID)
    assert set(freed.bots) == {OTHER}


def test_apply_when_limits_of_all_change_then_what_is_blocked_for_one_bot_stays_blocked_for_it() -> None:
    limits = Limits.model_validate({"blocked_pairs": ["DOGE/USDT"], "bots": {ID: {"blocked_pairs": ["ETH/USDT"]}}})
    after = LimitsChange(max_trade=Decimal(5)).applied_to(limits)
    assert after.bots[ID].blocked_pairs == {"ETH/USDT"}
    assert after.of(ID).blocked_pairs == {"DOGE/USDT", "ETH/USDT"}


@pytest.mark.parametrize(
    ("limits", "kind", "message", "told"),
    [
        ({"max_trade": 501}, "limits_contradict", "a trade must fit into a bot, a bot into all", "501 / 500 / 1000"),
        (
            {"bots": {ID: {"max_trade": "9.5", "max_bot_exposure": 5}}}, "limits_contradict",
            "a trade must fit into a bot, a bot into all", "9.5 / 5",
        ),
        (
            {"max_entries_per_minute": 301}, "rates_contradict", "a minute's entries must fit into an hour's",
            "301 > 300",
        ),
        (
            {"bots": {ID: {"max_trade": 101}}}, "bot_above_all", "a bot's limit is above that of all",
            "max_trade: 101 / 100",
        ),
    ],
)  # fmt: skip
def test_read_when_limits_contradict_then_says_which_and_how(
    limits: dict[str, Any], kind: str, message: str, told: str
) -> None:
    with pytest.raises(ValidationError) as raised:
        Limits.model_validate(limits)
    (error,) = raised.value.errors()
    assert (error["type"], error["msg"], error["ctx"]) == (kind, message, {"told": told})


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            {"blocked_pairs": ["SOL/BTC", "BTC/USDT"]},
            {"blocked_pairs": []},
            ("blocked_pairs", "BTC/USDT, SOL/BTC", "-"),
        ),
        ({}, {"live_enabled": True}, ("live_enabled", "false", "true")),
        ({"max_trade": "0.5"}, {"max_trade": "1E+1"}, ("max_trade", "0.5", "10")),
        ({"reentry_cooldown_s": 5}, {"reentry_cooldown_s": 4}, ("reentry_cooldown_s", "5", "4")),
    ],
)
def test_loosened_when_a_limit_is_looser_then_tells_it_as_a_person_would_read_it(
    before: dict[str, Any], after: dict[str, Any], told: tuple[str, str, str]
) -> None:
    assert Limits.model_validate(after).loosened_from(Limits.model_validate(before)) == told


@pytest.mark.parametrize("known", [bot(of={"stake": 50}), bot(State.STOPPED, 30, claim=Decimal(50)), bot(held=30)])
def test_effect_when_a_bot_is_deleted_then_nothing_of_it_can_be_held_whatever_state_it_was_in(known: BotFacts) -> None:
    view = find_effect(DeleteBot(bot_id=ID), snapshot(None, known))
    assert view is not None
    assert (view.exposure_before, view.exposure_after, view.stop_loss_after) == (known.committed, 0, 0)
    assert view.exposure_before > 0


def test_effect_when_a_bot_turns_to_real_money_then_what_it_holds_of_the_other_is_not_counted_there() -> None:
    turned = ChangeMode.model_validate({"bot_id": ID, "mode": LIVE})
    view = find_effect(turned, snapshot(None, bot(State.STOPPED, 30), bot(State.PAUSED, 7, of={"mode": LIVE})))
    assert view is not None
    assert (view.mode, view.exposure_before, view.exposure_after, view.stop_loss_before) == (LIVE, 7, 107, 7)


def test_read_when_it_is_no_pattern_of_pairs_then_says_which_kind_of_mistake_it_is() -> None:
    with pytest.raises(ValidationError) as raised:
        Limits.model_validate({"allowed_pairs": ["BTC-USDT"]})
    (error,) = raised.value.errors()
    assert (error["type"], error["msg"]) == ("pair_pattern", "not a pattern such as */USDT")


@pytest.mark.parametrize(("wide", "inner"), [("*/*", "BTC"), ("*", "BTC/USDT"), ("*/*", "BTC/USDT/USDT")])
def test_covers_when_one_has_not_two_sides_then_it_does_not_guess(wide: str, inner: str) -> None:
    with pytest.raises(ValueError, match="argument 2 is"):
        covers(wide, inner)


TURNS: list[tuple[dict[str, Any], dict[str, Any], Any, Verdict | Rule]] = [
    ({"mode": SIMULATED}, {}, LIVE, Rule.LIVE_DISABLED),
    ({"mode": SIMULATED}, {"live_enabled": True}, LIVE, NeedsConfirmation(Why.LIVE)),
    ({"mode": LIVE}, {}, SIMULATED, Allow()),
    ({"mode": LIVE}, {"bots": {ID: {"max_trade": 10}}}, SIMULATED, Rule.TRADE_SIZE),
    ({"mode": LIVE}, {"bots": {OTHER: {"max_trade": 10}}}, SIMULATED, Allow()),
    ({"mode": LIVE}, {"max_bot_exposure": 100, "max_total_exposure": 100}, SIMULATED, Allow()),
]


@pytest.mark.parametrize(("of", "limits", "mode", "expected"), TURNS)
def test_judge_when_a_bot_turns_to_another_mode_then_it_is_judged_by_itself_in_that_mode(
    of: dict[str, Any], limits: dict[str, Any], mode: Any, expected: Verdict | Rule
) -> None:
    known = snapshot(Limits.model_validate(limits), bot(State.STOPPED, of=of), bot(of={"mode": mode}))
    verdict = judge(ChangeMode.model_validate({"bot_id": ID, "mode": mode}), PERSON, known)
    if isinstance(expected, Rule):
        assert refused(verdict)[0] is expected
    else:
        assert verdict == expected


@pytest.mark.parametrize("enabled", [False, True])
def test_judge_when_a_bot_is_started_paused_then_no_limit_keeps_it_from_managing_what_it_holds(enabled: bool) -> None:
    limits = Limits.model_validate({"max_trade": 1, "live_enabled": enabled})
    known = snapshot(limits, bot(State.STOPPED, of={"mode": LIVE}), bot(State.STOPPED), live_check=None)
    assert judge(StartBot(bot_id=OTHER, paused=True), PERSON, known) == Allow()
    assert judge(StartBot(bot_id=ID, paused=True), PERSON, known) == NeedsConfirmation(Why.LIVE)


def test_judge_when_an_action_has_not_even_a_kind_then_the_refusal_names_what_it_is() -> None:
    class Stranger:
        """Nothing that anybody declared."""

    verdict = judge(Stranger(), PERSON, snapshot())  # type: ignore[arg-type]
    assert refused(verdict) == (Rule.UNKNOWN_ACTION, {"kind": "Stranger"})


def test_risk_of_when_there_is_no_such_bot_then_it_is_that_of_the_kind() -> None:
    known = snapshot(None, bot(of={"mode": LIVE}))
    assert risk_of(StartBot(bot_id=ID), known) is Risk.LIVE
    assert risk_of(StartBot(bot_id=OTHER), known) is Risk.SIMULATED
