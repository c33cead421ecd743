from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.tools.guard.samples import (
    CHECKED,
    ID,
    LIVE,
    MODEL,
    OTHER,
    PERSON,
    SIMULATED,
    bot,
    order_facts,
    refused,
    snapshot,
    spec,
    worlds,
)
from tools.actions import (
    KINDS,
    Action,
    BotChanges,
    CreateBot,
    EditBot,
    ForceEntry,
    Risk,
    SetLimits,
    StartBot,
    read_action,
)
from tools.bot import Mode, State
from tools.guard.actor import OWNER, PERSONAL, Actor
from tools.guard.judge import judge, risk_of
from tools.guard.limits import Limits, LimitsChange
from tools.guard.snapshot import Snapshot
from tools.guard.verdict import Allow, NeedsConfirmation, Refuse, Rule, Verdict, Why

RECOVERY = Actor(door="recovery", scopes=frozenset({"operate"}))
GOOD = (CHECKED,)
ASKERS = {
    "person": PERSON,
    "agent": MODEL,
    "mcp": Actor(door="mcp"),
    "mcp agent": Actor(door="mcp", agent=True),
    "recovery": RECOVERY,
    "guard": Actor(door="guard", scopes=frozenset({"operate"})),
}
SIMPLE = {"bot_id": ID}
ACTIONS: dict[str, dict[str, Any]] = {
    "create_bot": {"spec": spec().model_dump(mode="json")},
    "edit_bot": {**SIMPLE, "changes": {"stake": "60"}},
    "start_bot": SIMPLE,
    "resume_bot": SIMPLE,
    "pause_bot": SIMPLE,
    "stop_bot": SIMPLE,
    "delete_bot": SIMPLE,
    "change_mode": {**SIMPLE, "mode": "REAL_MARKET_SPOT"},
    "force_entry": {**SIMPLE, "pair": "BTC/USDT"},
    "force_exit": SIMPLE,
    "cancel_order": {**SIMPLE, "trade_id": 1},
    "lock_pair": {**SIMPLE, "pair": "BTC/USDT"},
    "unlock_pair": {**SIMPLE, "pair": "BTC/USDT"},
    "set_limits": {"changes": {"max_trade": "10"}},
    "set_bot_limits": {**SIMPLE, "changes": {"max_trade": "10"}},
    "block_pair": {"pair": "ETH/USDT"},
    "unblock_pair": {"pair": "DOGE/USDT"},
    "panic": {},
    "release_panic": {},
    "store_strategy": {"name": "Mine", "source": "pass"},
    "settle_finding": {"finding": "0123456789abcdef"},
}
ALWAYS = {"pause_bot", "lock_pair", "block_pair", "panic", "set_limits", "set_bot_limits"}
"""What lowers risk and can do nothing else: everybody may, also in a turn that has read a stranger's text."""
LOWERING = {"stop_bot", "force_exit"}
"""What closes or ends something: with real money, too, but not at a stranger's word."""
LOOSENING = {"unblock_pair"}


def action(kind: str, **changes: Any) -> Action:
    return read_action({"kind": kind, **ACTIONS[kind], **changes})


def world(mode: Mode) -> Snapshot:
    limits = Limits(live_enabled=True, blocked_pairs=frozenset({"DOGE/USDT"}))
    return replace(snapshot(limits, bot(of={"mode": mode})), order=order_facts(mode=mode))


