import asyncio
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import ID, LIVE, MODEL, OTHER, PERSON, bot, order_facts, snapshot, spec
from tests.tools.guard.steps import CREATE, LOOSEN, PHONE, TEN_MINUTES, change, problem_of, propose
from tools.actions import (
    CreateBot,
    ForceEntry,
    PauseBot,
    ReleasePanic,
    ResumeBot,
    SetBotLimits,
    SetLimits,
    StartBot,
)
from tools.bot import State
from tools.cards import ProposalCard, ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.limits import BotLimits, BotLimitsChange, Limits, LimitsChange
from tools.guard.snapshot import Snapshot
from tools.store.database import Store

TOKEN = Actor(door="rest", scopes=frozenset({"read", "operate"}))


async def test_confirm_when_a_person_says_yes_to_what_was_shown_then_it_is_done_and_told(desk: Desk) -> None:
    shown = await propose(desk)
    outcome = await desk.gate.confirm(shown.id, shown.hash, PHONE)
    assert isinstance(outcome, ReceiptCard)
    assert desk.executor.done == [CREATE]
    assert desk.executor.phases_before == [["proposed", "decided"]]
    assert [(line.phase, line.verdict, line.door) for line in desk.lines()] == [
        ("proposed", "confirm", "web"), ("decided", "confirm", "telegram"), ("done", "allow", "telegram"),
    ]  # fmt: skip
    assert len({line.submission for line in desk.lines()}) == 1
    assert desk.lines()[1].action == {"kind": "create_bot", "proposal": shown.id, "hash": shown.hash}
    assert [view.status for view in desk.told] == ["pending", "executing", "done"]
    assert desk.proposals.read(shown.id).decided_by == "telegram"


@pytest.mark.parametrize("call", ["confirm", "deny"])
@pytest.mark.parametrize(
    ("actor", "digest", "late", "status", "kind", "code"),
    [
        (MODEL, "", 0, "pending", "forbidden_scope", 403),
        (TOKEN, "", 0, "pending", "forbidden_scope", 403),
        (Actor(door="mcp"), "", 0, "pending", "forbidden_scope", 403),
        (Actor(door="recovery"), "", 0, "pending", "forbidden_scope", 403),
        (TOKEN, "", 11, "pending", "forbidden_scope", 403),
        (PERSON, "0" * 64, 0, "pending", "wrong_hash", 409),
        (PERSON, "é\ud800", 0, "pending", "wrong_hash", 409),
        (PERSON, "", 10, "expired", "proposal_expired", 409),
    ],
)
async def test_decide_when_there_is_no_saying_so_then_a_problem_a_line_and_nothing_else(
    desk: Desk, call: str, actor: Actor, digest: str, late: int, status: str, kind: str, code: int
) -> None:
    shown = await propose(desk)
    desk.late = timedelta(minutes=late)
    problem = await problem_of(getattr(desk.gate, call)(shown.id, digest or shown.hash, actor))
    assert (problem.kind, problem.status) == (kind, code)
    assert desk.executor.done == []
    assert desk.proposals.read(shown.id).status == status
    line = desk.lines()[-1]
    assert (line.phase, line.verdict, line.rule, line.door) == ("decided", "invalid", kind, actor.door)


@pytest.mark.parametrize("call", ["confirm", "deny"])
async def test_decide_when_there_is_no_such_proposal_then_a_problem_and_a_line(desk: Desk, call: str) -> None:
    problem = await problem_of(getattr(desk.gate, call)("nothing" * 20, "0" * 64, PERSON))
    assert (problem.kind, problem.status) == ("unknown_proposal", 404)
    assert [(line.phase, line.rule) for line in desk.lines()] == [("invalid", "unknown_proposal")]


async def test_confirm_when_the_hash_of_another_proposal_is_sent_then_neither_is_done(desk: Desk) -> None:
    one, other = await propose(desk), await propose(desk, CreateBot(spec=spec(stake=60)))
    assert (await problem_of(desk.gate.confirm(one.id, other.hash, PERSON))).kind == "wrong_hash"
    assert desk.executor.done == []


