"""What mutation testing found unheld in decisions: the account of each, a race that is lost, and what is read back."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import ID, LIVE, MODEL, PERSON, bot, order_facts, snapshot
from tests.tools.guard.steps import CREATE, LOOSEN, PHONE, TAINTED, TEN_MINUTES, change, problem_of, propose
from tools.actions import Action, ForceEntry, ResumeBot, StartBot
from tools.bot import State
from tools.cards import ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.guard.actor import Actor
from tools.guard.decisions import PRICE_MOVED
from tools.guard.gate import Gate
from tools.guard.limits import Limits
from tools.guard.mandates import Mandates
from tools.guard.snapshot import Snapshot
from tools.guard.submissions import Submissions
from tools.views import ProposalView


def newest(desk: Desk) -> tuple[str, str, str, str | None, dict[str, str]]:
    line = desk.lines()[-1]
    return line.phase, line.door, line.verdict, line.rule, line.numbers


@pytest.mark.parametrize(("call", "action", "actor"), [
    ("confirm", CREATE, TAINTED), ("confirm", LOOSEN, PERSON), ("deny", CREATE, TAINTED),
])  # fmt: skip
async def test_decide_when_somebody_else_was_a_moment_faster_then_a_problem_and_a_line(
    desk: Desk, call: str, action: Action, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await propose(desk, action, actor)
    monkeypatch.setattr(desk.proposals, "move", lambda *_, **__: None)
    problem = await problem_of(getattr(desk.gate, call)(shown.id, shown.hash, PHONE))
    told = {"proposal": shown.id, "status": "pending"}
    assert (problem.kind, problem.status, problem.numbers) == ("already_decided", 409, told)
    assert newest(desk) == ("decided", "telegram", "invalid", "already_decided", told)
    assert desk.executor.done == []
    assert [view.status for view in desk.told] == ["pending"]


async def test_confirm_when_it_is_refused_but_somebody_else_was_faster_then_a_problem(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await propose(desk)
    desk.facts = snapshot(Limits.model_validate({"max_trade": 1}))
    monkeypatch.setattr(desk.proposals, "move", lambda *_, **__: None)
    assert (await problem_of(desk.gate.confirm(shown.id, shown.hash, PHONE))).kind == "already_decided"
    assert newest(desk)[1:4] == ("telegram", "invalid", "already_decided")


async def test_confirm_when_done_then_the_proposal_keeps_who_and_when(desk: Desk) -> None:
    shown = await propose(desk)
    desk.late = timedelta(minutes=3)
    await desk.gate.confirm(shown.id, shown.hash, PHONE)
    row = desk.proposals.find(shown.id)
    assert (row.status, row.decided_by, row.decider) == ("done", "telegram", PHONE.model_dump(mode="json"))
    assert row.decided_at is not None
    assert row.decided_at == row.executing_at
    assert timedelta(minutes=2, seconds=50) < row.decided_at - row.created_at < timedelta(minutes=3, seconds=30)
    assert row.effective_at is None


async def test_confirm_when_a_loosening_is_done_then_it_keeps_when_it_was_confirmed_and_by_whom(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PHONE)
    waiting = desk.proposals.find(shown.id)
    assert (waiting.status, waiting.decided_by, waiting.decider) == (
        "waiting", "telegram", PHONE.model_dump(mode="json"),
    )  # fmt: skip
    assert waiting.decided_at is not None
    assert waiting.effective_at == waiting.decided_at + TEN_MINUTES
    desk.late = timedelta(minutes=11)
    await desk.gate.tick()
    done = desk.proposals.find(shown.id)
    assert (done.status, done.decided_at, done.decided_by) == ("done", waiting.decided_at, "telegram")
    assert done.executing_at is not None
    assert done.executing_at > waiting.decided_at + TEN_MINUTES
    assert [(line.phase, line.verdict, line.door, line.risk) for line in desk.lines()] == [
        ("proposed", "confirm", "web", "limits"), ("decided", "confirm", "telegram", ""),
        ("decided", "allow", "telegram", ""), ("done", "allow", "telegram", "limits"),
    ]  # fmt: skip


@pytest.mark.parametrize("wait", [timedelta(0), timedelta(minutes=1)])
async def test_confirm_when_another_wait_was_set_then_that_one_begins(desk: Desk, wait: timedelta) -> None:
    desk.gate._decisions._loosens_in = wait
    shown = await propose(desk, LOOSEN, PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PERSON)
    row = desk.proposals.find(shown.id)
    assert row.decided_at is not None
    assert row.effective_at == row.decided_at + wait


async def test_confirm_when_a_gate_is_made_with_another_wait_then_that_one_begins(desk: Desk) -> None:
    desk.gate = Gate(
        lambda _: desk.facts, desk.executor, desk.audit, desk.proposals, Mandates(desk.store), Submissions(desk.store),
        desk.reservations, desk.told.append, clock=desk.clock, loosens_in=timedelta(seconds=7),
    )  # fmt: skip
    shown = await propose(desk, LOOSEN, PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PERSON)
    row = desk.proposals.find(shown.id)
    assert row.decided_at is not None
    assert row.effective_at == row.decided_at + timedelta(seconds=7)


async def test_tick_when_a_loosenings_time_has_come_to_the_moment_then_it_is_done(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PERSON)
    at = desk.proposals.find(shown.id).effective_at
    assert at is not None
    desk.gate._decisions._clock = lambda: at  # type: ignore[method-assign]
    await desk.gate.tick()
    assert desk.executor.done == [LOOSEN]


async def test_tick_when_a_proposals_time_is_over_to_the_moment_then_it_expires(desk: Desk) -> None:
    shown = await propose(desk)
    desk.gate._decisions._clock = lambda: shown.expires_at  # type: ignore[method-assign]
    await desk.gate.tick()
    row = desk.proposals.find(shown.id)
    assert (row.status, row.decided_at, row.decided_by) == ("expired", shown.expires_at, None)


async def test_tick_when_a_proposal_expires_then_the_account_says_so_in_the_guards_own_name(desk: Desk) -> None:
    shown = await propose(desk)
    desk.late = TEN_MINUTES
    for _ in range(2):
        await desk.gate.tick()
    assert [line.phase for line in desk.lines()] == ["proposed", "decided"]
    assert newest(desk) == ("decided", "guard", "expire", "proposal_expired", {"proposal": shown.id})


async def test_confirm_when_it_is_too_late_then_the_account_and_the_problem_say_so(desk: Desk) -> None:
    shown = await propose(desk)
    desk.late = TEN_MINUTES
    told = {"proposal": shown.id}
    for _ in range(2):
        problem = await problem_of(desk.gate.confirm(shown.id, shown.hash, PHONE))
        assert (problem.kind, problem.status, problem.numbers) == ("proposal_expired", 409, told)
        assert newest(desk) == ("decided", "telegram", "invalid", "proposal_expired", told)
    row = desk.proposals.find(shown.id)
    assert (row.status, row.rule) == ("expired", None)
    assert row.decided_at is not None
    assert row.decided_at >= shown.expires_at - timedelta(seconds=1)
    assert [view.status for view in desk.told][:2] == ["pending", "expired"]


@pytest.mark.parametrize(
    ("actor", "digest", "kind", "code", "numbers"),
    [
        (MODEL, "", "forbidden_scope", 403, {"scope": "confirm"}),
        (PERSON, "0" * 64, "wrong_hash", 409, {"proposal": "?"}),
    ],
)
async def test_decide_when_there_is_no_saying_so_then_the_problem_tells_these_numbers(
    desk: Desk, actor: Actor, digest: str, kind: str, code: int, numbers: dict[str, str]
) -> None:
    shown = await propose(desk)
    problem = await problem_of(desk.gate.confirm(shown.id, digest or shown.hash, actor))
    expected = {name: shown.id if value == "?" else value for name, value in numbers.items()}
    assert (problem.kind, problem.status, problem.numbers) == (kind, code, expected)
    assert newest(desk) == ("decided", "web", "invalid", kind, expected)
    assert desk.lines()[-1].action == {"kind": "create_bot", "proposal": shown.id, "hash": shown.hash}
    assert desk.lines()[-1].submission == desk.lines()[0].submission


async def test_decide_when_it_was_decided_then_the_problem_tells_how(desk: Desk) -> None:
    shown = await propose(desk)
    await desk.gate.deny(shown.id, shown.hash, PHONE)
    told = {"proposal": shown.id, "status": "denied"}
    problem = await problem_of(desk.gate.confirm(shown.id, shown.hash, PERSON))
    assert (problem.kind, problem.status, problem.numbers) == ("already_decided", 409, told)
    assert newest(desk) == ("decided", "web", "invalid", "already_decided", told)


async def test_decide_when_there_is_no_such_proposal_then_the_account_names_what_was_asked(desk: Desk) -> None:
    await problem_of(desk.gate.confirm("n" * 50, "0" * 64, MODEL))
    (line,) = desk.lines()
    assert line.action["kind"] == "decide"
    assert json.loads(line.action["asked"]) == {"kind": "decide", "proposal": "n" * 50}
    assert (line.submission, line.door, line.actor["agent"]) == ("n" * 40, "web", True)
    assert line.numbers == {"proposal": "n" * 40}


async def test_deny_when_a_person_says_no_then_the_proposal_and_the_account_keep_who_and_when(desk: Desk) -> None:
    shown = await propose(desk)
    desk.late = timedelta(minutes=3)
    card = await desk.gate.deny(shown.id, shown.hash, PHONE)
    assert (card.proposal.status, card.proposal.decided_by) == ("denied", "telegram")
    assert card.proposal.decided_at is not None
    assert card.proposal.decided_at - shown.created_at > timedelta(minutes=2, seconds=50)
    assert newest(desk) == ("decided", "telegram", "refuse", None, {})
    assert desk.told[-1] == card.proposal


async def test_confirm_when_the_world_moved_then_the_proposal_and_the_account_keep_the_rule(desk: Desk) -> None:
    shown = await propose(desk)
    desk.facts = snapshot(Limits.model_validate({"max_trade": 1}))
    desk.late = timedelta(minutes=3)
    outcome = await desk.gate.confirm(shown.id, shown.hash, PHONE)
    assert isinstance(outcome, RefusalCard)
    numbers = {"asked": "50", "max": "1", "currency": "USDT"}
    assert (outcome.rule, outcome.numbers, outcome.action) == ("trade_size", numbers, "create_bot")
    row = desk.proposals.find(shown.id)
    assert (row.status, row.rule, row.rule_numbers, row.decided_by) == ("refused", "trade_size", numbers, "telegram")
    assert row.decided_at is not None
    assert newest(desk) == ("judged", "telegram", "refuse", "trade_size", numbers)
    assert len({line.submission for line in desk.lines()}) == 1


@pytest.mark.parametrize("problem", [Problem("start_failed", 502, bot="alpha"), RuntimeError("broken")])
async def test_confirm_when_it_cannot_be_carried_out_then_the_proposal_keeps_why(
    desk: Desk, problem: Exception
) -> None:
    shown = await propose(desk)
    desk.executor.problem = problem
    with pytest.raises(type(problem)):
        await desk.gate.confirm(shown.id, shown.hash, PERSON)
    row = desk.proposals.find(shown.id)
    assert (row.status, row.rule, row.rule_numbers) == (
        ("failed", "start_failed", {"bot": "alpha"})
        if isinstance(problem, Problem)
        else ("failed", "internal", {"id": "RuntimeError"})
    )


async def test_confirm_when_it_makes_no_sense_any_more_then_the_proposal_keeps_why_and_when(desk: Desk) -> None:
    shown = await propose(desk)
    desk.executor.objection = Problem("name_taken", 409, name="alpha")
    await problem_of(desk.gate.confirm(shown.id, shown.hash, PHONE))
    row = desk.proposals.find(shown.id)
    assert (row.status, row.rule, row.rule_numbers) == ("failed", "name_taken", {"name": "alpha"})
    assert row.decided_at is not None
    assert newest(desk) == ("failed", "telegram", "confirm", "name_taken", {"name": "alpha"})


async def test_confirm_when_the_risk_is_of_real_money_then_the_receipts_line_says_so(desk: Desk) -> None:
    desk.facts = snapshot(Limits(live_enabled=True), bot(State.STOPPED, of={"mode": LIVE}))
    shown = await propose(desk, StartBot(bot_id=ID), PERSON)
    assert isinstance(await desk.gate.confirm(shown.id, shown.hash, PERSON), ReceiptCard)
    assert [line.phase for line in desk.lines()] == ["proposed", "decided", "done"]
    assert [line.risk for line in desk.lines()] == ["live", "", "live"]
    assert desk.forgiven == []


async def test_confirm_when_a_stopped_bot_is_started_over_its_breaker_then_it_is_forgiven(desk: Desk) -> None:
    desk.facts = snapshot(None, bot(State.STOPPED, paused_for="drawdown"))
    shown = await propose(desk, StartBot(bot_id=ID), PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PHONE)
    assert desk.forgiven == [(ID, "drawdown", "telegram")]


async def test_confirm_when_a_paused_bot_is_resumed_for_another_reason_then_nothing_is_forgiven(desk: Desk) -> None:
    desk.facts = snapshot(None, bot(State.PAUSED))
    shown = await propose(desk, ResumeBot(bot_id=ID), TAINTED)
    await desk.gate.confirm(shown.id, shown.hash, PERSON)
    assert desk.forgiven == []


async def cut_off(desk: Desk, action: Action = CREATE, actor: Actor = TAINTED) -> ProposalView:
    """A proposal that was confirmed and is being done when the process dies."""
    shown = await propose(desk, action, actor)
    desk.executor.open.clear()
    task = asyncio.create_task(desk.gate.confirm(shown.id, shown.hash, PHONE))
    while not desk.executor.phases_before:
        await asyncio.sleep(0)
    task.cancel()
    return shown


async def test_recover_when_nothing_is_seen_of_it_then_the_account_says_it_was_interrupted(desk: Desk) -> None:
    shown = await cut_off(desk)
    restarted = Desk(desk.store)
    restarted.gate.recover()
    assert newest(restarted) == ("failed", "telegram", "confirm", "interrupted", {})
    assert restarted.lines()[-1].action["hash"] == shown.hash
    assert [view.status for view in restarted.told] == ["interrupted"]


async def test_recover_when_it_took_effect_then_the_account_has_its_receipt(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await cut_off(desk)
    restarted = Desk(desk.store)
    asked: list[tuple[Action, datetime]] = []

    def read_back(action: Action, since: datetime) -> Any:
        asked.append((action, since))
        return restarted.executor.view()

    monkeypatch.setattr(restarted.executor, "read_back", read_back)
    restarted.gate.recover()
    line = restarted.lines()[-1]
    assert (line.phase, line.door, line.verdict, line.risk, line.action_kind) == (
        "done", "telegram", "allow", "simulated", "create_bot",
    )  # fmt: skip
    assert line.receipt == restarted.executor.view().model_dump(mode="json")
    assert line.submission == restarted.lines()[0].submission
    ((action, since),) = asked
    assert action == CREATE
    assert since == restarted.proposals.find(shown.id).executing_at
    assert since > shown.created_at


async def test_recover_when_nothing_was_cut_off_then_what_waits_still_waits(desk: Desk) -> None:
    shown = [await propose(desk), await propose(desk, LOOSEN, PERSON)]
    await desk.gate.confirm(shown[1].id, shown[1].hash, PERSON)
    restarted = Desk(desk.store)
    restarted.gate.recover()
    assert [restarted.proposals.read(one.id).status for one in shown] == ["pending", "waiting"]
    assert restarted.told == []


async def test_tick_when_what_waits_was_tampered_with_then_the_proposal_and_the_account_say_so(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PHONE)
    change(desk, shown, hash="0" * 64)
    desk.late = TEN_MINUTES
    await desk.gate.tick()
    row = desk.proposals.find(shown.id)
    assert (row.status, row.rule, row.rule_numbers) == ("failed", "wrong_hash", {"proposal": shown.id})
    assert newest(desk) == ("failed", "telegram", "confirm", "wrong_hash", {"proposal": shown.id})
    assert desk.executor.done == []


async def test_confirm_when_a_wait_begins_then_the_account_says_of_what_and_until_when(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PHONE)
    until = desk.proposals.find(shown.id).effective_at
    assert until is not None
    assert desk.lines()[-1].receipt == {"proposal": shown.id, "effective_at": until.isoformat()}


async def test_deny_when_what_waits_says_not_until_when_then_it_is_not_what_was_confirmed(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PHONE)
    change(desk, shown, effective_at=None)
    problem = await problem_of(desk.gate.deny(shown.id, shown.hash, PERSON))
    assert (problem.kind, problem.status, problem.numbers) == ("wrong_hash", 409, {"proposal": shown.id})
    desk.late = timedelta(days=1)
    await desk.gate.tick()
    assert desk.executor.done == []
    assert desk.proposals.read(shown.id).status == "waiting"


async def test_tick_when_nobodys_yes_stands_in_the_audit_then_it_is_not_done(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    change(desk, shown, status="waiting", effective_at=shown.created_at)
    await desk.gate.tick()
    assert desk.executor.done == []
    assert desk.proposals.read(shown.id).rule == "wrong_hash"
    assert newest(desk)[1] == "web"


async def test_tick_when_panic_came_on_then_the_loosening_is_refused_by_it(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PHONE)
    desk.facts = Snapshot(desk.facts.limits, desk.facts.bots, "USDT", panic=True)
    desk.late = TEN_MINUTES
    await desk.gate.tick()
    assert newest(desk) == ("judged", "telegram", "refuse", "panic", {})
    assert desk.proposals.read(shown.id).status == "refused"


async def test_confirm_when_panic_is_on_then_what_is_no_loosening_is_judged_by_its_own_rules(desk: Desk) -> None:
    shown = await propose(desk)
    desk.facts = Snapshot(desk.facts.limits, desk.facts.bots, "USDT", panic=True)
    assert isinstance(await desk.gate.confirm(shown.id, shown.hash, PERSON), ReceiptCard)


@pytest.mark.parametrize(("before", "after", "moved"), [
    ("1.00000000", "1.02000000", False), ("1.00000000", "1.02000001", True),
    ("1.00000000", "0.98000000", False), ("1.00000000", "0.97999999", True), ("x", "1", True),
])  # fmt: skip
async def test_confirm_when_the_price_moved_then_two_in_a_hundred_is_the_edge_and_the_refusal_tells_both(
    desk: Desk, before: str, after: str, moved: bool
) -> None:
    desk.executor.marks = {"price": before}
    shown = await propose(desk)
    desk.executor.marks = {"price": after}
    outcome = await desk.gate.confirm(shown.id, shown.hash, PERSON)
    if moved:
        assert isinstance(outcome, RefusalCard)
        assert outcome.numbers == {"what": "price", "before": before, "after": after}
    else:
        assert isinstance(outcome, ReceiptCard)
    assert str(PRICE_MOVED) == "0.02"


async def test_confirm_when_a_setting_that_looks_like_a_price_changed_a_little_then_it_is_another(desk: Desk) -> None:
    desk.executor.marks = {"settings": "100"}
    shown = await propose(desk)
    desk.executor.marks = {"settings": "101" + "0" * 100}
    outcome = await desk.gate.confirm(shown.id, shown.hash, PERSON)
    assert isinstance(outcome, RefusalCard)
    assert outcome.numbers == {"what": "settings", "before": "100", "after": "101" + "0" * 77}
    desk.executor.marks = {"settings": "2" * 100}
    shown = await propose(desk)
    desk.executor.marks = {}
    outcome = await desk.gate.confirm(shown.id, shown.hash, PERSON)
    assert isinstance(outcome, RefusalCard)
    assert outcome.numbers == {"what": "settings", "before": "2" * 80, "after": ""}


async def test_confirm_when_an_entry_is_forced_then_it_is_judged_as_the_one_who_asked(desk: Desk) -> None:
    desk.facts = Snapshot(Limits(), desk.facts.bots, "USDT", order=order_facts())
    entry = ForceEntry(bot_id="1" * 12, pair="BTC/USDT")
    shown = await propose(desk, entry)
    assert isinstance(await desk.gate.confirm(shown.id, shown.hash, PHONE), ReceiptCard)
    assert desk.executor.done == [entry]