def expected(kind: str, actor: Actor, mode: Mode) -> Verdict | Rule:
    """What the product promises, written as a person would say it."""
    person = not actor.agent and actor.door in PERSONAL
    if kind in LOOSENING:
        return NeedsConfirmation(Why.LOOSENING) if person else Rule.AGENT_CANNOT_LOOSEN
    if kind == "release_panic":
        return NeedsConfirmation(Why.PANIC) if person else Rule.AGENT_CANNOT_LOOSEN
    if kind in ALWAYS:
        return Allow()
    if kind == "store_strategy" and not (person and "confirm" in actor.scopes):
        return NeedsConfirmation(Why.CODE)
    if kind == "unlock_pair" and not (person and "confirm" in actor.scopes) and actor.door not in ("guard", "recovery"):
        return NeedsConfirmation(Why.LIFTS)
    trusted = (person and "confirm" in actor.scopes) or actor.door in ("guard", "recovery")
    unasked = {*LOWERING, "store_strategy", *(("cancel_order",) if trusted else ())}
    live = kind in ("change_mode", "settle_finding") or (mode is LIVE and kind not in unasked)
    if live and not (kind == "start_bot" and actor.door == "recovery"):
        return NeedsConfirmation(Why.LIVE)
    return NeedsConfirmation(Why.TAINTED) if actor.tainted else Allow()


def test_actions_when_counted_then_each_kind_is_here() -> None:
    assert set(ACTIONS) == KINDS
    assert len(KINDS) == 21


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("tainted", [False, True], ids=["clean", "tainted"])
@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize("kind", ACTIONS)
def test_judge_when_anybody_asks_for_anything_then_it_is_as_promised(
    kind: str, asker: str, tainted: bool, mode: Mode
) -> None:
    actor = ASKERS[asker].model_copy(update={"tainted": tainted})
    spec_of = {"spec": spec(mode=mode).model_dump(mode="json")} if kind == "create_bot" else {}
    verdict, promised = judge(action(kind, **spec_of), actor, world(mode)), expected(kind, actor, mode)
    match promised:
        case Rule():
            assert refused(verdict)[0] is promised
        case NeedsConfirmation():
            assert isinstance(verdict, NeedsConfirmation)
            assert verdict.why is promised.why
        case _:
            assert verdict == promised


@pytest.mark.parametrize("kind", ["delete_bot", "unlock_pair"])
def test_judge_when_a_model_takes_away_what_holds_a_bot_back_then_a_person_is_asked_for_that(kind: str) -> None:
    own = Limits.model_validate({"bots": {ID: {"max_trade": 60}}})
    what = {"what": "lock", "pair": "BTC/USDT"} if kind == "unlock_pair" else {"what": "limits"}
    told = NeedsConfirmation(Why.LIFTS, {**what, "bot": "alpha"})
    program = Actor(door="rest", scopes=frozenset({"read", "operate"}))
    for actor in (MODEL, program):
        assert judge(action(kind), actor, snapshot(own, bot())) == told
    for actor in (PERSON, Actor(door="guard"), Actor(door="recovery")):
        assert judge(action(kind), actor, snapshot(own, bot())) == Allow()


def test_judge_when_a_model_deletes_a_bot_without_limits_of_its_own_then_it_may() -> None:
    others = Limits.model_validate({"bots": {OTHER: {"max_trade": 60}}})
    assert judge(action("delete_bot"), MODEL, snapshot(others, bot(), bot())) == Allow()


@pytest.mark.parametrize("tainted", [False, True])
def test_judge_when_everything_is_sold_in_panic_then_a_stranger_cannot_ask_for_it(tainted: bool) -> None:
    verdict = judge(action("panic", exit=True), MODEL.model_copy(update={"tainted": tainted}), world(LIVE))
    assert verdict == (NeedsConfirmation(Why.TAINTED) if tainted else Allow())


def test_judge_when_a_bot_leaves_real_money_then_nobody_need_be_asked() -> None:
    assert judge(action("change_mode", mode="SIMULATED"), MODEL, world(LIVE)) == Allow()


@pytest.mark.parametrize("door", sorted(PERSONAL))
@pytest.mark.parametrize("scopes", [OWNER, frozenset({"read", "operate"})], ids=["confirm", "without"])
def test_may_confirm_when_it_is_a_persons_own_word_then_only_with_the_scope(door: Any, scopes: frozenset[Any]) -> None:
    assert Actor(door=door, scopes=scopes).may_confirm is (scopes == OWNER)
    assert not Actor(door=door, scopes=scopes, agent=True).may_confirm