@pytest.mark.parametrize("first", ["confirm", "deny"])
@pytest.mark.parametrize("second", ["confirm", "deny"])
async def test_decide_when_it_was_decided_already_then_a_problem_that_says_how(
    desk: Desk, first: str, second: str
) -> None:
    shown = await propose(desk)
    await getattr(desk.gate, first)(shown.id, shown.hash, PERSON)
    problem = await problem_of(getattr(desk.gate, second)(shown.id, shown.hash, PERSON))
    assert (problem.kind, problem.numbers["status"]) == (
        "already_decided",
        {"confirm": "done", "deny": "denied"}[first],
    )
    assert desk.executor.done == ([CREATE] if first == "confirm" else [])


async def test_confirm_when_many_confirm_at_once_then_one_does(desk: Desk) -> None:
    shown = await propose(desk)
    outcomes = await asyncio.gather(
        *(desk.gate.confirm(shown.id, shown.hash, PERSON) for _ in range(20)), return_exceptions=True
    )
    assert len([one for one in outcomes if isinstance(one, ReceiptCard)]) == 1
    assert {one.kind for one in outcomes if isinstance(one, Problem)} == {"already_decided"}
    assert desk.executor.done == [CREATE]


async def test_confirm_when_two_processes_confirm_at_once_then_one_does(desk: Desk, tmp_path: Path) -> None:
    second_store = Store(tmp_path / "tradehelm.sqlite")
    second = Desk(second_store)
    shown = await propose(desk)
    outcomes = await asyncio.gather(
        *(one.gate.confirm(shown.id, shown.hash, PERSON) for one in (desk, second) * 10), return_exceptions=True
    )
    assert len([one for one in outcomes if isinstance(one, ReceiptCard)]) == 1
    assert len(desk.executor.done + second.executor.done) == 1
    assert desk.audit.verify().breaks == ()
    second_store.close()


async def test_confirm_when_it_expires_while_another_action_is_under_way_then_it_is_not_done(desk: Desk) -> None:
    desk.facts = snapshot(Limits(live_enabled=True), bot(State.STOPPED, of={"mode": LIVE}))
    shown = await propose(desk, StartBot(bot_id=ID), PERSON)
    desk.executor.open.clear()
    pausing = asyncio.create_task(desk.gate.submit(PauseBot(bot_id=ID), PERSON))
    confirming = asyncio.create_task(desk.gate.confirm(shown.id, shown.hash, PERSON))
    while not desk.executor.phases_before:
        await asyncio.sleep(0)
    desk.late = TEN_MINUTES
    desk.executor.open.set()
    await pausing
    assert (await problem_of(confirming)).kind == "proposal_expired"
    assert [action.kind for action in desk.executor.done] == ["pause_bot"]


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ({"settings": "a"}, {"settings": "b"}, "settings"),
        ({"settings": "a"}, {}, "settings"),
        ({"strategy": "a"}, {"strategy": "b"}, "strategy"),
        ({"price": "100"}, {"price": "102.1"}, "price"),
        ({"price": "100"}, {"price": "97.9"}, "price"),
        ({"price": "100"}, {"price": "nan"}, "price"),
        ({"price": "100"}, {"price": "-"}, "price"),
        ({"price": "0"}, {"price": "1"}, "price"),
        ({"price": "100"}, {"price": "102"}, None),
        ({"price": "100"}, {"price": "98"}, None),
        ({"settings": "a"}, {"settings": "a", "strategy": "b"}, None),
    ],
)
async def test_confirm_when_what_matters_has_changed_then_refuses_and_says_what(
    desk: Desk, before: dict[str, str], after: dict[str, str], what: str | None
) -> None:
    desk.executor.marks = before
    shown = await propose(desk)
    desk.executor.marks = after
    outcome = await desk.gate.confirm(shown.id, shown.hash, PERSON)
    if what is None:
        assert isinstance(outcome, ReceiptCard)
        return
    assert isinstance(outcome, RefusalCard)
    assert (outcome.rule, outcome.numbers["what"]) == ("facts_changed", what)
    assert desk.executor.done == []
    kept = desk.proposals.read(shown.id)
    assert (kept.status, kept.rule) == ("refused", "facts_changed")
    assert desk.lines()[-1].rule == "facts_changed"


