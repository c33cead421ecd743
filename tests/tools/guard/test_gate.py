import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import ID, LIVE, MODEL, OTHER, PERSON, bot, snapshot, spec
from tools.actions import BlockPair, CreateBot, Panic, PauseBot, ReleasePanic, SetBotLimits, SetLimits, StartBot
from tools.bot import State
from tools.cards import ProposalCard, ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.guard.actor import GUARD, Actor
from tools.guard.limits import BotLimitsChange, Limits, LimitsChange
from tools.guard.snapshot import Snapshot

TAINTED = MODEL.model_copy(update={"tainted": True})
MCP = Actor(door="mcp")
RECOVERY = Actor(door="recovery", scopes=frozenset({"operate"}))


def create(**changes: object) -> CreateBot:
    return CreateBot(spec=spec(**changes))


def limits(**changes: Any) -> SetLimits:
    return SetLimits(changes=LimitsChange.model_validate(changes))


async def test_submit_when_allowed_then_audits_before_and_after(desk: Desk) -> None:
    outcome = await desk.gate.submit(create(), PERSON)
    assert isinstance(outcome, ReceiptCard)
    assert desk.executor.phases_before == [["judged"]]
    before, after = desk.lines()
    assert (before.phase, before.verdict, before.risk, after.phase) == ("judged", "allow", "simulated", "done")
    assert before.submission == after.submission
    assert after.receipt is not None
    assert outcome.audit_id == after.id


async def test_submit_when_refused_then_nothing_is_done_and_a_line_tells_the_rule(desk: Desk) -> None:
    outcome = await desk.gate.submit(create(stake="5000"), PERSON)
    assert isinstance(outcome, RefusalCard)
    assert desk.executor.done == []
    (line,) = desk.lines()
    assert (line.verdict, line.rule, line.numbers["asked"], line.id) == (
        "refuse", "trade_size", "5000", outcome.audit_id,
    )  # fmt: skip


@pytest.mark.parametrize("content", [{"kind": "withdraw", "amount": 1}, {}, {"kind": None}, {"kind": ["create_bot"]}])
async def test_submit_when_the_kind_is_unknown_then_refuses_and_audits(desk: Desk, content: dict[str, Any]) -> None:
    outcome = await desk.gate.submit(content, PERSON)
    assert isinstance(outcome, RefusalCard)
    assert outcome.rule == "unknown_action"
    assert desk.executor.done == []
    assert [(line.phase, line.rule) for line in desk.lines()] == [("judged", "unknown_action")]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (
            {"kind": "create_bot", "spec": {"name": "a", "pairs": ["BTC/USDT"], "stake": -1, "max_open_trades": 1}},
            "stake",
        ),
        ({"kind": "force_entry", "bot_id": ID, "pair": "btcusdt"}, "pair"),
        ({"kind": "force_entry", "bot_id": ID, "pair": "ＢＴＣ/USDT"}, "pair"),
        ({"kind": "force_entry", "bot_id": ID, "pair": "BTC/USDT", "stake": float("nan")}, "stake"),
        ({"kind": "force_entry", "bot_id": ID, "pair": "BTC/USDT", "stake": float("inf")}, "stake"),
        ({"kind": "force_entry", "bot_id": ID, "pair": "BTC/USDT", "stake": "1e308"}, "stake"),
        ({"kind": "force_entry", "bot_id": ID, "pair": "BTC/USDT", "stake": "-0"}, "stake"),
        ({"kind": "force_entry", "bot_id": ID, "pair": "BTC/USDT", "stake": "0." + "1" * 40}, "stake"),
        ({"kind": "set_limits", "changes": {"max_trade": "1e308"}}, "max_trade"),
        ({"kind": "panic", "exit": "perhaps"}, "exit"),
        ({"kind": "pause_bot", "bot_id": "\ud800"}, "bot_id"),
        ({"kind": "pause_bot", "bot_id": ID, "all": True}, "all"),
    ],
)
async def test_submit_when_a_field_cannot_be_read_then_raises_changes_nothing_and_audits(
    desk: Desk, content: dict[str, Any], field: str
) -> None:
    with pytest.raises(Problem) as raised:
        await desk.gate.submit(content, PERSON)
    assert (raised.value.kind, raised.value.numbers["field"]) == ("invalid", field)
    assert desk.executor.done == []
    assert [(line.phase, line.rule) for line in desk.lines()] == [("invalid", "invalid")]
    assert desk.audit.verify().breaks == ()


async def test_submit_when_it_makes_no_sense_as_it_stands_then_raises_and_audits(desk: Desk) -> None:
    desk.executor.objection = Problem("unknown_bot", 404, bot=ID, known="-")
    with pytest.raises(Problem, match="unknown_bot"):
        await desk.gate.submit(StartBot(bot_id=ID), PERSON)
    assert [(line.phase, line.rule) for line in desk.lines()] == [("invalid", "unknown_bot")]