@pytest.mark.parametrize("door", ["mcp", "recovery", "guard", "gateway", "bot"])
def test_may_confirm_when_no_person_stands_at_the_door_then_never(door: Any) -> None:
    assert not Actor(door=door).may_confirm


@pytest.mark.parametrize(
    ("changes", "limit"),
    [
        ({"max_trade": "101"}, "max_trade"),
        ({"max_open_trades": 51}, "max_open_trades"),
        ({"reentry_cooldown_s": 0, "max_loss_streak": 13}, "max_loss_streak"),
        ({"blocked_pairs": []}, "blocked_pairs"),
        ({"live_enabled": True, "max_trade": "1"}, "live_enabled"),
    ],
)
def test_judge_when_a_limit_is_loosened_then_a_model_is_refused_and_a_person_asked(
    changes: dict[str, Any], limit: str
) -> None:
    known = snapshot(Limits(blocked_pairs=frozenset({"DOGE/USDT"})), bot())
    loosen = action("set_limits", changes=changes)
    assert refused(judge(loosen, MODEL, known))[1]["limit"] == limit
    assert refused(judge(loosen, MODEL, known))[0] is Rule.AGENT_CANNOT_LOOSEN
    asked = judge(loosen, PERSON, known)
    assert isinstance(asked, NeedsConfirmation)
    assert asked.numbers["limit"] == limit


def test_judge_when_a_bots_own_limit_is_left_to_all_again_then_that_is_loosening() -> None:
    known = snapshot(Limits.model_validate({"bots": {ID: {"max_trade": "10"}}}), bot())
    freed = action("set_bot_limits", changes={"max_trade": None})
    assert refused(judge(freed, MODEL, known)) == (
        Rule.AGENT_CANNOT_LOOSEN,
        {"limit": f"bots.{ID}.max_trade", "from": "10", "to": "100"},
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "renamed"},
        {"stake": "10", "max_open_trades": 2, "pairs": ["ETH/USDT"]},
        {"stoploss_pct": "2"},
    ],
)
def test_judge_when_an_edit_only_lowers_then_no_limit_keeps_it_away(changes: dict[str, Any]) -> None:
    limits = Limits(max_total_exposure=Decimal(500), blocked_pairs=frozenset({"BTC/USDT"}))
    mine = bot(of={"stake": 100, "trades": 4, "pairs": ["BTC/USDT", "ETH/USDT"]})
    known = snapshot(limits, mine, bot(of={"stake": 100, "trades": 5}))
    assert judge(EditBot(bot_id=ID, changes=BotChanges.model_validate(changes)), MODEL, known) == Allow()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"stake": "101"}, Rule.TRADE_SIZE),
        ({"max_open_trades": 6, "stake": "100"}, Rule.BOT_EXPOSURE),
        ({"max_open_trades": 4, "stake": "100"}, Rule.TOTAL_EXPOSURE),
        ({"max_open_trades": 10, "stake": "1"}, Rule.OPEN_TRADES),
        ({"pairs": ["BTC/USDT", "DOGE/USDT"]}, Rule.PAIR_BLOCKED),
    ],
)
def test_judge_when_an_edit_lets_a_bot_hold_more_then_it_must_fit(changes: dict[str, Any], rule: Rule) -> None:
    limits = Limits(max_total_exposure=700, max_open_trades=9, blocked_pairs=frozenset({"DOGE/USDT"}))  # type: ignore[arg-type]
    known = snapshot(limits, bot(), bot(of={"stake": 80, "trades": 5}))
    edit = EditBot(bot_id=ID, changes=BotChanges.model_validate(changes))
    assert refused(judge(edit, MODEL, known))[0] is rule


def test_judge_when_a_paused_bot_comes_back_to_hold_its_trades_then_no_limit_keeps_it_away() -> None:
    limits = Limits(blocked_pairs=frozenset({"BTC/USDT"}), max_trade=Decimal(1))
    known = snapshot(limits, bot(State.PAUSED, held=400), panic=True)
    assert judge(StartBot(bot_id=ID, paused=True), PERSON, known) == Allow()
    assert isinstance(judge(StartBot(bot_id=ID), PERSON, known), Refuse)