@pytest.mark.parametrize(
    ("move", "rule"),
    [
        (lambda facts: snapshot(Limits(max_trade=10), *facts.bots.values()), "trade_size"),
        (lambda _: snapshot(Limits(), bot(of={"stake": 100, "trades": 10})), None),
    ],
)
async def test_confirm_when_the_world_moved_then_it_is_judged_by_what_is_so_now(
    desk: Desk, move: Callable[[Snapshot], Snapshot], rule: str | None
) -> None:
    shown = await propose(desk)
    desk.facts = move(desk.facts)
    outcome = await desk.gate.confirm(shown.id, shown.hash, PERSON)
    assert isinstance(outcome, ReceiptCard) if rule is None else outcome.rule == rule  # type: ignore[union-attr]


async def test_confirm_when_the_reason_to_ask_is_another_by_now_then_refuses(desk: Desk) -> None:
    shown = await propose(desk, StartBot(bot_id=ID))
    desk.facts = snapshot(None, bot(State.STOPPED, paused_for="drawdown"), bot())
    outcome = await desk.gate.confirm(shown.id, shown.hash, PERSON)
    assert isinstance(outcome, RefusalCard)
    assert outcome.numbers == {"what": "why", "before": "tainted", "after": "breaker"}


async def test_confirm_when_a_forced_entrys_exposure_no_longer_fits_then_refuses(desk: Desk) -> None:
    desk.facts = Snapshot(Limits(), desk.facts.bots, "USDT", order=order_facts())
    shown = await propose(desk, ForceEntry(bot_id=OTHER, pair="BTC/USDT"))
    desk.facts = Snapshot(Limits(), desk.facts.bots, "USDT", order=order_facts(total_held=951))
    outcome = await desk.gate.confirm(shown.id, shown.hash, PERSON)
    assert isinstance(outcome, RefusalCard)
    assert outcome.rule == "total_exposure"


@pytest.mark.parametrize(("kind", "status"), [("start_failed", "failed"), ("RuntimeError", "failed")])
async def test_confirm_when_it_cannot_be_carried_out_then_it_failed_and_cannot_be_confirmed_again(
    desk: Desk, kind: str, status: str
) -> None:
    shown = await propose(desk)
    desk.executor.problem = RuntimeError("broken") if kind == "RuntimeError" else Problem(kind, 502)
    with pytest.raises((Problem, RuntimeError)):
        await desk.gate.confirm(shown.id, shown.hash, PERSON)
    assert desk.proposals.read(shown.id).status == status
    assert desk.phases() == ["proposed", "decided", "failed"]
    assert (await problem_of(desk.gate.confirm(shown.id, shown.hash, PERSON))).kind == "already_decided"


async def test_confirm_when_it_makes_no_sense_any_more_then_it_failed_with_a_line(desk: Desk) -> None:
    shown = await propose(desk)
    desk.executor.objection = Problem("name_taken", 409)
    assert (await problem_of(desk.gate.confirm(shown.id, shown.hash, PERSON))).kind == "name_taken"
    assert desk.proposals.read(shown.id).status == "failed"
    assert (desk.lines()[-1].phase, desk.lines()[-1].rule) == ("failed", "name_taken")