@pytest.mark.parametrize("problem", [Problem("start_failed", 502), RuntimeError("broken"), asyncio.CancelledError()])
async def test_submit_when_the_execution_fails_then_the_audit_says_so(desk: Desk, problem: BaseException) -> None:
    desk.executor.problem = problem
    with pytest.raises(type(problem)):
        await desk.gate.submit(create(), PERSON)
    assert desk.phases() == ["judged", "failed"]


async def test_submit_when_the_audit_cannot_be_written_then_nothing_is_done(desk: Desk) -> None:
    with desk.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE audit")
    with pytest.raises(OperationalError):
        await desk.gate.submit(create(), PERSON)
    assert desk.executor.done == []


async def test_submit_when_the_caller_stops_waiting_then_what_has_begun_is_finished(desk: Desk) -> None:
    desk.executor.open.clear()
    caller = asyncio.create_task(desk.gate.submit(create(), PERSON))
    while not desk.executor.phases_before:
        await asyncio.sleep(0)
    caller.cancel()
    desk.executor.open.set()
    await desk.gate.settle()
    assert len(desk.executor.done) == 1
    assert desk.phases() == ["judged", "done"]


@pytest.mark.parametrize(
    ("actor", "why"), [(TAINTED, "tainted"), (MCP.model_copy(update={"tainted": True}), "tainted"), (PERSON, "live")]
)
async def test_submit_when_a_person_must_be_asked_then_a_proposal_is_kept_after_its_line(
    desk: Desk, actor: Actor, why: str
) -> None:
    desk.facts = snapshot(Limits(live_enabled=True))
    outcome = await desk.gate.submit(create(mode=LIVE) if why == "live" else create(), actor)
    assert isinstance(outcome, ProposalCard)
    assert desk.executor.done == []
    (line,) = desk.lines()
    assert (line.phase, line.verdict, line.rule) == ("proposed", "confirm", why)
    proposal = outcome.proposal
    assert (proposal.status, proposal.why, proposal.by_agent) == ("pending", why, actor.agent)
    assert proposal.effect is not None
    assert desk.told == [proposal] == desk.proposals.read_open()


@pytest.mark.parametrize("actor", [RECOVERY, GUARD])
async def test_submit_when_nobody_stands_there_to_be_asked_then_refuses(desk: Desk, actor: Actor) -> None:
    desk.facts = snapshot(None, bot(State.STOPPED, paused_for="drawdown"))
    outcome = await desk.gate.submit(StartBot(bot_id=ID), actor)
    assert isinstance(outcome, RefusalCard)
    assert outcome.rule == "drawdown"
    assert desk.proposals.read_open() == []


async def test_submit_when_the_same_is_asked_again_then_the_same_proposal_answers_and_a_line_is_written(
    desk: Desk,
) -> None:
    first, second = [await desk.gate.submit(create(), TAINTED) for _ in range(2)]
    assert isinstance(first, ProposalCard)
    assert isinstance(second, ProposalCard)
    assert first.proposal.id == second.proposal.id
    assert desk.phases() == ["proposed", "proposed"]
    desk.executor.marks = {"settings": "others"}
    third = await desk.gate.submit(create(), TAINTED)
    assert isinstance(third, ProposalCard)
    assert third.proposal.id != first.proposal.id


async def test_submit_when_too_many_wait_then_a_problem_and_a_line(desk: Desk) -> None:
    for number in range(50):
        await desk.gate.submit(create(name=f"b{number}"), TAINTED)
    with pytest.raises(Problem) as raised:
        await desk.gate.submit(create(name="one more"), TAINTED)
    assert (raised.value.kind, raised.value.status) == ("too_many_proposals", 429)
    assert desk.lines(1)[0].rule == "too_many_proposals"
    assert len(desk.proposals.read_open()) == 50


async def test_submit_when_limits_tighten_then_at_once_and_running_bots_that_do_not_fit_are_paused(desk: Desk) -> None:
    outcome = await desk.gate.submit(limits(max_trade="10"), MODEL)
    assert isinstance(outcome, ReceiptCard)
    assert [action.kind for action in desk.executor.done] == ["set_limits", "pause_bot"]
    assert desk.executor.done[1] == PauseBot(bot_id=OTHER)
    assert [line.door for line in desk.lines()] == ["web", "web", "guard", "guard"]


@pytest.mark.parametrize(
    "action",
    [
        SetBotLimits(bot_id=OTHER, changes=BotLimitsChange.model_validate({"max_trade": "10"})),
        BlockPair(pair="BTC/USDT"),
    ],
)
async def test_submit_when_a_bots_own_limits_tighten_then_it_is_paused_though_it_is_being_changed(
    desk: Desk, action: Any
) -> None:
    async with asyncio.timeout(5):
        await desk.gate.submit(action, PERSON)
        await desk.gate.settle()
    assert PauseBot(bot_id=OTHER) in desk.executor.done


