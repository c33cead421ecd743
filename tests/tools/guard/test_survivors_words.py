"""What mutation testing found unheld about a person's word: what the audit must hold before a wait ends in a deed."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import ID, MODEL, OTHER, PERSON, bot, order, order_facts, refused, snapshot, spec
from tests.tools.guard.steps import LOOSEN, change, propose
from tests.tools.guard.test_permits import World
from tools.actions import Action, CreateBot, EditBot, ForceEntry, Panic
from tools.cards import ProposalCard, ReceiptCard
from tools.errors import Problem
from tools.guard.judge import judge
from tools.guard.limits import Limits
from tools.guard.permits import Permit
from tools.guard.proposals import Draft
from tools.guard.snapshot import Snapshot
from tools.guard.verdict import Allow, Refuse, Rule, Why
from tools.store.database import Store


async def test_tick_when_somebody_only_tried_to_confirm_then_that_is_no_yes(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    with pytest.raises(Problem, match="forbidden_scope"):
        await desk.gate.confirm(shown.id, shown.hash, MODEL)
    change(desk, shown, status="waiting", effective_at=shown.created_at)
    await desk.gate.tick()
    assert desk.executor.done == []
    assert desk.proposals.read(shown.id).rule == "wrong_hash"


async def test_tick_when_a_restart_wrote_that_it_was_interrupted_then_that_is_no_yes(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    change(desk, shown, status="executing")
    desk.gate.recover()
    assert desk.lines()[-1].verdict == "confirm"
    change(desk, shown, status="waiting", effective_at=shown.created_at)
    await desk.gate.tick()
    assert desk.executor.done == []
    assert desk.proposals.read(shown.id).rule == "wrong_hash"


async def test_tick_when_a_model_tried_after_a_persons_yes_then_the_yes_still_holds(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    await desk.gate.confirm(shown.id, shown.hash, PERSON)
    with pytest.raises(Problem, match="already_decided"):
        await desk.gate.confirm(shown.id, shown.hash, PERSON)
    desk.late = timedelta(minutes=11)
    await desk.gate.tick()
    assert desk.executor.done == [LOOSEN]


@pytest.mark.parametrize("marks", [{"price": "100"}, {"settings": "a"}])
async def test_confirm_when_nothing_changed_then_the_wait_begins(desk: Desk, marks: dict[str, str]) -> None:
    desk.executor.marks = marks
    shown = await propose(desk, LOOSEN, PERSON)
    assert isinstance(await desk.gate.confirm(shown.id, shown.hash, PERSON), ProposalCard)
    assert desk.proposals.find(shown.id).facts == {**marks, "limits.max_trade": "100"}


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


async def test_ask_when_it_cannot_be_written_down_then_the_refusal_names_the_pair(world: World) -> None:
    with world.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE audit")
    assert await world.permits.ask(order()) == Permit(None, Refuse(Rule.UNRECORDABLE, {"pair": "BTC/USDT"}))
    assert await world.permits.ask(order(side="sell")) == Permit(None, Allow())


async def test_ask_when_the_same_is_refused_again_then_the_whole_answer_is_the_same(world: World) -> None:
    first = await world.permits.ask(order(amount="2"))
    assert first == await world.permits.ask(order(amount="2"))
    assert first.verdict == Refuse(
        Rule.TRADE_SIZE, {"asked": "200", "max": "100", "currency": "USDT", "pair": "BTC/USDT"}
    )
    assert await world.permits.ask(order(side="sell")) == Permit(None, Allow())


def test_judge_when_a_bot_with_limits_of_its_own_is_edited_then_those_hold() -> None:
    known = snapshot(Limits.model_validate({"bots": {ID: {"max_trade": "60"}}}), bot(), bot())
    for bot_id, rule in ((ID, Rule.TRADE_SIZE), (OTHER, None)):
        edit = EditBot.model_validate({"bot_id": bot_id, "changes": {"stake": "70"}})
        verdict = judge(edit, PERSON, known)
        assert verdict == Allow() if rule is None else refused(verdict)[0] is rule


def test_judge_when_an_entry_is_forced_at_a_price_below_the_markets_then_it_costs_no_more_than_that() -> None:
    known = snapshot(Limits.model_validate({"max_trade": 50}), bot(), order=order_facts())
    asked = ForceEntry(bot_id=ID, pair="BTC/USDT", stake=Decimal(50), price=Decimal(90))
    assert judge(asked, PERSON, known) == Allow()


async def test_confirm_when_much_was_asked_and_tried_since_then_what_was_shown_is_still_found(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    for number in range(6):
        await desk.gate.submit(CreateBot(spec=spec(name=f"b{number}")), MODEL.model_copy(update={"tainted": True}))
        with pytest.raises(Problem, match="forbidden_scope"):
            await desk.gate.confirm(shown.id, shown.hash, MODEL)
    assert isinstance(await desk.gate.confirm(shown.id, shown.hash, PERSON), ProposalCard)


async def test_confirm_when_its_time_is_over_to_the_moment_then_it_is_too_late(desk: Desk) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    desk.gate._decisions._clock = lambda: shown.expires_at  # type: ignore[method-assign]
    with pytest.raises(Problem, match="proposal_expired"):
        await desk.gate.confirm(shown.id, shown.hash, PERSON)


async def test_confirm_when_an_entry_is_forced_then_the_facts_are_those_of_its_order(desk: Desk) -> None:
    bare = desk.facts
    known = replace(bare, order=order_facts())

    def look(action: Action | None) -> Snapshot:
        return known if isinstance(action, ForceEntry) else bare

    desk.gate._look = desk.gate._decisions._look = look  # type: ignore[method-assign]
    outcome = await desk.gate.submit(
        ForceEntry(bot_id=OTHER, pair="BTC/USDT"), MODEL.model_copy(update={"tainted": True})
    )
    assert isinstance(outcome, ProposalCard)
    assert isinstance(await desk.gate.confirm(outcome.proposal.id, outcome.proposal.hash, PERSON), ReceiptCard)


@pytest.mark.parametrize(("asked", "kind"), [({"to": 1}, "?"), ({"kind": "k" * 99}, "k" * 60)])
async def test_submit_when_a_key_is_used_again_for_something_unreadable_then_its_kind_is_kept_as_far_as_it_goes(
    desk: Desk, asked: dict[str, Any], kind: str
) -> None:
    await desk.gate.submit(LOOSEN, PERSON, "web:k1")
    with pytest.raises(Problem, match="key_reused"):
        await desk.gate.submit(asked, PERSON, "web:k1")
    assert (desk.lines()[-1].action["kind"], desk.lines()[-1].action_kind) == (kind, kind)


def test_action_of_when_the_hash_fits_a_text_that_is_not_the_one_of_its_action_then_it_is_not_given(desk: Desk) -> None:
    row = desk.proposals.find(desk.proposals.make(Panic(), PERSON, Draft("s1", Why.TAINTED)).id)
    row.content = '{"kind": "panic", "exit": false}'
    row.hash = hashlib.sha256(row.content.encode()).hexdigest()
    with pytest.raises(Problem) as raised:
        desk.proposals.action_of(row)
    assert (raised.value.kind, raised.value.status, raised.value.numbers) == ("wrong_hash", 409, {"proposal": row.id})


@pytest.mark.parametrize("call", ["confirm", "deny"])
@pytest.mark.parametrize(
    "forged",
    [{"facts": {}}, {"why": "live"}, {"numbers": {}}, {"preview": None}, {"submission": "s"}, {"bot_id": ID}],
)
async def test_decide_when_anything_but_the_action_was_changed_since_it_was_shown_then_it_is_not_what_was_shown(
    desk: Desk, call: str, forged: dict[str, Any]
) -> None:
    shown = await propose(desk, LOOSEN, PERSON)
    change(desk, shown, **forged)
    with pytest.raises(Problem) as raised:
        await getattr(desk.gate, call)(shown.id, shown.hash, PERSON)
    told = {"proposal": shown.id}
    assert (raised.value.kind, raised.value.status, raised.value.numbers) == ("wrong_hash", 409, told)
    assert desk.proposals.read(shown.id).status == "pending"
    assert (desk.lines()[-1].verdict, desk.lines()[-1].rule, desk.lines()[-1].numbers) == (
        "invalid", "wrong_hash", told,
    )  # fmt: skip