async def test_confirm_when_a_breaker_is_overruled_then_it_is_forgiven_for_the_bot_that_starts(desk: Desk) -> None:
    desk.facts = snapshot(None, bot(State.PAUSED, paused_for="loss_streak"), bot())
    shown = await propose(desk, ResumeBot(bot_id=ID), PERSON)
    assert (shown.why, shown.numbers) == ("breaker", {"rule": "loss_streak"})
    assert isinstance(await desk.gate.confirm(shown.id, shown.hash, PERSON), ReceiptCard)
    assert desk.forgiven == [(ID, "loss_streak", "web")]


async def test_confirm_when_panic_is_lifted_then_at_once(desk: Desk) -> None:
    desk.facts = Snapshot(Limits(), desk.facts.bots, "USDT", panic=True)
    shown = await propose(desk, ReleasePanic(), PERSON)
    assert shown.why == "panic"
    assert isinstance(await desk.gate.confirm(shown.id, shown.hash, PERSON), ReceiptCard)
    assert not desk.facts.panic


async def test_confirm_when_a_limit_is_loosened_then_it_waits_and_is_done_in_its_time_once(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    waiting = await desk.gate.confirm(shown.id, shown.hash, PERSON)
    assert isinstance(waiting, ProposalCard)
    assert waiting.proposal.status == "waiting"
    assert waiting.proposal.effective_at is not None
    for late, done in ((timedelta(0), []), (TEN_MINUTES - timedelta(seconds=30), []), (TEN_MINUTES, [LOOSEN])):
        desk.late = late
        await desk.gate.tick()
        assert desk.executor.done == done
    await desk.gate.tick()
    assert desk.executor.done == [LOOSEN]
    assert desk.facts.limits.max_trade == 200
    assert desk.phases() == ["proposed", "decided", "decided", "done"]


async def test_deny_when_a_loosening_waits_then_it_is_never_done(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PERSON)
    denied = await desk.gate.deny(shown.id, shown.hash, PHONE)
    assert denied.proposal.status == "denied"
    desk.late = TEN_MINUTES
    await desk.gate.tick()
    assert desk.executor.done == []
    assert desk.lines()[-1].verdict == "refuse"


async def test_tick_when_a_loosening_would_contradict_or_panic_is_on_then_it_is_not_done(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PERSON)
    desk.facts = Snapshot(desk.facts.limits, desk.facts.bots, "USDT", panic=True)
    desk.late = TEN_MINUTES
    await desk.gate.tick()
    assert desk.executor.done == []
    assert desk.proposals.read(shown.id).rule == "panic"


async def test_confirm_when_a_loosening_contradicts_what_was_tightened_since_then_a_problem_and_a_line(
    desk: Desk,
) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    desk.facts = snapshot(Limits(max_bot_exposure=150))
    assert (await problem_of(desk.gate.confirm(shown.id, shown.hash, PERSON))).kind == "invalid"
    assert desk.proposals.read(shown.id).status == "failed"
    assert desk.lines()[-1].phase == "failed"


async def test_tick_when_one_loosening_cannot_be_done_then_the_others_are(desk: Desk) -> None:
    shown = [await propose(desk, action, PERSON) for action in (LOOSEN, CREATE_MORE)]
    for one in shown:
        await desk.gate.confirm(one.id, one.hash, PERSON)
    change(desk, shown[1], content="{")
    desk.late = TEN_MINUTES
    await desk.gate.tick()
    assert desk.executor.done == [LOOSEN]
    assert [desk.proposals.read(one.id).status for one in shown] == ["done", "failed"]


CREATE_MORE = SetLimits(changes=LimitsChange.model_validate({"max_open_trades": 60}))


async def test_tick_when_nobody_answers_then_proposals_expire(desk: Desk) -> None:
    shown = await propose(desk)
    desk.late = TEN_MINUTES - timedelta(seconds=30)
    await desk.gate.tick()
    assert desk.proposals.read(shown.id).status == "pending"
    desk.late = TEN_MINUTES
    await desk.gate.tick()
    assert desk.proposals.read(shown.id).status == "expired"
    assert desk.told[-1].status == "expired"


@pytest.mark.parametrize("took_effect", [False, True])
async def test_recover_when_it_was_cut_off_then_it_is_read_back_and_never_done_again(
    desk: Desk, took_effect: bool
) -> None:
    shown = await propose(desk)
    desk.executor.open.clear()
    task = asyncio.create_task(desk.gate.confirm(shown.id, shown.hash, PERSON))
    while not desk.executor.phases_before:
        await asyncio.sleep(0)
    assert desk.proposals.read(shown.id).status == "executing"
    restarted = Desk(desk.store)
    restarted.executor.seen = restarted.executor.view() if took_effect else None
    restarted.gate.recover()
    assert restarted.proposals.read(shown.id).status == ("done" if took_effect else "interrupted")
    assert restarted.lines()[-1].phase == ("done" if took_effect else "failed")
    await restarted.gate.tick()
    assert restarted.executor.done == []
    assert (await problem_of(restarted.gate.confirm(shown.id, shown.hash, PERSON))).kind == "already_decided"
    task.cancel()


async def test_recover_when_what_was_cut_off_cannot_be_read_any_more_then_the_rest_still_comes_up(desk: Desk) -> None:
    shown = await propose(desk)
    change(desk, shown, status="executing", content="{")
    restarted = Desk(desk.store)
    restarted.gate.recover()
    assert restarted.proposals.read(shown.id).status == "interrupted"


@pytest.mark.parametrize("status", ["waiting", "executing", "done", "nonsense"])
async def test_confirm_when_somebody_writes_another_status_into_the_database_then_nothing_is_done(
    desk: Desk, status: str
) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    change(desk, shown, status=status, effective_at=shown.created_at)
    await desk.gate.tick()
    assert (await problem_of(desk.gate.confirm(shown.id, shown.hash, PERSON))).kind == "already_decided"
    assert desk.executor.done == []


async def test_tick_when_what_waits_is_not_what_was_confirmed_then_it_is_not_done(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PERSON)
    content = json.dumps({**shown.action, "changes": {"max_trade": "400"}}, sort_keys=True, separators=(",", ":"))
    change(desk, shown, content=content, hash=hashlib.sha256(content.encode()).hexdigest())
    desk.late = TEN_MINUTES
    await desk.gate.tick()
    assert desk.executor.done == []
    assert desk.proposals.read(shown.id).rule == "wrong_hash"


@pytest.mark.parametrize("end", ["denied", "done", "failed", "refused"])
async def test_tick_when_the_row_of_an_ended_loosening_is_set_back_to_waiting_then_it_is_not_done(
    desk: Desk, end: str
) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PERSON)
    if end == "denied":
        await desk.gate.deny(shown.id, shown.hash, PERSON)
    desk.late = TEN_MINUTES
    if end == "failed":
        desk.executor.objection = Problem("name_taken", 409)
    if end == "refused":
        desk.facts = snapshot(panic=True)
    await desk.gate.tick()
    assert desk.proposals.read(shown.id).status == end
    desk.executor.objection, desk.facts, done = None, snapshot(), list(desk.executor.done)
    change(desk, shown, status="waiting")
    await desk.gate.tick()
    assert desk.executor.done == done
    assert desk.proposals.read(shown.id).status == "failed"


