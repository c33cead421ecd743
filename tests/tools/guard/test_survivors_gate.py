"""What mutation testing found unheld at the gate: each path's whole account, and what is done without facts."""

import asyncio
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import ID, LIVE, MODEL, OTHER, PERSON, bot, order, order_facts, snapshot, spec
from tests.tools.guard.steps import CREATE, LOOSEN, TAINTED, problem_of
from tools.actions import (
    Action,
    BlockPair,
    CreateBot,
    Panic,
    PauseBot,
    SetBotLimits,
    SetLimits,
    SettleFinding,
    StartBot,
    StopBot,
    StoreStrategy,
)
from tools.bot import State
from tools.cards import ProposalCard, ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.guard.account import Account, Case
from tools.guard.actor import GUARD, Actor
from tools.guard.limits import BotLimitsChange, Limits, LimitsChange
from tools.guard.verdict import Refuse, Rule
from tools.store.tables import now
from tools.views import BotView, GuardView, ReconciliationView, StrategyView

RECOVERY = Actor(door="recovery", scopes=frozenset({"operate"}))
READER = Actor(door="rest", scopes=frozenset({"read"}))
BLIND: dict[str, str] = {}


def account(desk: Desk) -> list[tuple[str, str, str, str, str, str | None, dict[str, str], bool]]:
    """All that each line says, but for its number, its time, its content and its seals."""
    lines = desk.lines(50)
    assert all(len(line.submission) == 32 for line in lines)
    return [
        (line.phase, line.action_kind, line.door, line.verdict, line.risk, line.rule, line.numbers, bool(line.receipt))
        for line in lines
    ]


def cannot_look(_: object) -> Any:
    raise RuntimeError("the facts cannot be read")


LOWERING = [StopBot(bot_id=ID), Panic(exit=True), BlockPair(pair="A/USDT"), PauseBot(bot_id=ID)]


@pytest.mark.parametrize("action", LOWERING)
async def test_submit_when_the_facts_cannot_be_read_then_what_lowers_risk_is_done_and_written_down(
    desk: Desk, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.gate, "_look", cannot_look)
    outcome = await desk.gate.submit(action, MODEL)
    assert isinstance(outcome, ReceiptCard)
    assert desk.executor.done == [action]
    said = (action.kind, "web", "allow", action.risk.value, None, {})
    assert account(desk) == [("judged", *said, False), ("done", *said, True)]
    assert len({line.submission for line in desk.lines()}) == 1
    assert {line.actor["agent"] for line in desk.lines()} == {True}


@pytest.mark.parametrize(
    ("action", "actor"),
    [(StopBot(bot_id=ID), TAINTED), (StartBot(bot_id=ID), PERSON), (CREATE, PERSON), (LOOSEN, PERSON)],
)
async def test_submit_when_the_facts_cannot_be_read_then_all_else_is_refused(
    desk: Desk, action: Action, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.gate, "_look", cannot_look)
    outcome = await desk.gate.submit(action, actor)
    assert isinstance(outcome, RefusalCard)
    assert (outcome.rule, outcome.numbers, outcome.action) == ("stale_snapshot", BLIND, action.kind)
    assert desk.executor.done == []
    refused = ("judged", action.kind, "web", "refuse", action.risk.value, "stale_snapshot", BLIND, False)
    assert account(desk) == [refused]
    assert desk.lines()[0].actor["tainted"] is actor.tainted


async def test_submit_when_the_caller_may_not_operate_then_a_problem_a_line_and_nothing_is_done(desk: Desk) -> None:
    problem = await problem_of(desk.gate.submit(StopBot(bot_id=ID), READER))
    assert (problem.kind, problem.status, problem.numbers) == ("forbidden_scope", 403, {"scope": "operate"})
    assert desk.executor.done == []
    told = ("invalid", "stop_bot", "rest", "invalid", "", "forbidden_scope", {"scope": "operate"}, False)
    assert account(desk) == [told]


async def test_submit_when_a_kind_is_unknown_then_the_account_names_it_as_far_as_it_fits(desk: Desk) -> None:
    outcome = await desk.gate.submit({"kind": "w" * 99}, PERSON)
    assert isinstance(outcome, RefusalCard)
    assert (outcome.action, outcome.rule, outcome.numbers) == ("w" * 60, "unknown_action", {"kind": "w" * 60})
    (line,) = desk.lines()
    assert (line.at, line.id) == (outcome.at, outcome.audit_id)
    told = ("judged", "w" * 60, "web", "refuse", "", "unknown_action", {"kind": "w" * 60}, False)
    assert account(desk) == [told]


