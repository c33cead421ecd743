"""Real money at the gate: each write is a person's, a yes is a mandate, and nothing else ever gives one."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import ID, LIVE, MODEL, PERSON, bot, checked, order_facts, refused, snapshot, spec
from tests.tools.guard.steps import LOOSEN, TEN_MINUTES, problem_of, propose, unwritable
from tools.actions import CreateBot, EditBot, ForceEntry, ResumeBot, SetLimits, StartBot, read_action
from tools.bot import State
from tools.cards import ProposalCard, ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.guard.actor import GUARD, Actor
from tools.guard.judge import judge, risk_of
from tools.guard.limits import Limits, LimitsChange
from tools.guard.live_check import Checked
from tools.guard.mandates import Binding, MandateFacts, Mandates, facts_of, terms_of
from tools.guard.snapshot import Snapshot
from tools.guard.verdict import Allow, NeedsConfirmation, Rule, Why
from tools.store.tables import MandateRow

ENABLED = Limits(live_enabled=True)
RECOVERY = Actor(door="recovery", scopes=frozenset({"operate"}))
TAINTED = MODEL.model_copy(update={"tainted": True})
SOURCE = "5" * 64
START = StartBot(bot_id=ID)
ENABLE = SetLimits(changes=LimitsChange(live_enabled=True))
SIMPLE = {"bot_id": ID}
PROPOSED: list[tuple[dict[str, Any], State]] = [
    ({"kind": "create_bot", "spec": spec(mode=LIVE).model_dump(mode="json")}, State.STOPPED),
    ({"kind": "start_bot", **SIMPLE}, State.STOPPED),
    ({"kind": "start_bot", **SIMPLE, "paused": True}, State.STOPPED),
    ({"kind": "start_bot", **SIMPLE}, State.PAUSED),
    ({"kind": "resume_bot", **SIMPLE}, State.PAUSED),
    ({"kind": "edit_bot", **SIMPLE, "changes": {"stake": "40"}}, State.RUNNING),
    ({"kind": "edit_bot", **SIMPLE, "changes": {"stake": "40"}}, State.STOPPED),
    ({"kind": "force_entry", **SIMPLE, "pair": "BTC/USDT"}, State.RUNNING),
    ({"kind": "delete_bot", **SIMPLE}, State.STOPPED),
]
PASSED: list[dict[str, Any]] = [
    {"kind": "pause_bot", **SIMPLE},
    {"kind": "stop_bot", **SIMPLE},
    {"kind": "force_exit", **SIMPLE},
    {"kind": "lock_pair", **SIMPLE, "pair": "BTC/USDT"},
    {"kind": "panic", "exit": True},
    {"kind": "panic"},
]
ASKERS = [PERSON, MODEL, Actor(door="rest"), Actor(door="mcp"), Actor(door="telegram"), TAINTED]


def world(state: State = State.STOPPED, **facts: Any) -> Snapshot:
    order = order_facts(mode=LIVE, enters=state is State.RUNNING)
    return replace(snapshot(ENABLED, bot(state, of={"mode": LIVE}, **facts)), order=order)


def binding(enters: bool = True, source: str | None = SOURCE, **changes: Any) -> Binding:
    wanted = spec(mode=LIVE, **changes)
    return Binding(ID, wanted, "demo", MandateFacts(source, terms_of(wanted), ENABLED), enters)


@pytest.fixture
def live(desk: Desk) -> Desk:
    """`ID` trades with real money, and is off."""
    desk.facts, desk.executor.binding = world(), binding()
    return desk


def mandate(desk: Desk) -> MandateRow | None:
    return Mandates(desk.store).read(ID)


async def confirmed(desk: Desk, action: Any = START, actor: Actor = PERSON) -> Any:
    shown = await propose(desk, action, actor)
    return await desk.gate.confirm(shown.id, shown.hash, PERSON)


@pytest.mark.parametrize("actor", ASKERS)
@pytest.mark.parametrize(("asked", "state"), PROPOSED)
def test_judge_when_real_money_could_be_spent_then_a_person_is_asked_whoever_asks(
    asked: dict[str, Any], state: State, actor: Actor
) -> None:
    action = read_action(asked)
    assert judge(action, actor, world(state)) == NeedsConfirmation(Why.LIVE)
    assert risk_of(action, world(state)) == "live"


def test_judge_when_a_bot_turns_to_real_money_then_a_person_is_asked() -> None:
    turn = read_action({"kind": "change_mode", **SIMPLE, "mode": "REAL_MARKET_SPOT"})
    for actor in ASKERS:
        assert judge(turn, actor, snapshot(ENABLED, bot(State.STOPPED))) == NeedsConfirmation(Why.LIVE)


@pytest.mark.parametrize("enabled", [False, True])
@pytest.mark.parametrize("asked", PASSED)
def test_judge_when_risk_is_lowered_then_nobody_is_asked_whatever_the_key_and_the_mandate(
    asked: dict[str, Any], enabled: bool
) -> None:
    facts = replace(
        world(State.RUNNING, mandate_void="source"), limits=Limits(live_enabled=enabled), live_check=None, panic=True
    )
    for actor in (PERSON, MODEL, Actor(door="mcp"), GUARD):
        assert judge(read_action(asked), actor, facts) == Allow()


@pytest.mark.parametrize("actor", [MODEL, Actor(door="mcp"), PERSON, GUARD])
def test_judge_when_an_order_is_taken_back_then_only_a_person_does_it_unasked_since_it_may_be_the_one_that_protects(
    actor: Actor,
) -> None:
    cancel = read_action({"kind": "cancel_order", **SIMPLE, "trade_id": 1})
    asks = actor in (MODEL, Actor(door="mcp"))
    assert judge(cancel, actor, world(State.RUNNING)) == (NeedsConfirmation(Why.LIVE) if asks else Allow())


@pytest.mark.parametrize("state", [State.STOPPED, State.PAUSED])
@pytest.mark.parametrize("last", [None, checked(601), checked(can_withdraw=None), checked(key_works=False)])
def test_judge_when_the_key_may_not_be_used_then_no_bot_is_let_enter_with_it(last: Any, state: State) -> None:
    facts = replace(world(state), live_check=last)
    actions = [START] if state is State.STOPPED else [START, ResumeBot(bot_id=ID)]
    for action in actions:
        for actor in (*ASKERS, RECOVERY):
            assert refused(judge(action, actor, facts))[0] in (
                Rule.STALE_SNAPSHOT, Rule.KEY_CAN_WITHDRAW, Rule.NO_EXCHANGE_KEY
            )  # fmt: skip
    assert judge(StartBot(bot_id=ID, paused=True), RECOVERY, facts) == Allow()


def test_judge_when_a_running_bot_would_be_started_again_with_other_settings_then_the_key_counts_there_too() -> None:
    facts = replace(world(State.RUNNING), live_check=checked(can_withdraw=True))
    smaller, renamed = ({"stake": "1"}, {"name": "other"})
    edit = EditBot.model_validate({"bot_id": ID, "changes": smaller})
    assert refused(judge(edit, PERSON, facts))[0] is Rule.KEY_CAN_WITHDRAW
    assert judge(edit, PERSON, replace(facts, bots=world(State.PAUSED).bots)) == NeedsConfirmation(Why.LIVE)
    cosmetic = EditBot.model_validate({"bot_id": ID, "changes": renamed})
    assert judge(cosmetic, PERSON, facts) == NeedsConfirmation(Why.LIVE)


@pytest.mark.parametrize("reason", ["none", "source", "stopped", "limits.max_trade"])
def test_judge_when_a_bot_comes_back_without_a_mandate_then_only_paused(reason: str) -> None:
    void = world(State.RUNNING, mandate_void=reason)
    assert refused(judge(START, RECOVERY, void)) == (Rule.MANDATE_VOID, {"reason": reason})
    assert judge(StartBot(bot_id=ID, paused=True), RECOVERY, void) == Allow()
    assert judge(START, RECOVERY, world(State.RUNNING)) == Allow()
    assert judge(START, RECOVERY.model_copy(update={"tainted": True}), world()) == NeedsConfirmation(Why.TAINTED)
    assert judge(ResumeBot(bot_id=ID), RECOVERY, world(State.PAUSED)) == NeedsConfirmation(Why.LIVE)


def test_judge_when_an_entry_is_forced_then_the_mandate_must_hold() -> None:
    facts = world(State.RUNNING)
    enter = ForceEntry(bot_id=ID, pair="BTC/USDT")
    assert facts.order is not None
    void = replace(facts, order=facts.order.model_copy(update={"mandate_void": "pairs"}))
    assert refused(judge(enter, PERSON, void)) == (Rule.MANDATE_VOID, {"reason": "pairs"})
    assert judge(enter, PERSON, facts) == NeedsConfirmation(Why.LIVE)


@pytest.mark.parametrize("asker", [PERSON, MODEL, TAINTED])
async def test_confirm_when_a_live_bot_is_let_enter_then_the_yes_is_its_mandate_before_anything_is_done(
    live: Desk, asker: Actor
) -> None:
    live.executor.open.clear()
    shown = await propose(live, START, asker)
    assert mandate(live) is None
    task = asyncio.create_task(live.gate.confirm(shown.id, shown.hash, PERSON))
    while not live.executor.phases_before:
        await asyncio.sleep(0)
    row = mandate(live)
    assert row is not None
    assert (row.confirmed_by, row.proposal_id, row.voided_at) == ("web", shown.id, None)
    assert facts_of(row) == binding().facts
    assert live.executor.done == []
    (said,) = live.audit.read_newest(1, phase="decided")
    assert (said.verdict, said.receipt) == ("confirm", {"mandate": row.id, "source": SOURCE})
    live.executor.open.set()
    assert isinstance(await task, ReceiptCard)
    assert Mandates(live.store).check(ID, binding().facts) is None


async def test_propose_when_it_is_real_money_then_what_would_be_bound_and_lost_is_shown(live: Desk) -> None:
    shown = await propose(live, START, PERSON)
    assert shown.numbers == {
        "venue": "demo", "strategy": "RsiMeanReversion", "source": SOURCE, "pairs": "BTC/USDT", "stake": "50",
        "trades": "2", "currency": "USDT",
    }  # fmt: skip
    assert shown.effect is not None
    assert (shown.effect.mode, shown.effect.exposure_before, shown.effect.exposure_after) == (LIVE, 0, 100)
    assert (shown.effect.stop_loss_before, shown.effect.stop_loss_after) == (0, 100)
    facts = live.proposals.find(shown.id).facts
    assert (facts["key.can_withdraw"], facts["key.ip_restricted"]) == ("false", "true")


async def test_confirm_when_an_action_binds_a_bot_then_what_is_shown_and_granted_is_what_that_action_binds(
    live: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live.executor, "bind", lambda action: binding() if action == START else None)
    shown = await propose(live, START, PERSON)
    assert shown.numbers == binding().numbers
    assert live.proposals.find(shown.id).facts["key.venue"] == "demo"
    assert isinstance(await live.gate.confirm(shown.id, shown.hash, PERSON), ReceiptCard)
    assert Mandates(live.store).check(ID, binding().facts) is None


async def test_propose_when_a_bot_is_only_made_then_what_it_would_be_is_shown_and_nothing_is_granted(
    live: Desk,
) -> None:
    live.executor.binding = binding(enters=False)
    create = CreateBot(spec=spec(mode=LIVE))
    shown = await propose(live, create, PERSON)
    assert shown.numbers["source"] == SOURCE
    assert isinstance(await live.gate.confirm(shown.id, shown.hash, PERSON), ReceiptCard)
    assert mandate(live) is None


@pytest.mark.parametrize("problem", [Problem("start_failed", 502, reason="timeout"), RuntimeError("?")])
async def test_confirm_when_the_start_fails_then_the_mandate_is_void(live: Desk, problem: Exception) -> None:
    live.executor.problem = problem
    with pytest.raises(type(problem)):
        await confirmed(live)
    row = mandate(live)
    assert row is not None
    assert row.void_reason == "start_failed"
    assert Mandates(live.store).check(ID, binding().facts) == "start_failed"


@pytest.mark.parametrize("took_effect", [False, True])
async def test_recover_when_a_start_was_cut_off_then_its_mandate_holds_only_if_it_took_effect(
    live: Desk, took_effect: bool
) -> None:
    shown = await propose(live, START, PERSON)
    live.executor.open.clear()
    task = asyncio.create_task(live.gate.confirm(shown.id, shown.hash, PERSON))
    while not live.executor.phases_before:
        await asyncio.sleep(0)
    restarted = Desk(live.store)
    restarted.executor.seen = restarted.executor.view() if took_effect else None
    restarted.gate.recover()
    assert Mandates(live.store).check(ID, binding().facts) == (None if took_effect else "start_failed")
    task.cancel()


async def test_confirm_when_the_mandate_cannot_be_written_then_neither_is_the_yes_and_nothing_is_done(
    live: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await propose(live, START, PERSON)
    monkeypatch.setattr(Mandates, "grant", unwritable)
    with pytest.raises(OperationalError):
        await live.gate.confirm(shown.id, shown.hash, PERSON)
    assert (live.executor.done, mandate(live)) == ([], None)
    assert live.proposals.read(shown.id).status == "pending"
    assert live.audit.read_newest(9, phase="decided") == []


async def test_confirm_when_the_source_is_another_or_unreadable_by_now_then_nothing_is_granted(live: Desk) -> None:
    other = "6" * 64
    for source, rule, numbers in (
        (other, "facts_changed", {"what": "strategy", "before": SOURCE, "after": other}),
        (None, "mandate_void", {"reason": "source_unreadable"}),
    ):
        live.executor.binding = binding()
        shown = await propose(live, START, PERSON)
        live.executor.binding = binding(source=source)
        outcome = await live.gate.confirm(shown.id, shown.hash, PERSON)
        assert isinstance(outcome, RefusalCard)
        assert (outcome.rule, outcome.numbers) == (rule, numbers)
        assert (live.executor.done, mandate(live)) == ([], None)


async def test_confirm_when_a_bot_enters_with_real_money_only_by_now_then_no_source_was_shown_of_it(live: Desk) -> None:
    live.executor.binding = None
    shown = await propose(live, START, PERSON)
    live.executor.binding = binding()
    outcome = await live.gate.confirm(shown.id, shown.hash, PERSON)
    assert isinstance(outcome, RefusalCard)
    assert (outcome.rule, outcome.numbers) == ("facts_changed", {"what": "strategy", "before": "", "after": SOURCE})
    assert (live.executor.done, mandate(live)) == ([], None)


async def test_confirm_when_somebody_rewrites_what_was_shown_then_nothing_is_granted(live: Desk) -> None:
    shown = await propose(live, START, PERSON)
    with live.store.session() as session:
        row = session.merge(live.proposals.find(shown.id))
        row.numbers = {**row.numbers, "source": "6" * 64}
        session.add(row)
        session.commit()
    live.executor.binding = binding(source="6" * 64)
    assert (await problem_of(live.gate.confirm(shown.id, shown.hash, PERSON))).kind == "wrong_hash"
    assert mandate(live) is None


async def test_confirm_when_the_key_can_withdraw_by_now_then_refused_by_that_rule(live: Desk) -> None:
    shown = await propose(live, START, PERSON)
    live.facts = replace(live.facts, live_check=checked(can_withdraw=True))
    outcome = await live.gate.confirm(shown.id, shown.hash, PERSON)
    assert isinstance(outcome, RefusalCard)
    assert (outcome.rule, outcome.numbers) == ("key_can_withdraw", {"can_withdraw": "true"})
    assert mandate(live) is None


async def test_submit_when_it_is_no_person_who_says_yes_then_no_mandate_is_ever_given(live: Desk) -> None:
    shown = await propose(live, START, PERSON)
    for nobody in (MODEL, Actor(door="mcp"), RECOVERY, GUARD, Actor(door="gateway"), Actor(door="bot")):
        assert (await problem_of(live.gate.confirm(shown.id, shown.hash, nobody))).kind == "forbidden_scope"
    live.facts = world(State.RUNNING)
    assert isinstance(await live.gate.submit(START, RECOVERY), ReceiptCard)
    assert mandate(live) is None
    await live.gate.deny(shown.id, shown.hash, PERSON)
    assert mandate(live) is None


async def test_enable_when_a_person_confirms_it_then_the_key_is_judged_again_when_its_time_has_come(desk: Desk) -> None:
    for last, done in ((checked(can_withdraw=None), False), (checked(clock_skew_ms=1001), False), (checked(), True)):
        desk.facts = snapshot()
        shown = await propose(desk, ENABLE, PERSON)
        assert isinstance(await desk.gate.confirm(shown.id, shown.hash, PERSON), ProposalCard)
        desk.facts, desk.late = replace(desk.facts, live_check=last), desk.late + TEN_MINUTES
        await desk.gate.tick()
        assert desk.facts.limits.live_enabled is done
        status, rule = desk.proposals.find(shown.id).status, desk.proposals.find(shown.id).rule
        assert (status == "done", rule is None) == (done, done)


async def test_enable_when_the_key_is_bound_to_no_address_then_that_is_said_and_may_not_change_meanwhile(
    desk: Desk,
) -> None:
    desk.facts = snapshot(live_check=checked(ip_restricted=False))
    shown = await propose(desk, ENABLE, PERSON)
    assert shown.numbers["any_ip"] == "true"
    desk.facts = snapshot()
    bound = await propose(desk, ENABLE, PERSON)
    assert "any_ip" not in bound.numbers
    desk.facts = snapshot(live_check=checked(ip_restricted=False))
    outcome = await desk.gate.confirm(bound.id, bound.hash, PERSON)
    assert isinstance(outcome, RefusalCard)
    assert (outcome.rule, outcome.numbers["what"]) == ("facts_changed", "key.ip_restricted")


@pytest.mark.parametrize("last", [None, checked(ip_restricted=False)])
@pytest.mark.parametrize("limits", [Limits(), ENABLED])
async def test_propose_when_a_limit_has_nothing_to_do_with_the_key_then_nothing_of_the_key_is_shown_or_must_stay(
    desk: Desk, limits: Limits, last: Checked | None
) -> None:
    desk.facts = snapshot(limits, live_check=last)
    shown = await propose(desk, LOOSEN, PERSON)
    assert shown.numbers == {"limit": "max_trade", "from": "100", "to": "200"}
    assert list(desk.proposals.find(shown.id).facts) == ["limits.max_trade"]


async def test_propose_when_a_breaker_tripped_for_a_live_bot_then_a_yes_is_its_mandate_too(live: Desk) -> None:
    live.facts = world(State.STOPPED, paused_for="loss_streak")
    shown = await propose(live, START, PERSON)
    assert (shown.why, shown.numbers["rule"], shown.numbers["source"]) == ("breaker", "loss_streak", SOURCE)
    assert isinstance(await live.gate.confirm(shown.id, shown.hash, PERSON), ReceiptCard)
    assert Mandates(live.store).check(ID, binding().facts) is None
    assert live.forgiven == [(ID, "loss_streak", "web")]