@pytest.mark.parametrize("end", ["denied", "done", "expired", "refused"])
async def test_confirm_when_the_row_of_an_ended_proposal_is_set_back_to_pending_then_it_is_not_done_again(
    desk: Desk, end: str
) -> None:
    shown = await propose(desk)
    if end == "denied":
        await desk.gate.deny(shown.id, shown.hash, PERSON)
    if end == "expired":
        desk.late = TEN_MINUTES
        await desk.gate.tick()
        desk.late = timedelta(0)
    if end == "refused":
        desk.facts = snapshot(Limits(max_trade=1, max_bot_exposure=1))
    if end in ("done", "refused"):
        await desk.gate.confirm(shown.id, shown.hash, PERSON)
    assert desk.proposals.read(shown.id).status == end
    desk.facts, done = snapshot(), list(desk.executor.done)
    change(desk, shown, status="pending")
    assert (await problem_of(desk.gate.confirm(shown.id, shown.hash, PERSON))).kind == "wrong_hash"
    assert desk.executor.done == done


async def test_tick_when_the_time_that_a_loosening_waits_for_is_edited_then_it_is_not_done(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PERSON)
    change(desk, shown, effective_at=shown.created_at)
    await desk.gate.tick()
    assert desk.executor.done == []
    assert desk.proposals.read(shown.id).status == "failed"