async def test_submit_when_a_kind_is_unknown_then_its_line_stands_as_it_was_sealed(desk: Desk) -> None:
    await desk.gate.submit({"kind": "withdraw"}, PERSON)
    report = desk.audit.verify()
    assert (report.lines, report.breaks) == (1, ())


@pytest.mark.parametrize("key", [None, "web:k1"])
async def test_submit_when_a_panic_stop_cannot_be_written_down_then_the_problem_says_so_and_from_what_it_comes(
    desk: Desk, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = OperationalError("locked", None, Exception())

    def cannot_write(*_: object, **__: object) -> None:
        raise locked

    by: list[tuple[Action, Actor]] = []
    monkeypatch.setattr(desk.audit, "write", cannot_write)
    monkeypatch.setattr(desk.gate._submissions, "find", cannot_write)
    monkeypatch.setattr(desk.executor, "brace", lambda action, actor: by.append((action, actor)))
    problem = await problem_of(desk.gate.submit(Panic(), PERSON, key))
    assert (problem.kind, problem.status, problem.numbers) == ("panic_not_written", 503, {})
    assert problem.__cause__ is locked
    assert (by, desk.executor.done) == ([(Panic(), PERSON)], [])


async def test_submit_when_refused_then_the_account_and_the_card_say_the_same(desk: Desk) -> None:
    desk.facts = snapshot(Limits(live_enabled=True, max_trade=Decimal(1)))
    outcome = await desk.gate.submit(CreateBot(spec=spec(mode=LIVE)), PERSON)
    assert isinstance(outcome, RefusalCard)
    numbers = {"asked": "50", "max": "1", "currency": "USDT"}
    assert (outcome.action, outcome.rule, outcome.numbers) == ("create_bot", "trade_size", numbers)
    assert account(desk) == [("judged", "create_bot", "web", "refuse", "live", "trade_size", numbers, False)]
    assert desk.lines()[0].at == outcome.at


async def test_submit_when_done_then_the_account_and_the_receipt_say_the_same(desk: Desk) -> None:
    outcome = await desk.gate.submit(CREATE, PERSON)
    assert isinstance(outcome, ReceiptCard)
    said = ("create_bot", "web", "allow", "simulated", None, {})
    assert account(desk) == [("judged", *said, False), ("done", *said, True)]
    line = desk.lines()[-1]
    assert (outcome.action, outcome.at) == ("create_bot", line.at)
    assert (outcome.limits, outcome.bot, outcome.guard, outcome.strategy) == (desk.executor.view(), None, None, None)
    assert line.receipt == desk.executor.view().model_dump(mode="json")
    assert line.action == json.loads(json.dumps(line.action))
    assert line.action["spec"]["stake"] == "50"


async def test_submit_when_the_guard_acts_for_a_rule_then_each_line_names_it(desk: Desk) -> None:
    numbers = {"losses": "6", "max": "4"}
    because = Refuse(Rule.LOSS_STREAK, numbers)
    assert isinstance(await desk.gate.submit(PauseBot(bot_id=ID), GUARD, because=because), ReceiptCard)
    said = ("pause_bot", "guard", "allow", "simulated", "loss_streak", numbers)
    assert account(desk) == [("judged", *said, False), ("done", *said, True)]


def test_receipt_when_the_guard_itself_was_changed_then_it_stands_under_its_own_name(desk: Desk) -> None:
    view = GuardView(panic=None, refused_orders=())
    card = Account(desk.audit).done(Case("s" * 32, Panic(), PERSON), view)
    assert (card.guard, card.limits, card.bot, card.strategy, card.action) == (view, None, None, None, "panic")


def test_receipt_when_a_strategy_was_stored_then_it_stands_under_its_own_name(desk: Desk) -> None:
    view = StrategyView(name="Mine", summary="", doc="", timeframe="5m", parameters=())
    card = Account(desk.audit).done(Case("s" * 32, StoreStrategy(name="Mine", source="pass"), PERSON), view)
    assert (card.strategy, card.limits, card.bot, card.guard) == (view, None, None, None)


def test_receipt_when_a_bot_was_changed_then_it_stands_under_its_own_name(desk: Desk) -> None:
    view = BotView.model_construct(id=ID)
    card = Account(desk.audit).done(Case("s" * 32, PauseBot(bot_id=ID), PERSON), view)
    assert (card.bot, card.limits, card.guard, card.strategy) == (view, None, None, None)


def test_receipt_when_a_finding_was_settled_then_it_carries_the_reconciliation(desk: Desk) -> None:
    view = ReconciliationView(at=now(), agrees=True, findings=(), unasked=("alpha",))
    card = Account(desk.audit).done(Case("s" * 32, SettleFinding(finding="0" * 16), PERSON), view)
    assert (card.reconciliation, card.limits, card.bot, card.guard, card.strategy) == (view, None, None, None, None)


async def test_submit_when_done_then_it_is_done_in_the_name_of_who_asked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Action, Actor]] = []

    async def execute(action: Action, actor: Actor) -> Any:
        asked.append((action, actor))
        return desk.executor.view()

    monkeypatch.setattr(desk.executor, "execute", execute)
    await desk.gate.submit(CREATE, MODEL)
    assert asked == [(CREATE, MODEL)]