async def test_submit_when_a_change_does_both_then_the_tighter_part_at_once_and_the_rest_is_proposed(
    desk: Desk,
) -> None:
    outcome = await desk.gate.submit(limits(max_trade="60", max_total_exposure="2000"), PERSON)
    assert isinstance(outcome, ProposalCard)
    assert outcome.proposal.action["changes"]["max_total_exposure"] == "2000"  # type: ignore[index,call-overload]
    assert outcome.proposal.action["changes"]["max_trade"] is None  # type: ignore[index,call-overload]
    assert outcome.proposal.preview is not None
    assert desk.facts.limits.max_trade == 60
    assert desk.facts.limits.max_total_exposure == 1000
    assert desk.phases() == ["judged", "done", "proposed"]


async def test_submit_when_the_parts_of_a_change_only_fit_together_then_all_of_it_waits(desk: Desk) -> None:
    desk.facts = snapshot(Limits.model_validate({"max_entries_per_minute": 10, "max_entries_per_hour": 20}))
    outcome = await desk.gate.submit(limits(max_entries_per_minute=5, max_entries_per_hour=30), PERSON)
    assert isinstance(outcome, ProposalCard)
    with pytest.raises(Problem):
        await desk.gate.submit(limits(max_entries_per_minute=25, max_entries_per_hour=15), PERSON)
    assert desk.facts.limits.max_entries_per_hour == 20


async def test_submit_when_a_model_asks_for_both_then_neither_part_is_done(desk: Desk) -> None:
    outcome = await desk.gate.submit(limits(max_trade="60", max_total_exposure="2000"), MODEL)
    assert isinstance(outcome, RefusalCard)
    assert outcome.rule == "agent_cannot_loosen"
    assert desk.facts.limits == Limits()


async def test_preview_when_asked_then_nothing_changes(desk: Desk) -> None:
    view = await desk.gate.preview(LimitsChange.model_validate({"max_trade": "500"}))
    assert (view.orders, view.newly_allowed, desk.lines()) == (0, (), [])
    with pytest.raises(ValueError, match="must fit"):
        await desk.gate.preview(LimitsChange.model_validate({"max_trade": "501"}))


async def test_submit_when_panic_is_on_then_only_what_enters_is_refused(desk: Desk) -> None:
    desk.facts = Snapshot(Limits(), replace(desk.facts).bots, "USDT", panic=True)
    refused = await desk.gate.submit(StartBot(bot_id=ID), PERSON)
    assert isinstance(refused, RefusalCard)
    assert refused.rule == "panic"
    assert isinstance(await desk.gate.submit(StartBot(bot_id=ID, paused=True), PERSON), ReceiptCard)


async def test_submit_when_a_tainted_turn_wants_all_sold_then_entries_stop_at_once_and_the_sale_waits(
    desk: Desk,
) -> None:
    outcome = await desk.gate.submit(Panic(exit=True), TAINTED)
    assert isinstance(outcome, ProposalCard)
    assert outcome.proposal.why == "tainted"
    assert desk.executor.done == [Panic()]


async def test_submit_when_one_token_has_filled_its_proposals_then_others_and_the_lift_of_the_panic_pass(
    desk: Desk,
) -> None:
    token = PERSON.model_copy(update={"door": "rest", "caller": "token"})
    for number in range(50):
        assert isinstance(await desk.gate.submit(limits(max_trade=str(101 + number)), token), ProposalCard)
    with pytest.raises(Problem, match="too_many_proposals"):
        await desk.gate.submit(limits(max_trade="200"), token)
    assert isinstance(await desk.gate.submit(limits(max_trade="200"), PERSON), ProposalCard)
    assert isinstance(await desk.gate.submit(ReleasePanic(), token), ProposalCard)


@pytest.mark.parametrize("key", [None, "a key"])
async def test_submit_when_a_panic_stop_cannot_be_written_down_then_nothing_enters_all_the_same(
    desk: Desk, key: str | None
) -> None:
    other = create_engine(f"sqlite:///{desk.store.path}")
    with other.connect() as lock:
        lock.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(Problem, match="panic_not_written"):
            await desk.gate.submit(Panic(exit=True), PERSON, key)
        assert (desk.executor.braced, desk.executor.done) == ([Panic(exit=True)], [])
        with pytest.raises(OperationalError):
            await desk.gate.submit(PauseBot(bot_id=ID), PERSON)
        with pytest.raises((OperationalError, Problem)):
            await desk.gate.submit(Panic(), Actor(door="rest", scopes=frozenset({"read"})), key)
        assert desk.executor.braced == [Panic(exit=True)]
        lock.rollback()
    assert isinstance(await desk.gate.submit(Panic(exit=True), PERSON, key), ReceiptCard)
