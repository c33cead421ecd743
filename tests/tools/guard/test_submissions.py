import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, update

from tests.tools.guard.conftest import Desk
from tests.tools.guard.samples import ID, MODEL, PERSON, spec
from tools.actions import CreateBot, PauseBot, SetBotLimits, SetLimits
from tools.cards import ProposalCard, ReceiptCard, RefusalCard
from tools.errors import Problem
from tools.guard.limits import BotLimitsChange, LimitsChange
from tools.guard.submissions import Submissions
from tools.store.tables import SubmissionRow, now

TAINTED = MODEL.model_copy(update={"tainted": True})
CREATE = CreateBot(spec=spec())


async def kind_of(work: Any) -> str:
    with pytest.raises(Problem) as raised:
        await work
    return raised.value.kind


@pytest.mark.parametrize(
    ("action", "actor", "card"),
    [
        (CREATE, PERSON, ReceiptCard),
        (CREATE, TAINTED, ProposalCard),
        (CreateBot(spec=spec(stake=5000)), PERSON, RefusalCard),
        ({"kind": "withdraw"}, PERSON, RefusalCard),
    ],
)
async def test_submit_when_a_key_is_repeated_then_the_first_outcome_answers(
    desk: Desk, action: Any, actor: Any, card: type
) -> None:
    first = await desk.gate.submit(action, actor, "web:k1")
    lines = len(desk.lines())
    again = await Desk(desk.store).gate.submit(action, actor, "web:k1")
    assert isinstance(first, card)
    assert again == first
    assert len(desk.executor.done) <= 1
    assert len(desk.lines()) == lines


async def test_submit_when_a_key_is_repeated_at_once_then_it_is_done_once(desk: Desk) -> None:
    outcomes = await asyncio.gather(*(desk.gate.submit(CREATE, PERSON, "web:k1") for _ in range(20)))
    assert len({outcome.audit_id for outcome in outcomes if isinstance(outcome, ReceiptCard)}) == 1
    assert desk.executor.done == [CREATE]


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CREATE, CreateBot(spec=spec(stake=51))),
        (PauseBot(bot_id=ID), {"kind": "pause_bot", "bot_id": ID}),
        (
            SetBotLimits(bot_id=ID, changes=BotLimitsChange.model_validate({"max_trade": "9", "max_drawdown": None})),
            SetBotLimits(bot_id=ID, changes=BotLimitsChange.model_validate({"max_trade": "9"})),
        ),
    ],
)
async def test_submit_when_a_key_is_used_for_something_else_then_a_problem(
    desk: Desk, one: Any, other: Any, at_once: bool
) -> None:
    if at_once:
        desk.executor.open.clear()
    first = asyncio.create_task(desk.gate.submit(one, PERSON, "web:k1"))
    if not at_once:
        await first
    await asyncio.sleep(0)
    assert await kind_of(desk.gate.submit(other, PERSON, "web:k1")) == "key_reused"
    desk.executor.open.set()
    await first
    assert len(desk.executor.done) == 1


async def test_submit_when_the_first_one_was_cut_off_then_it_is_not_done_again(desk: Desk) -> None:
    desk.executor.open.clear()
    first = asyncio.create_task(desk.gate.submit(CREATE, PERSON, "web:k1"))
    while not desk.executor.phases_before:
        await asyncio.sleep(0)
    restarted = Desk(desk.store)
    assert await kind_of(restarted.gate.submit(CREATE, PERSON, "web:k1")) == "submission_interrupted"
    assert restarted.executor.done == []
    first.cancel()


async def test_submit_when_the_first_one_made_no_sense_then_the_key_can_be_used_again(desk: Desk) -> None:
    desk.executor.objection = Problem("name_taken", 409)
    assert await kind_of(desk.gate.submit(CREATE, PERSON, "web:k1")) == "name_taken"
    desk.executor.objection = None
    assert isinstance(await desk.gate.submit(CREATE, PERSON, "web:k1"), ReceiptCard)


async def test_submit_when_the_first_one_broke_half_way_then_the_key_stays_taken(desk: Desk) -> None:
    desk.executor.problem = RuntimeError("broken")
    with pytest.raises(RuntimeError):
        await desk.gate.submit(CREATE, PERSON, "web:k1")
    desk.executor.problem = None
    assert await kind_of(desk.gate.submit(CREATE, PERSON, "web:k1")) == "submission_interrupted"


async def test_open_when_keys_are_old_then_they_are_forgotten(desk: Desk) -> None:
    action = SetLimits(changes=LimitsChange.model_validate({"max_trade": "10"}))
    await desk.gate.submit(action, PERSON, "web:old")
    with desk.store.session() as session:
        session.exec(update(SubmissionRow).where(col(SubmissionRow.key) == "web:old").values(at=now() - timedelta(3)))
        session.commit()
    assert Submissions(desk.store).find("web:old", action) is None