async def test_submit_when_the_execution_fails_then_the_account_says_how(desk: Desk) -> None:
    desk.executor.problem = Problem("start_failed", 502, bot="alpha")
    assert (await problem_of(desk.gate.submit(CREATE, PERSON))).kind == "start_failed"
    said = ("create_bot", "web", "allow", "simulated")
    assert account(desk) == [
        ("judged", *said, None, {}, False), ("failed", *said, "start_failed", {"bot": "alpha"}, False),
    ]  # fmt: skip
    assert len({line.submission for line in desk.lines()}) == 1
    desk.executor.problem = KeyError("x")
    with pytest.raises(KeyError):
        await desk.gate.submit(CREATE, PERSON)
    assert desk.lines()[-1].rule == "KeyError"


async def test_submit_when_it_makes_no_sense_then_the_account_says_why(desk: Desk) -> None:
    desk.executor.objection = Problem("name_taken", 409, name="alpha")
    await problem_of(desk.gate.submit(CREATE, TAINTED))
    told = ("invalid", "create_bot", "web", "invalid", "", "name_taken", {"name": "alpha"}, False)
    assert account(desk) == [told]
    assert desk.lines()[0].actor["tainted"] is True


async def test_submit_when_a_field_cannot_be_read_then_what_was_asked_is_kept_as_far_as_it_fits(desk: Desk) -> None:
    await problem_of(desk.gate.submit({"kind": "pause_bot", "bot_id": "é" * 3000, "at": timedelta(1)}, PERSON))
    (line,) = desk.lines()
    assert (line.action["kind"], len(line.action["asked"]), line.action_kind) == ("pause_bot", 2000, "pause_bot")
    assert line.action["asked"].startswith('{"kind": "pause_bot", "bot_id": "\\u00e9')
    await problem_of(desk.gate.submit({"kind": "force_entry", "stake": float("nan"), "at": timedelta(1)}, PERSON))
    asked = desk.lines()[-1].action["asked"]
    assert "NaN" in asked
    assert "1 day" in asked


async def test_submit_when_it_is_proposed_then_the_account_says_why_and_what_it_touches(desk: Desk) -> None:
    desk.executor.marks = {"settings": "a"}
    shown = await desk.gate.submit(LOOSEN, PERSON)
    assert isinstance(shown, ProposalCard)
    numbers = {"limit": "max_trade", "from": "100", "to": "200"}
    assert account(desk) == [("proposed", "set_limits", "web", "confirm", "limits", "loosening", numbers, True)]
    assert (shown.proposal.why, shown.proposal.numbers) == ("loosening", numbers)
    assert desk.proposals.find(shown.proposal.id).facts == {"settings": "a", "limits.max_trade": "100"}
    assert shown.proposal.effect is None
    again = await desk.gate.submit(LOOSEN, PERSON)
    assert account(desk)[1:] == account(desk)[:1]
    assert again == shown
    assert desk.told == [shown.proposal]


@pytest.mark.parametrize(
    ("action", "touched"),
    [
        (LOOSEN, {"limits.max_trade": "100"}),
        (
            SetBotLimits(bot_id=ID, changes=BotLimitsChange.model_validate({"max_trade": None, "blocked_pairs": []})),
            {"limits.max_trade": "10", "limits.blocked_pairs": "A/USDT, B/USDT"},
        ),
        (SetBotLimits(bot_id=OTHER, changes=BotLimitsChange(max_trade=Decimal(5))), {"limits.max_trade": "100"}),
        (CREATE, {}),
    ],
)
def test_facts_of_when_limits_would_change_then_names_each_as_it_is_for_whom_it_is(
    desk: Desk, action: Action, touched: dict[str, str]
) -> None:
    own = {ID: {"max_trade": "10", "blocked_pairs": ["B/USDT", "A/USDT"]}}
    known = snapshot(Limits.model_validate({"bots": own}), bot(), bot())
    assert desk.gate._asking.facts_of(action, known) == touched