@given(
    st.decimals(min_value="0.01", max_value="10000", places=2), st.decimals("0.00000001", "99999.99999999", places=8)
)
@example(Decimal("2674.6"), Decimal("19783.48"))
def test_judge_when_a_forced_entry_is_as_large_as_a_trade_may_be_then_no_price_makes_it_larger(
    stake: Decimal, price: Decimal
) -> None:
    limits = Limits(max_trade=stake, max_bot_exposure=stake, max_total_exposure=stake)
    known = replace(snapshot(limits, bot()), order=order_facts(price=price, exposure_cap=stake))
    assert judge(ForceEntry(bot_id=ID, pair="BTC/USDT", stake=stake), PERSON, known) == Allow()
    more = ForceEntry(bot_id=ID, pair="BTC/USDT", stake=stake + Decimal("0.01"))
    assert refused(judge(more, PERSON, known))[0] is Rule.TRADE_SIZE


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (None, Rule.UNKNOWN_PRICE),
        (order_facts(price=None), Rule.UNKNOWN_PRICE),
        (order_facts(enters=False), Rule.NOT_ENTERING),
        (order_facts(panic=True), Rule.PANIC),
        (order_facts(price_age_s=31), Rule.STALE_SNAPSHOT),
        (order_facts(total_held=951), Rule.TOTAL_EXPOSURE),
    ],
)
def test_judge_when_an_entry_is_forced_then_it_is_judged_as_the_order_that_it_is(facts: Any, rule: Rule) -> None:
    known = replace(snapshot(Limits(), bot()), order=facts)
    assert refused(judge(ForceEntry(bot_id=ID, pair="BTC/USDT"), PERSON, known))[0] is rule


def test_judge_when_a_forced_entry_names_a_price_far_above_the_market_then_refuses() -> None:
    known = replace(snapshot(Limits(), bot()), order=order_facts())
    assert judge(ForceEntry(bot_id=ID, pair="BTC/USDT", price=Decimal(105)), PERSON, known) == Allow()
    dear = ForceEntry(bot_id=ID, pair="BTC/USDT", price=Decimal("105.01"))
    assert refused(judge(dear, PERSON, known))[0] is Rule.PRICE_BAND


def test_judge_when_an_action_is_of_no_known_kind_then_refuses() -> None:
    class Withdraw:
        kind = "withdraw"

    verdict = judge(Withdraw(), PERSON, snapshot())  # type: ignore[arg-type]
    assert refused(verdict) == (Rule.UNKNOWN_ACTION, {"kind": "withdraw"})


def test_risk_when_a_bot_trades_with_real_money_then_so_does_what_is_done_to_it() -> None:
    assert risk_of(StartBot(bot_id=ID), world(SIMULATED)) is Risk.SIMULATED
    assert risk_of(StartBot(bot_id=ID), world(LIVE)) is Risk.LIVE
    assert risk_of(action("panic"), world(LIVE)) is Risk.LIVE
    assert risk_of(action("panic"), world(SIMULATED)) is Risk.SIMULATED
    assert risk_of(CreateBot(spec=spec(mode=LIVE)), snapshot()) is Risk.LIVE
    assert risk_of(SetLimits(changes=LimitsChange(max_trade=Decimal(1))), world(LIVE)) is Risk.LIMITS


actors = st.builds(
    Actor,
    door=st.sampled_from(["web", "cli", "rest", "telegram", "mcp", "recovery", "guard", "gateway", "bot"]),
    agent=st.booleans(),
    tainted=st.booleans(),
    scopes=st.sampled_from([OWNER, frozenset({"read"}), frozenset({"operate"})]),
)