@pytest.mark.parametrize("values", [
    {"facts": {}}, {"expires_at": datetime(2100, 1, 1, tzinfo=UTC)}, {"numbers": {"a": "b"}}, {"why": "tainted"},
    {"actor": PERSON.model_dump(mode="json")}, {"effect": None}, {"created_at": datetime(2100, 1, 1, tzinfo=UTC)},
])  # fmt: skip
async def test_confirm_when_what_a_proposal_was_made_of_is_edited_then_it_is_not_done(
    desk: Desk, values: dict[str, Any]
) -> None:
    desk.executor.marks, desk.facts = {"price": "100"}, snapshot(Limits(live_enabled=True))
    shown = await propose(desk, CREATE.model_copy(update={"spec": spec(mode=LIVE)}), MODEL)
    change(desk, shown, **values)
    assert (await problem_of(desk.gate.confirm(shown.id, shown.hash, PERSON))).kind == "wrong_hash"
    assert desk.executor.done == []


async def test_tick_when_a_proposal_expires_then_one_line_says_so_and_late_words_change_nothing(desk: Desk) -> None:
    shown = await propose(desk)
    desk.late = TEN_MINUTES
    for _ in range(2):
        await desk.gate.tick()
    said = [(line.phase, line.verdict, line.door, line.rule) for line in desk.lines()]
    assert said == [("proposed", "confirm", "web", "tainted"), ("decided", "expire", "guard", "proposal_expired")]
    told = len(desk.told)
    assert (await problem_of(desk.gate.confirm(shown.id, shown.hash, PERSON))).kind == "proposal_expired"
    assert len(desk.told) == told


async def test_submit_when_a_loosening_is_one_too_many_then_nothing_of_it_is_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.guard.asking.OPEN_PROPOSALS", 1)
    await propose(desk, LOOSEN, PERSON)
    both = SetLimits(changes=LimitsChange.model_validate({"max_trade": "300", "max_daily_loss": "5"}))
    assert (await problem_of(desk.gate.submit(both, PERSON))).kind == "too_many_proposals"
    assert desk.executor.done == []
    again = await propose(desk, LOOSEN, PERSON)
    assert again.status == "pending"


async def test_submit_when_a_bots_own_limits_go_both_ways_then_what_tightens_is_done_at_once(desk: Desk) -> None:
    desk.facts = snapshot(Limits.model_validate({"bots": {ID: {"max_trade": 10}}}), bot(State.STOPPED))
    changes = BotLimitsChange.model_validate({"max_trade": "20", "max_daily_loss": "5"})
    shown = await propose(desk, SetBotLimits(bot_id=ID, changes=changes), PERSON)
    assert desk.facts.limits.bots[ID] == BotLimits(max_trade=10, max_daily_loss=5)
    assert shown.action["changes"] == {"max_trade": "20"}


async def test_submit_when_a_limit_tightens_then_the_line_of_the_pause_says_for_which_rule(desk: Desk) -> None:
    await desk.gate.submit(SetLimits(changes=LimitsChange.model_validate({"max_trade": "40"})), PERSON)
    pause = next(line for line in desk.lines() if line.action_kind == "pause_bot" and line.phase == "judged")
    assert (pause.verdict, pause.rule, pause.door) == ("allow", "trade_size", "guard")
    assert pause.numbers == {"asked": "50", "max": "40", "currency": "USDT"}