@pytest.mark.parametrize(
    ("action", "actor", "rule", "numbers"),
    [
        (CreateBot(spec=spec(mode=LIVE)), RECOVERY, "mandate_void", {}),
        (CREATE, RECOVERY.model_copy(update={"tainted": True}), "tainted_turn", {}),
        (StartBot(bot_id=ID), RECOVERY, "loss_streak", {"rule": "loss_streak"}),
        (StoreStrategy(name="Mine", source="pass"), RECOVERY, "agent_cannot_loosen", {}),
    ],
)
async def test_submit_when_nobody_is_there_to_be_asked_then_refuses_by_the_reason_to_ask(
    desk: Desk, action: Action, actor: Actor, rule: str, numbers: dict[str, str]
) -> None:
    desk.facts = snapshot(Limits(live_enabled=True), bot(State.STOPPED, paused_for="loss_streak"))
    outcome = await desk.gate.submit(action, actor)
    assert isinstance(outcome, RefusalCard)
    assert (outcome.rule, outcome.numbers) == (rule, numbers)
    assert [(line[0], line[2], line[3], line[5]) for line in account(desk)] == [("judged", "recovery", "refuse", rule)]
    assert desk.lines()[0].risk == ("live" if rule == "mandate_void" else action.risk.value)
    assert desk.told == []


async def test_submit_when_a_program_asks_through_mcp_then_a_person_can_still_be_asked(desk: Desk) -> None:
    assert isinstance(await desk.gate.submit(CREATE, Actor(door="mcp", agent=True, tainted=True)), ProposalCard)


async def test_submit_when_models_have_asked_too_much_then_a_person_still_can(desk: Desk) -> None:
    for number in range(50):
        await desk.gate.submit(CreateBot(spec=spec(name=f"b{number}")), TAINTED)
    problem = await problem_of(desk.gate.submit(CREATE, TAINTED))
    assert (problem.kind, problem.status, problem.numbers) == ("too_many_proposals", 429, {"count": "50", "max": "50"})
    told = ("invalid", "create_bot", "web", "invalid", "", "too_many_proposals", {"count": "50", "max": "50"}, False)
    assert account(desk)[-1] == told
    assert isinstance(await desk.gate.submit(LOOSEN, PERSON), ProposalCard)
    again = await desk.gate.submit(CreateBot(spec=spec(name="b7")), TAINTED)
    assert isinstance(again, ProposalCard)


async def test_submit_when_a_change_does_both_then_the_account_tells_the_parts_apart(desk: Desk) -> None:
    both = SetLimits(changes=LimitsChange.model_validate({"max_trade": "60", "max_total_exposure": "2000"}))
    outcome = await desk.gate.submit(both, PERSON)
    assert isinstance(outcome, ProposalCard)
    done = ("set_limits", "web", "allow", "limits", None)
    asked = ("set_limits", "web", "confirm", "limits", "loosening")
    assert [line[:6] for line in account(desk)] == [("judged", *done), ("done", *done), ("proposed", *asked)]
    judged, did, proposed = (line.action["changes"] for line in desk.lines())
    assert (judged["max_trade"], judged["max_total_exposure"]) == ("60", None)
    assert judged == did
    assert (proposed["max_trade"], proposed["max_total_exposure"]) == (None, "2000")
    assert len({line.submission for line in desk.lines()}) == 1
    assert desk.proposals.find(outcome.proposal.id).facts == {"limits.max_total_exposure": "1000"}


async def test_submit_when_bots_no_longer_fit_then_one_that_cannot_be_paused_leaves_the_others_paused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.facts = snapshot(None, bot(), bot())
    execute = desk.executor.execute

    async def stubborn(action: Action, actor: Actor) -> Any:
        if action == PauseBot(bot_id=OTHER):
            raise Problem("bot_unreachable", 502)
        return await execute(action, actor)

    monkeypatch.setattr(desk.executor, "execute", stubborn)
    tighter = SetLimits(changes=LimitsChange.model_validate({"max_trade": "10"}))
    assert isinstance(await desk.gate.submit(tighter, PERSON), ReceiptCard)
    assert desk.executor.done == [tighter, PauseBot(bot_id=ID)]
    desk.executor.done.clear()
    await desk.gate.submit(CREATE_SMALL, PERSON)
    assert desk.executor.done == [CREATE_SMALL]