@given(worlds(), actors, st.sampled_from(["pause_bot", "stop_bot", "force_exit", "lock_pair", "block_pair", "panic"]))
def test_judge_when_risk_is_lowered_then_nothing_refuses_it(known: Snapshot, actor: Actor, kind: str) -> None:
    verdict = judge(action(kind), actor, known)
    assert verdict == Allow() or (actor.tainted and verdict == NeedsConfirmation(Why.TAINTED))


@given(worlds(), actors, st.sampled_from(["start_bot", "resume_bot"]))
def test_judge_when_a_start_is_allowed_then_no_limit_can_be_passed(known: Snapshot, actor: Actor, kind: str) -> None:
    for bot_id, one in known.bots.items():
        if isinstance(judge(action(kind, bot_id=bot_id), actor, known), Refuse):
            continue
        own, mode = known.limits.of(bot_id), one.spec.mode
        assert not known.panic
        assert one.spec.stake <= own.max_trade
        assert one.spec.exposure <= own.max_bot_exposure
        assert known.committed_by_others(bot_id, mode) + one.spec.exposure <= known.limits.max_total_exposure
        assert one.lost_today < own.max_daily_loss
        assert mode is SIMULATED or known.limits.live_enabled
        assert mode is SIMULATED or known.live_check in GOOD
        assert mode is SIMULATED or one.mandate_void is None or actor.door != "recovery" or actor.tainted


@given(worlds(), actors)
def test_judge_when_all_kinds_are_asked_then_none_raises_and_only_people_are_asked_to_loosen(
    known: Snapshot, actor: Actor
) -> None:
    tighter = {"changes": {"max_trade": "0.01"}}
    for kind in ACTIONS:
        verdict = judge(action(kind, **(tighter if "limits" in kind else {})), actor, known)
        if isinstance(verdict, NeedsConfirmation) and verdict.why in (Why.LOOSENING, Why.PANIC):
            assert not actor.agent
            assert actor.door in PERSONAL


PROGRAM = Actor(door="rest", scopes=frozenset({"read", "operate"}))


@pytest.mark.parametrize("asker", [MODEL, PROGRAM])
@pytest.mark.parametrize("changes", [{"pairs": ["ETH/USDT"]}, {"strategy": "EmaCross"}])
def test_judge_when_a_bot_that_the_guard_paused_would_become_another_then_a_person_is_asked(
    asker: Actor, changes: dict[str, Any]
) -> None:
    paused = snapshot(None, bot(State.PAUSED, paused_for="loss_streak"))
    edit = EditBot(bot_id=ID, changes=BotChanges.model_validate(changes))
    verdict = judge(edit, asker, paused)
    assert isinstance(verdict, NeedsConfirmation)
    assert (verdict.why, verdict.numbers) == (Why.BREAKER, {"rule": "loss_streak"})
    assert judge(edit, PERSON, paused) == Allow()
    assert judge(EditBot(bot_id=ID, changes=BotChanges(name="other")), asker, paused) == Allow()


def test_judge_when_a_running_bot_is_made_like_one_that_the_guard_paused_then_a_model_has_to_ask() -> None:
    paused = bot(State.PAUSED, of={"name": "beta", "pairs": ["SOL/USDT"]}, paused_for="loss_streak")
    edit = action("edit_bot", changes={"pairs": ["SOL/USDT", "ETH/USDT"]})
    verdict = judge(edit, MODEL, snapshot(Limits(), bot(), paused))
    assert verdict == NeedsConfirmation(Why.BREAKER, {"rule": "loss_streak", "bot": "beta"})
    assert judge(edit, PERSON, snapshot(Limits(), bot(), paused)) == Allow()
    assert judge(edit, MODEL, snapshot(Limits(), bot(State.STOPPED), paused)) == Allow()
    elsewhere = action("edit_bot", changes={"pairs": ["ADA/USDT"]})
    assert judge(elsewhere, MODEL, snapshot(Limits(), bot(), paused)) == Allow()
    unchanged = action("edit_bot", changes={"stake": "40"})
    alike = bot(of={"pairs": ["SOL/USDT"]})
    assert judge(unchanged, MODEL, snapshot(Limits(), alike, paused)) == Allow()