CREATE_SMALL = CreateBot(spec=spec(stake=5, name="small"))


def ask(desk: Desk, **changes: Any) -> None:
    """An entry that a bot asked for and was refused."""
    with desk.store.writing() as session:
        desk.reservations.add(
            session, order(**changes), order_facts(), Refuse(Rule.TRADE_SIZE, {"asked": "1"}), "alpha"
        )


async def test_preview_when_orders_were_asked_then_they_are_judged_under_both_limits(desk: Desk) -> None:
    ask(desk, amount="0.5")
    ask(desk, amount="2")
    view = await desk.gate.preview(LimitsChange.model_validate({"max_trade": "200"}))
    assert (view.days, view.orders, view.allowed_before, view.allowed_after) == (30, 2, 1, 2)
    assert [one.stake for one in view.newly_allowed] == [200]
    shown = await desk.gate.submit(LOOSEN, PERSON)
    assert isinstance(shown, ProposalCard)
    assert shown.proposal.preview == view
    of_bot = SetBotLimits(bot_id=ID, changes=BotLimitsChange.model_validate({"max_trade": "90"}))
    desk.facts = snapshot(Limits.model_validate({"bots": {ID: {"max_trade": "10"}}}), bot(State.STOPPED))
    shown = await desk.gate.submit(of_bot, PERSON)
    assert isinstance(shown, ProposalCard)
    assert shown.proposal.preview is not None
    assert (shown.proposal.preview.allowed_before, shown.proposal.preview.allowed_after) == (0, 1)


async def test_preview_when_an_order_is_older_than_a_month_then_it_is_not_judged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(desk)
    seen: list[Any] = []
    read = desk.reservations.read_asked
    monkeypatch.setattr(desk.reservations, "read_asked", lambda *asked: seen.append(asked) or read(*asked))
    await desk.gate.preview(LimitsChange())
    ((since, most),) = seen
    assert abs(now() - timedelta(days=30) - since) < timedelta(minutes=1)
    assert most == 20_000


async def test_settle_when_something_under_way_fails_then_the_rest_is_waited_for_all_the_same(desk: Desk) -> None:
    desk.executor.open.clear()
    desk.executor.problem = Problem("start_failed", 502)
    failing = asyncio.create_task(desk.gate.submit(CREATE, PERSON))
    while not desk.executor.phases_before:
        await asyncio.sleep(0)
    settling = asyncio.create_task(desk.gate.settle())
    await asyncio.sleep(0)
    desk.executor.open.set()
    await settling
    assert (await problem_of(failing)).kind == "start_failed"


async def test_submit_when_a_key_is_done_with_then_nothing_of_it_stays_in_memory(desk: Desk) -> None:
    outcome = await desk.gate.submit(CREATE, PERSON, "web:k1")
    await asyncio.sleep(0)
    assert desk.gate._keyed == {}
    assert not desk.gate._under_way
    assert await desk.gate.submit(CREATE, PERSON, "web:k1") == outcome


async def test_submit_when_a_key_comes_again_meanwhile_then_both_get_what_the_first_one_comes_to(desk: Desk) -> None:
    desk.executor.open.clear()
    first, again = (asyncio.create_task(desk.gate.submit(CREATE, PERSON, "web:k1")) for _ in range(2))
    async with asyncio.timeout(5):
        while not desk.executor.phases_before:
            await asyncio.sleep(0)
    assert not again.done()
    desk.executor.open.set()
    assert await again == await first
    assert isinstance(await again, ReceiptCard)
    assert desk.executor.done == [CREATE]


async def test_submit_when_a_key_was_used_for_something_else_then_the_account_says_so(desk: Desk) -> None:
    await desk.gate.submit(CREATE, PERSON, "web:k1")
    problem = await problem_of(desk.gate.submit(StopBot(bot_id=ID), MODEL, "web:k1"))
    assert (problem.kind, problem.status, problem.numbers) == ("key_reused", 409, {"key": "k1"})
    told = ("invalid", "stop_bot", "web", "invalid", "", "key_reused", {"key": "k1"}, False)
    assert account(desk)[-1] == told
    assert desk.lines()[-1].actor["agent"] is True
